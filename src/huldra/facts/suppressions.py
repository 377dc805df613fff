"""The comments of a file that ask for silence: `# huldra: ignore[HUL201]`. Knows comments from strings, not codes."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from huldra.facts.collect import normal_text
from huldra.facts.scan import may_suppress
from huldra.facts.tokens import Lines, scan_tokens

_COMMENT = re.compile(
    r"\#\s*huldra:\s*(?P<word>file-ignore|ignore)(?![\w-])(?:\s*\[(?P<codes>[^\]#]*\w[^\]#]*)\]|(?!\s*\[))",
    re.IGNORECASE,
)
"""Brackets that are empty or never closed make it none at all, lest a slip silences everything."""


class Suppression(NamedTuple):
    """A comment that asks for silence, with its range: lines and columns from 1, the end exclusive.

    `codes` are beginnings of problem codes; none of them means every code. `is_for_file`: not for its line only.
    """

    line: int
    column: int
    end_column: int
    codes: tuple[str, ...]
    is_for_file: bool


def scan_suppressions(text: str) -> tuple[Suppression, ...]:
    """Return the comments of a text that ask for silence; a function of the text alone.

    What looks like one inside a string is none. A file that does not hold the word costs one search.
    """
    if not may_suppress(text.encode(errors="surrogatepass")):
        return ()
    normal = normal_text(text)
    lines = Lines(normal)
    return tuple(
        _suppression(found, *lines.place(start + found.start()))
        for start, comment in _comments(normal)
        for found in _COMMENT.finditer(comment)
    )


def _suppression(found: re.Match[str], line: int, column: int) -> Suppression:
    codes = tuple(code for code in re.split(r"[,\s]+", (found["codes"] or "").upper()) if code)
    return Suppression(
        line + 1, column + 1, column + 1 + len(found.group()), codes, found["word"].casefold() == "file-ignore"
    )


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield every comment with its offset: what stands between two tokens from the first `#` on."""
    end = 0
    for token in (*scan_tokens(text), None):
        start = len(text) if token is None else token.start
        hash_sign = text.find("#", end, start)
        if hash_sign >= 0:
            yield hash_sign, text[hash_sign:start]
        end = start if token is None else token.end
