"""Going through nodes without knowing their kinds."""

from collections.abc import Iterator
from functools import cache
from typing import Literal, TypeGuard, get_args, get_origin

import msgspec

from huldra.facts.expressions import Expression, Node

_POSITIONS = frozenset({"at", "name_at"})
_EXPRESSIONS: frozenset[object] = frozenset(get_args(Expression))
_PLAIN: frozenset[object] = frozenset({str, int, bool, float, bytes, type(None), ...})


def child_nodes(node: Node) -> Iterator[Node]:
    """Yield the nodes that a node directly holds, in source order for most kinds."""
    return iter(_children(node))


def walk(node: Node, *, stop_at: tuple[type[Node], ...] = ()) -> Iterator[Node]:
    """Yield a node and all nodes inside it; the insides of `stop_at` kinds are left out, the nodes themselves not."""
    yield node
    if stop_at and isinstance(node, stop_at):
        return
    waiting = _children(node)
    waiting.reverse()
    while waiting:
        inner = waiting.pop()
        yield inner
        if _fields(type(inner)) and (not stop_at or not isinstance(inner, stop_at)):
            found = _children(inner)
            found.reverse()
            waiting += found


def statements_in(node: Node, *, stop_at: tuple[type[Node], ...] = ()) -> Iterator[Node]:
    """Yield what `walk` does but for expressions, which are most of it and hold no statements."""
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        if type(inner) in _EXPRESSIONS:
            continue
        yield inner
        if not stop_at or not isinstance(inner, stop_at):
            found = _children(inner)
            found.reverse()
            waiting += found


def _children(node: Node) -> list[Node]:
    found: list[Node] = []
    for name in _fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, Node):
            found.append(value)
        elif _is_tuple(value):
            _add_nodes(value, found)
    return found


def _add_nodes(values: tuple[object, ...], found: list[Node]) -> None:
    for value in values:
        if isinstance(value, Node):
            found.append(value)
        elif _is_tuple(value):
            _add_nodes(value, found)


def _is_tuple(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple)


@cache
def _fields(kind: type[Node]) -> tuple[str, ...]:
    # Every node has its position, four numbers, and most have names: to look at those too would be half of the work.
    return tuple(
        field.name
        for field in msgspec.structs.fields(kind)
        if field.name not in _POSITIONS and _may_hold_nodes(field.type)
    )


def _may_hold_nodes(kind: object) -> bool:
    if kind in _PLAIN or get_origin(kind) is Literal:
        return False
    parts = get_args(kind)
    return any(_may_hold_nodes(part) for part in parts) if parts else True
