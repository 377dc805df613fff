"""The tokens of Python text with their places: a light scanner that knows strings, brackets and nothing of grammar.

An f-string, however nested, is one token. The scanner never fails: what it cannot read is a token of kind ERROR.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import cache
from typing import Literal

from msgspec import Struct

Kind = Literal["NAME", "NUMBER", "STRING", "OP", "NEWLINE", "ERROR"]

_OPENING = r"(?P<OPENING>(?i:[rbuft]{0,3})(?:\'\'\'|\"\"\"|\'|\"))"
_OTHERS = r"""
    (?P<NUMBER>(?=\.?\d)(?:0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+
      |(?:\d(?:_?\d)*\.?(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?[jJ]?))
  | (?P<NAME>(?:[A-Za-z_]|[^\x00-\x7f])(?:\w|[^\x00-\x7f])*)
  | (?P<OP>\.\.\.|\*\*=|//=|>>=|<<=|!=|->|:=|==|<=|>=|\+=|-=|\*=|/=|%=|&=|\|=|\^=|@=|\*\*|//|<<|>>
      |[-+*/%@&|^~<>()\[\]{},:.;=!])
  | (?P<ERROR>.)
"""
_PLAIN = rf"(?P<SPACE>(?:[ \t\f]|\\\n)+) | (?P<COMMENT>\#[^\n]*) | (?P<NEWLINE>\n) | {_OPENING} | {_OTHERS}"
# The same, with what stands before a token, and those first that are most frequent and can be told at once.
_SPACED_TOKEN = re.compile(
    rf"""
    (?:[ \t\f]|\\\n|\#[^\n]*)*+
    (?:
        (?P<WORD>(?:[A-Za-z_]|[^\x00-\x7f])(?:\w|[^\x00-\x7f])*+(?!['"]))
      | (?P<NEWLINE>\n)
      | (?P<STRING>(?i:[rbu]|br|rb)?(?:"(?!"")(?:[^\\"\n]|\\.)*+"|'(?!'')(?:[^\\'\n]|\\.)*+'))
      | {_OPENING} | {_OTHERS} | \Z
    )
    """,
    re.VERBOSE | re.DOTALL,
)
_KINDS: Mapping[str | None, Kind] = {
    "WORD": "NAME",
    **{kind: kind for kind in ("NAME", "NUMBER", "STRING", "OP", "NEWLINE", "ERROR")},
}
_PREFIXES = frozenset({"", "r", "b", "u", "f", "t", "br", "rb", "fr", "rf", "tr", "rt"})
# No character is read in two ways: a text with a string that is not closed would take for ever.
_INSIDE = {
    quote * 3: re.compile(rf"(?:[^\\{quote}]|\\.|{quote}(?!{quote}{quote}))*+{quote * 3}", re.DOTALL) for quote in "'\""
} | {quote: re.compile(rf"(?:[^\\{quote}\n]|\\.)*+{quote}", re.DOTALL) for quote in "'\""}


class Token(Struct, frozen=True, gc=False):
    """A token: `start` and `end` are offsets into the text, in code points."""

    kind: Kind
    text: str
    start: int
    end: int


def scan_tokens(text: str, position: int = 0) -> list[Token]:
    """Return the tokens from an offset on, without comments and space; line ends inside brackets are left in."""
    # What stands in this loop is a large part of reading a file.
    tokens: list[Token] = []
    add, kinds = tokens.append, _KINDS
    is_cut = True
    while is_cut:
        is_cut = False
        for found in _SPACED_TOKEN.finditer(text, position):
            index = found.lastindex
            if index is None:
                break  # only space is left
            start, end = found.span(index)
            kind = kinds.get(found.lastgroup)
            if kind is None:  # a string whose end the pattern does not tell
                kind, position = _string(text, start, text[start:end])
                add(Token(kind, text[start:position], start, position))
                is_cut = True
                break
            add(Token(kind, text[start:end], start, end))
    return tokens


def _string(text: str, start: int, opening: str) -> tuple[Kind, int]:
    """Return the kind and end of a string token; one that is not closed ends with its line."""
    prefix = opening.rstrip("'\"").lower()
    quote = opening[len(prefix) :]
    if prefix not in _PREFIXES:
        return "NAME", start + len(prefix)
    if "f" in prefix or "t" in prefix:
        try:
            end = formatted_string_end(text, start + len(opening), quote)
        except RecursionError:
            end = None  # nested past all reason: not a string that Python could read either
    else:
        found = _INSIDE[quote].match(text, start + len(opening))
        end = None if found is None else found.end()
    if end is not None:
        return "STRING", end
    line_end = text.find("\n", start)
    return "ERROR", len(text) if line_end < 0 else line_end


def formatted_string_end(text: str, position: int, quote: str) -> int | None:
    """Return the offset after the closing quote of an f-string whose content begins at `position`; None if open."""
    while position < len(text):
        if text.startswith(quote, position):
            return position + len(quote)
        character = text[position]
        if character == "\n" and len(quote) == 1:
            return None
        if character == "\\":
            # `\{` in a format is a backslash and a replacement field.
            position += 1 if text.startswith("{", position + 1) else 2
        elif text.startswith(("{{", "}}"), position):
            position += 2
        elif character == "{":
            inner = _field_end(text, position + 1, quote)
            if inner is None:
                return None
            position = inner
        else:
            position += 1
    return None


@cache
def _plain_token() -> re.Pattern[str]:
    return re.compile(_PLAIN, re.VERBOSE | re.DOTALL)  # a millisecond, and not every file has such strings


def _field_end(text: str, position: int, quote: str) -> int | None:
    """Return the offset after the `}` of a replacement field whose expression begins at `position`."""
    depth, plain = 0, _plain_token()
    while position < len(text):
        found = plain.match(text, position)
        if found is None:
            return None
        kind, symbol, end = found.lastgroup, found.group(), found.end()
        if kind == "OPENING":
            inner_kind, end = _string(text, position, symbol)
            if inner_kind == "ERROR":
                return None
        elif symbol in {"(", "[", "{"}:
            depth += 1
        elif symbol == "}" and depth == 0:
            return end
        elif symbol in {")", "]", "}"}:
            depth -= 1
        elif depth == 0 and symbol in {":", ":="}:
            return _spec_end(text, position + 1, quote)
        elif depth == 0 and symbol == "!=" and text[position + 1 :].lstrip()[:1] in {"}", ":"}:
            end = position + 1
        position = end
    return None


def _spec_end(text: str, position: int, quote: str) -> int | None:
    """Return the offset after the `}` that closes a format spec; inside, only braces mean anything."""
    while position < len(text):
        character = text[position]
        if character == "}":
            return position + 1
        if character == "{":
            inner = _field_end(text, position + 1, quote)
            if inner is None:
                return None
            position = inner
        elif text.startswith(quote, position) or (character == "\n" and len(quote) == 1):
            return None
        else:
            position += 1
    return None


class Lines:
    """Offsets as lines and columns, both from 0."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column of an offset."""
        line = bisect_right(self._starts, offset) - 1
        return line, offset - self._starts[line]

    def start(self, line: int) -> int:
        """Return the offset at which a line begins."""
        return self._starts[line]

    def __len__(self) -> int:
        return len(self._starts)
