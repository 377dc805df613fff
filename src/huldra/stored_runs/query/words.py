"""A query's text as words, each with the characters it stands at. Knows no grammar."""

import re
from typing import Literal

from msgspec import Struct

from huldra.stored_runs.query.expressions import QueryFault

# A quote may stand inside a word after a dot: config."a key".x
_QUOTED = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_WORD = re.compile(
    rf"""(?P<space>\s+)|(?P<quoted>{_QUOTED})|(?P<operator><:|==|!=|<=|>=|<|>|~)|(?P<mark>[(),])"""
    rf"""|(?P<word>(?:[^\s()"',=!<>~]|(?<=\.){_QUOTED})+)""",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)

WordKind = Literal["word", "quoted", "operator", "mark", "end"]


class Word(Struct, frozen=True):
    """A word; `text` is without the quotes of a quoted one."""

    kind: WordKind
    text: str
    start: int
    end: int

    def is_keyword(self, *names: str) -> bool:
        """Whether this is one of the language's own words, in any case."""
        return self.kind == "word" and self.text.lower() in names


def split_words(text: str) -> tuple[Word, ...] | QueryFault:
    """Return the words of a query, and an `end` after the last."""
    words: list[Word] = []
    at = 0
    while at < len(text):
        found = _WORD.match(text, at)
        if found is None:
            return _fault(text, at)
        kind, value = found.lastgroup or "", found[0]
        if kind in ("word", "operator", "mark"):
            words.append(Word(kind, value, at, found.end()))  # pyright: ignore[reportArgumentType] # narrowed above
        elif kind == "quoted":
            words.append(Word("quoted", unquoted(value), at, found.end()))
        at = found.end()
    return (*words, Word("end", "", len(text), len(text)))


def unquoted(text: str) -> str:
    """Return what a quoted text stands for; a backslash lets the next character stand for itself."""
    return _ESCAPED.sub(r"\1", text[1:-1])


def _fault(text: str, at: int) -> QueryFault:
    if text[at] in "\"'":
        return QueryFault(text, at, len(text), "the quote is not closed")
    message = "for equality write ==" if text[at] == "=" else "write != for unequal, and not for a denial"
    return QueryFault(text, at, at + 1, message)
