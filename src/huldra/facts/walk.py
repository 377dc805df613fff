"""Going through nodes without knowing their kinds."""

from collections.abc import Iterator
from typing import TypeGuard

from huldra.facts.expressions import Node


def child_nodes(node: Node) -> Iterator[Node]:
    """Yield the nodes that a node directly holds, in source order for most kinds."""
    for field in node.__struct_fields__:
        yield from _nodes_in(getattr(node, field))


def _nodes_in(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif _is_tuple(value):
        for item in value:
            yield from _nodes_in(item)


def _is_tuple(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple)


def walk(node: Node, *, stop_at: tuple[type[Node], ...] = ()) -> Iterator[Node]:
    """Yield a node and all nodes inside it; the insides of `stop_at` kinds are left out, the nodes themselves not."""
    yield node
    for child in child_nodes(node):
        if isinstance(child, stop_at):
            yield child
        else:
            yield from walk(child, stop_at=stop_at)
