"""The `with` statement: what managers give, and what they do with an exception that ends the body."""

from collections.abc import Callable
from functools import partial

from huldra.experiments.evaluate.branches import blur, degrade, marks, run_branches
from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.exceptions import catches_any
from huldra.experiments.evaluate.executors import is_executor
from huldra.experiments.evaluate.exit_stacks import call_stack, callback_of, stack_entries
from huldra.experiments.evaluate.generated_managers import MANAGER, run_inside
from huldra.experiments.evaluate.joblib_calls import is_parallel
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.operators import truth
from huldra.experiments.evaluate.signals import BreakSignal, ContinueSignal, Raised, ReturnSignal
from huldra.experiments.evaluate.spoiling import spoil
from huldra.experiments.evaluate.unseen_calls import call_unseen
from huldra.experiments.values import (
    AbstractValue,
    ConfigObject,
    External,
    FunctionObject,
    InstanceObject,
    Partial,
    Unknown,
)
from huldra.facts.expressions import Expression, Span
from huldra.facts.statements import Statement, With
from huldra.project.local_names import names_bound_in
from huldra.project.places import Place

_Items = tuple[tuple[Expression, Expression | None], ...]
_NULL = External("contextlib.nullcontext")
_SUPPRESS = External("contextlib.suppress")
_CLOSING = External("contextlib.closing")
DECORATOR = "contextlib.ContextDecorator"
_ABSTRACT = "contextlib.AbstractContextManager"
_ENTERED = ("__enter__", "__exit__", "close")


