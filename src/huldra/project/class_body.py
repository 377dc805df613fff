"""What the body of one class declares: annotated names, plain members, field calls. Looks at no ancestor."""

from collections.abc import Mapping
from typing import Literal as OneOf

from msgspec import Struct
from msgspec.structs import replace

from huldra.facts.expressions import Argument, Call, Expression, Literal, Name, Subscript
from huldra.facts.statements import (
    AnnotatedAssign,
    Assign,
    ClassDefinition,
    Delete,
    FunctionDefinition,
    Import,
    ImportFrom,
    Statement,
)
from huldra.formats.dialect import FIELD_FUNCTIONS
from huldra.project.bindings import ImportedFrom, Namespace, When, bound_names, walk_block
from huldra.project.classes import ClassInfo
from huldra.project.places import Place
from huldra.project.symbols import ExternalSymbol, SymbolTable

MemberKind = OneOf["method", "property", "init_property", "class", "value", "field_call"]
_PROPERTY_LIKE = frozenset({"builtins.property", "functools.cached_property", "chz.init_property"})
_INIT_PROPERTY = frozenset({"chz.init_property", "huldra.chz.init_property", "gren.chz.init_property"})
_CLASS_VARIABLE = frozenset({"typing.ClassVar", "typing_extensions.ClassVar"})


class Annotated(Struct, frozen=True):
    """An annotated name of a class body. `at` is the whole statement."""

    name: str
    annotation: Expression
    text: str
    at: Place
    when: When


class Member(Struct, frozen=True):
    """What a name of the class body is bound to after the body has run."""

    kind: MemberKind
    value: Expression | FunctionDefinition | ClassDefinition | None
    at: Place
    when: When


class ClassBody(Struct, frozen=True):
    """The names of a class body: those that are annotated, in order, those that have a value, and class variables."""

    annotated: Mapping[str, Annotated]
    members: Mapping[str, Member]
    class_variables: frozenset[str]


def read_class_body(info: ClassInfo, symbols: SymbolTable) -> ClassBody:
    """Return what a class declares; names are mangled as Python mangles them, class variables are plain members."""
    reader = _Reader(info, symbols)
    for statement, when in walk_block(info.definition.body, "always"):
        reader.read(statement, when)
    return ClassBody(reader.annotated, reader.members, frozenset(reader.class_variables))


class _Reader:
    """Collects names in the order in which the body binds them."""

    def __init__(self, info: ClassInfo, symbols: SymbolTable) -> None:
        self.info = info
        self.symbols = symbols
        self.annotated: dict[str, Annotated] = {}
        self.members: dict[str, Member] = {}
        self.class_variables: set[str] = set()
        namespace = symbols.namespace(info.module)
        self._postponed = namespace is not None and _has_postponed_annotations(namespace)

    def read(self, statement: Statement, when: When) -> None:
        """Take one statement in."""
        if when == "typing":
            return  # only type checkers see it
        at = self.info.origin.place(statement.at)
        match statement:
            case AnnotatedAssign(target=Name(id=name), annotation=annotation, annotation_text=text, value=value):
                full = self._mangled(name)
                if self._is_class_variable(annotation, text):
                    self.class_variables.add(full)
                    self.annotated.pop(full, None)  # the last annotation of a name is the one that it has
                else:
                    self.class_variables.discard(full)
                    known = self.annotated.get(full)
                    new = Annotated(full, annotation, text, at, when)
                    self.annotated[full] = new if known is None else replace(new, when=known.when)
                if value is not None:
                    self.members[full] = self._value(value, at, when)
            case Delete(targets=targets):
                for target in targets:
                    if isinstance(target, Name):
                        self.members.pop(self._mangled(target.id), None)
            case FunctionDefinition(name=name, decorators=decorators):
                self.members[self._mangled(name)] = Member(self._function_kind(decorators), statement, at, when)
            case ClassDefinition(name=name):
                self.members[self._mangled(name)] = Member("class", statement, at, when)
            case Assign(value=value):
                for name, _ in bound_names(statement):
                    self.members[self._mangled(name)] = self._value(value, at, when)
            case Import() | ImportFrom():
                for name, _ in bound_names(statement):
                    self.members[self._mangled(name)] = Member("value", None, at, when)
            case _:
                pass

    def _value(self, value: Expression, at: Place, when: When) -> Member:
        if isinstance(value, Call):
            called = self._external(value.function)
            if called in FIELD_FUNCTIONS:
                return Member("field_call", value, at, when)
            if called in _PROPERTY_LIKE or called in _INIT_PROPERTY:
                return Member("init_property" if called in _INIT_PROPERTY else "property", value, at, when)
        return Member("value", value, at, when)

    def _function_kind(self, decorators: tuple[Expression, ...]) -> MemberKind:
        for decorator in decorators:
            name = self._external(decorator)
            if name in _INIT_PROPERTY:
                return "init_property"
            if name in _PROPERTY_LIKE or (name and name.endswith((".setter", ".deleter", ".getter"))):
                return "property"
        return "method"

    def _external(self, expression: Expression) -> str | None:
        symbol = self.symbols.resolve_expression(self.info.module, expression, self.info.enclosing)
        return symbol.name if isinstance(symbol, ExternalSymbol) else None

    def _is_class_variable(self, annotation: Expression, text: str) -> bool:
        """The rule of chz 0.4: a string counts by how it begins, anything else by what it is."""
        if self._postponed:
            return text.startswith(("ClassVar[", "typing.ClassVar["))
        if isinstance(annotation, Literal):
            return annotation.source.strip("'\"").startswith(("ClassVar[", "typing.ClassVar["))
        target = annotation.value if isinstance(annotation, Subscript) else annotation
        return self._external(target) in _CLASS_VARIABLE

    def _mangled(self, name: str) -> str:
        if name.startswith("__") and not name.endswith("__") and (owner := self.info.definition.name.lstrip("_")):
            return f"_{owner}{name}"
        return name


def _has_postponed_annotations(namespace: Namespace) -> bool:
    targets = [binding.target for binding in namespace.bindings.get("annotations", ())]
    return any(isinstance(target, ImportedFrom) and target.module == "__future__" for target in targets)


def call_arguments(call: Call) -> Mapping[str, Argument]:
    """Return the keyword arguments of a call by name."""
    return {argument.name: argument for argument in call.arguments if argument.name is not None}
