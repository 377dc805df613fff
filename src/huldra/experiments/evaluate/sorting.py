"""Sorting by Python's own algorithm, which decides what is compared with what."""

from collections.abc import Callable

from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.values import AbstractValue, External, Unknown
from huldra.project.places import Place


BY_COMPARISON = External("functools.cmp_to_key")


class Sortable:
    """A value of any type, compared as Python compares it."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __lt__(self, other: "Sortable") -> bool:
        less: Callable[..., object] = getattr(self.value, "__lt__")  # noqa: B009
        result = less(other.value)
        if result is NotImplemented:
            greater: Callable[..., object] = getattr(other.value, "__gt__")  # noqa: B009
            result = greater(self.value)
        if result is NotImplemented:
            raise TypeError(f"cannot order {type(self.value).__name__} and {type(other.value).__name__}")
        return bool(result)


class _NotOrdered(Exception):  # noqa: N818  an answer, not an error
    """Which of two values goes first is not known."""

    def __init__(self, doubt: Unknown) -> None:
        self.doubt = doubt


class _Own:
    """A value that is compared as the evaluated code says."""

    def __init__(self, value: AbstractValue, is_less: Callable[[AbstractValue, AbstractValue], bool]) -> None:
        self.value = value
        self.is_less = is_less

    def __lt__(self, other: "_Own") -> bool:
        return self.is_less(self.value, other.value)


def sort_own(
    machine: Machine,
    items: list[AbstractValue],
    keys: list[AbstractValue],
    is_reversed: bool,  # noqa: FBT001  as `list.sort` takes it
    frame: Frame,
    place: Place,
) -> list[AbstractValue] | Unknown:
    """Return items in the order of their keys, some of which are instances of the project's classes."""

    def is_less(left: AbstractValue, right: AbstractValue) -> bool:
        machine.step(place)
        result = machine.rules.compare(machine, "<", left, right, frame, place)
        if not isinstance(result, bool):
            raise _NotOrdered(result if isinstance(result, Unknown) else Unknown("an order that is no bool", place))
        return result

    return _sorted(items, keys, is_less, is_reversed)


def sort_by_comparison(
    machine: Machine,
    items: list[AbstractValue],
    function: AbstractValue,
    is_reversed: bool,  # noqa: FBT001  as `list.sort` takes it
    frame: Frame,
    place: Place,
) -> list[AbstractValue] | Unknown:
    """Return items in the order that `functools.cmp_to_key(function)` gives them."""

    def is_less(left: AbstractValue, right: AbstractValue) -> bool:
        result = machine.call_with(function, [left, right], frame, place)
        if not isinstance(result, int | float):
            raise _NotOrdered(result if isinstance(result, Unknown) else Unknown("an order that is no number", place))
        return result < 0

    return _sorted(items, items, is_less, is_reversed)


def _sorted(
    items: list[AbstractValue],
    keys: list[AbstractValue],
    is_less: Callable[[AbstractValue, AbstractValue], bool],
    is_reversed: bool,  # noqa: FBT001  as `list.sort` takes it
) -> list[AbstractValue] | Unknown:
    order = list(range(len(items)))
    try:
        order.sort(key=lambda index: _Own(keys[index], is_less), reverse=is_reversed)
    except _NotOrdered as problem:
        return problem.doubt
    return [items[index] for index in order]
