"""One state of a project's code, asked for closures and defaults: computed here, or kept from an earlier question."""

import hashlib
from collections.abc import Mapping
from typing import Protocol

import msgspec

from huldra.facts.expressions import Expression, Literal, Unary
from huldra.fingerprints.closure import build_closure
from huldra.fingerprints.code import Code
from huldra.fingerprints.compiled_files import with_files
from huldra.fingerprints.data_files import NO_DATA_FILES, DataFiles
from huldra.fingerprints.holdings import ROOT_LABEL, Holdings
from huldra.fingerprints.literals import literal_form
from huldra.fingerprints.model import VERSION, Closure

ClosureKey = tuple[str, tuple[str, ...], Holdings]
"""What a closure is asked for by: a class, methods, and what the config holds."""


class CodeState(Protocol):
    """What a comparison asks of a state of the code."""

    @property
    def identity(self) -> str:
        """Equal for equal code; nothing else may be read into it."""
        ...

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why this may not be all of the code that ran."""
        ...

    @property
    def top_level(self) -> frozenset[str]:
        """The names of the modules and packages that stand in no package."""
        ...

    @property
    def data(self) -> DataFiles:
        """The files that are no code."""
        ...

    def closure(self, class_name: str, methods: tuple[str, ...], holdings: Holdings) -> Closure | None:
        """Return what methods of a class reach; None when this state has no such class."""
        ...

    def defaults(self, class_name: str) -> Mapping[str, str]:
        """Return the literal defaults of a class's fields by name, in a form that is equal for equal values."""
        ...


class ComputedState:
    """A state of the code that is at hand; what was computed is kept.

    Args:
        identity: See CodeState.
        code: The code.
        ignored_calls: Patterns of calls whose arguments do not count.
        doubts: See CodeState.
        data: The files of the state that are no code.
    """

    def __init__(
        self,
        identity: str,
        code: Code,
        ignored_calls: tuple[str, ...] = (),
        doubts: tuple[str, ...] = (),
        data: DataFiles = NO_DATA_FILES,
    ) -> None:
        self.code = code
        self._identity = identity
        self._doubts = doubts
        self._ignored = ignored_calls
        self.data = data
        self._closures: dict[ClosureKey, Closure | None] = {}
        self._created: dict[tuple[str, Holdings], frozenset[str]] = {}

    @property
    def identity(self) -> str:
        """Equal for equal code."""
        return self._identity

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why this may not be all of the code that ran."""
        return self._doubts

    @property
    def top_level(self) -> frozenset[str]:
        """The names of the modules and packages that stand in no package."""
        return self.code.modules.top_level()

    def closure(self, class_name: str, methods: tuple[str, ...], holdings: Holdings) -> Closure | None:
        """Return what methods of a class reach; None when this state has no such class."""
        key = (class_name, methods, holdings)
        if key not in self._closures:
            flowing = self._flowing(holdings)
            found = build_closure(self.code, class_name, methods, holdings, self._ignored, flowing)
            self._closures[key] = None if found is None else with_files(found, self.data)
        return self._closures[key]

    def asked_for(self) -> Mapping[ClosureKey, Closure | None]:
        """Return the closures that were asked for so far."""
        return dict(self._closures)

    def _flowing(self, holdings: Holdings) -> frozenset[str]:
        """Return the classes whose instances may come out of the results of what a config holds."""
        found: set[str] = set()
        for label in holdings.labels():
            if label != ROOT_LABEL:
                found |= self._made_by(holdings.classes[label], holdings.below(label))
        return frozenset(found)

    def _made_by(self, class_name: str, holdings: Holdings) -> frozenset[str]:
        key = (class_name, holdings)
        if key not in self._created:
            dialect = self.code.dialect(class_name)
            methods = () if dialect is None else (dialect.create_method,)
            closure = build_closure(self.code, class_name, methods, holdings, self._ignored)
            definitions = () if closure is None else closure.definitions
            self._created[key] = frozenset(
                definition.name
                for definition in definitions
                if definition.kind == "class" and self.code.dialect(definition.name) is None
            )
        return self._created[key]

    def defaults(self, class_name: str) -> Mapping[str, str]:
        """Return the literal defaults of a class's fields by name, in a form that is equal for equal values."""
        tables = self.code.tables(class_name)
        if tables is None or not tables.is_config_class(class_name):
            return {}
        forms = {name: _literal(field.default) for name, field in tables.table(class_name).items()}
        return {name: form for name, form in forms.items() if form is not None}


class StateWithData:
    """A state of the code together with the files beside it that are no code.

    Args:
        code: The state of the code; its closures know of no such files.
        data: The files.
        data_identity: Equal for equal files.
    """

    def __init__(self, code: CodeState, data: DataFiles, data_identity: str) -> None:
        self._code = code
        self.data = data
        self._identity = f"{code.identity} {data_identity}"
        self._closures: dict[ClosureKey, Closure | None] = {}

    @property
    def identity(self) -> str:
        """Equal for equal code and equal files."""
        return self._identity

    @property
    def doubts(self) -> tuple[str, ...]:
        """Why this may not be all of the code that ran."""
        return self._code.doubts

    @property
    def top_level(self) -> frozenset[str]:
        """The names of the modules and packages that stand in no package."""
        return self._code.top_level

    def closure(self, class_name: str, methods: tuple[str, ...], holdings: Holdings) -> Closure | None:
        """Return what methods of a class reach; None when this state has no such class."""
        key = (class_name, methods, holdings)
        if key not in self._closures:
            found = self._code.closure(class_name, methods, holdings)
            self._closures[key] = None if found is None else with_files(found, self.data)
        return self._closures[key]

    def defaults(self, class_name: str) -> Mapping[str, str]:
        """Return the literal defaults of a class's fields by name."""
        return self._code.defaults(class_name)


def _literal(expression: Expression | None) -> str | None:
    match expression:
        case Literal(source=source):
            return literal_form(source)
        case Unary(operator="-", operand=Literal(source=source)):
            return literal_form(f"-{source}")
        case _:
            return None


def closure_key(
    identity: str,
    class_name: str,
    methods: tuple[str, ...],
    holdings: Holdings,
    ignored_calls: tuple[str, ...],
) -> str:
    """Return the name under which a closure may be kept: it holds all that the closure is a function of."""
    parts = (VERSION, identity, class_name, methods, holdings.key, ignored_calls)
    return hashlib.blake2b(msgspec.msgpack.encode(parts), digest_size=20).hexdigest()
