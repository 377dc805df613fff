"""The word at a point of a text: a name, with the dotted name that ends in it, or a hash. Knows text only."""

import re

from msgspec import Struct

from huldra.project.places import Place

_NAME = re.compile(r"[^\W\d]\w*(?:[ \t]*\.[ \t]*[^\W\d]\w*)*")
_HASH = re.compile(r"(?<![0-9a-zA-Z_])[0-9a-f]{20}(?![0-9a-zA-Z_])")
_PATH = re.compile(r"[^\s'\"`()<>\[\]{},;]*$")


class WordHere(Struct, frozen=True):
    """A name in the text.

    Attributes:
        name: The name itself.
        dotted: What stands before it with dots, and the name: `pkg.mod.name`.
        is_keyword: Whether an equals sign follows, as in `Train(lr=...)`.
        place: Where the name alone stands.
    """

    name: str
    dotted: str
    is_keyword: bool
    place: Place


def line_of(text: str, line: int) -> str:
    """Return a line (from 1) without its end; empty where there is none."""
    lines = text.split("\n")
    return lines[line - 1] if 0 < line <= len(lines) else ""


def word_at(text: str, file: str, line: int, column: int) -> WordHere | None:
    """Return the name around or right before a point; None where there is none."""
    content = line_of(text, line)
    offset = column - 1
    for dotted in _NAME.finditer(content):
        if not dotted.start() <= offset <= dotted.end():
            continue
        for part in re.finditer(r"\w+", dotted[0]):
            start, end = dotted.start() + part.start(), dotted.start() + part.end()
            if start <= offset <= end:
                whole = re.sub(r"[ \t]+", "", content[dotted.start() : end])
                is_keyword = re.match(r"[ \t]*=(?!=)", content[end:]) is not None and "." not in whole
                return WordHere(part[0], whole, is_keyword, Place(file, line, start + 1, line, end + 1))
    return None


def hashes_in(text: str, file: str) -> tuple[tuple[str, Place], ...]:
    """Return what looks like a hash of a run anywhere in a text, in its order."""
    return tuple(
        (found[0], Place(file, number, found.start() + 1, number, found.end() + 1))
        for number, content in enumerate(text.split("\n"), 1)
        for found in _HASH.finditer(content)
    )


def path_start(content: str, column: int) -> int:
    """Return the column at which the path begins that ends right before a column (from 1) of a line."""
    found = _PATH.search(content[: column - 1])
    return column if found is None else found.start() + 1


def hash_at(text: str, file: str, line: int, column: int) -> tuple[str, Place] | None:
    """Return what looks like a hash of a run around a point."""
    for found in _HASH.finditer(line_of(text, line)):
        if found.start() <= column - 1 <= found.end():
            return found[0], Place(file, line, found.start() + 1, line, found.end() + 1)
    return None
