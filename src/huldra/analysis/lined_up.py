"""Two states of a text with blank lines put in, so that what is the same in both stands at the same lines.

Blank lines between the lines of a text mean nothing to Python, but inside a string, and after a backslash at the end of
a line. Knows texts, not files.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

from huldra.facts.tokens import scan_tokens

_MOST_LINES = 1000
"""Between the first and the last line that differ; to compare more takes longer than it saves."""


class LinedUp(NamedTuple):
    """Both texts with blank lines in them.

    `starts` are the lines of the first one, from 0, before which there are more blank lines than before its beginning,
    and `room` how many more, one number more than there are starts.
    """

    before: str
    after: str
    starts: tuple[int, ...]
    room: tuple[int, ...]

    def line(self, line: int) -> int:
        """Return where a line of the first text, from 0, stands now."""
        return line + self.room[bisect_right(self.starts, line)]


def line_up(before: str, after: str) -> LinedUp | None:
    """Return two texts, whose line ends are newlines, with blank lines in them; None where none may be put."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if _has_other_ends(before, old) or _has_other_ends(after, new):
        return None
    starts: list[int] = []
    rooms: list[int] = []
    old_gaps: dict[int, int] = {}
    new_gaps: dict[int, int] = {}
    for old_begin, old_end, new_begin, new_end in _differing(old, new):
        more = (new_end - new_begin) - (old_end - old_begin)
        if more > 0:
            old_gaps[old_end] = more
            starts.append(old_end)
            rooms.append(more)
        elif more < 0:
            new_gaps[new_end] = -more
    if not _may_be_parted(before, old, old_gaps) or not _may_be_parted(after, new, new_gaps):
        return None
    return LinedUp(_with_gaps(old, old_gaps), _with_gaps(new, new_gaps), tuple(starts), (0, *accumulate(rooms)))


def _differing(old: list[str], new: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield where lines differ: from which line to which, in both."""
    head = _equal_head(old, new)
    tail = _equal_head(old[head:][::-1], new[head:][::-1])
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(len(left), len(right)) > _MOST_LINES:
        yield head, head + len(left), head, head + len(right)
        return
    for kind, *bounds in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if kind != "equal":
            old_begin, old_end, new_begin, new_end = (head + bound for bound in bounds)
            yield old_begin, old_end, new_begin, new_end


def _equal_head(left: list[str], right: list[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


def _has_other_ends(text: str, lines: list[str]) -> bool:
    """Whether there is something that ends a line here, and not in Python."""
    return len(lines) != text.count("\n") + (bool(text) and not text.endswith("\n"))


def _may_be_parted(text: str, lines: list[str], gaps: dict[int, int]) -> bool:
    """Whether blank lines before some lines of a text mean nothing."""
    if not gaps:
        return True
    # After a backslash nothing may stand, and after the end of a text without one a line would go on.
    if any(line and (not lines[line - 1].endswith("\n") or lines[line - 1].endswith("\\\n")) for line in gaps):
        return False
    starts = [0, *accumulate(map(len, lines))]
    tokens = scan_tokens(text)
    begins = [token.start for token in tokens]
    for offset in (starts[line] for line in gaps):
        number = bisect_left(begins, offset)
        if number and offset < tokens[number - 1].end:
            return False
    return all(token.kind != "ERROR" for token in tokens)


def _with_gaps(lines: list[str], gaps: dict[int, int]) -> str:
    parts = ("\n" * gaps.get(number, 0) + line for number, line in enumerate((*lines, "")))
    return "".join(parts)
