"""Iterators that make their elements one by one: Python's `iter` and `next`. What they read may change in between."""

from collections.abc import Callable, Iterator, Sequence

from huldra.experiments.evaluate.branches import run_optional
from huldra.experiments.evaluate.class_members import bind_member, look_up
from huldra.experiments.evaluate.held_back import reach, reach_all, reach_end, reach_unknown
from huldra.experiments.evaluate.in_turns import doubt_what_is_left, run_pending, run_pending_in_turns
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.reachable import deque_items
from huldra.experiments.evaluate.signals import Raised, TooLarge
from huldra.experiments.values import (
    FINISHED,
    AbstractValue,
    ConfigObject,
    DictObject,
    DictView,
    Finished,
    InstanceObject,
    IteratorObject,
    ListObject,
    Scope,
    Unknown,
    next_birth,
)
from huldra.project.places import Origin, Place

Step = Callable[[IteratorObject], AbstractValue | Finished]
_ELEMENTS_OF_A_STEP = 10
_DONE = -1
"""The state of an iterator that has come to its end; what is appended later is not seen any more."""


def next_element(machine: Machine, iterator: IteratorObject, place: Place) -> AbstractValue | Finished:
    """Return the next element for a consumer that acts between elements.

    Effect: advances the iterator. Where the next element cannot be known the iterator's `unknown` is set, and it is
    finished.
    """
    if iterator.unknown is None and iterator.step is not None:
        machine.touch(iterator)
        iterator.pending = None
        item = iterator.step(iterator)
        if iterator.unknown is not None:
            for source in (*iterator.sources, iterator.state):
                read_on(machine, source, iterator.unknown, place)
        return item
    if iterator.unknown is None:
        run_pending_in_turns(machine, iterator, place)
        doubt_what_is_left(machine, iterator, place)
    if iterator.unknown is not None:
        reach_unknown(iterator)
        return FINISHED
    machine.touch(iterator)
    if not iterator.items:
        reach_end(iterator)
        return FINISHED
    item = iterator.items.pop(0)
    reach(iterator)
    return item


def remaining(machine: Machine, iterator: IteratorObject, place: Place) -> Iterator[AbstractValue]:
    """Yield the elements one by one."""
    while not isinstance(item := next_element(machine, iterator, place), Finished):
        yield item


def all_elements(machine: Machine, iterator: IteratorObject, place: Place) -> list[AbstractValue] | Unknown:
    """Return what is left, for a consumer that does nothing between the elements. Effect: the iterator is at its end.

    Raises:
        TooLarge: there is no end to them, or it is too far away.
    """
    made: list[AbstractValue] = []
    if iterator.step is None or (iterator.pending is not None and not iterator.is_endless):
        doubt_what_is_left(machine, iterator, place)
        run_pending(machine, iterator)
        machine.touch(iterator)
        if iterator.unknown is not None:
            reach_unknown(iterator)
            return iterator.unknown
        made += iterator.items
        reach_all(iterator)
        return made
    limit = machine.limits.sequence_length
    if iterator.is_endless:
        raise TooLarge("an iterator without an end is too long to follow", place)
    for item in remaining(machine, iterator, place):
        made.append(item)
        machine.step(place, len(made) % _ELEMENTS_OF_A_STEP == 0)
        if len(made) > limit:
            raise TooLarge(f"an iterator of more than {limit} elements is too long to follow", place)
    return iterator.unknown or made


def force(machine: Machine, iterator: IteratorObject, place: Place) -> list[AbstractValue]:
    """Return what is left of an iterator, for whoever may ask for it. Effect: reads it to its end, if it has one."""
    items = [] if iterator.is_endless else all_elements(machine, iterator, place)
    return [] if isinstance(items, Unknown) else items


def read_on(machine: Machine, value: AbstractValue, cause: Unknown, place: Place) -> list[AbstractValue]:
    """Return what is left of an iterator. Effect: somebody may read it, and nobody can tell how far."""
    if not isinstance(value, IteratorObject) or value.unknown is not None:
        return []
    doubt = Unknown(cause.reason, cause.place or place)
    frame = Frame(Scope(), "", Origin(place.file))
    items: list[AbstractValue] = []

    def read() -> None:
        try:
            items.extend(force(machine, value, place))
        except TooLarge as limit:
            value.unknown = machine.too_large(limit)

    run_optional(machine, frame, Unknown(doubt.reason, place), read)
    if value.is_endless:
        machine.touch(value)
        value.unknown = doubt
    return items


def iter_of(machine: Machine, value: AbstractValue, frame: Frame, place: Place) -> IteratorObject:
    """Return what Python's `iter` gives; what cannot be followed is an iterator of which nothing is known."""
    match value:
        case IteratorObject():
            return value
        case Unknown():
            machine.doubtful_calls += 1
            return IteratorObject([], value)
        case ListObject():
            return _over_list(value)
        case DictObject() | DictView():
            return _over_dict(value if isinstance(value, DictView) else DictView(value, "keys"), place)
        case tuple() | str() | bytes() | range():
            return _over_sequence(value)
        case InstanceObject() if (items := deque_items(value)) is not None:
            return _over_deque(machine, items, place)
        case InstanceObject() | ConfigObject():
            found = _iterator_of_instance(machine, value, frame, place)
            if found is not None:
                return found
        case _:
            pass
    items = machine.iterate(value, frame, place)
    return IteratorObject([], items) if isinstance(items, Unknown) else IteratorObject(items)


