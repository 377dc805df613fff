"""What a container takes from an iterator, which may read the container itself: then one element at a time."""

from collections.abc import Callable

from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.footprints import take_footprint
from huldra.experiments.evaluate.iteration import elements
from huldra.experiments.evaluate.lazy import iter_of, remaining
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.reachable import deque_items, stored_key
from huldra.experiments.evaluate.signals import TooLarge
from huldra.experiments.evaluate.unseen_calls import hashed
from huldra.experiments.values import (
    AbstractValue,
    InstanceObject,
    IteratorObject,
    ListObject,
    MutableValue,
    SetObject,
    Unknown,
)
from huldra.project.places import Place

_PARTS_OF_A_STEP = 100


def take_in(
    machine: Machine,
    target: MutableValue,
    values: AbstractValue,
    frame: Frame,
    place: Place,
    add: Callable[[AbstractValue], None],
    *,
    in_order: bool = True,
) -> Unknown | None:
    """Effect: give `add`, which changes the target, each element of some values. Return why they are not all known.

    Raises:
        TooLarge: there are too many of them.
    """
    if isinstance(values, InstanceObject) and _has_own_iterator(machine, values):
        values = iter_of(machine, values, frame, place)
    if not isinstance(values, IteratorObject) or not _may_read(machine, values, target, place):
        items = machine.iterate(values, frame, place) if in_order else elements(machine, values, frame, place)
        if isinstance(items, Unknown):
            return items
        machine.touch(target)
        for item in items:
            add(item)
        return None
    limit = machine.limits.sequence_length
    if values.is_endless:
        raise TooLarge("an iterator without an end is too long to follow", place)
    for count, item in enumerate(remaining(machine, values, place)):
        machine.step(place)
        if count > limit:
            raise TooLarge(f"an iterator of more than {limit} elements is too long to follow", place)
        machine.touch(target)
        add(item)
    return values.unknown


def extend_with(machine: Machine, target: ListObject, values: AbstractValue, frame: Frame, place: Place) -> None:
    """Effect: append the elements of some values to a list, as `extend` and `+=` do."""

    def add(item: AbstractValue) -> None:
        if len(target.items) >= machine.limits.sequence_length:
            raise TooLarge("a list grew too long to follow", place)
        target.items.append(item)

    unknown = take_in(machine, target, values, frame, place, add)
    target.unknown = unknown or target.unknown


def update_set(machine: Machine, receiver: SetObject, arguments: CallArguments, frame: Frame) -> None:
    """Effect: add the elements of some values to a set, as `update` does."""

    def add(item: AbstractValue) -> None:
        key = hashed(machine, item, frame, arguments.place)
        if isinstance(key, Unknown):
            receiver.unknown = key
        else:
            receiver.items.setdefault(stored_key(receiver.items, key))

    for values in arguments.positional:
        unknown = take_in(machine, receiver, values, frame, arguments.place, add, in_order=False)
        receiver.unknown = unknown or receiver.unknown


def _has_own_iterator(machine: Machine, value: InstanceObject) -> bool:
    is_followed = value.unknown is None and deque_items(value) is None
    return is_followed and look_up(machine, value.cls.info.order, "__iter__") is not None


def _may_read(machine: Machine, iterator: IteratorObject, target: MutableValue, place: Place) -> bool:
    """Whether making the elements may read the target. What makes them one by one anyway is not asked."""
    if iterator.pending is None:
        return iterator.step is not None
    parts = take_footprint(machine, iterator).parts
    machine.step(place, len(parts) // _PARTS_OF_A_STEP)
    return any(part is target for part in parts)
