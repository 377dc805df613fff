"""Containers that stay empty: one of them stands for all that hold nothing, and whoever adds to it is told so.

An empty set takes as much as one of five, and an evaluation of a large project holds tens of thousands.
"""

from typing import Generic, NoReturn, TypeVar

_Item = TypeVar("_Item")
_Key = TypeVar("_Key")


def _refuse(*_: object, **__: object) -> NoReturn:
    raise TypeError("this stands for all that hold nothing")


class EmptySet(set[_Item], Generic[_Item]):
    """A set that nothing is added to."""

    add = update = symmetric_difference_update = __ior__ = __ixor__ = _refuse


class EmptyList(list[_Item], Generic[_Item]):
    """A list that nothing is added to."""

    append = extend = insert = __iadd__ = __setitem__ = _refuse


class EmptyDict(dict[_Key, _Item], Generic[_Key, _Item]):
    """A dict that nothing is added to."""

    update = setdefault = __setitem__ = __ior__ = _refuse