def _iterator_of_instance(
    machine: Machine, value: InstanceObject | ConfigObject, frame: Frame, place: Place
) -> IteratorObject | None:
    """`__iter__` of the project's own classes, where it gives an iterator; None where it does not."""
    is_lost = isinstance(value, InstanceObject) and value.unknown is not None
    found = None if is_lost else look_up(machine, value.cls.info.order, "__iter__")
    if found is None:
        return None
    given = machine.call_with(bind_member(machine, found[0], value, frame, place), [], frame, place)
    if isinstance(given, IteratorObject):
        return given
    if isinstance(given, InstanceObject) and look_up(machine, given.cls.info.order, "__next__") is not None:
        return _over_own_iterator(machine, given, frame, place)
    reason = given if isinstance(given, Unknown) else Unknown("an `__iter__` that gives what is not followed", place)
    return IteratorObject([], reason)


def _over_own_iterator(machine: Machine, value: InstanceObject, frame: Frame, place: Place) -> IteratorObject:
    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        if iterator.state == _DONE:
            return FINISHED
        machine.step(place)
        doubtful = machine.doubtful_calls
        try:
            item = machine.call_with(machine.attribute(value, "__next__", frame, place), [], frame, place)
        except Raised as raised:
            if raised.type_name != "StopIteration":
                raise
            iterator.state = _DONE
            return FINISHED
        if machine.doubtful_calls != doubtful and isinstance(item, Unknown):
            iterator.unknown = item  # whether it has come to its end is part of what is not known
            return FINISHED
        return item

    return IteratorObject([], step=step, state=0, sources=(value,))


def _over_list(value: ListObject) -> IteratorObject:
    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        index = iterator.state
        if value.unknown is not None:
            iterator.unknown = value.unknown
            return FINISHED
        if not isinstance(index, int) or not 0 <= index < len(value.items):
            iterator.state = _DONE
            return FINISHED
        iterator.state = index + 1
        return value.items[index]

    return IteratorObject([], step=step, state=0, sources=(value,), shortens=min)


def _over_deque(machine: Machine, items: ListObject, place: Place) -> IteratorObject:
    since = next_birth()
    inner = _over_list(items)

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        if items.touched > since:
            machine.doubtful_calls += 1  # Python raises, unless it was changed and changed back
            iterator.unknown = Unknown("a deque that is changed while it is iterated over", place)
            return FINISHED
        return next_element(machine, inner, place)

    return IteratorObject([], step=step, sources=(inner,), shortens=min)


def backwards(value: ListObject) -> IteratorObject:
    """Return `reversed(value)`: it begins at what is the last element now."""

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        index = iterator.state
        if value.unknown is not None:
            iterator.unknown = value.unknown
            return FINISHED
        if not isinstance(index, int) or not 0 <= index < len(value.items):
            iterator.state = _DONE
            return FINISHED
        iterator.state = index - 1
        return value.items[index]

    return IteratorObject([], value.unknown, step=step, state=len(value.items) - 1, sources=(value,), shortens=min)


def _over_sequence(value: tuple[AbstractValue, ...] | str | bytes | range) -> IteratorObject:
    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        index = iterator.state
        if not isinstance(index, int) or not value[index : index + 1]:
            return FINISHED
        iterator.state = index + 1
        return value[index]

    return IteratorObject([], step=step, state=0, sources=(value,), shortens=min)


def _over_dict(view: DictView, place: Place) -> IteratorObject:
    table = view.table
    keys = list(table.items)

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        index = iterator.state
        if not isinstance(index, int) or index == _DONE:
            return FINISHED
        if table.unknown is not None:
            iterator.unknown = table.unknown
            return FINISHED
        if len(table.items) != len(keys):
            raise Raised("RuntimeError", "the dict changes size while it is iterated over", place)
        if index >= len(keys):
            iterator.state = _DONE
            return FINISHED
        key = keys[index]
        if key not in table.items or next(reversed(table.items)) is not keys[-1]:
            iterator.unknown = Unknown("a dict whose keys change while it is iterated over", place)
            return FINISHED
        iterator.state = index + 1
        value = table.items[key]
        return {"keys": key, "values": value, "items": (key, value)}[view.kind]

    return IteratorObject([], table.unknown, step=step, state=0, sources=(view,), shortens=min)


def known_length(sources: Sequence[AbstractValue]) -> list[int] | None:
    """Return how many elements each value has, None where that takes more than a look."""
    lengths = [_length(source) for source in sources]
    known = [length for length in lengths if length is not None]
    return known if len(known) == len(lengths) else None


def _length(value: AbstractValue) -> int | None:
    match value:
        case range():
            return max(0, -((value.start - value.stop) // value.step))  # may be longer than len() can say
        case tuple() | str() | bytes() | frozenset():
            return len(value)
        case IteratorObject(step=None, pending=None, unknown=None, items=items):
            return len(items)
        case IteratorObject(shortens=shortens, sources=sources) if shortens is not None and sources:
            known = known_length([s for s in sources if not isinstance(s, IteratorObject) or not s.is_endless])
            return shortens(known) if known else None
        case ListObject(items=items, unknown=None) | DictView(table=DictObject(items=items, unknown=None)):
            return len(items)
        case DictObject(items=items, unknown=None):
            return len(items)
        case _:
            return None
