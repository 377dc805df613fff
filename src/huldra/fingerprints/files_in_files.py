"""Files that other files name and that are no code either: the parts of a template, the tables of a settings file.

Reads nothing but what it is given the texts of.
"""

import re
from collections.abc import Iterator
from typing import Protocol

from huldra.fingerprints.file_names import directories_above, is_file_name

_TEMPLATE = re.compile(r"\{%-?\s*(?:include|extends|import|from)\s+\[?\s*[\"']([^\"']+)[\"']")
"""How Jinja and its likes name another template."""
_SETTINGS = (".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf")
_NAME = re.compile(r"[\w./@+-]+\.[A-Za-z]\w{0,11}\b")
_LONGEST = 100_000
"""Longer files are tables, not settings."""
_MOST_NAMES = 200


class Texts(Protocol):
    """The files of a state."""

    def text(self, name: str) -> str | None:
        """Return what a file says; None if it is no text."""
        ...


def named_in(files: Texts, name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the names of other files that a file says, each with the directories that it may be meant from.

    Args:
        files: The files of a state.
        name: The file, by its root-relative name.
    """
    text = files.text(name)
    if text is None or len(text) > _LONGEST:
        return ()
    found = tuple(dict.fromkeys(_names(name, text)))
    places = tuple(directories_above(name.rpartition("/")[0]))
    return tuple((said, places) for said in found) if len(found) <= _MOST_NAMES else ()


def _names(name: str, text: str) -> Iterator[str]:
    if "{%" in text:
        yield from filter(is_file_name, _TEMPLATE.findall(text))
    if name.endswith(_SETTINGS):
        yield from filter(is_file_name, _NAME.findall(text))
