"""The field table of a config class, by the rules of chz 0.4, which are not those of dataclasses.

Diamonds: each base contributes its complete table, from the far end of the order, so the first base wins even for
fields that it merely inherited. Knows declarations only; what a default evaluates to is a later stage's business.
"""

from collections.abc import Collection, Mapping
from collections.abc import Set as AbstractSet
from typing import TypeVar

from msgspec import Struct

from huldra.facts.expressions import Argument, Call, Constant, Expression
from huldra.facts.statements import ClassDefinition, FunctionDefinition
from huldra.project.class_body import ClassBody, Member, call_arguments, read_class_body
from huldra.project.classes import ClassInfo
from huldra.project.places import Origin, Place
from huldra.project.symbols import SymbolTable

RAW_PREFIX = "X_"
_Kept = TypeVar("_Kept")


class FieldDeclaration(Struct, frozen=True):
    """A field as its class declares it.

    Attributes:
        name: The public name: constructor keyword and hash key.
        raw_name: The name as declared (`X_width`, say).
        annotation: None for a field made by an un-annotated field call.
        default: The default value's expression; None when there is none.
        factory, munger, converter, validators: Arguments of the field call.
        owner: The class that declares it.
        is_certain: False when a condition decides whether the declaration runs.
    """

    name: str
    raw_name: str
    annotation: Expression | None
    annotation_text: str
    default: Expression | None
    factory: Expression | None
    munger: Expression | None
    converter: Expression | None
    validators: Expression | None
    owner: str
    origin: Origin
    place: Place
    is_certain: bool

    @property
    def is_required(self) -> bool:
        """Whether the constructor insists on a value."""
        return self.default is None and self.factory is None

    @property
    def is_private(self) -> bool:
        """Whether the hash leaves it out."""
        return self.name.startswith("_")


