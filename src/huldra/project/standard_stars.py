"""What a star import takes from a module of the standard library, asked of the library itself. Knows no project."""

from functools import cache
from importlib import import_module

_ASKED = frozenset(
    {
        *("abc", "collections", "collections.abc", "contextlib", "copy", "dataclasses", "datetime", "enum"),
        *("functools", "itertools", "json", "math", "numbers", "operator", "os.path", "pathlib", "random"),
        *("statistics", "string", "types", "typing"),
    }
)
"""Modules that do nothing but define; each is imported only where a file has a star import of it."""


@cache
def standard_names(module: str) -> tuple[str, ...] | None:
    """Return what a star import takes from a module of the standard library; None for one that is not looked into."""
    if module not in _ASKED:
        return None
    found = import_module(module)
    listed: list[str] | None = getattr(found, "__all__", None)
    return tuple(name for name in dir(found) if not name.startswith("_")) if listed is None else tuple(listed)
