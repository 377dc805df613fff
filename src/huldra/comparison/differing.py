"""What differs between two long lists that share nearly all of their objects."""

from collections.abc import Sequence
from itertools import compress, count
from operator import is_not
from typing import TypeVar

_Item = TypeVar("_Item")


def differing(before: Sequence[_Item], now: Sequence[_Item]) -> tuple[list[_Item], list[_Item]]:
    """Return the objects of one list that are not in the other, and the other way round; each in its order.

    Where they share objects these are in the same order.
    """
    shorter = min(len(before), len(now))
    start = next(compress(count(), map(is_not, before, now)), shorter)
    end = next(compress(count(), map(is_not, reversed(before), reversed(now))), shorter)
    end = min(end, shorter - start)
    old, new = before[start : len(before) - end], now[start : len(now) - end]
    kept = {id(item) for item in old} & {id(item) for item in new}
    return [item for item in old if id(item) not in kept], [item for item in new if id(item) not in kept]
