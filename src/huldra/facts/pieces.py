"""A file's pieces: its top-level statements, the unit of parsing and caching. Splits text; parses nothing."""

import re
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from huldra.facts.tokens import Lines, Token, scan_tokens

_CONTINUES = frozenset({"else", "elif", "except", "finally"})
_HAS_BLOCK = _CONTINUES | {"def", "class", "if", "for", "while", "with", "try", "async", "match"}
_STATEMENTS = frozenset({"def", "class", "return", "try", "while", "with", "raise", "del", "pass", "import", "assert"})
"""Words that stand inside no brackets."""
_OURS, _THEIRS = "<<<<<<< ", ">>>>>>> "
_NEVER_INSIDE = re.compile(
    r"^(?:(?:def|class|import|return|try|while|with|raise|del|pass|global|nonlocal|assert)\b"
    r"|async[ \t]+def\b|from[ \t]+[.\w]+[ \t]+import\b|@[\w.]+[^\n]*\n(?:@|def\b|class\b|async\b))",
    re.MULTILINE,
)
"""What, at the beginning of a line, cannot stand inside brackets: there an unclosed bracket or string must end."""

_MAY_BEGIN = re.compile(r"(?!(?:and|or|in|is|else|elif|except|finally)\b)[^\W\d]")
"""What, at the beginning of a line, is a statement if the bracket that it stands in turns out to be never closed."""

_QUOTE = re.compile(r"[a-zA-Z]{0,2}(?:\'\'\'|\"\"\")")
_MAX_SUSPECTS = 3
_AROUND = 2
"""So many pieces before another say where it begins."""


class PieceText(NamedTuple):
    """A piece: the line at which it begins (from 0), and its text, line ends included."""

    first_line: int
    text: str


class Split(Struct, frozen=True):
    """A text and its pieces.

    `is_settled` says that no string, bracket or mark of a conflict is left open in it, so that where a piece begins
    follows from what stands before it, and of that from little.
    """

    text: str
    pieces: tuple[PieceText, ...]
    is_settled: bool


def split_pieces(text: str) -> tuple[PieceText, ...]:
    """Return the pieces of a text; every line belongs to exactly one, and joined they are the text again.

    Comments and blank lines belong to the piece before them, those at the top to the first one. Line ends must be
    newlines only.
    """
    return split_text(text).pieces


def split_text(text: str) -> Split:
    """Return a text with its pieces."""
    if not text:
        return Split(text, (), is_settled=True)
    lines = Lines(text)
    found, is_settled = _starts(text, lines)
    starts = [0, *(line for line in _without_conflicts(text, found) if line > 0)]
    offsets = [lines.start(line) for line in starts] + [len(text)]
    cuts = zip(starts, pairwise(offsets), strict=True)
    pieces = tuple(PieceText(line, text[begin:end]) for line, (begin, end) in cuts)
    return Split(text, pieces, is_settled and _OURS not in text)


def split_again(text: str, before: Split) -> Split:
    """Return what `split_text` returns of a text; of what it has in common with another one, no token is looked at.

    Where a piece begins follows from the two before it, if nothing is left open; so what was edited is split together
    with two pieces on either side, and these must come out as they were.
    """
    old = before.pieces
    head, begin = _equal_at_begin(text, old)
    tail, end = _equal_at_end(text, old[head:], begin)
    head, tail = max(0, head - _AROUND), max(0, tail - _AROUND)
    around = (
        old[head : head + _AROUND] if head else (),
        old[len(old) - tail - _AROUND : len(old) - tail] if tail else (),
    )
    begin = begin - _length(around[0]) if head else 0
    end = end + _length(around[1]) if tail else len(text)
    edited = split_text(text[begin:end]) if before.is_settled and (head or tail) else None
    if edited is None or not edited.is_settled or not _is_between(edited.pieces, *around):
        return split_text(text)
    line = old[head].first_line if head else 0
    moved = text.count("\n") - before.text.count("\n")
    pieces = (
        *old[:head],
        *(PieceText(line + piece.first_line, piece.text) for piece in edited.pieces),
        *(PieceText(piece.first_line + moved, piece.text) for piece in old[len(old) - tail :]),
    )
    return Split(text, pieces, is_settled=True)


def _is_between(found: tuple[PieceText, ...], first: tuple[PieceText, ...], last: tuple[PieceText, ...]) -> bool:
    """Whether pieces begin and end with some, which do not overlap."""
    if len(found) < len(first) + len(last):
        return False
    ends = (*found[: len(first)], *found[len(found) - len(last) :])
    return all(piece.text == other.text for piece, other in zip(ends, (*first, *last), strict=True))


def _length(pieces: tuple[PieceText, ...]) -> int:
    return sum(len(piece.text) for piece in pieces)


def _equal_at_begin(text: str, pieces: tuple[PieceText, ...]) -> tuple[int, int]:
    """Return how many pieces a text begins with, and where it goes on after them."""
    offset = 0
    for number, piece in enumerate(pieces):
        if not text.startswith(piece.text, offset):
            return number, offset
        offset += len(piece.text)
    return len(pieces), offset


