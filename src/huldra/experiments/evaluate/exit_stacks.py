"""`contextlib.ExitStack`: an instance of a class of nobody's, which holds what is to be left, the last of it first."""

from collections.abc import Callable

from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.library_classes import library_class
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    FunctionObject,
    InstanceObject,
    ListObject,
    Partial,
    Scope,
    Unknown,
)
from huldra.project.places import Place

STACK = "contextlib.ExitStack"
_ENTRIES = "entries of an exit stack"
_CALLBACK = "callback"
Enter = Callable[[Machine, AbstractValue, Frame, Place], tuple[AbstractValue, AbstractValue]]
"""Returns what is to be left of a manager, and what entering it gives."""


def make_stack(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`contextlib.ExitStack()`."""
    return _stack(ListObject([]))


def _stack(entries: ListObject) -> InstanceObject:
    return InstanceObject(ClassObject(library_class(STACK), Scope(is_class=True)), {_ENTRIES: entries})


def stack_entries(value: AbstractValue) -> ListObject | None:
    """Return what a stack holds; None for anything else."""
    if not isinstance(value, InstanceObject) or value.cls.name != STACK:
        return None
    entries = value.attributes.get(_ENTRIES)
    if not isinstance(entries, ListObject):
        entries = ListObject([])
    if value.unknown is not None and entries.unknown is None:
        return ListObject(entries.items, value.unknown)
    return entries


def callback_of(entry: AbstractValue) -> Partial | None:
    """Return what an entry calls that is no manager."""
    match entry:
        case ("callback", Partial() as function):
            return function
        case _:
            return None


def call_stack(
    machine: Machine, stack: InstanceObject, name: str, call: CallArguments, frame: Frame, enter: Enter
) -> AbstractValue:
    """Return what a method of a stack gives that does not leave what it holds."""
    entries = stack_entries(stack)
    given = call.positional
    if entries is None or call.unknown is not None:
        return _lost(machine, entries, f"the method {name} of an ExitStack", call)
    match name, given:
        case "enter_context", [manager]:
            kept, entered = enter(machine, manager, frame, call.place)
            _push(machine, entries, kept)
            return entered
        case "push", [InstanceObject() | ConfigObject() as manager] if _is_left(machine, manager):
            _push(machine, entries, manager)
            return manager
        case "push", [function]:
            none: tuple[AbstractValue, ...] = (None, None, None)
            _push(machine, entries, (_CALLBACK, Partial(function, none, {})))
            return function
        case "callback", [function, *rest]:
            _push(machine, entries, (_CALLBACK, Partial(function, tuple(rest), dict(call.keywords))))
            return function
        case "pop_all", []:
            machine.touch(entries)
            moved = _stack(ListObject(list(entries.items), entries.unknown))
            entries.items.clear()
            return moved
        case _:
            return _lost(machine, entries, f"the method {name} of an ExitStack", call)


def _lost(machine: Machine, entries: ListObject | None, reason: str, call: CallArguments) -> Unknown:
    doubt = Unknown(reason, call.place)
    if entries is not None:
        machine.touch(entries)
        entries.items += call.positional
        entries.unknown = entries.unknown or doubt
    return doubt


def _push(machine: Machine, entries: ListObject, entry: AbstractValue) -> None:
    machine.touch(entries)
    entries.items.append(entry)


def _is_left(machine: Machine, manager: InstanceObject | ConfigObject) -> bool:
    found = look_up(machine, manager.cls.info.order, "__exit__")
    return found is not None and isinstance(found[0], FunctionObject)
