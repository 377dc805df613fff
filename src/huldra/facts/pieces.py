"""A file's pieces: its top-level statements, the unit of parsing and caching. Splits text; parses nothing."""

import re
from itertools import pairwise
from typing import NamedTuple

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
    starts = [0, *(line for line in _without_conflicts(text, _starts(text, lines)) if line > 0)]
    offsets = [lines.start(line) for line in starts] + [len(text)]
    cuts = zip(starts, pairwise(offsets), strict=True)
    return tuple(PieceText(line, text[begin:end]) for line, (begin, end) in cuts)


def _starts(text: str, lines: Lines) -> list[int]:
    """Return the lines at which pieces begin, the first statement's left out: leading comments belong to it."""
    starts: list[int] = []
    depth = 0
    at_line_start, is_decorated, is_first, is_new_line = True, False, True, True
    is_string_open, has_block, had_block = False, False, False
    inside: list[int] = []
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
        if depth == 0 and inside:
            inside = []
    return [*starts, *inside]


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
