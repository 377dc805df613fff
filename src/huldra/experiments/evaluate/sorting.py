"""Sorting by Python's own algorithm, which decides what is compared with what."""

from collections.abc import Callable

from huldra.experiments.evaluate.conversion import NotConvertible, to_python
from huldra.experiments.evaluate.journal import with_aliases
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.operators import truth
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.evaluate.special_methods import defines
from huldra.experiments.values import (
    AbstractValue,
    ConfigObject,
    External,
    FunctionObject,
    InstanceObject,
    Partial,
    Unknown,
)
from huldra.project.places import Place

_ELEMENTS_OF_A_STEP = 10
BY_COMPARISON = External("functools.cmp_to_key")


class _Sortable:
    """A value of any type, compared as Python compares it."""

    def __init__(self, value: object) -> None:
        self.value = value

    def __lt__(self, other: "_Sortable") -> bool:
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


def _sort_own(
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


def _sort_by_comparison(
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


def sort_values(
    machine: Machine, items: list[AbstractValue], arguments: CallArguments, frame: Frame
) -> list[AbstractValue] | Unknown:
    """Return items in sorted order (`key=` and `reverse=` honoured); Unknown when they cannot be compared."""
    place = arguments.place
    key_function = arguments.keywords.get("key")
    is_reversed = truth(arguments.keywords.get("reverse", False))
    if isinstance(is_reversed, Unknown):
        return is_reversed
    if isinstance(key_function, Partial) and key_function.function == BY_COMPARISON:
        return _sort_by_comparison(machine, items, key_function.positional[0], is_reversed, frame, place)
    keys = items if key_function is None else [machine.call_with(key_function, [i], frame, place) for i in items]
    return sort_by_keys(machine, items, keys, is_reversed=is_reversed, frame=frame, place=place)


def sort_by_keys(
    machine: Machine,
    items: list[AbstractValue],
    keys: list[AbstractValue],
    *,
    is_reversed: bool,
    frame: Frame,
    place: Place,
) -> list[AbstractValue] | Unknown:
    """Return items in the order of their keys; Unknown when these cannot be compared: it may be any of them."""
    ordered = _by_keys(machine, items, keys, is_reversed=is_reversed, frame=frame, place=place)
    return with_aliases(ordered, items) if isinstance(ordered, Unknown) else ordered


def _by_keys(
    machine: Machine,
    items: list[AbstractValue],
    keys: list[AbstractValue],
    *,
    is_reversed: bool,
    frame: Frame,
    place: Place,
) -> list[AbstractValue] | Unknown:
    machine.step(place, len(keys) * len(keys).bit_length() // _ELEMENTS_OF_A_STEP)
    if any(defines(machine, key, "__lt__", "__gt__") for key in keys):
        return _sort_own(machine, items, keys, is_reversed, frame, place)
    try:
        plain = [to_python(key) for key in keys]
    except NotConvertible as problem:
        if not any(isinstance(key, InstanceObject | ConfigObject | FunctionObject | tuple) for key in keys):
            return Unknown(f"an order of {problem.reason}", place)
        return _sort_own(machine, items, keys, is_reversed, frame, place)
    order = list(range(len(items)))
    try:
        order.sort(key=lambda index: _Sortable(plain[index]), reverse=is_reversed)
    except TypeError as error:
        raise Raised("TypeError", str(error), place) from error
    return [items[index] for index in order]
