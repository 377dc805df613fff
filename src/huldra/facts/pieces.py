"""A file's pieces: its top-level statements, the unit of parsing and caching. Splits text; parses nothing."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from huldra.facts.tokens import Lines, Token, scan_tokens

_CONTINUES = frozenset({"else", "elif", "except", "finally"})
_NEVER_INSIDE = re.compile(
    r"(?:def|class|import|return|try|while|with|raise|del|pass|global|nonlocal|assert)\b"
    r"|async[ \t]+def\b|from[ \t]+[.\w]+[ \t]+import\b|@[\w.]+[^\n]*\n(?:@|def\b|class\b|async\b)"
)
"""What, at the beginning of a line, cannot stand inside brackets: there an unclosed bracket or string must end."""


class PieceText(NamedTuple):
    """A piece: the line at which it begins (from 0), and its text, line ends included."""

    first_line: int
    text: str


def split_pieces(text: str) -> tuple[PieceText, ...]:
    """Return the pieces of a text; every line belongs to exactly one, and joined they are the text again.

    Comments and blank lines belong to the piece before them, those at the top to the first one. Line ends must be
    newlines only.
    """
    if not text:
        return ()
    lines = Lines(text)
    starts = [0, *(line for line in _starts(text, lines) if line > 0)]
    offsets = [lines.start(line) for line in starts] + [len(text)]
    cuts = zip(starts, pairwise(offsets), strict=True)
    return tuple(PieceText(line, text[begin:end]) for line, (begin, end) in cuts)


def _starts(text: str, lines: Lines) -> Iterator[int]:
    """Yield the lines at which pieces begin, the first statement's left out: leading comments belong to it."""
    depth = 0
    at_line_start, is_decorated, is_first = True, False, True
    for token in scan_tokens(text):
        if token.kind == "NEWLINE":
            at_line_start = depth == 0
            continue
        line, column = lines.place(token.start)
        is_at_margin = column == 0 or not text[token.start - column : token.start].strip("\f")
        if depth > 0 and is_at_margin and _NEVER_INSIDE.match(text, token.start):
            depth, at_line_start = 0, True
        if at_line_start and is_at_margin:
            if not is_decorated and token.text not in _CONTINUES and not is_first:
                yield line
            is_decorated = token.text == "@"
            is_first = False
        at_line_start = False
        depth = _depth_after(token, depth)


def _depth_after(token: Token, depth: int) -> int:
    if token.kind == "ERROR" and ('"""' in token.text or "'''" in token.text):
        return depth + 1  # a string that is never closed: go on at what cannot stand inside one
    if token.text in {"(", "[", "{"} and token.kind == "OP":
        return depth + 1
    if token.text in {")", "]", "}"} and token.kind == "OP":
        return max(depth - 1, 0)
    return depth
