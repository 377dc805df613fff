"""Positions as editors count them, and as we do: lines from 0 against 1, code units against code points."""

import re
from bisect import bisect_right
from typing import Literal

from lsprotocol import types

from huldra.analysis.alignment import Point
from huldra.project.places import Place

Encoding = Literal["utf-8", "utf-16", "utf-32"]

_LINE_END = re.compile(r"\r\n|\n|\r")
_BYTE_ORDER_MARK = "\ufeff"


def choose_encoding(capabilities: types.ClientCapabilities) -> Encoding:
    """Return utf-16 unless the client offers only others, so that two servers never disagree about one buffer."""
    general = capabilities.general
    offered = [str(getattr(kind, "value", kind)) for kind in (general and general.position_encodings) or ()]
    if not offered or "utf-16" in offered:
        return "utf-16"
    return "utf-32" if "utf-32" in offered else "utf-8" if "utf-8" in offered else "utf-16"


class Lines:
    """A text's lines, as the protocol ends them: at a newline, a carriage return, or both.

    A byte order mark is a character for the editor and none for us.
    """

    def __init__(self, text: str, encoding: Encoding) -> None:
        self._text = text
        self._encoding: Encoding = encoding
        ends = list(_LINE_END.finditer(text))
        self._starts = [0, *(end.end() for end in ends)]
        self._ends = [*(end.start() for end in ends), len(text)]
        self._marks = 1 if text.startswith(_BYTE_ORDER_MARK) else 0

    def offset(self, position: types.Position) -> int:
        """Return the offset of a position in the text, the nearest there is."""
        if position.line >= len(self._starts):
            return len(self._text)
        line = self._line(max(position.line, 0))
        return self._starts[max(position.line, 0)] + _code_points(line, position.character, self._encoding)

    def point_at(self, offset: int) -> Point:
        """Return the point of an offset. Between the two halves of a line end it is the end of that line."""
        line = bisect_right(self._starts, offset) - 1
        column = min(offset, self._ends[line]) - self._starts[line]
        return Point(line + 1, max(column - (self._marks if line == 0 else 0), 0) + 1)

    def point(self, position: types.Position) -> Point:
        """Return our point of a position."""
        return self.point_at(self.offset(position))

    def position(self, point: Point) -> types.Position:
        """Return the editor's position of a point, the nearest there is."""
        line = min(max(point.line - 1, 0), len(self._starts) - 1)
        if line != point.line - 1:
            return types.Position(line, _code_units(self._line(line), self._encoding))
        column = point.column - 1 + (self._marks if line == 0 else 0)
        return types.Position(line, _code_units(self._line(line)[: max(column, 0)], self._encoding))

    def range(self, place: Place) -> types.Range:
        """Return the editor's range of a place."""
        start, end = Point(place.line, place.column), Point(place.end_line, place.end_column)
        return types.Range(self.position(start), self.position(end))

    def _line(self, line: int) -> str:
        return self._text[self._starts[line] : self._ends[line]]


def _code_units(text: str, encoding: Encoding) -> int:
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-16":
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    return len(text.encode("utf-8", "surrogatepass"))


def _code_points(text: str, units: int, encoding: Encoding) -> int:
    """Return how many characters so many code units are; the middle of a character counts as its beginning."""
    if encoding == "utf-32" or text.isascii():
        return min(max(units, 0), len(text))
    used = 0
    for index, character in enumerate(text):
        used += _code_units(character, encoding)
        if used > units:
            return index
    return len(text)
