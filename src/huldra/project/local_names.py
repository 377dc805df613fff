"""Which names a function binds for itself, and whether it is a generator. Facts only."""

from collections.abc import Iterable, Iterator
from typing import get_args

from msgspec import Struct

from huldra.facts.bound_by import bound_by, is_only_annotated
from huldra.facts.expressions import Lambda, Node, Walrus, Yield, YieldFrom
from huldra.facts.statements import (
    AsPattern,
    ClassDefinition,
    FunctionDefinition,
    Import,
    ImportFrom,
    MappingPattern,
    ScopeDeclaration,
    StarPattern,
    Statement,
)
from huldra.facts.walk import statements_in, walk
from huldra.project.bindings import bound_names

_OTHER_SCOPES = (FunctionDefinition, ClassDefinition, Lambda)
_YIELDS = frozenset[type]({Yield, YieldFrom})
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
        if type(node) is ScopeDeclaration:
            declared[node.keyword].update(node.names)
        is_generator = is_generator or type(node) in _YIELDS
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
    nodes = (node for node in _own_nodes(block) if type(node) in _MAY_BIND)
    return frozenset(name for node in nodes if not is_only_annotated(node) for name in _binds(node))


def _own_nodes(block: Iterable[Statement]) -> Iterator[Node]:
    """Yield the nodes of a block; what stands inside another function or class is left out."""
    for statement in block:
        if isinstance(statement, _OTHER_SCOPES):
            yield statement
        else:
            yield from walk(statement, stop_at=_OTHER_SCOPES)


def _binds(node: Node) -> Iterator[str]:
    if isinstance(node, Import | ImportFrom):
        yield from (name for name, _ in bound_names(node))
    else:
        yield from bound_by(node)
