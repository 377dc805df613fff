"""How a statement as it last was leads to what has become of it, line by line: what ran together is told apart again.

Statements that run into each other, because a string or a bracket is open, stand in other lines than those in which
they are analysed, with room between them. One edit from the first difference to the last would take in all of them.
Knows texts, not files.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

from huldra.analysis.alignment import Edit, Point, equal_head, replacement

_MOST_PAIRS = 250_000
"""Where so many lines may be each other, of those between the first and the last that differ, nothing is sought."""
_MOST_CHANGED_PAIRS = 2_500
"""The same of lines that were changed, which are compared by character."""


class _Line(NamedTuple):
    """A line that is not blank: where it begins, and what it says, without its end."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def edits_by_line(old: str, new: str, first_line: int = 1) -> tuple[Edit, ...]:
    """Return edits that lead from a text to another, the last one first, so that none moves another.

    Lines that stand in both stay, however many blank ones are around them; of a line that was changed, its beginning
    and end do.

    Args:
        old: The text before. Line ends are newlines.
        new: The text after.
        first_line: The line at which both begin.
    """
    if old == new:
        return ()
    starts = [0, *accumulate(len(line) + 1 for line in old.split("\n")[:-1])]
    found: list[Edit] = []
    at_old = at_new = 0
    for left, right in _pairs(_lines(old), _lines(new)):
        found += _between(old, new, (at_old, left.start), (at_new, right.start), starts, first_line)
        found += _between(old, new, (left.start, left.end), (right.start, right.end), starts, first_line)
        at_old, at_new = left.end, right.end
    found += _between(old, new, (at_old, len(old)), (at_new, len(new)), starts, first_line)
    return tuple(reversed(found))


def similarity(old: str, new: str) -> float:
    """Return which share (0 to 1) of the lines of a text that are not blank is to be found in another."""
    lines, others = _lines(old), _lines(new)
    return len(list(_pairs(lines, others))) / len(lines) if lines else 0.0


def _between(
    old: str, new: str, left: tuple[int, int], right: tuple[int, int], starts: Sequence[int], first_line: int
) -> tuple[Edit, ...]:
    """The edit of one part, as short as it can be, at its place in the old text."""
    line = bisect_left(starts, left[0] + 1) - 1
    column = left[0] - starts[line]
    return tuple(
        Edit(*(_moved(point, first_line + line, column) for point in (edit.start, edit.old_end, edit.new_end)))
        for edit in replacement(old[left[0] : left[1]], new[right[0] : right[1]])
    )


def _moved(point: Point, line: int, column: int) -> Point:
    """A point of a part, where that begins at a line and so many columns from its margin."""
    return Point(point.line + line - 1, point.column + (column if point.line == 1 else 0))


def _lines(text: str) -> list[_Line]:
    found: list[_Line] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            found.append(_Line(start, line))
        start += len(line) + 1
    return found


def _pairs(old: list[_Line], new: list[_Line]) -> Iterator[tuple[_Line, _Line]]:
    """Yield lines that are the same, or that one has become of the other, in the order of the text."""
    head = equal_head([line.text for line in old], [line.text for line in new])
    yield from zip(old[:head], new[:head], strict=True)
    old, new = old[head:], new[head:]
    tail = equal_head([line.text for line in reversed(old)], [line.text for line in reversed(new)])
    yield from _pairs_between(old[: len(old) - tail], new[: len(new) - tail])
    yield from zip(old[len(old) - tail :], new[len(new) - tail :], strict=True)


def _pairs_between(old: list[_Line], new: list[_Line]) -> Iterator[tuple[_Line, _Line]]:
    if len(old) * len(new) > _MOST_PAIRS:
        return
    left, right = [line.text for line in old], [line.text for line in new]
    for kind, first, last, begin, end in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from zip(old[first:last], new[begin:end], strict=True)
        elif kind == "replace":
            yield from _changed(old[first:last], new[begin:end])


def _changed(old: list[_Line], new: list[_Line]) -> Iterator[tuple[_Line, _Line]]:
    """Yield lines that were changed a little: each is the likest of the other, none its neighbour."""
    if len(old) * len(new) > _MOST_CHANGED_PAIRS:
        return
    shares = [[_likeness(line.text.strip(), other.text.strip()) for other in new] for line in old]
    at = 0
    for number, line in enumerate(old):
        found = max(range(at, len(new)), key=shares[number].__getitem__, default=None)
        if found is None or not shares[number][found]:
            continue
        if max(range(len(old)), key=[row[found] for row in shares].__getitem__) == number:
            yield line, new[found]
            at = found + 1


def _likeness(left: str, right: str) -> float:
    """Return how much of two lines is the same at their beginning and end; 0 for less than half of the shorter one."""
    shorter = min(len(left), len(right))
    begin = equal_head(left, right)
    end = equal_head(left[begin:][::-1], right[begin:][::-1])
    return 2 * (begin + end) / (len(left) + len(right)) if 2 * (begin + end) > shorter else 0.0
