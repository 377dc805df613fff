"""A text with blank lines put in, so that its statements keep their lines while one of them grows or shrinks.

An edit that adds a line moves all that follows, and what is known of a place would have to be found again. So what is
analysed of a file that is being edited is a longer text: after every top-level statement, and every method of a class
that stands there, lines are left blank; what is typed uses them up. Blank lines between statements mean nothing to
Python. Knows texts, not files.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate

from msgspec import Struct

from huldra.analysis.alignment import LineShift
from huldra.facts.pieces import PieceText, split_pieces
from huldra.facts.tokens import Lines, Token, scan_tokens

_LEAST_ROOM = 16


class Section(Struct, frozen=True):
    """Whole lines that keep their place; `height` is how many lines they have with the blank ones after them."""

    text: str
    height: int

    @property
    def lines(self) -> int:
        """How many lines it has of its own."""
        return _line_count(self.text)


class SpacedPiece(Struct, frozen=True):
    """A top-level statement as it stands, and the sections that it falls into."""

    text: str
    sections: tuple[Section, ...]


class SpacedText(Struct, frozen=True):
    """A text, and the same with blank lines in it. Line ends are newlines."""

    present: str
    pieces: tuple[SpacedPiece, ...]
    text: str

    def without_room(self) -> LineShift:
        """Return how places of the longer text stand in the other."""
        sections = [section for piece in self.pieces for section in piece.sections]
        lengths = [section.lines for section in sections]
        starts = accumulate((section.height for section in sections[:-1]), initial=1)
        return LineShift(tuple(starts), tuple(accumulate(lengths[:-1], initial=1)), tuple(lengths))


def space_out(
    text: str, last: SpacedText | None, split: Callable[[str], tuple[PieceText, ...]] = split_pieces
) -> SpacedText:
    """Return a text with blank lines in it; what did not change since the last time stays where it was.

    Args:
        text: What stands there, its line ends newlines.
        last: The same file before.
        split: Gives what `split_pieces` gives, in less time.
    """
    if last is not None and last.present == text:
        return last
    present = [piece.text for piece in split(text)]
    before = () if last is None else last.pieces
    head = _equal_head(present, [piece.text for piece in before])
    most = min(len(present), len(before)) - head
    tail = _equal_head(present[::-1][:most], [piece.text for piece in before[::-1]][:most])
    new, old = present[head : len(present) - tail], before[head : len(before) - tail]
    pieces = (*before[:head], *_spaced(new, old), *before[len(before) - tail :])
    return SpacedText(text, pieces, "".join(map(_longer, (section for piece in pieces for section in piece.sections))))


def _longer(section: Section) -> str:
    return section.text + "\n" * (section.height - section.lines)


def _spaced(new: Sequence[str], old: Sequence[SpacedPiece]) -> Iterator[SpacedPiece]:
    """Yield pieces that have changed, in the lines that they had if these are enough."""
    if len(new) == len(old):
        for text, before in zip(new, old, strict=True):
            yield SpacedPiece(text, _fitted(list(_cut(text)), before.sections))
        return
    cuts = [list(_cut(text)) for text in new]
    sections = iter(_fitted([text for cut in cuts for text in cut], [s for piece in old for s in piece.sections]))
    for text, cut in zip(new, cuts, strict=True):
        yield SpacedPiece(text, tuple(next(sections) for _ in cut))


def _fitted(new: Sequence[str], old: Sequence[Section]) -> tuple[Section, ...]:
    """Return sections in the lines of others; those that have no room get more, and what follows moves."""
    head = _equal_head(new, [section.text for section in old])
    most = min(len(new), len(old)) - head
    tail = _equal_head(new[::-1][:most], [section.text for section in old[::-1]][:most])
    changed, before = new[head : len(new) - tail], old[head : len(old) - tail]
    if len(changed) == len(before):
        between = [_in_height(text, section.height) for text, section in zip(changed, before, strict=True)]
    else:
        between = _in_all(changed, sum(section.height for section in before))
    return (*old[:head], *between, *old[len(old) - tail :])


def _in_height(text: str, height: int) -> Section:
    lines = _line_count(text)
    return Section(text, height if lines <= height else _roomy(text))


def _in_all(texts: Sequence[str], height: int) -> list[Section]:
    """Return sections that take a height together, the last of them what is left, if they can."""
    lines = [_line_count(text) for text in texts]
    if not texts or sum(lines) > height:
        return [Section(text, _roomy(text)) for text in texts]
    share = (height - sum(lines)) // len(texts)
    found = [Section(text, count + share) for text, count in zip(texts, lines, strict=True)]
    found[-1] = Section(texts[-1], height - sum(section.height for section in found[:-1]))
    return found


def _roomy(text: str) -> int:
    lines = _line_count(text)
    # Nothing can be put after a line that does not end.
    return lines + max(_LEAST_ROOM, lines) if text.endswith("\n") else lines


def _cut(text: str) -> Iterator[str]:
    """Yield the parts of a top-level statement that keep their places each: a class's methods, and what is around."""
    lines = Lines(text)
    begin = 0
    for line in _method_lines(text, lines):
        yield text[begin : lines.start(line)]
        begin = lines.start(line)
    yield text[begin:]


def _method_lines(text: str, lines: Lines) -> Iterator[int]:
    """Yield the lines at which the methods of a class begin, decorators included; none for other statements."""
    tokens = scan_tokens(text)
    if not _is_class(tokens):
        return
    depth, indent, is_line_start, is_decorated = 0, 0, True, False
    for token in tokens:
        if token.kind == "ERROR":
            return  # what a string that is never closed takes with it cannot be told
        if token.kind == "NEWLINE":
            is_line_start = depth == 0
            continue
        if is_line_start:
            line, column = lines.place(token.start)
            indent = indent or column  # the first line that is indented is the first of the body
            if column == indent and indent > 0:
                if token.text in {"def", "async", "class", "@"} and not is_decorated:
                    yield line
                is_decorated = token.text == "@"
        is_line_start = False
        if token.kind == "OP" and token.text in {"(", "[", "{"}:
            depth += 1
        elif token.kind == "OP" and token.text in {")", "]", "}"}:
            depth -= 1


def _is_class(tokens: Sequence[Token]) -> bool:
    """Whether a statement is a class, perhaps with decorators."""
    depth, is_line_start, is_decorator = 0, True, False
    for token in tokens:
        if token.kind == "NEWLINE":
            is_line_start = is_line_start or depth == 0
            continue
        if is_line_start:
            is_decorator = token.text == "@"
            if not is_decorator:
                return token.text == "class"
        is_line_start = False
        if token.kind == "OP" and token.text in {"(", "[", "{"}:
            depth += 1
        elif token.kind == "OP" and token.text in {")", "]", "}"}:
            depth -= 1
    return False


def _line_count(text: str) -> int:
    return text.count("\n") + (not text.endswith("\n") and bool(text))


def _equal_head(left: Sequence[str], right: Sequence[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
