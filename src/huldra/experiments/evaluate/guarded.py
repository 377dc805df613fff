"""Statements around code that may raise: `try` and `with`. An exception may come from any call that is not followed."""

from collections.abc import Callable

from huldra.experiments.evaluate.branches import degrade, run_branches, run_optional
from huldra.experiments.evaluate.exceptions import catches
from huldra.experiments.evaluate.journal import Section
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.signals import BreakSignal, ContinueSignal, Raised, ReturnSignal
from huldra.experiments.values import AbstractValue, InstanceObject, Unknown
from huldra.facts.expressions import Expression, Span
from huldra.facts.statements import Handler, Statement, Try, With
from huldra.project.local_names import names_bound_in

_Left = ReturnSignal | BreakSignal | ContinueSignal


def run_try(machine: Machine, statement: Try, frame: Frame) -> None:
    """A handler runs when the body certainly raises what it catches, and may run when the body does what may raise."""
    try:
        _run_body_and_handlers(machine, statement, frame)
    except (Raised, ReturnSignal, BreakSignal, ContinueSignal):
        machine.execute(statement.final, frame)
        raise
    machine.execute(statement.final, frame)


def _run_body_and_handlers(machine: Machine, statement: Try, frame: Frame) -> None:
    doubtful = machine.doubtful_calls
    left: _Left | None = None
    section = machine.journal.open()
    try:
        machine.execute(statement.body, frame)
    except Raised as raised:
        handler = next((h for h in statement.handlers if catches(machine, h, raised, frame)), None)
        if handler is None:
            raise
        _run_handler(machine, handler, frame)
        return
    except (ReturnSignal, BreakSignal, ContinueSignal) as signal:
        left = signal
    finally:
        machine.journal.close(section)

    def finish() -> None:
        if left is not None:
            raise left
        machine.execute(statement.orelse, frame)

    if machine.doubtful_calls == doubtful or not statement.handlers:
        finish()
        return
    doubt = Unknown("depends on whether an exception is raised", frame.place(statement.handlers[0].at))
    handlers = [
        _maybe_handle(machine, handler, statement.body, section, doubt, frame) for handler in statement.handlers
    ]
    run_branches(machine, frame, doubt, [finish, *handlers])


def _maybe_handle(
    machine: Machine, handler: Handler, body: tuple[Statement, ...], section: Section, doubt: Unknown, frame: Frame
) -> Callable[[], None]:
    """A handler that may run, after any part of the body."""

    def run() -> None:
        degrade(machine, section, doubt, names_bound_in(body), frame.scope)
        _run_handler(machine, handler, frame)

    return run


def _run_handler(machine: Machine, handler: Handler, frame: Frame) -> None:
    if handler.name is not None:
        machine.touch(frame.scope)
        frame.scope.names[handler.name] = Unknown("a caught exception", frame.place(handler.at))
    machine.execute(handler.body, frame)
    if handler.name is not None:
        machine.touch(frame.scope)
        frame.scope.names.pop(handler.name, None)


def run_with(machine: Machine, statement: With, frame: Frame) -> None:
    """The managers are unknown unless they are the project's; the body runs. An unknown one may swallow exceptions."""
    managers = [
        _enter(machine, value.at, machine.evaluate(value, frame), target, frame) for value, target in statement.items
    ]
    if not any(isinstance(manager, Unknown) for manager in managers):
        machine.execute(statement.body, frame)
        _exit(machine, managers, statement, frame)
        return
    doubtful = machine.doubtful_calls
    section = machine.journal.open()
    try:
        machine.execute(statement.body, frame)
    except Raised:
        machine.doubtful_calls += 1
        return
    finally:
        machine.journal.close(section)
    is_suppressing = any(
        isinstance(manager, Unknown) and manager.result_of == "contextlib.suppress" for manager in managers
    )
    if is_suppressing and machine.doubtful_calls > doubtful:
        doubt = Unknown("depends on whether an exception is raised", frame.place(statement.items[0][0].at))
        names = names_bound_in(statement.body)
        run_optional(machine, frame, doubt, lambda: degrade(machine, section, doubt, names, frame.scope))


def _enter(
    machine: Machine, at: Span, manager: AbstractValue, target: Expression | None, frame: Frame
) -> AbstractValue:
    """Return a context manager after entering it."""
    place = frame.place(at)
    entered: AbstractValue = Unknown("what a context manager gives", place)
    if isinstance(manager, InstanceObject) and "__enter__" in manager.cls.members.names:
        entered = machine.call_with(machine.attribute(manager, "__enter__", frame, place), [], frame, place)
    elif isinstance(manager, Unknown):
        entered = manager
    if target is not None:
        machine.rules.assign(machine, target, entered, frame)
    return manager


def _exit(machine: Machine, managers: list[AbstractValue], statement: With, frame: Frame) -> None:
    place = frame.place(statement.at)
    for manager in reversed(managers):
        if isinstance(manager, InstanceObject) and "__exit__" in manager.cls.members.names:
            method = machine.attribute(manager, "__exit__", frame, place)
            machine.call_with(method, [None, None, None], frame, place)
