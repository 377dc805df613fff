"""What iterating over a value gives. An order that Python does not promise is not promised here either."""

from huldra.experiments.evaluate.collections import collection_entries
from huldra.experiments.evaluate.enums import enum_members
from huldra.experiments.evaluate.machine import Frame, LimitReached, Machine
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    DictObject,
    InstanceObject,
    IteratorObject,
    ListObject,
    SetObject,
    Unknown,
    type_name,
)
from huldra.project.places import Place


def iterate(machine: Machine, value: AbstractValue, frame: Frame, place: Place) -> list[AbstractValue] | Unknown:
    """Return the elements of a value, consuming an iterator."""
    match value:
        case Unknown():
            return value
        case ListObject():
            return value.unknown or list(value.items)
        case tuple():
            return list(value)
        case DictObject() | SetObject():
            return value.unknown or list(value.items)
        case IteratorObject():
            machine.touch(value)
            items = list(value.items)
            value.items.clear()
            return value.unknown or items
        case str() | bytes() | frozenset():
            return list(value)
        case range():
            # A range can be longer than len() can say.
            if abs(value.stop - value.start) // abs(value.step) > machine.limits.sequence_length:
                reason = f"a range of over {machine.limits.sequence_length} elements is too long to follow"
                if machine.skimmed_unless is not None:
                    return Unknown(reason, place)
                raise LimitReached(reason, place)
            return list(value)
        case ClassObject(info=info):
            if info.is_collection:
                return list(collection_entries(value))
            return enum_members(machine, value) or Unknown(f"iterating over the class {info.qualname}", place)
        case InstanceObject():
            return _iterate_instance(machine, value, frame, place)
        case _:
            return Unknown(f"iterating over a {type_name(value)}", place)


def _iterate_instance(
    machine: Machine, value: InstanceObject, frame: Frame, place: Place
) -> list[AbstractValue] | Unknown:
    if "__iter__" not in value.cls.members.names:
        items = value.attributes.get("*")  # a named tuple keeps its values here
        return list(items) if isinstance(items, tuple) else Unknown(f"iterating over a {type_name(value)}", place)
    method = machine.attribute(value, "__iter__", frame, place)
    return iterate(machine, machine.call_with(method, [], frame, place), frame, place)


def has_known_order(value: AbstractValue) -> bool:
    """Whether the order of iteration is the same in every process; that of a set of strings, say, is not."""
    if not isinstance(value, SetObject) or len(value.items) < 2:
        return True
    return all(isinstance(key, int) and not isinstance(key, bool) and 0 <= key < 2**16 for key in value.items)
