"""Which names a scope binds, and which of them are nothing but imports. Facts only."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from huldra.facts.expressions import (
    Clause,
    Expression,
    Lambda,
    ListDisplay,
    Name,
    Node,
    Starred,
    TupleDisplay,
    Walrus,
)
from huldra.facts.statements import (
    AnnotatedAssign,
    AsPattern,
    Assign,
    AugmentedAssign,
    ClassDefinition,
    Delete,
    For,
    FunctionDefinition,
    Import,
    ImportFrom,
    MappingPattern,
    ScopeDeclaration,
    StarPattern,
    Statement,
    Try,
    TypeAlias,
    With,
)
from huldra.facts.walk import walk
from huldra.project.bindings import ImportedFrom, ImportedModule, bound_names

OTHER_SCOPES = (FunctionDefinition, ClassDefinition, Lambda)
Imported = ImportedModule | ImportedFrom


class Scope(Struct, eq=False):
    """The names of one scope: those with an identity of their own, and those that stand for an import.

    In the scope of a class names are attributes, and what is nested in it does not see them.
    """

    names: frozenset[str]
    imports: dict[str, Imported] = {}
    is_class: bool = False


def function_scope(parameters: Iterable[str], body: Iterable[Statement]) -> Scope:
    """Return the scope of a function; names that it declares global or nonlocal are not in it."""
    bound = set(parameters)
    imports: dict[str, Imported] = {}
    elsewhere: set[str] = set()
    for node in (found for statement in body for found in walk(statement, stop_at=OTHER_SCOPES)):
        if isinstance(node, Import | ImportFrom):
            for name, target in bound_names(node):
                if isinstance(target, ImportedModule | ImportedFrom):
                    known = imports.setdefault(name, target)
                    if known != target:
                        bound.add(name)
        elif isinstance(node, ScopeDeclaration):
            elsewhere.update(node.names)
        else:
            bound.update(bound_by(node))
    names = frozenset(bound - elsewhere)
    return Scope(names, {name: target for name, target in imports.items() if name not in bound})


def bound_by(node: Node) -> Iterator[str]:
    """Yield the names that one statement, pattern or walrus binds by itself; imports left out."""
    match node:
        case FunctionDefinition(name=name) | ClassDefinition(name=name) | TypeAlias(name=name) | Walrus(target=name):
            yield name
        case For(target=target) | AugmentedAssign(target=target) | AnnotatedAssign(target=target):
            yield from target_names(target)
        case Assign(targets=targets) | Delete(targets=targets):
            for target in targets:
                yield from target_names(target)
        case With(items=items):
            for _, target in items:
                if target is not None:
                    yield from target_names(target)
        case Try(handlers=handlers):
            yield from (handler.name for handler in handlers if handler.name is not None)
        case AsPattern(name=name) | StarPattern(name=name) | MappingPattern(rest=name):
            if name is not None:
                yield name
        case _:
            return


def is_only_annotated(node: Node) -> bool:
    """Whether a statement gives a name no value: `x: int`."""
    return isinstance(node, AnnotatedAssign) and node.value is None


def target_names(target: Expression) -> Iterator[str]:
    """Yield the plain names of an assignment's target."""
    match target:
        case Name(id=name):
            yield name
        case TupleDisplay(items=items) | ListDisplay(items=items):
            for item in items:
                yield from target_names(item)
        case Starred(value=value):
            yield from target_names(value)
        case _:
            return


def comprehension_scope(clauses: Iterable[Clause]) -> Scope:
    """Return the scope of a comprehension: the names that its clauses bind."""
    return Scope(frozenset(name for clause in clauses for name in target_names(clause.target)))
