"""Files that other files name and that are no code either: the parts of a template, the tables of a settings file."""

import re
from collections.abc import Iterator

from huldra.fingerprints.file_names import is_file_name

_TEMPLATE = re.compile(r"\{%-?\s*(?:include|extends|import|from)\s+\[?\s*[\"']([^\"']+)[\"']")
"""How Jinja and its likes name another template."""
_TEMPLATES = (".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".txt", ".md", ".html", ".htm", ".xml", ".tex", ".prompt")
_SETTINGS = (".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf")
_WORD = re.compile(r"[\w./@+-]+")
_SUFFIX = re.compile(r"(?<=.)\.[A-Za-z]\w{0,11}\b")
MOST_NAMES = 200
"""What says more names than so many is a table of what others have made, most often; they are not followed."""


def may_name_files(name: str) -> bool:
    """Return whether a file is of a kind that names others, by its own name."""
    return name.endswith((*_TEMPLATES, *_SETTINGS))


def named_in(name: str, text: str | None) -> tuple[str, ...]:
    """Return the names of other files that a file says; nothing for one that is no text.

    Args:
        name: The file.
        text: What it holds.
    """
    if text is None or not may_name_files(name):
        return ()
    return tuple(dict.fromkeys(_names(name, text)))


def _names(name: str, text: str) -> Iterator[str]:
    yield from filter(is_file_name, _TEMPLATE.findall(text))
    if name.endswith(_SETTINGS):
        words = (_name_in(found[0]) for found in _WORD.finditer(text))
        yield from (word for word in words if word and is_file_name(word))


def _name_in(word: str) -> str:
    """Return a word up to its last suffix; "" if it has none."""
    end = max((found.end() for found in _SUFFIX.finditer(word)), default=0) if "." in word else 0
    return word[:end]
