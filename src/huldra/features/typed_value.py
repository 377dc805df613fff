"""How much of a value has been written at a cursor: what a completion replaces. Knows one line, and no project."""

import re

from msgspec import Struct

_STRING = re.compile(r"(?P<prefix>\b[A-Za-z]{1,2})?(?P<quote>\"\"\"|'''|\"|')")
_PLAIN_PREFIXES = frozenset({"", "r", "R", "u", "U"})
_TOKEN_BEFORE = re.compile(r"(?:^\s*[+-])?(?:\b\d[\w.]*[eE][+-])?[\w.]*$")
_TOKEN_AFTER = re.compile(r"(?:\d[\w.]*[eE][+-])?[\w.]*")
_EXPONENT_AFTER = re.compile(r"[+-]?\w*")
_REST_OF_OPEN_STRING = re.compile(r"[^\s,()\[\]{}\"'#]*")
_END_OF_VALUE = re.compile(r"[ \t]*(?:[,)\]}#\\\r\n]|$)")


class OpenString(Struct, frozen=True):
    """A string that is open at the end of a line: where it begins in the line, its prefix with its quote, and these."""

    start: int
    prefix: str
    quote: str

    @property
    def is_plain(self) -> bool:
        """Whether what stands in it is its value, as in no bytes and no f-string."""
        return self.prefix in _PLAIN_PREFIXES


def open_string(line: str) -> OpenString | None:
    """Return the string that is open at the end of a line; None for none, and in a comment."""
    index = 0
    while index < len(line):
        if line[index] == "#":
            return None
        opened = _STRING.match(line, index)
        if opened is None:
            index += 1
            continue
        quote = opened["quote"]
        end = _closing(line, opened.end(), quote)
        if end is None:
            return OpenString(index, opened["prefix"] or "", quote)
        index = end
    return None


def rest_of_string(after: str, quote: str) -> int:
    """Return how many characters behind the cursor belong to the string that is open there, its end included.

    A quote that no end of a value follows begins another string: then this one is not ended yet.
    """
    line = _first_line(after)
    end = _closing(line, 0, quote)
    if end is not None and _END_OF_VALUE.match(line, end):
        return end
    rest = _REST_OF_OPEN_STRING.match(line)
    return 0 if rest is None else rest.end()


def token_around(typed: str, after: str) -> tuple[int, int] | None:
    """Return how many characters before and behind the cursor are a number, a name or a string that stands there.

    Args:
        typed: What of the value stands before the cursor.
        after: What stands behind it.

    Returns:
        The two counts; None behind a string that is whole.
    """
    if typed.rstrip().endswith(("'", '"')):
        return None
    found = _TOKEN_BEFORE.search(typed)
    before = "" if found is None else found[0].lstrip()
    line = _first_line(after)
    opened = _STRING.match(line)
    if not before and opened is not None:
        end = _closing(line, opened.end(), opened["quote"])
        return 0, end if end is not None and _END_OF_VALUE.match(line, end) else 0
    is_exponent = re.fullmatch(r"[+-]?\d[\w.]*[eE]", before) is not None
    behind = (_EXPONENT_AFTER if is_exponent else _TOKEN_AFTER).match(line)
    return len(before), 0 if behind is None else behind.end()


def _closing(line: str, start: int, quote: str) -> int | None:
    """Where a string that is open at a column has ended; None if not in this line."""
    index = start
    while index < len(line):
        if line[index] == "\\":
            index += 2
        elif line.startswith(quote, index):
            return index + len(quote)
        else:
            index += 1
    return None


def _first_line(text: str) -> str:
    return re.split(r"[\r\n]", text, maxsplit=1)[0]
