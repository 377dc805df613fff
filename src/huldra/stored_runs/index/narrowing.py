"""Which indexed runs may answer a query, told of very many at once without reading any. Who may, is asked in full.

Never leaves out a run that answers: what cannot be told here, may.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from huldra.stored_runs.index.entries import AT_REST, RESULTS, IndexedRun
from huldra.stored_runs.index.segments import Segment
from huldra.stored_runs.liveness import SUCCESSES
from huldra.stored_runs.model import StoredRun, UnreadableRun
from huldra.stored_runs.query.expressions import All, AnyOf, Compare, Condition, ConfigField, Operand
from huldra.stored_runs.query.fields import ATTEMPT_VERDICT, FIELDS, UNREADABLE

_Item = TypeVar("_Item")
_Some = frozenset[int] | None
"""Numbers of runs in a segment; None is all."""

_FEW = 8
_PLAIN_KEY = re.compile(r"[ !#-.0-\[\]-~]+")
"""Keys that JSON can write in one way only, but for `\\u` escapes."""

_ESCAPED = re.compile(rb"\\u")
_ODD_NUMBER = rb"-?(?:[0-9.]++(?:[eE]|(?<=[0-9.]{16}))|0\.0000)"
"""How a number is written that may be equal to one that is written otherwise, or is none."""

_SUCCESSES = frozenset(index for index, result in enumerate(RESULTS) if result in SUCCESSES)
# Tables that translate a byte of `results` or `flags` to one where something is so, else to zero.
_NO_SUCCESS = bytes(number not in _SUCCESSES for number in range(256))
_UNSETTLED = bytes(number not in {*_SUCCESSES, RESULTS.index("failed")} for number in range(256))
_RESULT_TABLES = {result: bytes(number == wanted for number in range(256)) for wanted, result in enumerate(RESULTS)}
_AT_WORK = bytes(number not in AT_REST for number in range(256))


def possible_answers(
    condition: Condition, items: Iterable[_Item], run_of: Callable[[_Item], StoredRun | UnreadableRun]
) -> list[_Item]:
    """Return those items whose runs may answer a query, in their order; quickest in the order of paths."""
    known: dict[int, _Some] = {}
    last: Segment | None = None
    some: _Some = None
    found: list[_Item] = []
    for item in items:  # a hundred thousand of them
        run = run_of(item)
        if isinstance(run, IndexedRun):
            if run.segment is not last:
                last = run.segment
                if id(last) not in known:
                    known[id(last)] = fitting(last, condition)
                some = known[id(last)]
            if some is None or run.index in some:
                found.append(item)
        else:
            found.append(item)
    return found


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
        case Compare(field, operator, operands) if field is FIELDS["created"] and operator not in ("!=", "in"):
            return _made(segment, operator, operands[0])
        case _:
            return None


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


def _made(segment: Segment, operator: str, operand: Operand) -> _Some:
    if operand.period is None:
        return None
    start, end = operand.period
    times = segment.each_time()
    if operator in (">", ">="):
        return frozenset(index for index, time in enumerate(times) if time >= start)
    if operator in ("<", "<="):
        return frozenset(index for index, time in enumerate(times) if time <= end)
    return frozenset(index for index, time in enumerate(times) if start <= time <= end)


def _with_value(segment: Segment, key: str, operands: tuple[Operand, ...]) -> _Some:
    """Return the runs whose config may have one of some values under a key, at whatever depth."""
    if not _PLAIN_KEY.fullmatch(key):
        return None
    if _ESCAPED.search(segment.configs):
        return None
    values = b"|".join(_written(operand) for operand in operands)
    pattern = re.compile(rb'"%b":(?:%b)' % (re.escape(key.encode()), values))
    ends = segment.config_ends
    return frozenset(bisect_right(ends, found.start()) for found in pattern.finditer(segment.configs))


def _written(operand: Operand) -> bytes:
    """Return a pattern for all that a value may be written as in a config's text, and for little else."""
    quoted = json.dumps(operand.text, ensure_ascii=False).encode(errors="surrogatepass")
    found = [re.escape(quoted), rb'"[^"\\]*\\']
    if operand.boolean is not None:
        found.append(b"true" if operand.boolean else b"false")
    if operand.is_null:
        found += [b"null", _ODD_NUMBER]  # a number too large for any is none
    if operand.number is not None:
        found += [_ODD_NUMBER, _number(operand.number)]
    return b"|".join(found)


def _number(number: float) -> bytes:
    """Return a pattern for a number as it is written in fewer than 16 characters, all of which differ in value."""
    digits = repr(number).removesuffix(".0") if number else "0"
    zeros = "0*" if "." in digits else r"(?:\.0*)?"
    return rf"{'' if number else '-?'}{re.escape(digits)}{zeros}(?![0-9.])".encode()
