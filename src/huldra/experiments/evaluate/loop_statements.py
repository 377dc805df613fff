"""Loops: what is known runs turn by turn, what is not as often as it takes to leave nothing else in doubt.

A turn, a loop or both may be left under a condition that is not known; where evaluation goes on then is said here.
"""

from collections.abc import Callable, Sequence

from huldra.experiments.evaluate.branches import (
    doubt_at,
    join_turns,
    last_early_path,
    run_optional,
    run_until_stable,
    settle,
)
from huldra.experiments.evaluate.frames import Frame, Paths
from huldra.experiments.evaluate.iteration import SET_ORDER, has_known_order, set_elements
from huldra.experiments.evaluate.lazy import iter_of, read_on
from huldra.experiments.evaluate.loops import loop_items, skims
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.operations import test_truth
from huldra.experiments.evaluate.signals import BreakSignal, ContinueSignal, Endless, OutOfSteps, Raised, ReturnSignal
from huldra.experiments.values import (
    AbstractValue,
    ConfigObject,
    DictObject,
    DictView,
    InstanceObject,
    IteratorObject,
    Key,
    ListObject,
    SetObject,
    Unknown,
)
from huldra.facts.expressions import Constant, Expression
from huldra.facts.statements import (
    Break,
    For,
    Statement,
    While,
)
from huldra.facts.walk import walk

_MANY_PATHS = 100
_LIVE = ListObject | DictObject | DictView | InstanceObject | ConfigObject
"""What is read as the loop goes on: its body may change what is still to come."""


def run_while(machine: Machine, statement: While, frame: Frame) -> None:
    """A loop on a known condition runs; one on an unknown condition may run any number of times."""
    early = frame.paths.mark()
    turns = 0
    paths = Paths()
    frame.loops.append(paths)
    try:
        while True:
            known = test_truth(machine, statement.test, frame)
            if isinstance(known, Unknown) or _is_split(frame, early):
                cause = known if isinstance(known, Unknown) else Unknown("how often the loop runs")
                doubt = doubt_at(cause, "condition", frame, statement.test)
                _any_number(machine, frame, doubt, statement.body, statement.test)
                _maybe_else(machine, frame, doubt, statement)
                break
            if not known:
                machine.execute(statement.orelse, frame)
                break
            machine.step(frame.place(statement.at))
            turns += 1
            if skims(machine, statement, turns):
                doubt = Unknown("a long loop that builds nothing and is not followed", frame.place(statement.at))
                _any_number(machine, frame, doubt, statement.body)
                break
            _turn(machine, statement, frame)
    except BreakSignal:
        pass
    except (ReturnSignal, Raised) as signal:
        if last_early_path(machine, frame, [(paths, 0)], signal) is None:
            raise
    except OutOfSteps as limit:
        if _is_endless(statement):
            raise Endless(str(limit), limit.place) from limit
        if not machine.recovers(limit):
            raise
        doubt = Unknown("how often a long loop runs", frame.place(statement.at))
        _any_number(machine, frame, doubt, statement.body, statement.test)
        _maybe_else(machine, frame, doubt, statement)
    finally:
        settle(machine, frame.loops.pop())


def _is_endless(loop: While) -> bool:
    """Whether what follows a loop is never reached, but by an exception."""
    is_true = isinstance(loop.test, Constant) and loop.test.word == "True"
    return is_true and not any(isinstance(node, Break) for inner in loop.body for node in walk(inner))


def _is_split(frame: Frame, early: int) -> bool:
    """Whether so many paths have left the loop that it is no use to follow each of its turns."""
    return frame.loops[-1].mark() + frame.paths.mark() - early > _MANY_PATHS


def _turn(machine: Machine, statement: For | While, frame: Frame) -> None:
    """Run the body of a loop once. A path that goes on with the next turn waits for the others at its end."""
    paths = frame.loops[-1]
    before = paths.mark()
    try:
        machine.execute(statement.body, frame)
    except ContinueSignal:
        pass
    except (BreakSignal, ReturnSignal, Raised) as signal:
        goes_on = [early for early in paths.early[before:] if isinstance(early.signal, ContinueSignal)]
        if not goes_on:
            raise
        paths.early.remove(goes_on[-1])
        paths.early.append(goes_on[-1])
        last_early_path(machine, frame, [(paths, before)], signal)
    join_turns(machine, paths, before)


