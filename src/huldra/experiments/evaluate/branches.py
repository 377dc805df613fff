"""Code that runs under a condition that is not known: every branch is run from the same state, and the ends are merged.

Where two branches leave a value different, it becomes unknown. A branch that leaves early (return, break, continue)
makes what follows conditional; one that certainly raises is a path that ends, and is forgotten.
"""

from collections.abc import Callable, Iterable, Sequence

from huldra.experiments.evaluate.frames import Frame, Paths
from huldra.experiments.evaluate.journal import Section, is_same_state, merge, put, take, with_aliases
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.signals import BreakSignal, ContinueSignal, LimitReached, Raised, ReturnSignal
from huldra.experiments.value_identity import same_value
from huldra.experiments.values import AbstractValue, Mutable, Scope, Snapshot, Unknown

_PASSES = 12
Signal = ReturnSignal | BreakSignal | ContinueSignal | Raised
_After = dict[int, tuple[Mutable, Snapshot]]
_End = tuple[Signal | None, _After]


def run_branches(machine: Machine, frame: Frame, doubt: Unknown, branches: Sequence[Callable[[], None]]) -> None:
    """Effect: run alternatives of which exactly one happens; raise the signal by which all of them leave, if all do."""
    ends = [_run(machine, doubt, branch) for branch in branches]
    if any(isinstance(signal, Raised) for signal, _ in ends):
        machine.doubtful_calls += 1  # whoever catches exceptions around this may or may not have to
    falling = [after for signal, after in ends if signal is None]
    leaving = [(signal, after) for signal, after in ends if signal is not None and not isinstance(signal, Raised)]
    if not falling and not leaving:
        raise next(signal for signal, _ in ends if signal is not None)
    _merge_ends(machine, falling or [after for _, after in leaving], doubt)
    if falling:
        for signal, after in leaving:
            _leave(machine, frame, signal, after, doubt)
        return
    # A path that stays in the function decides where evaluation goes on: what follows the loop can still happen.
    ordered = sorted(leaving, key=lambda end: _REACH[type(end[0])])
    for signal, _ in ordered[:-1]:
        _note_path(machine, frame, signal, doubt)
    raise ordered[-1][0]


_REACH: dict[type, int] = {ReturnSignal: 0, BreakSignal: 1, ContinueSignal: 2}


def run_optional(machine: Machine, frame: Frame, doubt: Unknown, branch: Callable[[], None]) -> None:
    """Effect: run code that may or may not happen."""
    run_branches(machine, frame, doubt, (branch, lambda: None))


def run_until_stable(machine: Machine, once: Callable[[], None], doubt: Unknown) -> None:
    """Effect: run code over and over until doing so changes nothing more; what does not settle is in doubt."""
    section = Section()
    for _ in range(_PASSES):
        section = machine.journal.open()
        try:
            once()
        finally:
            machine.journal.close(section)
        if all(is_same_state(value, before) for value, before in section.before.values()):
            return
    degrade(machine, section, doubt)


def degrade(
    machine: Machine, section: Section, doubt: Unknown, names: Iterable[str] = (), scope: Scope | None = None
) -> None:
    """Effect: put in doubt what changed while a section was open, which may have ended at any point of it.

    Args:
        machine: The evaluation.
        section: The closed section.
        doubt: What to leave.
        names: The names that the code binds in `scope`, so that one that was changed and changed back is in doubt too.
        scope: The scope of the code.
    """
    bound = frozenset(names)
    for value, before in section.before.values():
        machine.journal.touch(value)
        if isinstance(value, Scope):
            machine.journal.work += merge(value, before, doubt)
            if value is scope:
                value.names.update(
                    (name, with_aliases(doubt, (value.names[name],))) for name in bound if name in value.names
                )
        else:
            value.unknown = value.unknown or doubt


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
        machine.journal.touch(value)
        before = take(value)
        states = [after[key][1] if key in after else before for after in ends]
        put(value, states[0])
        for state in states[1:]:
            machine.journal.work += merge(value, state, doubt)


def _leave(machine: Machine, frame: Frame, signal: Signal, after: _After, doubt: Unknown) -> None:
    """Note that one path has left: what follows is conditional, and what changes from here on is in doubt later."""
    for value, state in after.values():
        # The names of a function that is left by `return` can only be read by functions made inside it.
        if value is not frame.scope or frame.scope.is_captured or not isinstance(signal, ReturnSignal):
            machine.journal.touch(value)
            machine.journal.work += merge(value, state, doubt)
    _note_path(machine, frame, signal, doubt)


def _note_path(machine: Machine, frame: Frame, signal: Signal, doubt: Unknown) -> None:
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
            if keep_scope is None or value is not keep_scope.scope or keep_scope.scope.is_captured:
                machine.journal.touch(value)
                machine.journal.work += merge(value, before, doubt)
    paths.sections.clear()


def settled_value(value: AbstractValue, paths: Paths) -> AbstractValue:
    """Return what a function gives, all its paths considered."""
    differing = [other for other in paths.values if not same_value(other, value)]
    if not differing:
        return value
    doubt = next((doubt for _, doubt in paths.sections), None)
    place = None if doubt is None else doubt.place
    return with_aliases(Unknown("the returned value depends on a condition", place), [value, *differing])
