"""What looking at every element of a long value costs: a loop that lets its list grow must come to an end, too."""

from collections.abc import Iterable

from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.values import AbstractValue, DictObject, DictView, ListObject, SetObject
from huldra.project.places import Place

_ELEMENTS_OF_A_STEP = 10
_CHEAP = frozenset(
    {
        *("builtins.len", "builtins.iter", "builtins.next", "builtins.zip", "builtins.map", "builtins.enumerate"),
        *("builtins.filter", "builtins.reversed", "builtins.isinstance", "builtins.print", "builtins.type"),
        *("builtins.id", "itertools.islice", "itertools.chain", "itertools.starmap", "typing.cast"),
    }
)
_THOROUGH = frozenset({"count", "index", "sort", "remove", "join", "copy", "update", "elements", "most_common"})
"""Methods that look at every element; those that only add or take one are not counted."""


def charge(machine: Machine, values: Iterable[AbstractValue], place: Place) -> None:
    """Effect: count the steps of something that looks at each element of some values.

    Raises:
        OutOfSteps: there are none left.
    """
    count = sum(map(_length, values)) // _ELEMENTS_OF_A_STEP
    if count:
        machine.step(place, count)


def is_cheap(function: str) -> bool:
    """Whether a function outside the project looks at few elements of what it is given, or only at those asked for."""
    return function in _CHEAP


def is_thorough(method: str) -> bool:
    """Whether a method looks at every element."""
    return method in _THOROUGH


def _length(value: AbstractValue) -> int:
    match value:
        case ListObject() | DictObject() | SetObject():
            return len(value.items)
        case DictView(table=table):
            return len(table.items)
        case tuple() | frozenset():
            return len(value)
        case _:
            return 0
