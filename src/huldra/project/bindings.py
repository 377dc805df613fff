"""What the names of one module are bound to, read from its statements alone. Follows no import."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal as OneOf

from msgspec import Struct

from huldra.facts.expressions import (
    Constant,
    Expression,
    ListDisplay,
    Literal,
    Name,
    TupleDisplay,
    Unary,
    dotted_name,
)
from huldra.facts.statements import (
    AnnotatedAssign,
    Assign,
    ClassDefinition,
    FileFacts,
    For,
    FunctionDefinition,
    If,
    Import,
    ImportFrom,
    Match,
    Statement,
    Try,
    TypeAlias,
    While,
    With,
)
from huldra.facts.walk import statements_in
from huldra.project.places import Origin

When = OneOf["always", "typing", "sometimes"]
"""`typing`: under `if TYPE_CHECKING`, so never at run time; `sometimes`: under a condition or in a handler."""


class ImportedModule(Struct, frozen=True):
    """`import a.b as c` binds c to a.b; without the alias it binds a to a (`bound` says which)."""

    bound: str
    full: str


class ImportedFrom(Struct, frozen=True):
    """`from ..module import name`."""

    level: int
    module: str
    name: str


BindingTarget = ImportedModule | ImportedFrom | ClassDefinition | FunctionDefinition | Expression


class Binding(Struct, frozen=True):
    """One thing that a name is bound to, after so many star imports of its module."""

    target: BindingTarget
    origin: Origin
    when: When
    stars_before: int = 0


class Namespace(Struct, frozen=True):
    """The bindings of a module in order, its star imports, and the names that `__all__` lists (None: no `__all__`).

    `tried` are the star imports that a condition decides on, or a failing import.
    """

    bindings: Mapping[str, tuple[Binding, ...]]
    star_imports: tuple[tuple[int, str], ...]
    exported: frozenset[str] | None
    tried: frozenset[tuple[int, str]] = frozenset()


def module_namespace(file: str, facts: FileFacts) -> Namespace:
    """Return what a module's top level binds, conditional and typing-only bindings included and marked."""
    found: dict[str, list[Binding]] = {}
    stars: list[tuple[int, str]] = []
    tried: set[tuple[int, str]] = set()
    for piece in facts.pieces:
        origin = Origin(file, piece.first_line)
        for statement, when in walk_block(piece.facts.statements, "always"):
            if isinstance(statement, ImportFrom) and statement.is_star:
                stars.append((statement.level, statement.module))
                if when == "sometimes":
                    tried.add(stars[-1])
            for name, target in bound_names(statement):
                found.setdefault(name, []).append(Binding(target, origin, when, len(stars)))
    exported = found.get("__all__")
    return Namespace(
        {name: tuple(b) for name, b in found.items()}, tuple(stars), _literal_names(exported), frozenset(tried)
    )


COMPOUND: frozenset[type] = frozenset({If, Try, With, For, While, Match})
"""The statements that hold others which run in the same scope."""


def imports_inside(file: str, facts: FileFacts) -> Mapping[str, tuple[Binding, ...]]:
    """Return what functions of a module import for themselves, by the name that they bind it to."""
    found: dict[str, list[Binding]] = {}
    for piece in facts.pieces:
        origin = Origin(file, piece.first_line)
        for statement in piece.facts.statements:
            if isinstance(statement, Import | ImportFrom):
                continue
            for node in statements_in(statement):
                if isinstance(node, Import | ImportFrom):
                    for name, target in bound_names(node):
                        found.setdefault(name, []).append(Binding(target, origin, "sometimes"))
    return {name: tuple(bindings) for name, bindings in found.items()}


def walk_block(block: Iterable[Statement], when: When) -> Iterator[tuple[Statement, When]]:
    """Yield the statements that run in the same scope, each with when it runs."""
    for statement in block:
        yield statement, when
        if type(statement) not in COMPOUND:
            continue  # nearly all
        inner: When = "sometimes" if when == "always" else when
        match statement:
            case If(test=Constant(word="True"), body=body):
                yield from walk_block(body, when)
            case If(test=Constant(word="False"), orelse=orelse):
                yield from walk_block(orelse, when)
            case If(test=Unary(operator="not", operand=test), body=body, orelse=orelse) if is_type_checking(test):
                yield from walk_block(body, when)
                yield from walk_block(orelse, "typing")
            case If(test=test, body=body, orelse=orelse):
                typing_only = is_type_checking(test)
                yield from walk_block(body, "typing" if typing_only else inner)
                yield from walk_block(orelse, when if typing_only else inner)
            case Try(body=body, handlers=handlers, orelse=orelse, final=final):
                yield from walk_block((*body, *orelse), when)
                for handler in handlers:
                    yield from walk_block(handler.body, inner)
                yield from walk_block(final, when)
            case With(body=body):
                yield from walk_block(body, when)
            case For(body=body, orelse=orelse) | While(body=body, orelse=orelse):
                yield from walk_block((*body, *orelse), inner)
            case Match(cases=cases):
                for case in cases:
                    yield from walk_block(case.body, inner)
            case _:
                pass


def is_type_checking(test: Expression) -> bool:
    """Whether a condition is `TYPE_CHECKING`, however it was imported."""
    name = dotted_name(test)
    return name is not None and name.rpartition(".")[2] == "TYPE_CHECKING"


def bound_names(
    statement: Statement,
) -> Iterator[tuple[str, BindingTarget]]:
    """Yield each name that a statement binds, with what to."""
    match statement:
        case Import(names=names):
            for imported in names:
                if imported.alias is not None:
                    yield imported.alias, ImportedModule(imported.name, imported.name)
                else:
                    head = imported.name.partition(".")[0]
                    yield head, ImportedModule(head, imported.name)
        case ImportFrom(level=level, module=module, names=names):
            for imported in names:
                yield imported.alias or imported.name, ImportedFrom(level, module, imported.name)
        case ClassDefinition(name=name) | FunctionDefinition(name=name):
            yield name, statement
        case Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, Name):
                    yield target.id, value
        case AnnotatedAssign(target=Name(id=name), value=value) if value is not None:
            yield name, value
        case TypeAlias(name=name, value=value):
            yield name, value
        case _:
            return


def _literal_names(bindings: list[Binding] | None) -> frozenset[str] | None:
    """Return the names of a literal `__all__`; None where there is none, or it cannot be read."""
    if bindings is None or len(bindings) != 1:
        return None
    value = bindings[0].target
    if not isinstance(value, ListDisplay | TupleDisplay):
        return None
    names = [item.source.strip("'\"") for item in value.items if isinstance(item, Literal)]
    return frozenset(names) if len(names) == len(value.items) else None