def make_null_context(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`contextlib.nullcontext(value)`."""
    return Partial(_NULL, tuple(call.positional), dict(call.keywords))


def make_suppress(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`contextlib.suppress(KeyError, …)`."""
    return Partial(_SUPPRESS, tuple(call.positional), dict(call.keywords))


def make_closing(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`contextlib.closing(value)`."""
    return Partial(_CLOSING, tuple(call.positional), dict(call.keywords))


def decorated_by(machine: Machine, manager: InstanceObject, arguments: CallArguments, frame: Frame) -> Unknown:
    """A context manager as a decorator: whoever calls the function enters it, and leaves it."""
    around = [machine.attribute(manager, name, frame, arguments.place) for name in ("__enter__", "__exit__")]
    parts = (around[0], arguments.positional[0], around[1])
    return Unknown("a function that a context manager decorates", arguments.place, aliases=parts)


def run_with(machine: Machine, statement: With, frame: Frame) -> None:
    """The managers are unknown unless they are known here; the body runs. An unknown one may swallow exceptions."""
    early = marks(frame)
    try:
        _run_items(machine, statement.items, statement.body, frame)
    finally:
        blur(early)


def _run_items(machine: Machine, items: _Items, body: tuple[Statement, ...], frame: Frame) -> None:
    managers: list[AbstractValue] = []
    inside: Callable[[], None] = partial(machine.execute, body, frame)
    for number, (value, target) in enumerate(items):
        manager = machine.evaluate(value, frame)
        if isinstance(manager, Partial) and manager.function == MANAGER and frame.depth < machine.limits.call_depth:
            inside = partial(_run_generated, machine, manager, items[number:], body, frame)
            break
        managers.append(_enter(machine, value.at, manager, target, frame))
    if managers:
        _run_guarded(machine, managers, inside, body, frame, frame.place(items[0][0].at))
    else:
        inside()


def _run_generated(
    machine: Machine, manager: Partial, items: _Items, body: tuple[Statement, ...], frame: Frame
) -> None:
    """The rest of the managers, and the body, run inside the generator of the first."""
    (value, target), *rest = items

    def enter(entered: AbstractValue) -> None:
        if target is not None:
            machine.rules.assign(machine, target, entered, frame)
        _run_items(machine, tuple(rest), body, frame)

    run_inside(machine, manager, enter, frame, frame.place(value.at))


def _run_guarded(
    machine: Machine,
    managers: list[AbstractValue],
    inside: Callable[[], None],
    body: tuple[Statement, ...],
    frame: Frame,
    place: Place,
) -> None:
    doubtful = machine.doubtful_calls
    left: ReturnSignal | BreakSignal | ContinueSignal | None = None
    section = machine.journal.open()
    try:
        with machine.conditions.guarded():
            inside()
    except Raised as raised:
        if not _swallow(machine, managers, raised, frame, place):
            raise
        return
    except (ReturnSignal, BreakSignal, ContinueSignal) as signal:
        left = signal
    finally:
        machine.journal.close(section)

    def finish() -> None:
        for manager in reversed(managers):
            _exit(machine, manager, [None, None, None], frame, place)
        if left is not None:
            raise left

    if machine.doubtful_calls == doubtful or not any(map(_may_swallow, managers)):
        finish()
        return
    doubt, names = Unknown("depends on whether an exception is raised", place), names_bound_in(body)
    run_branches(machine, frame, doubt, (finish, lambda: degrade(machine, section, doubt, names, frame.scope)))


def _enter(
    machine: Machine, at: Span, manager: AbstractValue, target: Expression | None, frame: Frame
) -> AbstractValue:
    """Return a context manager after entering it."""
    manager, entered = _entered(machine, manager, frame, frame.place(at))
    if target is not None:
        machine.rules.assign(machine, target, entered, frame)
    return manager


def _entered(
    machine: Machine, manager: AbstractValue, frame: Frame, place: Place
) -> tuple[AbstractValue, AbstractValue]:
    """Return what is to be left of a manager, and what entering it gives."""
    entered: AbstractValue = Unknown("what a context manager gives", place)
    match manager:
        case InstanceObject() if stack_entries(manager) is not None:
            entered = manager
        case InstanceObject() | ConfigObject() if look_up(machine, manager.cls.info.order, "__enter__") is not None:
            entered = machine.call_with(machine.attribute(manager, "__enter__", frame, place), [], frame, place)
        case InstanceObject() if _ABSTRACT in manager.cls.info.order:
            entered = manager
        case Partial(function=function, positional=(inner,)) if function == _CLOSING:
            entered = inner
        case Partial(function=function, positional=given, keywords=keywords) if function == _NULL:
            entered = next(iter((*given, *keywords.values())), None)
        case Partial(function=function) if function == _SUPPRESS:
            entered = None
        case Unknown():
            call_unseen(machine, [manager], _ENTERED, frame, place)
            entered = manager
        case Partial() if is_executor(manager) or is_parallel(manager):
            entered = manager
        case Partial(function=function, positional=(FunctionObject() as maker, *given)) if function == MANAGER:
            # Where it goes on is not known: the whole of it may have been run, or any part.
            doubt = Unknown("a context manager that is held", place, aliases=(maker,))
            machine.call(doubt, CallArguments(list(given), dict(manager.keywords), place), frame)
            manager = entered
        case _:
            manager = entered
    return manager, entered


def call_exit_stack(
    machine: Machine, stack: InstanceObject, name: str, call: CallArguments, frame: Frame
) -> AbstractValue:
    """Return what a method of an ExitStack gives."""
    if name in {"close", "__exit__"}:
        return _leave_stack(machine, stack, [None, None, None], frame, call.place)
    return call_stack(machine, stack, name, call, frame, _entered)


def _leave_stack(
    machine: Machine, stack: InstanceObject, given: list[AbstractValue], frame: Frame, place: Place
) -> AbstractValue:
    entries = stack_entries(stack)
    if entries is None:
        return None
    left = list(entries.items)
    machine.touch(entries)
    entries.items.clear()
    doubt, entries.unknown = entries.unknown, None
    if doubt is not None:
        call_unseen(machine, (doubt, *left), _ENTERED, frame, place)
        spoil(machine, left, doubt)
        for entry in left:
            if (function := callback_of(entry)) is not None:
                maybe = Unknown("a callback that may be left", place, aliases=(function,))
                machine.call(maybe, CallArguments([], {}, place), frame)
    for entry in reversed(left if doubt is None else []):
        if (function := callback_of(entry)) is not None:
            machine.call(function, CallArguments([], {}, place), frame)
        else:
            _exit(machine, entry, given, frame, place)
    return None


def _exit(
    machine: Machine, manager: AbstractValue, given: list[AbstractValue], frame: Frame, place: Place
) -> AbstractValue:
    """Return what leaving a manager gives."""
    match manager:
        case InstanceObject() if stack_entries(manager) is not None:
            return _leave_stack(machine, manager, given, frame, place)
        case Partial(function=function, positional=(inner,)) if function == _CLOSING:
            machine.call_with(machine.attribute(inner, "close", frame, place), [], frame, place)
            return None
        case Unknown():
            call_unseen(machine, [manager], _ENTERED, frame, place)
            return None
        case _:
            pass
    is_own = isinstance(manager, InstanceObject | ConfigObject)
    if not is_own or look_up(machine, manager.cls.info.order, "__exit__") is None:
        return None
    return machine.call_with(machine.attribute(manager, "__exit__", frame, place), given, frame, place)


def _swallow(machine: Machine, managers: list[AbstractValue], raised: Raised, frame: Frame, place: Place) -> bool:
    """Whether one of the managers, the innermost first, ends an exception. Effect: those that are known are left."""
    is_swallowed = False
    for manager in reversed(managers):
        entries = stack_entries(manager)
        if entries is not None and entries.unknown is None and not any(map(callback_of, entries.items)):
            held = list(entries.items)
            machine.touch(entries)
            entries.items.clear()
            is_swallowed = _swallow(machine, held, raised, frame, place) or is_swallowed
        elif entries is not None or (isinstance(manager, Partial) and manager.function == _CLOSING):
            _exit(machine, manager, [None, None, None], frame, place)
            if entries is not None:
                machine.doubtful_calls += 1
                is_swallowed = True
        elif isinstance(manager, Unknown):
            _exit(machine, manager, [None, None, None], frame, place)
            machine.doubtful_calls += 1
            is_swallowed = True
        elif isinstance(manager, Partial):
            is_swallowed = is_swallowed or (
                manager.function == _SUPPRESS and catches_any(machine, manager.positional, raised)
            )
        elif is_swallowed:
            _exit(machine, manager, [None, None, None], frame, place)
        else:
            details: list[AbstractValue] = [Unknown("a caught exception", place) for _ in range(3)]
            ends = truth(_exit(machine, manager, details, frame, place))
            if isinstance(ends, Unknown):
                machine.doubtful_calls += 1
            is_swallowed = ends is not False
    return is_swallowed


def _may_swallow(manager: AbstractValue) -> bool:
    match manager:
        case Partial(function=function):
            return function == _SUPPRESS
        case Unknown(result_of=name):
            return name == _SUPPRESS.name
        case InstanceObject():
            entries = stack_entries(manager)
            return entries is not None and (entries.unknown is not None or any(map(_may_swallow, entries.items)))
        case _:
            return False
