"""The lazy iterators of `itertools`: each takes an element of what it reads when it is asked for one of its own.

Those that read all of their arguments at once (`product`, `combinations`) are in `rearranging`.
"""

from collections.abc import Mapping

from huldra.experiments.evaluate.lazy import iter_of
from huldra.experiments.evaluate.lazy_functions import Rule, filtering, holds, over, pull
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.operations import binary_values, is_equal
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import (
    FINISHED,
    AbstractValue,
    Finished,
    IteratorObject,
    ListObject,
    Sentinel,
    Unknown,
)

_ENDED = "ended"
_UNSET = Sentinel("unset", "unset")
_FEW = 100


def _zip_longest(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    fill = call.keywords.get("fillvalue")

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        ended = list(iterator.state) if isinstance(iterator.state, tuple) else [False] * len(iterator.sources)
        row: list[AbstractValue] = []
        for number, source in enumerate(iterator.sources):
            item = FINISHED if ended[number] else pull(machine, iterator, source, call)
            if isinstance(item, Finished):
                ended[number] = True
            row.append(fill if isinstance(item, Finished) else item)
        iterator.state = tuple(ended)
        return FINISHED if all(ended) or iterator.unknown is not None else tuple(row)

    return over(machine, call, frame, call.positional, step, max, ends=any)


def _starmap(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    function = call.positional[0]

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        row = pull(machine, iterator, iterator.sources[0], call)
        if isinstance(row, Finished):
            return FINISHED
        items = machine.iterate(row, frame, call.place)
        machine.step(call.place)
        if isinstance(items, Unknown):
            given = CallArguments([], {}, call.place, items)
            return machine.call(function, given, frame)
        return machine.call_with(function, items, frame, call.place)

    return over(machine, call, frame, call.positional[1:2], step, min)


def _take_while(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    test = call.positional[0]

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        if iterator.state == _ENDED:
            return FINISHED
        item = pull(machine, iterator, iterator.sources[0], call)
        if isinstance(item, Finished):
            return FINISHED
        machine.step(call.place)
        if holds(machine, iterator, machine.call_with(test, [item], frame, call.place), frame, call):
            return item
        iterator.state = _ENDED
        return FINISHED

    return over(machine, call, frame, call.positional[1:2], step, ends=lambda _: False)


def _drop_while(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    test = call.positional[0]

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        while not isinstance(item := pull(machine, iterator, iterator.sources[0], call), Finished):
            if iterator.state == _ENDED:
                return item
            machine.step(call.place)
            if not holds(machine, iterator, machine.call_with(test, [item], frame, call.place), frame, call):
                iterator.state = _ENDED
                return item if iterator.unknown is None else FINISHED
        return FINISHED

    return over(machine, call, frame, call.positional[1:2], step)


def _compress(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    sources = [*call.positional, *(call.keywords[name] for name in ("data", "selectors") if name in call.keywords)]

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        while True:
            item = pull(machine, iterator, iterator.sources[0], call)
            chosen = FINISHED if isinstance(item, Finished) else pull(machine, iterator, iterator.sources[1], call)
            if isinstance(item, Finished) or isinstance(chosen, Finished):
                return FINISHED
            passes = holds(machine, iterator, chosen, frame, call)
            if iterator.unknown is not None:
                return FINISHED
            if passes:
                return item

    return over(machine, call, frame, sources, step)


def _chain(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    return _chained(machine, call, frame, tuple(call.positional))


def _chain_from(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    return _chained(machine, call, frame, call.positional[0])


def _chained(machine: Machine, call: CallArguments, frame: Frame, outer: AbstractValue) -> AbstractValue:
    """One after the other; each is asked for an iterator when its turn comes. The state is the current one."""

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        while True:
            current = iterator.state
            if isinstance(current, IteratorObject):
                item = pull(machine, iterator, current, call)
                if not isinstance(item, Finished):
                    return item
                if iterator.unknown is not None:
                    return FINISHED
            following = pull(machine, iterator, iterator.sources[0], call)
            if isinstance(following, Finished):
                iterator.state = None
                return FINISHED
            iterator.state = iter_of(machine, following, frame, call.place)

    chained = over(machine, call, frame, [outer], step, ends=lambda _: False)
    if isinstance(outer, tuple):
        held = tuple(item for item in outer if isinstance(item, IteratorObject))
        chained.is_endless = any(item.is_endless for item in held)
        chained.sources = (*chained.sources, *held)
    return chained


def _slice(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    bounds = call.positional[1:]
    if not all(bound is None or (isinstance(bound, int) and bound >= 0) for bound in bounds) or not 0 < len(bounds) < 4:
        return next((b for b in bounds if isinstance(b, Unknown)), Unknown("the bounds of islice", call.place))
    numbers = [bound if isinstance(bound, int) else None for bound in bounds]
    start, stop = (0, numbers[0]) if len(numbers) == 1 else (numbers[0] or 0, numbers[1])
    by = 1 if len(numbers) < 3 or numbers[2] is None else numbers[2]
    if by < 1:
        raise Raised("ValueError", "the step of islice() is no positive integer", call.place)

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        if not isinstance(iterator.state, tuple):
            return FINISHED
        count, following = (part if isinstance(part, int) else 0 for part in iterator.state)
        item: AbstractValue | Finished = FINISHED
        while count < following + 1:
            if count == following and stop is not None and count >= stop:
                iterator.state = _ENDED
                return FINISHED
            item = pull(machine, iterator, iterator.sources[0], call)
            if isinstance(item, Finished):
                iterator.state = _ENDED
                return FINISHED
            count += 1
        later = following + by
        iterator.state = (count, later if stop is None else min(later, stop))
        return item

    is_open = stop is None
    return over(machine, call, frame, call.positional[:1], step, state=(0, start), ends=lambda e: is_open and all(e))


def _pairwise(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        if isinstance(iterator.state, tuple):
            before: AbstractValue | Finished = iterator.state[0]
        else:
            before = pull(machine, iterator, iterator.sources[0], call)
        item = FINISHED if isinstance(before, Finished) else pull(machine, iterator, iterator.sources[0], call)
        if isinstance(before, Finished) or isinstance(item, Finished):
            return FINISHED
        iterator.state = (item,)
        return before, item

    return over(machine, call, frame, call.positional[:1], step, lambda lengths: max(0, lengths[0] - 1))


def _batched(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    size = call.positional[1] if len(call.positional) > 1 else call.keywords.get("n")
    if not isinstance(size, int) or size < 1 or call.keywords.keys() - {"n"}:
        return size if isinstance(size, Unknown) else Unknown("the arguments of batched", call.place)

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        batch: list[AbstractValue] = []
        while len(batch) < size:
            item = pull(machine, iterator, iterator.sources[0], call)
            if isinstance(item, Finished):
                break
            batch.append(item)
        return tuple(batch) if batch and iterator.unknown is None else FINISHED

    return over(machine, call, frame, call.positional[:1], step)


def _accumulate(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    function = call.positional[1] if len(call.positional) > 1 else call.keywords.get("func")
    initial = call.keywords.get("initial")

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        if iterator.state is None and initial is not None:
            iterator.state = (initial,)
            return initial
        item = pull(machine, iterator, iterator.sources[0], call)
        if isinstance(item, Finished):
            return FINISHED
        total = item
        if isinstance(iterator.state, tuple):
            before = iterator.state[0]
            if function is None:
                total = binary_values(machine, "+", before, item, frame, call.place)
            else:
                total = machine.call_with(function, [before, item], frame, call.place)
        machine.step(call.place)
        iterator.state = (total,)
        return total

    extra = initial is not None
    return over(machine, call, frame, call.positional[:1], step, lambda lengths: lengths[0] + extra)


def _count(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    start = call.positional[0] if call.positional else call.keywords.get("start", 0)
    by = call.positional[1] if len(call.positional) > 1 else call.keywords.get("step", 1)

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        value = iterator.state
        iterator.state = binary_values(machine, "+", value, by, frame, call.place)
        return value

    return IteratorObject([], step=step, state=start, is_endless=True)


def _repeat(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    times = call.positional[1] if len(call.positional) > 1 else call.keywords.get("times")
    if not (times is None or isinstance(times, int)):
        return times if isinstance(times, Unknown) else Unknown("how often repeat() repeats", call.place)
    value = call.positional[0]

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        left = iterator.state[0] if isinstance(iterator.state, tuple) else None
        if not isinstance(left, int):
            return value
        if left <= 0:
            return FINISHED
        iterator.state = (left - 1, value)
        return value

    return IteratorObject([], step=step, state=(times, value), is_endless=times is None)


def _cycle(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """The state is the position in what was seen; below zero while the source has not come to its end."""
    seen = ListObject([])

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        position = iterator.state
        if position == -1:
            item = pull(machine, iterator, iterator.sources[0], call)
            if not isinstance(item, Finished):
                machine.touch(seen)
                seen.items.append(item)
                return item
            if iterator.unknown is not None:
                return FINISHED
            position = 0
        if not seen.items or not isinstance(position, int):
            return FINISHED
        iterator.state = (position + 1) % len(seen.items)
        return seen.items[position]

    cycled = over(machine, call, frame, call.positional[:1], step, state=-1)
    cycled.is_endless = True
    return cycled


def _tee(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """Several iterators over one: what one of them has taken is kept for the others."""
    count = call.positional[1] if len(call.positional) > 1 else call.keywords.get("n", 2)
    source = iter_of(machine, call.positional[0], frame, call.place)
    if not isinstance(count, int) or not 0 <= count < _FEW:
        return count if isinstance(count, Unknown) else Unknown("how many tee() gives", call.place)
    kept = ListObject([])

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        position = iterator.state if isinstance(iterator.state, int) else 0
        if position == len(kept.items):
            item = pull(machine, iterator, source, call)
            if isinstance(item, Finished):
                return FINISHED
            machine.touch(kept)
            kept.items.append(item)
        iterator.state = position + 1
        return kept.items[position]

    is_endless = source.is_endless
    return tuple(
        IteratorObject([], step=step, state=0, sources=(source, kept), is_endless=is_endless) for _ in range(count)
    )


def _group_by(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """Runs of elements with equal keys. The state: the element read ahead, its key, the group's key, its number."""
    key = call.positional[1] if len(call.positional) > 1 else call.keywords.get("key")

    def read_on(parent: IteratorObject) -> bool:
        item = pull(machine, parent, parent.sources[0], call)
        if isinstance(item, Finished):
            return False
        found = item if key is None else machine.call_with(key, [item], frame, call.place)
        machine.touch(parent)
        parent.state = (item, found, *_parts(parent)[2:])
        return True

    def is_same(parent: IteratorObject, left: AbstractValue, right: AbstractValue) -> bool:
        same = is_equal(machine, left, right, frame, call.place)
        if isinstance(same, Unknown):
            parent.unknown = parent.unknown or same
        return same is True

    def step(parent: IteratorObject) -> AbstractValue | Finished:
        item, current, wanted, number = _parts(parent)
        following = number + 1 if isinstance(number, int) else 0
        parent.state = (item, current, wanted, following)  # from here on the group before gives nothing more
        while current == _UNSET or (wanted != _UNSET and is_same(parent, current, wanted)):
            if not read_on(parent):
                return FINISHED
            item, current, wanted, _ = _parts(parent)
        parent.state = (item, current, current, following)
        return FINISHED if parent.unknown is not None else (current, _group(parent, following))

    def _group(parent: IteratorObject, own: int) -> IteratorObject:
        def step_inside(group: IteratorObject) -> AbstractValue | Finished:
            item, current, wanted, number = _parts(parent)
            if number != own:
                return FINISHED  # the next group has begun
            machine.touch(parent)
            if item == _UNSET and read_on(parent):
                item, current, wanted, number = _parts(parent)
            elif item == _UNSET:
                group.unknown = parent.unknown
                return FINISHED
            if not is_same(parent, wanted, current):
                group.unknown = parent.unknown
                return FINISHED
            parent.state = (_UNSET, current, wanted, number)
            return item

        return IteratorObject([], step=step_inside, sources=(parent,))

    return over(machine, call, frame, call.positional[:1], step, state=(_UNSET, _UNSET, _UNSET, 0))


def _parts(parent: IteratorObject) -> tuple[AbstractValue, AbstractValue, AbstractValue, AbstractValue]:
    if not isinstance(parent.state, tuple) or len(parent.state) != 4:
        raise TypeError("the state of groupby has four parts")
    item, current, wanted, number = parent.state
    return item, current, wanted, number


LAZY_ITERTOOLS: Mapping[str, Rule] = {
    "itertools.accumulate": _accumulate,
    "itertools.batched": _batched,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chain_from,
    "itertools.compress": _compress,
    "itertools.count": _count,
    "itertools.cycle": _cycle,
    "itertools.dropwhile": _drop_while,
    "itertools.filterfalse": filtering(wanted=False),
    "itertools.groupby": _group_by,
    "itertools.islice": _slice,
    "itertools.pairwise": _pairwise,
    "itertools.repeat": _repeat,
    "itertools.starmap": _starmap,
    "itertools.takewhile": _take_while,
    "itertools.tee": _tee,
    "itertools.zip_longest": _zip_longest,
}
