"""Elements and slices of values: `value[index]`, `value[lower:upper]`."""

from huldra.experiments.evaluate.arrays import view_of
from huldra.experiments.evaluate.chain_maps import chained_dict
from huldra.experiments.evaluate.journal import with_aliases
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.operations import as_plain
from huldra.experiments.evaluate.operators import apply
from huldra.experiments.evaluate.reachable import NoKey, array_items, deque_items, find_key, mutable_parts
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.evaluate.slices import slice_bounds
from huldra.experiments.evaluate.special_methods import NoMethod, call_special
from huldra.experiments.evaluate.unseen_calls import call_unseen, hashed
from huldra.experiments.library_objects import LibraryObject
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    InstanceObject,
    Key,
    ListObject,
    SetObject,
    Unknown,
    type_name,
)
from huldra.facts.expressions import Slice
from huldra.project.places import Place


def get_item(machine: Machine, value: AbstractValue, key: AbstractValue, frame: Frame, place: Place) -> AbstractValue:
    """Return `value[key]` for a single key."""
    value = chained_dict(value) or value
    match value, key:
        case Unknown(), _:
            call_unseen(machine, [value], ("__getitem__", "__missing__", "__class_getitem__"), frame, place)
            return value
        case _, Unknown():
            return hidden_in(key, value)
        case DictObject(), _ if value.type_name != "SimpleNamespace":
            known = hashed(machine, key, frame, place)
            if isinstance(known, Unknown) or value.unknown is not None:
                return hidden_in(value.unknown or Unknown("an entry under an unknown key", place), value)
            found = find_key(value.items, known)
            if isinstance(found, NoKey):
                if value.type_name == "Counter":
                    return 0
                if value.type_name == "defaultdict" and value.factory is not None:
                    return _missing_entry(machine, value, known, frame, place)
                raise Raised("KeyError", repr(known), place)
            return value.items[found]
        case ((ListObject() | tuple() | str() | bytes() | range()), InstanceObject()):
            index = call_special(machine, key, "__index__", [], frame, place)
            if isinstance(index, int | Unknown):
                return get_item(machine, value, index, frame, place)
            return Unknown(f"an element of a {type_name(value)}", place)
        case ((ListObject() | tuple() | str() | bytes() | range()), int()):
            items = value.items if isinstance(value, ListObject) else value
            if isinstance(value, ListObject) and value.unknown is not None:
                return hidden_in(value.unknown, value)
            if not -len(items) <= key < len(items):
                raise Raised("IndexError", "index out of range", place)
            return items[key]
        case LibraryObject(), (int() | str()):
            return apply(lambda: value.part(key), place)
        case ClassObject(), str():
            return machine.attribute(value, key, frame, place)
        case ((InstanceObject() | ConfigObject()), _):
            return _item_of_instance(machine, value, key, frame, place)
        case ((bool() | int() | float() | complex() | SetObject()), _):
            raise Raised("TypeError", f"an element of a {type_name(value)}, which has none by number or key", place)
        case _:
            return Unknown(f"an element of a {type_name(value)}", place)


def hidden_in(doubt: Unknown, container: AbstractValue) -> Unknown:
    """Return a doubt about which element of a container it is: whoever changes it changes one of them, and whoever
    calls it calls one of them."""
    held: list[AbstractValue] = []
    match container:
        case ListObject(items=items):
            held = items
        case tuple():
            held = list(container)
        case DictObject():
            held = list(container.items.values())
        case _:
            held = [part for part in mutable_parts([container]) if part is not container]
    return with_aliases(doubt, held)


def _item_of_instance(
    machine: Machine, value: InstanceObject | ConfigObject, key: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    found = call_special(machine, value, "__getitem__", [key], frame, place)
    if not isinstance(found, NoMethod):
        return found
    if isinstance(value, ConfigObject):
        return Unknown(f"an element of a {type_name(value)}", place)
    if (held := deque_items(value)) is not None:
        return get_item(machine, held, key, frame, place)
    if (numbers := array_items(value)) is not None:
        return numbers if isinstance(numbers, Unknown) else get_item(machine, numbers, key, frame, place)
    items = value.attributes.get("*")
    if isinstance(items, tuple) and value.unknown is None:
        return get_item(machine, items, key, frame, place)
    return Unknown(f"an element of a {type_name(value)}", place)


def get_slice(machine: Machine, value: AbstractValue, node: Slice, frame: Frame) -> AbstractValue:
    """Return `value[lower:upper:step]`."""
    cut = slice_bounds(machine, node, frame)
    if isinstance(cut, Unknown):
        return cut
    match value:
        case Unknown():
            return value
        case ListObject():
            return ListObject(value.items[cut], value.unknown)
        case InstanceObject() if isinstance(plain := as_plain(value), tuple):
            return plain[cut]
        case InstanceObject() if (view := view_of(value, cut)) is not None:
            return view
        case tuple() | str() | bytes() | range():
            return value[cut]
        case bool() | int() | float() | complex() | SetObject():
            raise Raised("TypeError", f"a slice of a {type_name(value)}, which has no order", frame.place(node.at))
        case _:
            return Unknown(f"a slice of a {type_name(value)}", frame.place(node.at))


def _missing_entry(machine: Machine, table: DictObject, key: Key, frame: Frame, place: Place) -> AbstractValue:
    """What a defaultdict makes of a key that it does not have, and keeps."""
    value = machine.call_with(table.factory, [], frame, place)
    machine.touch(table)
    table.items[key] = value
    return value
