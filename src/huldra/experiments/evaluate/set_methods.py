"""Methods of sets, whose order means nothing."""

from huldra.experiments.evaluate.iteration import elements
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.evaluate.taking_in import update_set
from huldra.experiments.evaluate.unseen_calls import hashed
from huldra.experiments.values import AbstractValue, Key, SetObject, Unknown
from huldra.formats.config_values import EnumValue

_ELEMENT = frozenset({"add", "discard", "remove"})


def call_set(machine: Machine, receiver: SetObject, name: str, arguments: CallArguments, frame: Frame) -> AbstractValue:
    """Return what a method of a set gives."""
    place = arguments.place
    if name == "update":
        return update_set(machine, receiver, arguments, frame)
    is_element = name in _ELEMENT
    sources = [] if is_element else [elements(machine, value, frame, place) for value in arguments.positional]
    unknown = next((source for source in sources if isinstance(source, Unknown)), receiver.unknown)
    others: list[Key] = []
    for value in arguments.positional if is_element else [v for s in sources if isinstance(s, list) for v in s]:
        key = hashed(machine, value, frame, place)
        if isinstance(key, Unknown):
            unknown = key
        else:
            others.append(key)
    mine = list(receiver.items)
    if any(isinstance(key, EnumValue) for key in (*mine, *others)) and name not in {"add", "union", "copy"}:
        unknown = unknown or Unknown("a set of enum members", place)
    results = {
        "union": [*mine, *others],
        "add": [*mine, *others],
        "intersection": [key for key in mine if key in others],
        "difference": [key for key in mine if key not in others],
        "discard": [key for key in mine if key not in others],
        "remove": [key for key in mine if key not in others],
        "symmetric_difference": [*(k for k in mine if k not in others), *(k for k in others if k not in mine)],
        "intersection_update": [key for key in mine if key in others],
        "difference_update": [key for key in mine if key not in others],
        "copy": mine,
    }
    if name not in results:
        if name in {"issubset", "issuperset", "isdisjoint"}:
            return unknown or _compare_sets(name, set(mine), set(others))
        machine.touch(receiver)
        receiver.unknown = receiver.unknown or Unknown(f"the set method {name} that is not followed", place)
        return receiver.unknown
    if name == "remove" and unknown is None and others[0] not in mine:
        raise Raised("KeyError", repr(others[0]), place)
    if name in {"add", "discard", "remove", "intersection_update", "difference_update"}:
        machine.touch(receiver)
        receiver.items.clear()
        receiver.items.update(dict.fromkeys(results[name]))
        receiver.unknown = unknown
        return None
    return SetObject(dict.fromkeys(results[name]), receiver.is_frozen, unknown)


def _compare_sets(name: str, mine: set[Key], others: set[Key]) -> bool:
    return {"issubset": mine <= others, "issuperset": mine >= others, "isdisjoint": mine.isdisjoint(others)}[name]
