"""Which names a function binds for itself, and whether it is a generator. Facts only."""

from collections.abc import Iterable, Iterator
from typing import get_args

from msgspec import Struct

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
    AsPattern,
    Assign,
    AugmentedAssign,
    ClassDefinition,
    Delete,
    For,
    FunctionDefinition,
    MappingPattern,
    ScopeDeclaration,
    StarPattern,
    Statement,
    Try,
    With,
)
from huldra.facts.walk import statements_in, walk
from huldra.project.bindings import bound_names

_OTHER_SCOPES = (FunctionDefinition, ClassDefinition, Lambda)
_MAY_BIND: frozenset[type[Node]] = frozenset(
    {
        *get_args(Statement),
        *(Walrus, AsPattern, StarPattern, MappingPattern),
    }
)
"""Most nodes are of other kinds, and to ask each what it binds takes as long as going through them."""


class LocalNames(Struct, frozen=True):
    """The names of a function's own scope, those that it declares global or nonlocal, and whether its body yields.

    `exported_below` are the global names of the functions inside it too.
    """

    names: frozenset[str]
    exported: frozenset[str]
    is_generator: bool
    outer: frozenset[str] = frozenset()
    exported_below: frozenset[str] = frozenset()


def local_names(definition: FunctionDefinition) -> LocalNames:
    """Return what a function's own scope holds: parameters included, `global` and `nonlocal` names left out."""
    bound = {parameter.name for parameter in definition.parameters}
    declared: dict[str, set[str]] = {"global": set(), "nonlocal": set()}
    is_generator = False
    for node in _own_nodes(definition.body):
        if type(node) in _MAY_BIND:
            bound.update(_binds(node))
        if isinstance(node, ScopeDeclaration):
            declared[node.keyword].update(node.names)
        is_generator = is_generator or isinstance(node, Yield | YieldFrom)
    names = frozenset(bound) - declared["global"] - declared["nonlocal"]
    below = {
        name
        for statement in definition.body
        for node in statements_in(statement)
        if isinstance(node, ScopeDeclaration) and node.keyword == "global"
        for name in node.names
    }
    exported, outer = frozenset(declared["global"]), frozenset(declared["nonlocal"])
    return LocalNames(names, exported, is_generator, outer, frozenset(below))


def names_bound_in(block: Iterable[Statement]) -> frozenset[str]:
    """Return every name that a stretch of code binds in its own scope, at any depth."""
    return frozenset(name for node in _own_nodes(block) if type(node) in _MAY_BIND for name in _binds(node))


def _own_nodes(block: Iterable[Statement]) -> Iterator[Node]:
    """Yield the nodes of a block; what stands inside another function or class is left out."""
    for statement in block:
        if isinstance(statement, _OTHER_SCOPES):
            yield statement
        else:
            yield from walk(statement, stop_at=_OTHER_SCOPES)


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
        case AsPattern(name=str(name)) | StarPattern(name=str(name)) | MappingPattern(rest=str(name)):
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
