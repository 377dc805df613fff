"""Where a position of one text stands in another: edits as plain data, applied forwards or backwards.

Lines and columns count from 1, columns in code points. Knows no file and no editor.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec import Struct

from huldra.project.places import Place


class Point(NamedTuple):
    """A position between two characters."""

    line: int
    column: int


class Edit(Struct, frozen=True):
    """What stood from `start` to `old_end` was replaced by what now ends at `new_end`."""

    start: Point
    old_end: Point
    new_end: Point

    def reversed(self) -> "Edit":
        """Return the edit that takes this one back."""
        return Edit(self.start, self.new_end, self.old_end)

    def move(self, point: Point, *, is_end: bool) -> Point | None:
        """Return where a point stands after the edit; None for one inside what was replaced.

        What is inserted exactly at a point stands outside the range that begins or ends there.
        """
        if point < self.start or (point == self.start and (is_end or self.old_end > self.start)):
            return point
        if point < self.old_end:
            return None
        if point.line == self.old_end.line:
            return Point(self.new_end.line, self.new_end.column + point.column - self.old_end.column)
        return Point(point.line + self.new_end.line - self.old_end.line, point.column)


class LineShift(Struct, frozen=True):
    """Blocks of whole lines in one text that follow each other and stand elsewhere in another.

    Attributes:
        starts: The lines at which they begin in the one.
        moved: The lines at which they begin in the other.
        lengths: How many lines they have in both; the last one has no end.
    """

    starts: tuple[int, ...]
    moved: tuple[int, ...]
    lengths: tuple[int, ...]

    def reversed(self) -> "LineShift":
        """Return what leads back."""
        return LineShift(self.moved, self.starts, self.lengths)

    def move(self, point: Point, *, is_end: bool) -> Point:  # noqa: ARG002  # as an edit moves
        """Return where a point stands in the other text; one in lines that are not there, on the last line before."""
        block = bisect_right(self.starts, point.line) - 1
        if block < 0:
            return point
        line = point.line - self.starts[block]
        if not self.has(point.line):
            line = self.lengths[block] - 1
        return Point(self.moved[block] + line, point.column)

    def has(self, line: int) -> bool:
        """Whether a line of the one text stands in the other."""
        block = bisect_right(self.starts, line) - 1
        is_last = block == len(self.starts) - 1
        return block < 0 or is_last or line - self.starts[block] < self.lengths[block]


class Alignment(Struct, frozen=True):
    """The edits that lead from one text to another, in the order in which they apply."""

    edits: tuple[Edit | LineShift, ...] = ()

    def forwards(self, place: Place) -> Place | None:
        """Return where a range of the old text stands in the new; None if an end of it was edited away."""
        start = _moved(Point(place.line, place.column), self.edits, is_end=False)
        is_empty = (place.line, place.column) == (place.end_line, place.end_column)
        end = start if is_empty else _moved(Point(place.end_line, place.end_column), self.edits, is_end=True)
        if start is None or end is None or (end < start and end.line != start.line):
            return None
        end = max(start, end)  # of two points in lines that are not there the columns say nothing
        return Place(place.file, start.line, start.column, end.line, end.column)

    def backwards(self, point: Point) -> Point | None:
        """Return where a point of the new text stood in the old; None for one that did not exist there."""
        return _moved(point, [edit.reversed() for edit in reversed(self.edits)], is_end=False)

    def then(self, edits: Iterable[Edit | LineShift]) -> "Alignment":
        """Return this alignment with later edits."""
        return Alignment((*self.edits, *edits))


def _moved(point: Point, edits: Iterable[Edit | LineShift], *, is_end: bool) -> Point | None:
    found: Point | None = point
    for edit in edits:
        if found is None:
            return None
        found = edit.move(found, is_end=is_end)
    return found


def replacement(old: str, new: str, first_line: int = 1) -> tuple[Edit, ...]:
    """Return the one edit that leads from a text to another, as short as it can be; none for equal texts.

    Args:
        old: The text before. Line ends are newlines.
        new: The text after.
        first_line: The line at which both begin.
    """
    if old == new:
        return ()
    begin = equal_head(old, new)
    end = equal_head(old[begin:][::-1], new[begin:][::-1])
    start = _advanced(Point(first_line, 1), old[:begin])
    return (Edit(start, _advanced(start, old[begin : len(old) - end]), _advanced(start, new[begin : len(new) - end])),)


def equal_head(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many characters, or lines, two texts begin with in common, by halving."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        half = (low + high + 1) // 2
        if left[low:half] == right[low:half]:
            low = half
        else:
            high = half - 1
    return low


def _advanced(point: Point, text: str) -> Point:
    """Return the point after a text that begins at a point."""
    newlines = text.count("\n")
    if not newlines:
        return Point(point.line, point.column + len(text))
    return Point(point.line + newlines, len(text) - text.rfind("\n"))
