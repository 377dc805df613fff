"""Which indexed runs may answer a query, told of very many at once without reading any. Who may, is asked in full.

Never leaves out a run that answers: what cannot be told here, may.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from huldra.stored_runs.index.entries import AT_REST, RESULTS, IndexedRun
from huldra.stored_runs.index.segments import ODD_NUMBER, Segment
from huldra.stored_runs.liveness import SUCCESSES
from huldra.stored_runs.model import StoredRun, UnreadableRun
from huldra.stored_runs.query.expressions import All, AnyOf, Compare, Condition, ConfigField, Operand, Operator
from huldra.stored_runs.query.fields import ATTEMPT_VERDICT, FIELDS, UNREADABLE

_Item = TypeVar("_Item")
_Some = frozenset[int] | None
"""Numbers of runs in a segment; None is all."""

_FEW = 8
_PLAIN_KEY = re.compile(r"[ !#-.0-\[\]-~]+")
"""Keys that JSON can write in one way only, but for `\\u` escapes."""

_ESCAPED = re.compile(rb"\\u")

_NONE = frozenset[int]()
_FAILED = "failed"
_SUCCESSES = frozenset(index for index, result in enumerate(RESULTS) if result in SUCCESSES)
# Tables that translate a byte of `results` or `flags` to one where something is so, else to zero.
_NO_SUCCESS = bytes(number not in _SUCCESSES for number in range(256))
_UNSETTLED = bytes(number not in {*_SUCCESSES, RESULTS.index("failed")} for number in range(256))
_RESULT_TABLES = {result: bytes(number == wanted for number in range(256)) for wanted, result in enumerate(RESULTS)}
_AT_WORK = bytes(number not in AT_REST for number in range(256))


def possible_answers(
    condition: Condition, items: Sequence[_Item], run_of: Callable[[_Item], StoredRun | UnreadableRun]
) -> Iterator[tuple[_Item, bool]]:
    """Yield those items whose runs may answer a query, in their order, each with whether it surely does.

    Quickest in the order of paths.
    """
    known: dict[int, tuple[_Some, _Some]] = {}
    for segment, places in by_segment(items, run_of):
        if segment is None:
            yield items[places.start], False
            continue
        if id(segment) not in known:
            known[id(segment)] = fitting(segment, condition), answering(segment, condition)
        some, certain = known[id(segment)]
        if some is None:
            yield from ((items[place], certain is None) for place in places)  # to know their numbers would cost more
            continue
        for number, place in _places_with(items, places, some, segment, run_of):
            yield items[place], certain is None or number in certain


def by_segment(
    items: Sequence[_Item], run_of: Callable[[_Item], StoredRun | UnreadableRun]
) -> Iterator[tuple[Segment | None, range]]:
    """Yield the places of items that follow one another and whose runs one segment holds, with it.

    One whose run no segment holds comes by itself, with None. To take the items out, where few of them are asked for,
    would cost half as much again.
    """
    segments: list[Segment | None] = [getattr(run, "segment", None) for run in map(run_of, items)]  # of 100,000 runs
    start = 0
    while start < len(segments):
        segment = segments[start]
        end = start + (1 if segment is None else len(segment))
        if segments[start:end].count(segment) < end - start:  # seldom are not all its runs there
            end = next((at for at in range(start, len(segments)) if segments[at] is not segment), len(segments))
        yield segment, range(start, end)
        start = end


def _places_with(
    items: Sequence[_Item],
    places: range,
    numbers: frozenset[int],
    segment: Segment,
    run_of: Callable[[_Item], StoredRun | UnreadableRun],
) -> list[tuple[int, int]]:
    """Return the places of those whose runs have one of some numbers in their segment, after that number."""
    if len(places) == len(segment):  # nearly always: then each stands at its number, if those do that are asked for
        chosen = [(number, places[number]) for number in sorted(numbers)]
        if all(_number_of(run_of(items[place])) == number for number, place in chosen):
            return chosen
    numbered = ((_number_of(run_of(items[place])), place) for place in places)
    return [(number, place) for number, place in numbered if number in numbers]


def _number_of(run: StoredRun | UnreadableRun) -> int:
    return run.index if isinstance(run, IndexedRun) else -1


def fitting(segment: Segment, condition: Condition) -> frozenset[int] | None:
    """Return the numbers of the runs of a segment that may answer a query; None for all."""
    match condition:
        case All(parts):
            found: _Some = None
            for part in parts:
                if found is not None and len(found) * _FEW < len(segment):
                    break  # to ask these is cheaper
                some = fitting(segment, part)
                found = some if found is None else found if some is None else found & some
            return found
        case AnyOf(parts):
            return _joined(fitting(segment, part) for part in parts)
        case Compare(ConfigField(steps), "==" | "in", operands):
            key = steps[-1]
            return _with_value(segment, key, operands) if isinstance(key, str) else None
        case Compare(field, "==" | "in", operands) if field is FIELDS["result"]:
            return _joined(_with_result(segment, operand.text) for operand in operands)
        case Compare(field, "==" | "in") if field is ATTEMPT_VERDICT:
            return without_success(segment)
        case Compare(field, operator, operands) if field is FIELDS["created"]:
            return _made(segment, operator, operands[0])
        case _:
            return None


def answering(segment: Segment, condition: Condition) -> frozenset[int] | None:
    """Return the numbers of runs of a segment that surely answer a query, of which others may too; None for all."""
    match condition:
        case All(parts):
            found: _Some = None
            for part in parts:
                some = answering(segment, part)
                found = some if found is None else found if some is None else found & some
                if found is not None and not found:
                    break
            return found
        case AnyOf(parts):
            return _joined(answering(segment, part) for part in parts)
        case Compare(field, "==" | "in", operands) if field is FIELDS["result"]:
            told = (_with_result(segment, operand.text) for operand in operands)
            return _joined(frozenset[int]() if some is None else some for some in told)
        case Compare(field, "==" | "in", operands) if field is ATTEMPT_VERDICT:
            is_asked = any(operand.text == _FAILED for operand in operands)
            return (_with_result(segment, _FAILED) or _NONE) - unsettled(segment) if is_asked else _NONE
        case Compare(field, operator, operands) if field is FIELDS["created"]:
            return _made(segment, operator, operands[0]) or _NONE
        case _:
            return _NONE


def _joined(each: Iterable[_Some]) -> _Some:
    found: set[int] = set()
    for some in each:
        if some is None:
            return None
        found |= some
    return frozenset(found)


def _with_result(segment: Segment, text: str) -> _Some:
    if text == UNREADABLE or text not in _RESULT_TABLES:
        return None
    return frozenset(_marked(segment.results.translate(_RESULT_TABLES[text])))


def without_success(segment: Segment) -> frozenset[int]:
    """Return the runs of which the latest attempt may decide the verdict."""
    return frozenset((*_marked(segment.results.translate(_NO_SUCCESS)), *_marked(segment.flags.translate(_AT_WORK))))


def unsettled(segment: Segment) -> frozenset[int]:
    """Return the runs of which the result does not say what the latest attempt says."""
    return frozenset((*_marked(segment.results.translate(_UNSETTLED)), *_marked(segment.flags.translate(_AT_WORK))))


def _marked(marks: bytes) -> Iterator[int]:
    """Yield the places of the bytes that are one."""
    at = marks.find(1)
    while at >= 0:
        yield at
        at = marks.find(1, at + 1)


def _made(segment: Segment, operator: Operator, operand: Operand) -> _Some:
    """Return the runs that were made in a time, as `evaluate` compares them; None where that is not known."""
    if operand.period is None:
        return None
    start, end = operand.period
    times = enumerate(segment.each_time())  # nothing that is compared with no time is true
    match operator:
        case ">" if end > start:
            return frozenset([number for number, time in times if time >= end])
        case ">":
            return frozenset([number for number, time in times if time > end])
        case ">=":
            return frozenset([number for number, time in times if time >= start])
        case "<":
            return frozenset([number for number, time in times if time < start])
        case "<=" if end > start:
            return frozenset([number for number, time in times if time < end])
        case "<=":
            return frozenset([number for number, time in times if time <= end])
        case "==":
            return frozenset([number for number, time in times if start <= time < end])
        case _:
            return None


def _with_value(segment: Segment, key: str, operands: tuple[Operand, ...]) -> _Some:
    """Return the runs whose config may have one of some values under a key, at whatever depth."""
    if not _PLAIN_KEY.fullmatch(key):
        return None
    if not segment.is_plain and _ESCAPED.search(segment.configs):
        return None
    ends = segment.config_ends
    pattern = _pattern_of(key, operands, segment.is_plain)
    return frozenset([bisect_right(ends, found.start()) for found in pattern.finditer(segment.configs)])


@lru_cache(maxsize=16)  # each of many segments asks
def _pattern_of(key: str, operands: tuple[Operand, ...], is_plain: bool) -> re.Pattern[bytes]:  # noqa: FBT001
    values = b"|".join(_written(operand, is_plain=is_plain) for operand in operands)
    return re.compile(rb'"%b":(?:%b)' % (re.escape(key.encode()), values))


def _written(operand: Operand, *, is_plain: bool) -> bytes:
    """Return a pattern for all that a value may be written as in a config's text, and for little else."""
    quoted = json.dumps(operand.text, ensure_ascii=False).encode(errors="surrogatepass")
    found = [re.escape(quoted)]
    if not is_plain:
        found.append(rb'"[^"\\]*\\')
    if operand.boolean is not None:
        found.append(b"true" if operand.boolean else b"false")
    if operand.is_null:
        found.append(b"null")
    if operand.number is not None:
        found.append(_number(operand.number))
    if not is_plain and (operand.is_null or operand.number is not None):
        found.append(ODD_NUMBER)  # one too large for any is null
    return b"|".join(found)


def _number(number: float) -> bytes:
    """Return a pattern for a number as it is written in fewer than 16 characters, all of which differ in value."""
    digits = repr(number).removesuffix(".0") if number else "0"
    zeros = "0*" if "." in digits else r"(?:\.0*)?"
    return rf"{'' if number else '-?'}{re.escape(digits)}{zeros}(?![0-9.])".encode()
