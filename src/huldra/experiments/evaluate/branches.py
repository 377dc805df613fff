"""Code that runs under a condition that is not known: every branch is run from the same state, and the ends are merged.

Where two branches leave a value different, it becomes unknown. A branch that leaves early (return, break, continue)
makes what follows conditional; one that certainly raises is a path that ends, and is forgotten.
"""

from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from huldra.experiments.evaluate.frames import EarlyPath, Frame, Paths
from huldra.experiments.evaluate.journal import Section, is_same_state, merge, put, take, with_aliases
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.signals import BreakSignal, ContinueSignal, LimitReached, Raised, ReturnSignal
from huldra.experiments.value_identity import same_value
from huldra.experiments.values import AbstractValue, Mutable, Scope, Snapshot, Unknown
from huldra.facts.expressions import Expression

_PASSES = 12
EarlySignal = ReturnSignal | BreakSignal | ContinueSignal
Signal = EarlySignal | Raised
_After = dict[int, tuple[Mutable, Snapshot]]
_End = tuple[Signal | None, _After]


def run_branches(machine: Machine, frame: Frame, doubt: Unknown, branches: Sequence[Callable[[], None]]) -> None:
    """Effect: run alternatives of which exactly one happens; raise the signal by which all of them leave, if all do."""
    ends = [_run(machine, frame, doubt, branch) for branch in branches]
    if any(isinstance(signal, Raised) for signal, _ in ends):
        machine.note_raised()
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
    for signal, after in ordered[:-1]:
        _note_path(machine, frame, signal, after, doubt)
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


def _run(machine: Machine, frame: Frame, doubt: Unknown, branch: Callable[[], None]) -> _End:
    early = marks(frame)
    section = machine.journal.open()
    signal: Signal | None = None
    place = doubt.place
    try:
        if place is None:
            branch()
        else:
            with machine.conditions.under(place):
                branch()
    except (ReturnSignal, BreakSignal, ContinueSignal) as left:
        signal = left
    except Raised as raised:
        signal = last_early_path(machine, frame, early, raised) or raised
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


def _leave(machine: Machine, frame: Frame, signal: EarlySignal, after: _After, doubt: Unknown) -> None:
    """Note that one path has left: what follows is conditional, and what changes from here on is in doubt later."""
    for value, state in after.values():
        # The names of a function that is left by `return` can only be read by functions made inside it.
        if value is not frame.scope or frame.scope.is_captured or not isinstance(signal, ReturnSignal):
            machine.journal.touch(value)
            machine.journal.work += merge(value, state, doubt)
    _note_path(machine, frame, signal, after, doubt)


def _note_path(machine: Machine, frame: Frame, signal: EarlySignal, after: _After, doubt: Unknown) -> None:
    paths = frame.paths if isinstance(signal, ReturnSignal) or not frame.loops else frame.loops[-1]
    paths.early.append(EarlyPath(signal, after, machine.journal.open(), doubt))
    if doubt.place is not None:
        machine.conditions.add(doubt.place)


def marks(frame: Frame) -> list[tuple[Paths, int]]:
    """Return where the paths out of a function, and out of its innermost loop, stand."""
    return [(paths, paths.mark()) for paths in (frame.paths, *frame.loops[-1:])]


def doubt_at(cause: Unknown, what: str, frame: Frame, expression: Expression) -> Unknown:
    """Return the doubt that an unknown condition or iterable leaves behind it."""
    place = frame.place(expression.at)
    return Unknown(f"depends on the {what}: {cause.reason}", place)


def last_early_path(
    machine: Machine, frame: Frame, since: Iterable[tuple[Paths, int]], signal: Signal
) -> EarlySignal | None:
    """Return how the last path left that did so since a moment; None where there is none.

    Evaluation goes on with it: the code that went on without it has left by a signal that leads further away, or has
    raised, and then all that it did is forgotten. Effect: everything is as the path left it.
    """
    left = [paths for paths, mark in since if len(paths.early) > mark]
    if not left:
        return None
    early = max(left, key=lambda paths: paths.early[-1].number).early.pop()
    if early.doubt.place is not None:
        machine.conditions.drop()
    if early.is_exact:
        after = machine.journal.undo(early.section)
        for key, (value, state) in early.after.items():
            after.setdefault(key, (value, take(value)))
            machine.journal.touch(value)
            put(value, state)
    else:
        after = _After()
        _rejoin(machine, early)
    if isinstance(signal, Raised):
        machine.note_raised()
    else:
        _leave(machine, frame, signal, after, early.doubt)
    return early.signal


def blur(since: Iterable[tuple[Paths, int]]) -> None:
    """Effect: note that paths that have left since a moment have done more on their way than was followed."""
    for paths, mark in since:
        paths.early[mark:] = [replace(early, is_exact=False) for early in paths.early[mark:]]


def join_turns(machine: Machine, paths: Paths, since: int) -> None:
    """Effect: bring the paths together that went on with the next turn of a loop before the others did."""
    for early in reversed(paths.early[since:]):
        if isinstance(early.signal, ContinueSignal):
            paths.early.remove(early)
            if early.doubt.place is not None:
                machine.conditions.drop()
            _rejoin(machine, early)


def _rejoin(machine: Machine, early: EarlyPath, out_of: Frame | None = None) -> None:
    machine.journal.close(early.section)
    for value, before in early.section.before.values():
        if out_of is None or value is not out_of.scope or out_of.scope.is_captured:
            machine.journal.touch(value)
            machine.journal.work += merge(value, before, early.doubt)


def settle(machine: Machine, paths: Paths, *, keep_scope: Frame | None = None) -> None:
    """Effect: at the end of a loop or function, put in doubt what changed after some path had left it.

    Args:
        machine: The evaluation.
        paths: The paths that left.
        keep_scope: At the end of a function its frame, whose own names nobody can read any more.
    """
    for early in reversed(paths.early):
        if early.doubt.place is not None:
            machine.conditions.drop()
        _rejoin(machine, early, keep_scope)
    paths.early.clear()


def settled_value(value: AbstractValue, paths: Paths) -> AbstractValue:
    """Return what a function gives, all its paths considered."""
    others = [early.signal.value for early in paths.early if isinstance(early.signal, ReturnSignal)]
    differing = [other for other in others if not same_value(other, value)]
    if not differing:
        return value
    place = paths.early[0].doubt.place
    return with_aliases(Unknown("the returned value depends on a condition", place), [value, *differing])