def _equal_at_end(text: str, pieces: tuple[PieceText, ...], least: int) -> tuple[int, int]:
    """Return how many pieces a text ends with, none of them before some offset, and where they begin."""
    offset = len(text)
    for number, piece in enumerate(reversed(pieces)):
        begin = offset - len(piece.text)
        if begin < least or not text.startswith(piece.text, begin):
            return number, offset
        offset = begin
    return len(pieces), offset


def _starts(text: str, lines: Lines) -> tuple[list[int], bool]:
    """Return the lines at which pieces begin, and whether no string or bracket is left open.

    The first statement's is left out: leading comments belong to it.
    """
    starts: list[int] = []
    depth = 0
    at_line_start, is_decorated, is_first, is_new_line = True, False, True, True
    is_string_open, has_block, had_block = False, False, False
    inside: list[int] = []
    is_settled = True
    for token in _tokens(text):
        if token.kind == "NEWLINE":
            at_line_start, is_new_line = depth == 0, True
            continue
        is_at_margin = _is_at_margin(text, token.start)
        line = lines.place(token.start)[0] if is_at_margin else -1  # asked of those alone
        if depth > 0 and is_at_margin and _NEVER_INSIDE.match(text, token.start):
            starts += inside
            inside, depth, at_line_start, is_string_open = [], 0, True, False
        elif depth > 0 and is_at_margin and not is_string_open and _MAY_BEGIN.match(token.text):
            inside.append(line)
        if at_line_start and is_at_margin:
            if not is_decorated and token.text not in _CONTINUES and not is_first:
                starts.append(line)
                had_block, has_block = has_block, False
            has_block = has_block or token.text in _HAS_BLOCK
            is_decorated = token.text == "@"
            is_first = False
        elif is_new_line and not (has_block or inside or is_string_open) and (depth == 0 or token.text in _STATEMENTS):
            if had_block and starts:
                del starts[-1]  # what was typed at the margin tore the rest off the block above
            has_block = True
        at_line_start = is_new_line = False
        if token.kind == "OP":
            depth = _depth_after(token.text, depth)
        elif _is_open_string(token):
            depth, is_string_open = depth + 1, True  # go on at what cannot stand inside one
            is_settled = False
        if depth == 0 and inside:
            inside = []
    return [*starts, *inside], is_settled and depth == 0


def _is_at_margin(text: str, offset: int) -> bool:
    """Whether a line, or a page, begins at an offset."""
    if offset == 0 or text[offset - 1] == "\n":
        return True
    return text[offset - 1] == "\f" and not text[text.rfind("\n", 0, offset) + 1 : offset].strip("\f")


def _without_conflicts(text: str, starts: list[int]) -> list[int]:
    """Return the starts without those between git's marks: which of two sides is meant, nobody knows."""
    if _OURS not in text:
        return starts
    begins, found = None, set[int]()
    for number, line in enumerate(text.split("\n")):
        if line.startswith(_OURS) and begins is None:
            begins = number
        elif line.startswith(_THEIRS) and begins is not None:
            found.update(range(begins + 1, number + 1))
            begins = None
    return [line for line in starts if line not in found]


def _depth_after(operator: str, depth: int) -> int:
    if operator in {"(", "[", "{"}:
        return depth + 1
    return max(depth - 1, 0) if operator in {")", "]", "}"} else depth


def _is_open_string(token: Token) -> bool:
    return token.kind == "ERROR" and _QUOTE.match(token.text) is not None


def _tokens(text: str) -> list[Token]:
    """Return the tokens of a text; if a triple-quoted string is left open, those that make most sense.

    Three quotes typed somewhere turn all later strings inside out, and only the last of them is seen to be open. One of
    those that have a definition at their margin is meant: that after which the fewest others have.
    """
    tokens = scan_tokens(text)
    if not any(map(_is_open_string, tokens)):
        return tokens
    suspects = _suspects(text, tokens)
    choices = [tokens, *(_tokens_without(text, tokens, index) for index in suspects[:_MAX_SUSPECTS])]
    return min(choices, key=lambda choice: len(_suspects(text, choice)) + sum(map(_is_open_string, choice)))


def _suspects(text: str, tokens: list[Token]) -> list[int]:
    """Return the indices of the triple-quoted strings that have a definition at their margin."""
    return [
        index
        for index, token in enumerate(tokens)
        if token.kind == "STRING" and _QUOTE.match(token.text) and _NEVER_INSIDE.search(text, token.start, token.end)
    ]


def _tokens_without(text: str, tokens: list[Token], index: int) -> list[Token]:
    """Return the tokens if the string at an index ended nowhere: it gives way to the definition at its margin."""
    token = tokens[index]
    margin = _NEVER_INSIDE.search(text, token.start, token.end)
    line_end = text.find("\n", token.start)
    opening = Token("ERROR", text[token.start : line_end], token.start, line_end)
    return [*tokens[:index], opening, *scan_tokens(text, token.end if margin is None else margin.start())]
