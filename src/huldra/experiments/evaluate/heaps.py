"""`heapq` on lists: Python's own algorithm, which decides by `<` alone where an element goes."""

import heapq
from collections.abc import Callable, Mapping

from huldra.experiments.evaluate.conversion import NotConvertible, to_python
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.rearranging import Rule
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.evaluate.spoiling import spoil
from huldra.experiments.values import AbstractValue, ListObject, Unknown


class _Entry:
    """An element, compared as what it is in Python."""

    def __init__(self, value: AbstractValue) -> None:
        self.value = value
        self.plain = to_python(value)

    def __lt__(self, other: "_Entry") -> bool:
        less: Callable[[object], object] = getattr(self.plain, "__lt__")  # noqa: B009
        result = less(other.plain)
        if not isinstance(result, bool):
            raise TypeError(f"'<' between {type(self.plain).__name__} and {type(other.plain).__name__}")
        return result


def _on_heap(name: str, given: int) -> Rule:
    """A function that changes a list, and is given so much more."""

    def rule(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
        heap, *more = call.positional
        doubt = Unknown(f"a heap that is not followed, changed by heapq.{name}", call.place)
        if not isinstance(heap, ListObject) or heap.unknown is not None or len(more) != given or call.keywords:
            spoil(machine, [heap], doubt)
            return doubt
        try:
            entries = [_Entry(item) for item in heap.items]
            machine.step(call.place, 1 + len(entries) // 10)
            result = _apply(name, entries, [_Entry(item) for item in more])
        except NotConvertible:
            spoil(machine, [heap], doubt)
            return doubt
        except (TypeError, IndexError) as error:
            raise Raised(type(error).__name__, str(error), call.place) from error
        machine.touch(heap)
        heap.items[:] = [entry.value for entry in entries]
        return None if result is None else result.value

    return rule


def _apply(name: str, entries: list[_Entry], more: list[_Entry]) -> _Entry | None:
    match name:
        case "heapify":
            heapq.heapify(entries)
            return None
        case "heappush":
            heapq.heappush(entries, more[0])
            return None
        case "heappop":
            return heapq.heappop(entries)
        case "heapreplace":
            return heapq.heapreplace(entries, more[0])
        case _:
            return heapq.heappushpop(entries, more[0])


HEAPS: Mapping[str, Rule] = {
    f"heapq.{name}": _on_heap(name, given)
    for name, given in (("heapify", 0), ("heappush", 1), ("heappop", 0), ("heapreplace", 1), ("heappushpop", 1))
}
