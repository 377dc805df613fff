"""What is reached from some things by going on from each of them, at any depth."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

_Item = TypeVar("_Item", bound=Hashable)


def reachable(begin: Iterable[_Item], following: Callable[[_Item], Iterable[_Item]]) -> set[_Item]:
    """Return some things and all that follows them; circles do no harm."""
    found: set[_Item] = set()
    waiting = list(begin)
    while waiting:
        item = waiting.pop()
        if item not in found:
            found.add(item)
            waiting.extend(following(item))
    return found


def all_reachable(graph: Mapping[_Item, Iterable[_Item]]) -> dict[_Item, frozenset[_Item]]:
    """Return what each node of a graph reaches, by a step or more: itself only where it stands in a circle.

    Sets are bits of a number, and are put together until nothing is new. Nodes that are reached first, so that but for
    circles one time suffices.
    """
    order = deepest_first(graph, lambda item: tuple(graph.get(item, ())))
    bit = {item: 1 << number for number, item in enumerate(order)}
    following = {item: tuple(dict.fromkeys(graph.get(item, ()))) for item in order}
    found = dict.fromkeys(order, 0)
    is_new = True
    while is_new:
        is_new = False
        for item in order:
            reached = 0
            for other in following[item]:
                reached |= bit[other] | found[other]
            if reached != found[item]:
                found[item], is_new = reached, True
    sets: dict[int, frozenset[_Item]] = {}
    for reached in found.values():
        if reached not in sets:
            sets[reached] = frozenset(item for item in order if reached & bit[item])
    return {item: sets[reached] for item, reached in found.items()}


def deepest_first(begin: Iterable[_Item], following: Callable[[_Item], Sequence[_Item]]) -> tuple[_Item, ...]:
    """Return some things and all that follows them, each after what follows it but for circles.

    Without recursion, since chains can be long.
    """
    order: dict[_Item, None] = {}
    opened: set[_Item] = set()
    waiting = [(item, False) for item in reversed(tuple(begin))]
    while waiting:
        item, is_done = waiting.pop()
        if is_done:
            order[item] = None
        elif item not in opened:
            opened.add(item)
            waiting.append((item, True))
            waiting += [(other, False) for other in reversed(following(item)) if other not in opened]
    return tuple(order)
