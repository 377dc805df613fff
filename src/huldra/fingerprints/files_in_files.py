"""Files that other files name and that are no code either: the parts of a template, the tables of a settings file."""

import re
from collections.abc import Iterator

from huldra.fingerprints.file_names import is_file_name

_TEMPLATE = re.compile(r"\{%-?\s*(?:include|extends|import|from)\s+\[?\s*[\"']([^\"']+)[\"']")
"""How Jinja and its likes name another template."""
_TEMPLATES = (".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".txt", ".md", ".html", ".htm", ".xml", ".tex", ".prompt")
_SETTINGS = (".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf")
_NAME = re.compile(r"[\w./@+-]+\.[A-Za-z]\w{0,11}\b")
_LONGEST = 100_000
"""Longer files are tables, not settings."""
_MOST_NAMES = 200


def may_name_files(name: str) -> bool:
    """Return whether a file is of a kind that names others, by its own name."""
    return name.endswith((*_TEMPLATES, *_SETTINGS))


def named_in(name: str, text: str | None) -> tuple[str, ...]:
    """Return the names of other files that a file says; nothing for one that is no text.

    Args:
        name: The file.
        text: What it holds.
    """
    if text is None or len(text) > _LONGEST or not may_name_files(name):
        return ()
    found = tuple(dict.fromkeys(_names(name, text)))
    return found if len(found) <= _MOST_NAMES else ()


def _names(name: str, text: str) -> Iterator[str]:
    yield from filter(is_file_name, _TEMPLATE.findall(text))
    if name.endswith(_SETTINGS):
        yield from filter(is_file_name, _NAME.findall(text))