def run_for(machine: Machine, statement: For, frame: Frame) -> None:
    """A loop over known elements runs; one over unknown elements may run any number of times."""
    iterable = machine.evaluate(statement.iterable, frame)
    if isinstance(iterable, _LIVE):
        iterable = iter_of(machine, iterable, frame, frame.place(statement.iterable.at))
    early = frame.paths.mark()
    paths = Paths()
    frame.loops.append(paths)
    try:
        if isinstance(iterable, SetObject | frozenset) and not has_known_order(iterable):
            _run_in_any_order(machine, statement, iterable, frame)
            machine.execute(statement.orelse, frame)
            return
        items = loop_items(machine, statement, iterable, statement.iterable, frame)
        if isinstance(items, Unknown):
            _run_unknown(machine, statement, items, frame)
            return
        for item in items:
            machine.step(frame.place(statement.at))
            if _is_split(frame, early):
                cause = Unknown("how often the loop runs")
                read_on(machine, iterable, cause, frame.place(statement.iterable.at))
                _run_unknown(machine, statement, cause, frame)
                return
            _turn_with(machine, statement, item, frame)
        if isinstance(iterable, IteratorObject) and iterable.unknown is not None:
            _run_unknown(machine, statement, iterable.unknown, frame)
            return
        machine.execute(statement.orelse, frame)
    except BreakSignal:
        pass
    except (ReturnSignal, Raised) as signal:
        if last_early_path(machine, frame, [(paths, 0)], signal) is None:
            raise
    except OutOfSteps as limit:
        if not machine.recovers(limit):
            raise
        _run_unknown(machine, statement, Unknown("an element of a long loop", frame.place(statement.at)), frame)
    finally:
        settle(machine, frame.loops.pop())


def _turn_with(machine: Machine, statement: For, item: AbstractValue, frame: Frame) -> None:
    machine.rules.assign(machine, statement.target, item, frame)
    _turn(machine, statement, frame)


def _run_unknown(machine: Machine, statement: For, cause: Unknown, frame: Frame) -> None:
    """A loop over unknown elements: any number of turns, then what stands under `else`."""
    doubt = doubt_at(cause, "loop", frame, statement.iterable)
    reason = f"an element of an unknown iterable: {cause.reason}"
    element = Unknown(reason, cause.place or doubt.place, aliases=cause.aliases)
    machine.rules.assign(machine, statement.target, element, frame)
    _any_number(machine, frame, doubt, statement.body)
    _maybe_else(machine, frame, doubt, statement)


def _run_in_any_order(machine: Machine, statement: For, iterable: SetObject | frozenset[Key], frame: Frame) -> None:
    """A loop over a set: each element from a state in which any of the others may have come before it."""
    place = frame.place(statement.iterable.at)
    if isinstance(iterable, SetObject) and iterable.unknown is not None:
        _run_unknown(machine, statement, iterable.unknown, frame)
        return
    doubt = Unknown(SET_ORDER, None)
    items = set_elements(iterable)

    def all_turns() -> None:
        for item in items:
            machine.step(place)
            run_optional(machine, frame, doubt, _turn_alone(machine, statement, item, frame))

    with machine.rehearsal():
        run_until_stable(machine, all_turns, doubt)
    all_turns()


def _turn_alone(machine: Machine, statement: For, item: AbstractValue, frame: Frame) -> Callable[[], None]:
    return lambda: _turn_with(machine, statement, item, frame)


def _any_number(
    machine: Machine, frame: Frame, doubt: Unknown, body: Sequence[Statement], test: Expression | None = None
) -> None:
    """Run a body that may run any number of times, until a further turn would leave nothing else in doubt."""

    def turn() -> None:
        before = frame.loops[-1].mark()
        try:
            if test is None or test_truth(machine, test, frame) is not False:
                machine.execute(body, frame)
        except (BreakSignal, ContinueSignal):
            return
        except (ReturnSignal, Raised) as signal:
            if last_early_path(machine, frame, [(frame.loops[-1], before)], signal) is None:
                raise

    run_until_stable(machine, lambda: run_optional(machine, frame, doubt, turn), doubt)


def _maybe_else(machine: Machine, frame: Frame, doubt: Unknown, statement: For | While) -> None:
    """`else` of a loop that may have been left by `break`."""
    if not statement.orelse:
        return
    if any(isinstance(node, Break) for inner in statement.body for node in walk(inner)):
        run_optional(machine, frame, doubt, lambda: machine.execute(statement.orelse, frame))
    else:
        machine.execute(statement.orelse, frame)
