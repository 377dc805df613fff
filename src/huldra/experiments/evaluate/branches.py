"""Code that runs under a condition that is not known: every branch is run from the same state, and the ends are merged.

Where two branches leave a value different, it becomes unknown. A branch that leaves early (return, break, continue)
makes what follows conditional; one that certainly raises is a path that ends, and is forgotten.
"""

from collections.abc import Callable, Sequence

from huldra.experiments.evaluate.journal import Snapshot, merge, put, take
from huldra.experiments.evaluate.machine import (
    BreakSignal,
    ContinueSignal,
    Frame,
    LimitReached,
    Machine,
    Paths,
    Raised,
    ReturnSignal,
)
from huldra.experiments.values import AbstractValue, Mutable, Unknown, same_value

Signal = ReturnSignal | BreakSignal | ContinueSignal | Raised
_After = dict[int, tuple[Mutable, Snapshot]]
_End = tuple[Signal | None, _After]


def run_branches(machine: Machine, frame: Frame, doubt: Unknown, branches: Sequence[Callable[[], None]]) -> None:
    """Effect: run alternatives of which exactly one happens; raise the signal by which all of them leave, if all do."""
    ends = [_run(machine, doubt, branch) for branch in branches]
    falling = [after for signal, after in ends if signal is None]
    leaving = [(signal, after) for signal, after in ends if signal is not None and not isinstance(signal, Raised)]
    if not falling and not leaving:
        raise next(signal for signal, _ in ends if signal is not None)
    _merge_ends(machine, falling or [after for _, after in leaving], doubt)
    if falling:
        for signal, after in leaving:
            _leave(machine, frame, signal, after, doubt)
        return
    for signal, _ in leaving[:-1]:
        if isinstance(signal, ReturnSignal):
            frame.paths.values.append(signal.value)
    raise leaving[-1][0]


def run_optional(machine: Machine, frame: Frame, doubt: Unknown, branch: Callable[[], None]) -> None:
    """Effect: run code that may or may not happen."""
    run_branches(machine, frame, doubt, (branch, lambda: None))


def _run(machine: Machine, doubt: Unknown, branch: Callable[[], None]) -> _End:
    section = machine.journal.open()
    signal: Signal | None = None
    place = doubt.place
    try:
        if place is None:
            branch()
        else:
            with machine.condition(place):
                branch()
    except (ReturnSignal, BreakSignal, ContinueSignal, Raised) as left:
        signal = left
    except (LimitReached, RecursionError):
        machine.journal.close(section)
        raise
    return signal, machine.journal.undo(section)


def _merge_ends(machine: Machine, ends: Sequence[_After], doubt: Unknown) -> None:
    touched = {key: value for after in ends for key, (value, _) in after.items()}
    for key, value in touched.items():
        machine.touch(value)
        before = take(value)
        states = [after[key][1] if key in after else before for after in ends]
        put(value, states[0])
        for state in states[1:]:
            merge(value, state, doubt)


def _leave(machine: Machine, frame: Frame, signal: Signal, after: _After, doubt: Unknown) -> None:
    """Note that one path has left: what follows is conditional, and what changes from here on is in doubt later."""
    for value, state in after.values():
        if value is not frame.scope:
            machine.touch(value)
            merge(value, state, doubt)
    if isinstance(signal, ReturnSignal) or not frame.loops:
        paths = frame.paths
    else:
        paths = frame.loops[-1]
    if isinstance(signal, ReturnSignal):
        paths.values.append(signal.value)
    paths.sections.append((machine.journal.open(), doubt))
    if doubt.place is not None:
        machine.conditions.append(doubt.place)


def settle(machine: Machine, paths: Paths, *, keep_scope: Frame | None = None) -> None:
    """Effect: at the end of a loop or function, put in doubt what changed after some path had left it.

    Args:
        machine: The evaluation.
        paths: The paths that left.
        keep_scope: At the end of a function its frame, whose own names nobody can read any more.
    """
    for section, doubt in reversed(paths.sections):
        machine.journal.close(section)
        if doubt.place is not None:
            machine.conditions.pop()
        for value, before in section.before.values():
            if keep_scope is None or value is not keep_scope.scope:
                machine.touch(value)
                merge(value, before, doubt)
    paths.sections.clear()


def settled_value(value: AbstractValue, paths: Paths) -> AbstractValue:
    """Return what a function gives, all its paths considered."""
    differing = [other for other in paths.values if not same_value(other, value)]
    if not differing:
        return value
    doubt = next((doubt for _, doubt in paths.sections), None)
    return Unknown("the returned value depends on a condition", None if doubt is None else doubt.place)
