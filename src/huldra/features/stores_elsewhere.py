"""Where results may lie that don't lie where they are looked for: where code says so, and which stores were passed by.

Nothing is chosen by it: which store counts, the command line, the environment and the settings say.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct

from huldra.analysis.host import Workspace
from huldra.facts.expressions import (
    Argument,
    Attribute,
    Binary,
    Call,
    Expression,
    Literal,
    Name,
    Node,
    Subscript,
    dotted_name,
)
from huldra.facts.statements import AnnotatedAssign, Assign, FileFacts
from huldra.facts.walk import walk
from huldra.formats.dialect import DIALECTS
from huldra.project.link import Project
from huldra.project.places import Origin, Place

_FUNCTIONS = frozenset(dialect.store_function for dialect in DIALECTS)
_ATTRIBUTES = frozenset(dialect.store_attribute for dialect in DIALECTS)
_VARIABLES = frozenset(dialect.store_variable for dialect in DIALECTS)
_PATH_CLASSES = frozenset({"Path", "PurePath", "PosixPath"})
_SAME_PATH = frozenset({"resolve", "absolute", "expanduser"})
_SAME_TEXT = frozenset({"abspath", "realpath", "normpath", "expanduser"})
_MOST_NAMES = 20
"""How many names a path is followed through; one may be bound to itself."""


class StoreElsewhere(Struct, frozen=True):
    """A store that may be meant: relative to the root, None where it cannot be told. `place` is where code says so."""

    directory: str | None
    place: Place | None = None


def stores_elsewhere(workspace: Workspace, project: Project) -> tuple[StoreElsewhere, ...]:
    """Return what code names first, by place, then what lies in the project; a directory is told once."""
    named = sorted(_named_by_code(project), key=lambda found: (found.directory is None, found.place))
    passed = [problem.name for problem in workspace.discovery.problems if problem.kind == "another-store"]
    found: dict[str | None, StoreElsewhere] = {}
    for store in (*named, *map(StoreElsewhere, passed)):
        found.setdefault(store.directory, store)
    return tuple(found.values())


def _named_by_code(project: Project) -> Iterator[StoreElsewhere]:
    for file in project.relevant:
        facts = project.facts.get(file)
        # To look at each statement of a large project took a tenth of the time of a command.
        if facts is not None and any(piece.facts.names_store for piece in facts.pieces):
            yield from _named_in(file, facts)


def _named_in(file: str, facts: FileFacts) -> Iterator[StoreElsewhere]:
    found: list[tuple[Expression, Place]] = []
    bound: dict[str, list[Expression]] = defaultdict(list)
    for piece in facts.pieces:
        for statement in piece.facts.statements:
            for node in walk(statement):
                for name, value in _bindings(node):
                    bound[name].append(value)
                path = _path_said(node)
                if path is not None:
                    found.append((path, Origin(file, piece.first_line).place(path.at)))
    paths = _Paths(file, bound)
    for path, place in found:
        if not paths.is_given(path):
            directory = paths.follow(path)
            yield StoreElsewhere(None if directory is None else directory.as_posix(), place)


def _bindings(node: Node) -> Iterator[tuple[str, Expression]]:
    match node:
        case Assign(targets=targets, value=value):
            yield from ((target.id, value) for target in targets if isinstance(target, Name))
        case AnnotatedAssign(target=Name(id=name), value=value) if value is not None:
            yield name, value
        case _:
            pass


def _path_said(node: Node) -> Expression | None:
    """Return the path that a piece of code says the results lie at; None if it says nothing of it."""
    match node:
        case Call(function=function, arguments=(Argument(value=path, star=""),)) if _ends(function, _FUNCTIONS):
            return path
        case Assign(targets=(Attribute() as target,), value=path) if _ends(target, _ATTRIBUTES):
            return path
        case Assign(targets=(Subscript(value=holder, index=name),), value=path) if _is_variable(holder, name):
            return path
        case Call(function=Attribute(value=holder, name="setdefault"), arguments=(name, path)) if _is_variable(
            holder, name.value
        ):
            return path.value
        case _:
            return None


def _is_variable(holder: Node, name: Node) -> bool:
    """Whether a holder and a key are the environment and the variable that names the store."""
    return _ends(holder, frozenset({"environ"})) and _text(name) in _VARIABLES


def _ends(node: Node, names: frozenset[str]) -> bool:
    name = dotted_name(node) if isinstance(node, Name | Attribute) else None
    return name is not None and any(f".{name}".endswith(f".{ending}") for ending in names)


def _text(node: Node) -> str | None:
    if not isinstance(node, Literal):
        return None
    value: object = ast.literal_eval(node.source)
    return value if isinstance(value, str) else None


class _Paths:
    """The paths that a file writes down, relative to the root, as far as they can be told without running it."""

    def __init__(self, file: str, bound: Mapping[str, list[Expression]]) -> None:
        self._file = file
        self._bound = bound

    def is_given(self, path: Expression) -> bool:
        """Whether a path is one that somebody hands over, as tests are given directories: it says nothing here."""
        names = [node.id for node in walk(path) if isinstance(node, Name)]
        is_known = any(name in self._bound or name == "__file__" for name in names)
        return bool(names) and not is_known and self.follow(path) is None

    def follow(self, path: Expression, names: int = 0) -> PurePosixPath | None:
        """Return a path; None where it cannot be told, or leads out of the project by `..`."""
        match path:
            case Literal():
                text = _text(path)
                return None if text is None or ".." in text.split("/") else PurePosixPath(text)
            case Name(id="__file__"):
                return PurePosixPath(self._file)
            case Name(id=name):
                values = self._bound.get(name, ())
                return self.follow(values[0], names + 1) if len(values) == 1 and names < _MOST_NAMES else None
            case Attribute(value=inner, name="parent"):
                return self._above(inner, 1, names)
            case Subscript(value=Attribute(value=inner, name="parents"), index=Literal(source=source)):
                return self._above(inner, int(source) + 1, names) if source.isdecimal() else None
            case Binary(operator="/", left=left, right=right):
                return self._joined((left, right), names)
            case Call():
                return self._called(path, names)
            case _:
                return None

    def _called(self, call: Call, names: int) -> PurePosixPath | None:
        if any(argument.star or argument.name for argument in call.arguments):
            return None
        values = tuple(argument.value for argument in call.arguments)
        match call.function, values:
            case Attribute(value=inner, name=method), () if method in _SAME_PATH:
                return self.follow(inner, names)
            case Attribute(value=inner, name="joinpath"), _:
                return self._joined((inner, *values), names)
            case Attribute(name="dirname"), (inner,):
                return self._above(inner, 1, names)
            case Attribute(name="join"), (_, *_):
                return self._joined(values, names)
            case (Name(id="str"), (inner,)) | (Attribute(name="fspath"), (inner,)):
                return self.follow(inner, names)
            case Attribute(name=function), (inner,) if function in _SAME_TEXT:
                return self.follow(inner, names)
            case function, (_, *_) if _ends(function, _PATH_CLASSES):
                return self._joined(values, names)
            case _:
                return None

    def _above(self, inner: Expression, levels: int, names: int) -> PurePosixPath | None:
        path = self.follow(inner, names)
        if path is None or levels > len(path.parts):
            return None
        return PurePosixPath(*path.parts[: len(path.parts) - levels])

    def _joined(self, parts: tuple[Expression, ...], names: int) -> PurePosixPath | None:
        found = [self.follow(part, names) for part in parts]
        return None if None in found else PurePosixPath(*(part for part in found if part is not None))
