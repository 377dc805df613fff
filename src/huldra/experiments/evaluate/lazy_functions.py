"""Python's own functions that give lazy iterators: `zip`, `map`, `filter`, `enumerate`, `reversed`.

Each takes an element of what it reads when it is asked for one of its own, in the order in which Python does.
"""

from collections.abc import Callable, Mapping

from huldra.experiments.evaluate.branches import run_optional
from huldra.experiments.evaluate.journal import with_aliases
from huldra.experiments.evaluate.lazy import Step, backwards, iter_of, next_element
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.operations import truth_of
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import (
    FINISHED,
    AbstractValue,
    DictObject,
    Finished,
    InstanceObject,
    IteratorObject,
    ListObject,
    Unknown,
    type_name,
)

Rule = Callable[[Machine, CallArguments, Frame], AbstractValue]


def pull(
    machine: Machine, into: IteratorObject, source: AbstractValue, call: CallArguments
) -> AbstractValue | Finished:
    """Return the next element of a source.

    Effect: advances it; where the element cannot be known, neither can what the iterator gives from here on.
    """
    if not isinstance(source, IteratorObject):
        raise TypeError("sources are iterators")
    item = next_element(machine, source, call.place)
    if isinstance(item, Finished) and source.unknown is not None:
        into.unknown = into.unknown or source.unknown
    return item


def over(
    machine: Machine,
    call: CallArguments,
    frame: Frame,
    sources: list[AbstractValue],
    step: Step,
    shortens: Callable[[list[int]], int] | None = None,
    *,
    state: AbstractValue = None,
    ends: Callable[[list[bool]], bool] = all,
) -> IteratorObject:
    """Return an iterator over others; it has no end if `ends` says so, given which of the others have none."""
    if not sources:
        raise ValueError("what it reads is given in a way that is not followed")
    iterators = tuple(iter_of(machine, source, frame, call.place) for source in sources)
    is_endless = bool(iterators) and ends([iterator.is_endless for iterator in iterators])
    return IteratorObject([], step=step, state=state, sources=iterators, shortens=shortens, is_endless=is_endless)


def _zip(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    strict = call.keywords.get("strict", False)
    if not isinstance(strict, bool) or call.keywords.keys() - {"strict"}:
        return Unknown("the arguments of zip", call.place)

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        row: list[AbstractValue] = []
        for source in iterator.sources:
            item = pull(machine, iterator, source, call)
            if isinstance(item, Finished):
                if strict and iterator.unknown is None:
                    _check_all_end(iterator, len(row))
                return FINISHED
            row.append(item)
        return tuple(row) if row else FINISHED

    def _check_all_end(iterator: IteratorObject, taken: int) -> None:
        others = iterator.sources[1:] if taken == 0 else ()
        longer = taken > 0
        for source in others:
            longer = longer or not isinstance(pull(machine, iterator, source, call), Finished)
            if iterator.unknown is not None:
                return
        if longer:
            raise Raised("ValueError", "zip() arguments are not equally long", call.place)

    return over(machine, call, frame, call.positional or [()], step, min)


def _enumerate(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    start = call.positional[1] if len(call.positional) > 1 else call.keywords.get("start", 0)
    if not isinstance(start, int):
        return start if isinstance(start, Unknown) else Unknown("an unknown start", call.place)

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        item = pull(machine, iterator, iterator.sources[0], call)
        index = iterator.state
        if isinstance(item, Finished) or not isinstance(index, int):
            return FINISHED
        iterator.state = index + 1
        return index, item

    return over(machine, call, frame, call.positional[:1], step, min, state=int(start))


def _map(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    function = call.positional[0]

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        row: list[AbstractValue] = []
        for source in iterator.sources:
            item = pull(machine, iterator, source, call)
            if isinstance(item, Finished):
                _maybe_called(machine, iterator, function, call, frame)
                return FINISHED
            row.append(item)
        machine.step(call.place)
        return machine.call_with(function, row, frame, call.place)

    return over(machine, call, frame, call.positional[1:], step, min)


def _maybe_called(
    machine: Machine, iterator: IteratorObject, function: AbstractValue, call: CallArguments, frame: Frame
) -> None:
    """Effect: call a function as it may be called with elements that are not known, if that is what they are.

    What it gives then is what the elements of the iterator may be.
    """
    cause = iterator.unknown
    if cause is None:
        return
    reason = f"an element of an unknown iterable: {cause.reason}"
    element = Unknown(reason, cause.place or call.place, aliases=cause.aliases)
    given: list[AbstractValue] = [element for _ in iterator.sources]
    doubt = Unknown(cause.reason, call.place)
    found: list[AbstractValue] = []
    run_optional(machine, frame, doubt, lambda: found.append(machine.call_with(function, given, frame, call.place)))
    iterator.unknown = with_aliases(cause, found)


def holds(machine: Machine, iterator: IteratorObject, value: AbstractValue, frame: Frame, call: CallArguments) -> bool:
    """Return whether a test holds; where that is not known, neither is what the iterator gives from here on."""
    truth = truth_of(machine, value, frame, call.place)
    if isinstance(truth, Unknown):
        iterator.unknown = iterator.unknown or truth
        return False
    return truth


def filtering(*, wanted: bool) -> Rule:
    """`filter` and `filterfalse`."""

    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
        test = call.positional[0]

        def step(iterator: IteratorObject) -> AbstractValue | Finished:
            while not isinstance(item := pull(machine, iterator, iterator.sources[0], call), Finished):
                machine.step(call.place)
                value = item if test is None else machine.call_with(test, [item], frame, call.place)
                passes = holds(machine, iterator, value, frame, call)
                if iterator.unknown is not None:
                    return FINISHED
                if passes is wanted:
                    return item
            return FINISHED

        return over(machine, call, frame, call.positional[1:2], step)

    return rule


def _reversed(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    value = call.positional[0]
    if isinstance(value, ListObject):
        return backwards(value)
    if isinstance(value, IteratorObject):
        raise Raised("TypeError", "an iterator is not reversible", call.place)
    if isinstance(value, DictObject | InstanceObject) or not isinstance(value, tuple | str | bytes | range):
        return Unknown(f"a {type_name(value)} backwards", call.place)
    return iter_of(machine, value[::-1], frame, call.place)


LAZY: Mapping[str, Rule] = {
    "builtins.zip": _zip,
    "builtins.enumerate": _enumerate,
    "builtins.map": _map,
    "builtins.filter": filtering(wanted=True),
    "builtins.reversed": _reversed,
}
