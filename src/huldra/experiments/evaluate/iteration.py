"""What iterating over a value gives. An order that Python does not promise is not promised here either."""

import datetime
import decimal
import fractions
import uuid
from collections.abc import Iterator, Sequence

from huldra.experiments.evaluate.chain_maps import chained_dict
from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.collections import collection_entries
from huldra.experiments.evaluate.enums import enum_members
from huldra.experiments.evaluate.flags import parts_of_flag
from huldra.experiments.evaluate.lazy import all_elements, iter_of, remaining
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.reachable import array_items, deque_items
from huldra.experiments.evaluate.signals import Raised, TooLarge
from huldra.experiments.evaluate.unseen_calls import call_unseen
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    DictView,
    FunctionObject,
    InstanceObject,
    IteratorObject,
    Key,
    ListObject,
    ModuleObject,
    Partial,
    SetObject,
    Unknown,
    type_name,
)
from huldra.formats.config_values import EnumValue, PathValue
from huldra.formats.dialect import dialect_of_class
from huldra.project.classes import ClassInfo
from huldra.project.places import Place

_ELEMENTS_OF_A_STEP = 100
_ITERATED = ("__iter__", "__next__", "__len__", "__getitem__")
_NOT_ITERABLE = (
    *(type(None), bool, int, float, complex, datetime.date, datetime.time, datetime.timedelta, datetime.timezone),
    *(decimal.Decimal, fractions.Fraction, uuid.UUID, PathValue, FunctionObject, BoundMethod, Partial, ModuleObject),
)
"""What certainly cannot be iterated over."""
_PLAIN_BASES = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})
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
            call_unseen(machine, [value], _ITERATED, frame, place)
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
                return collection_entries(machine, value, place)
            return enum_members(machine, value) or Unknown(f"iterating over the class {info.qualname}", place)
        case EnumValue(is_plain=False) | EnumValue(value=int()):
            return parts_of_flag(machine, value)
        case ConfigObject() if look_up(machine, value.cls.info.order, "__iter__") is not None:
            return all_elements(machine, iter_of(machine, value, frame, place), place)
        case InstanceObject():
            return _iterate_instance(machine, value, frame, place)
        case _:
            return _refuse(machine, value, place)


def _refuse(machine: Machine, value: AbstractValue, place: Place) -> Unknown:
    """Return why it is not known what iterating over a value gives.

    Raises:
        Raised: nothing, certainly.
    """
    if isinstance(value, _NOT_ITERABLE) or (
        isinstance(value, ConfigObject | InstanceObject) and not _may_be_iterable(machine, value.cls.info)
    ):
        raise Raised("TypeError", f"a {type_name(value)} is not iterable", place)
    return Unknown(f"iterating over a {type_name(value)}", place)


def _may_be_iterable(machine: Machine, info: ClassInfo) -> bool:
    """Whether instances of a class without `__iter__` may be iterated over, as far as can be told."""
    outside = (name for name in info.order if name not in machine.project.classes and name not in _PLAIN_BASES)
    if any(dialect_of_class(name) is None for name in outside) or info.unseen or info.definition.decorators:
        return True
    return look_up(machine, info.order, "__getitem__") is not None


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
    if (numbers := array_items(value)) is not None:
        return numbers if isinstance(numbers, Unknown) else list(numbers)
    if look_up(machine, value.cls.info.order, "__iter__") is None:
        items = value.attributes.get("*")  # a named tuple keeps its values here
        return list(items) if isinstance(items, tuple) else _refuse(machine, value, place)
    return all_elements(machine, iter_of(machine, value, frame, place), place)


def has_known_order(value: AbstractValue) -> bool:
    """Whether the order of iteration is the same in every process; that of a set is never promised."""
    return not isinstance(value, SetObject | frozenset) or len(set_elements(value)) < 2


def set_elements(value: SetObject | frozenset[Key]) -> Sequence[AbstractValue]:
    """Return the elements of a set in an order that means nothing."""
    return list(value.items) if isinstance(value, SetObject) else list(value)
