"""The `try` statement. An exception may come from any call that is not followed."""

from collections.abc import Callable
from contextlib import nullcontext

from huldra.experiments.evaluate.branches import Signal, blur, degrade, marks, run_branches
from huldra.experiments.evaluate.exceptions import catches
from huldra.experiments.evaluate.frames import Paths
from huldra.experiments.evaluate.journal import Section
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.signals import BreakSignal, ContinueSignal, Raised, ReturnSignal
from huldra.experiments.values import Unknown
from huldra.facts.statements import Handler, Statement, Try
from huldra.project.local_names import names_bound_in


def run_try(machine: Machine, statement: Try, frame: Frame) -> None:
    """A handler runs when the body certainly raises what it catches, and may run when the body does what may raise."""
    early = marks(frame)
    try:
        _run_body_and_handlers(machine, statement, frame)
    except (Raised, ReturnSignal, BreakSignal, ContinueSignal):
        _run_final(machine, statement, frame, early)
        raise
    _run_final(machine, statement, frame, early)


def _run_final(machine: Machine, statement: Try, frame: Frame, early: list[tuple[Paths, int]]) -> None:
    if statement.final:
        blur(early)
        machine.execute(statement.final, frame)


def _run_body_and_handlers(machine: Machine, statement: Try, frame: Frame) -> None:
    doubtful = machine.doubtful_calls
    left: Signal | None = None
    section = machine.journal.open(is_put_back=False)
    try:
        with machine.conditions.guarded() if statement.handlers else nullcontext():
            machine.execute(statement.body, frame)
    except (Raised, ReturnSignal, BreakSignal, ContinueSignal) as signal:
        left = signal
    finally:
        machine.journal.close(section)

    def finish() -> None:
        if isinstance(left, Raised):
            _handle(machine, statement, left, frame)
            return
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


def _handle(machine: Machine, statement: Try, raised: Raised, frame: Frame) -> None:
    """Run the handler of what the body certainly raises, if nothing before does; raise it where there is none."""
    handler = next((h for h in statement.handlers if catches(machine, h, raised, frame)), None)
    if handler is None:
        raise raised
    _run_handler(machine, handler, frame)


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
