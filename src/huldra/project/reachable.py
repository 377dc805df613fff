"""What is reached from some things by going on from each of them, at any depth."""

from collections.abc import Callable, Hashable, Iterable
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
