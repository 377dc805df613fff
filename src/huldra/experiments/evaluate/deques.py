"""`collections.deque`: an instance of a class of nobody's, which holds a list and its greatest length."""

from collections.abc import Sequence

from huldra.experiments.evaluate.library_classes import library_class
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.methods import call_method
from huldra.experiments.evaluate.reachable import DEQUE, DEQUE_ITEMS
from huldra.experiments.evaluate.signals import Raised, TooLarge
from huldra.experiments.evaluate.taking_in import take_in
from huldra.experiments.values import AbstractValue, ClassObject, InstanceObject, ListObject, Scope, Unknown

_AS_A_LIST = frozenset({"append", "clear", "count", "index", "insert", "pop", "remove", "reverse"})
_INFO = library_class(DEQUE)


def make_deque(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`deque(values, maxlen)`."""
    given = dict(zip(("iterable", "maxlen"), call.positional, strict=False)) | call.keywords
    longest = given.get("maxlen")
    if not (longest is None or isinstance(longest, int)):
        return longest if isinstance(longest, Unknown) else Unknown("the length of a deque", call.place)
    items = machine.iterate(given.get("iterable", ()), frame, call.place)
    made = ListObject([], items) if isinstance(items, Unknown) else ListObject(_last(items, longest))
    return InstanceObject(ClassObject(_INFO, Scope(is_class=True)), {DEQUE_ITEMS: made, "maxlen": longest})


def _last(items: Sequence[AbstractValue], longest: int | None) -> list[AbstractValue]:
    return list(items) if longest is None else list(items[max(0, len(items) - longest) :])


def call_deque(
    machine: Machine, value: InstanceObject, items: ListObject, name: str, call: CallArguments, frame: Frame
) -> AbstractValue:
    """Return what a method of a deque gives; one that is not followed may have changed it."""
    longest = value.attributes.get("maxlen")
    if call.unknown is None and (longest is None or isinstance(longest, int)):
        if name == "copy" and not call.positional:
            copy = ListObject(list(items.items), items.unknown)
            return InstanceObject(value.cls, {DEQUE_ITEMS: copy, "maxlen": longest})
        is_full = longest is not None and len(items.items) == longest
        if name in _AS_A_LIST and not (name == "insert" and is_full) and not (name == "pop" and call.positional):
            result = call_method(machine, items, name, call, frame)
            items.items[:] = _last(items.items, longest)
            return result
        match name, call.positional:
            case "popleft", [] if items.unknown is None:
                if not items.items:
                    raise Raised("IndexError", "pop from an empty deque", call.place)
                machine.touch(items)
                return items.items.pop(0)
            case "rotate", ([] | [int()]) if items.unknown is None:
                _rotate(machine, items, call.positional[0] if call.positional else 1)
                return None
            case ("appendleft", [given]):
                machine.touch(items)
                items.items[:] = [given, *items.items][: len(items.items) + 1 if longest is None else longest]
                return None
            case (("extend" | "extendleft"), [given]):
                _extend(machine, items, given, longest, call, frame, at_left=name == "extendleft")
                return None
            case _:
                pass
    machine.touch(items)
    items.unknown = items.unknown or Unknown(f"the deque method {name} that is not followed", call.place)
    return items.unknown


def _rotate(machine: Machine, items: ListObject, count: AbstractValue) -> None:
    if isinstance(count, int) and items.items:
        machine.touch(items)
        by = count % len(items.items)
        items.items[:] = [*items.items[len(items.items) - by :], *items.items[: len(items.items) - by]]


def _extend(
    machine: Machine,
    items: ListObject,
    given: AbstractValue,
    longest: int | None,
    call: CallArguments,
    frame: Frame,
    *,
    at_left: bool,
) -> None:
    def add(item: AbstractValue) -> None:
        if len(items.items) >= machine.limits.sequence_length:
            raise TooLarge("a deque grew too long to follow", call.place)
        joined = [item, *items.items] if at_left else [*items.items, item]
        items.items[:] = joined[:longest] if at_left else _last(joined, longest)

    unknown = take_in(machine, items, given, frame, call.place, add)
    items.unknown = unknown or items.unknown
