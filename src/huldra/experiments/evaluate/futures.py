"""What executors and pools give for what they were given: results, or exceptions for whoever asks for a result."""

from collections.abc import Sequence

from msgspec import Struct

from huldra.experiments.evaluate.lazy import next_element
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.reachable import NO_KEY, NoKey
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import (
    FINISHED,
    AbstractValue,
    External,
    Finished,
    IteratorObject,
    ListObject,
    Partial,
    Unknown,
)
from huldra.project.places import Place

FUTURE = External("concurrent.futures.Future")
_ONE_RESULT = frozenset({"submit", "apply", "apply_async"})
_ASYNCHRONOUS = frozenset({"submit", "apply_async", "map_async", "starmap_async"})
RAISED_IN_WORKER = "what a worker raises, if it raises"
"""Why it is not known what a future's `exception()` gives, which raises nothing itself."""
_DONE = -1
"""The state of results of which one was an exception."""


class Ended(Struct, frozen=True):
    """What a call in a worker gives or raises, how much in it may raise, and whether some path through it does."""

    value: AbstractValue | Raised
    doubts: int = 0
    has_raised: bool = False


def take_result(machine: Machine, ended: Ended) -> AbstractValue:
    """Return what a call has given.

    Raises:
        Raised: what it has raised.
    """
    machine.doubtful_calls += ended.doubts
    if ended.has_raised:
        machine.conditions.note_raised()
    if isinstance(ended.value, Raised):
        raise ended.value
    return ended.value


def results_of(machine: Machine, name: str, ended: Sequence[Ended], *, is_pool: bool) -> AbstractValue:
    """Return what the one who asked for some calls is given, by the method that was asked.

    Raises:
        Raised: what one of the calls raises, where that is told at once.
    """
    if name in _ASYNCHRONOUS:
        return Partial(FUTURE, (_iterator(machine, ended),), {"is_one": name in _ONE_RESULT})
    if is_pool and name != "imap":
        values = [take_result(machine, each) for each in ended]
        return values[0] if name in _ONE_RESULT else ListObject(values)
    return _iterator(machine, ended)


def call_future(machine: Machine, future: Partial, name: str, place: Place) -> AbstractValue | NoKey:
    """Return what a method of a future, or of what a pool will have done, gives.

    Raises:
        Raised: what the worker has raised.
    """
    (results,) = future.positional
    if not isinstance(results, IteratorObject):
        return NO_KEY
    again = IteratorObject([*results.items], step=results.step, state=0, sources=results.sources)
    if name == "exception":  # what a worker raises is no such value
        return None if results.step is None else Unknown(RAISED_IN_WORKER, place)
    if name not in {"result", "get"}:
        return NO_KEY
    values: list[AbstractValue] = []
    while not isinstance(value := next_element(machine, again, place), Finished):
        values.append(value)
    return values[0] if future.keywords["is_one"] else ListObject(values)


def _iterator(machine: Machine, ended: Sequence[Ended]) -> IteratorObject:
    """Return an iterator over what calls have given, which raises where one of them has."""
    values = [each.value for each in ended if not isinstance(each.value, Raised)]
    if len(values) == len(ended) and not any(each.doubts or each.has_raised for each in ended):
        return IteratorObject(values)

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        index = iterator.state
        if not isinstance(index, int) or not 0 <= index < len(ended):
            return FINISHED
        iterator.state = _DONE
        value = take_result(machine, ended[index])
        iterator.state = index + 1
        return value

    return IteratorObject([], step=step, state=0, sources=tuple(values))