class FieldTables:
    """Field tables and class bodies of all config classes, computed once each."""

    def __init__(self, classes: Mapping[str, ClassInfo], symbols: SymbolTable) -> None:
        self.classes = classes
        self._symbols = symbols
        self._bodies: dict[str, ClassBody] = {}
        self._tables: dict[str, Mapping[str, FieldDeclaration]] = {}
        self._inherited: dict[str, Mapping[str, FieldDeclaration]] = {}
        self._own: dict[str, tuple[FieldDeclaration, ...]] = {}
        self._version_controlled: dict[str, bool] = {}

    def with_classes(
        self,
        classes: Mapping[str, ClassInfo],
        symbols: SymbolTable,
        edited: AbstractSet[str],
        changed: Collection[str],
    ) -> "FieldTables":
        """Return the tables of a state in which all classes have the ancestors that they had.

        Args:
            classes: The classes of that state.
            symbols: Where its names lead.
            edited: The classes whose bodies are other ones.
            changed: The classes of which fields have other defaults, their own or inherited ones.
        """
        tables = FieldTables(classes, symbols)
        tables._bodies.update((name, body) for name, body in self._bodies.items() if name not in edited)
        tables._tables.update(_without(self._tables, changed))
        tables._inherited.update(_without(self._inherited, changed))
        tables._own.update(_without(self._own, changed))
        known = self._version_controlled.items()
        tables._version_controlled.update(item for item in known if edited.isdisjoint(classes[item[0]].order))
        return tables

    def differing(self, other: "FieldTables") -> set[str]:
        """Return the classes that may have other fields or members than in another state, theirs or inherited ones."""
        kinds = ((self.classes, other.classes), (self._tables, other._tables), (self._bodies, other._bodies))
        changed = {name for mine, theirs in kinds for name in mine if mine[name] is not theirs.get(name)}
        changed.update(self.classes.keys() - self._tables.keys(), self.classes.keys() - self._bodies.keys())
        return {name for name, info in self.classes.items() if not changed.isdisjoint(info.order)}

    def body(self, name: str) -> ClassBody:
        """Return what the body of a project class declares."""
        if name not in self._bodies:
            self._bodies[name] = read_class_body(self.classes[name], self._symbols)
        return self._bodies[name]

    def is_config_class(self, name: str) -> bool:
        """Whether a class has a field table of its own: an experiment, or decorated as a config class."""
        info = self.classes.get(name)
        return info is not None and (info.dialect is not None or info.is_config)

    def is_version_controlled(self, name: str) -> bool:
        """Whether new runs of a class lie in the version-controlled root: the nearest keyword or attribute decides."""
        known = self._version_controlled.get(name)
        if known is None:
            known = self._version_controlled[name] = self._says_version_controlled(name)
        return known

    def _says_version_controlled(self, name: str) -> bool:
        for ancestor in self.classes[name].order:
            if ancestor not in self.classes:
                continue
            keywords = [a.value for a in self.classes[ancestor].keywords if a.name == "version_controlled"]
            member = self.body(ancestor).members.get("version_controlled")
            for value in (*keywords, *([] if member is None else [member.value])):
                if isinstance(value, Constant) and value.word in {"True", "False"}:
                    return value.word == "True"
        return False

    def table(self, name: str) -> Mapping[str, FieldDeclaration]:
        """Return the fields of a class by public name, in field order."""
        if name not in self._tables:
            fields = dict(self.inherited(name))
            if self.is_config_class(name):
                fields.update((field.name, field) for field in self.own(name))
            self._tables[name] = fields
        return self._tables[name]

    def inherited(self, name: str) -> Mapping[str, FieldDeclaration]:
        """Return the fields that a class has before its own are added."""
        if name not in self._inherited:
            fields: dict[str, FieldDeclaration] = {}
            self._inherited[name] = fields  # classes that inherit from each other end here
            for ancestor in reversed(self.classes[name].order[1:]):
                if ancestor in self.classes:
                    fields.update(self.table(ancestor))
        return self._inherited[name]

    def own(self, name: str) -> tuple[FieldDeclaration, ...]:
        """Return the fields that a class's own body declares; un-annotated field calls come last."""
        if name not in self._own:
            body = self.body(name)
            declared = [self._declaration(name, field, body.members.get(field)) for field in body.annotated]
            added = [
                self._declaration(name, field, member)
                for field, member in body.members.items()
                if member.kind == "field_call" and field not in body.annotated and field not in body.class_variables
            ]
            self._own[name] = (*declared, *added)
        return self._own[name]

    def declared(self, name: str) -> tuple[FieldDeclaration, ...]:
        """Return the fields that a class adds to those of its bases; a plain class adds none."""
        return self.own(name) if self.is_config_class(name) else ()

    def _declaration(self, owner: str, name: str, member: Member | None) -> FieldDeclaration:
        annotated = self.body(owner).annotated.get(name)
        arguments: Mapping[str, Argument] = {}
        default: Expression | None = None
        if member is not None and isinstance(member.value, Call) and member.kind == "field_call":
            arguments = call_arguments(member.value)
            default = arguments["default"].value if "default" in arguments else None
        elif member is not None and member.kind == "value" and member.value is not None:
            default = _expression(member)
        sources = [part for part in (annotated, member) if part is not None]
        return FieldDeclaration(
            name=name.removeprefix(RAW_PREFIX),
            raw_name=name,
            annotation=None if annotated is None else annotated.annotation,
            annotation_text="Any" if annotated is None else annotated.text,
            default=default,
            factory=_value(arguments, "default_factory"),
            munger=_value(arguments, "munger"),
            converter=_value(arguments, "converter"),
            validators=_value(arguments, "validator"),
            owner=owner,
            origin=self.classes[owner].origin,
            place=sources[0].at,
            is_certain=all(part.when == "always" for part in sources),
        )


def _without(kept: Mapping[str, _Kept], changed: Collection[str]) -> dict[str, _Kept]:
    return {name: found for name, found in kept.items() if name not in changed}


def _expression(member: Member) -> Expression | None:
    return None if isinstance(member.value, ClassDefinition | FunctionDefinition) else member.value


def _value(arguments: Mapping[str, Argument], name: str) -> Expression | None:
    value = arguments[name].value if name in arguments else None
    return None if isinstance(value, Constant) and value.word == "None" else value
