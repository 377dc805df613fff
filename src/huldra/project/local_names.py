"""Which names a function binds for itself, and whether it is a generator. Facts only."""

from collections.abc import Iterator
from dataclasses import dataclass

from huldra.facts.expressions import (
    Expression,
    Lambda,
    ListDisplay,
    Name,
    Node,
    Starred,
    TupleDisplay,
    Walrus,
    Yield,
    YieldFrom,
)
from huldra.facts.statements import (
    Assign,
    AugmentedAssign,
    ClassDefinition,
    Delete,
    For,
    FunctionDefinition,
    ScopeDeclaration,
    Statement,
    Try,
    With,
)
from huldra.facts.walk import walk
from huldra.project.bindings import bound_names

_OTHER_SCOPES = (FunctionDefinition, ClassDefinition, Lambda)


@dataclass(frozen=True, slots=True)
class LocalNames:
    """The names of a function's own scope, those that it declares global, and whether its body yields."""

    names: frozenset[str]
    exported: frozenset[str]
    is_generator: bool


def local_names(definition: FunctionDefinition) -> LocalNames:
    """Return what a function's own scope holds: parameters included, `global` and `nonlocal` names left out."""
    bound = {parameter.name for parameter in definition.parameters}
    declared: dict[str, set[str]] = {"global": set(), "nonlocal": set()}
    is_generator = False
    for node in (found for statement in definition.body for found in walk(statement, stop_at=_OTHER_SCOPES)):
        bound.update(_binds(node))
        if isinstance(node, ScopeDeclaration):
            declared[node.keyword].update(node.names)
        is_generator = is_generator or isinstance(node, Yield | YieldFrom)
    names = frozenset(bound) - declared["global"] - declared["nonlocal"]
    return LocalNames(names, frozenset(declared["global"]), is_generator)


def _binds(node: Node) -> Iterator[str]:
    if isinstance(node, Statement):
        yield from (name for name, _ in bound_names(node))
    match node:
        case For(target=target) | AugmentedAssign(target=target):
            yield from _target_names(target)
        case Assign(targets=targets) | Delete(targets=targets):
            for target in targets:
                yield from _target_names(target)
        case With(items=items):
            for _, target in items:
                if target is not None:
                    yield from _target_names(target)
        case Try(handlers=handlers):
            yield from (handler.name for handler in handlers if handler.name is not None)
        case Walrus(target=name):
            yield name
        case _:
            return


def _target_names(target: Expression) -> Iterator[str]:
    match target:
        case Name(id=name):
            yield name
        case TupleDisplay(items=items) | ListDisplay(items=items):
            for item in items:
                yield from _target_names(item)
        case Starred(value=value):
            yield from _target_names(value)
        case _:
            return
