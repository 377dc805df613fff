"""What iterating over a value gives. An order that Python does not promise is not promised here either."""

from collections.abc import Iterator, Sequence

from huldra.experiments.evaluate.attributes import look_up
from huldra.experiments.evaluate.chain_maps import chained_dict
from huldra.experiments.evaluate.collections import collection_entries
from huldra.experiments.evaluate.enums import enum_members
from huldra.experiments.evaluate.lazy import all_elements, iter_of, remaining
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.reachable import deque_items
from huldra.experiments.evaluate.signals import TooLarge
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    DictView,
    InstanceObject,
    IteratorObject,
    Key,
    ListObject,
    SetObject,
    Unknown,
    type_name,
)
from huldra.project.places import Place

_ELEMENTS_OF_A_STEP = 100
SET_ORDER = "the order of a set, which differs from process to process"


def iterate(machine: Machine, value: AbstractValue, frame: Frame, place: Place) -> list[AbstractValue] | Unknown:
    """Return the elements of a value in order, consuming an iterator."""
    if not has_known_order(value):
        return Unknown(SET_ORDER, place)
    return elements(machine, value, frame, place)


def elements(machine: Machine, value: AbstractValue, frame: Frame, place: Place) -> list[AbstractValue] | Unknown:
    """Return the elements of a value for whoever does not care about their order, consuming an iterator."""
    found = _elements(machine, value, frame, place)
    if isinstance(found, Unknown):
        machine.doubtful_calls += 1
    else:
        machine.step(place, len(found) // _ELEMENTS_OF_A_STEP)
    return found


def _elements(machine: Machine, value: AbstractValue, frame: Frame, place: Place) -> list[AbstractValue] | Unknown:
    value = chained_dict(value) or value
    match value:
        case Unknown():
            machine.doubtful_calls += 1
            return value
        case ListObject():
            return value.unknown or list(value.items)
        case tuple():
            return list(value)
        case DictObject() | SetObject():
            return value.unknown or list(value.items)
        case DictView(table=table):
            return table.unknown or value.elements
        case IteratorObject():
            return all_elements(machine, value, place)
        case str() | bytes() | frozenset():
            return list(value)
        case range():
            # A range can be longer than len() can say.
            if abs(value.stop - value.start) // abs(value.step) > machine.limits.sequence_length:
                reason = f"a range of over {machine.limits.sequence_length} elements is too long to follow"
                if machine.skimmed_unless is not None:
                    return Unknown(reason, place)
                raise TooLarge(reason, place)
            return list(value)
        case ClassObject(info=info):
            if info.is_collection:
                return list(collection_entries(value))
            return enum_members(machine, value) or Unknown(f"iterating over the class {info.qualname}", place)
        case ConfigObject() if look_up(machine, value.cls.info.order, "__iter__") is not None:
            return all_elements(machine, iter_of(machine, value, frame, place), place)
        case InstanceObject():
            return _iterate_instance(machine, value, frame, place)
        case _:
            return Unknown(f"iterating over a {type_name(value)}", place)


def live_elements(
    machine: Machine, value: AbstractValue, frame: Frame, place: Place
) -> Iterator[AbstractValue] | Unknown:
    """Return the elements as a loop takes them: a list may grow meanwhile, an iterator keeps what is not reached."""
    if isinstance(value, ListObject | DictObject | DictView | IteratorObject):
        iterator = iter_of(machine, value, frame, place)
        return iterator.unknown or remaining(machine, iterator, place)
    items = iterate(machine, value, frame, place)
    return items if isinstance(items, Unknown) else iter(items)


def _iterate_instance(
    machine: Machine, value: InstanceObject, frame: Frame, place: Place
) -> list[AbstractValue] | Unknown:
    if value.unknown is not None:
        return value.unknown
    if (held := deque_items(value)) is not None:
        return held.unknown or list(held.items)
    if look_up(machine, value.cls.info.order, "__iter__") is None:
        items = value.attributes.get("*")  # a named tuple keeps its values here
        return list(items) if isinstance(items, tuple) else Unknown(f"iterating over a {type_name(value)}", place)
    return all_elements(machine, iter_of(machine, value, frame, place), place)


def has_known_order(value: AbstractValue) -> bool:
    """Whether the order of iteration is the same in every process; that of a set is never promised."""
    return not isinstance(value, SetObject | frozenset) or len(set_elements(value)) < 2


def set_elements(value: SetObject | frozenset[Key]) -> Sequence[AbstractValue]:
    """Return the elements of a set in an order that means nothing."""
    return list(value.items) if isinstance(value, SetObject) else list(value)
