"""What a star import takes from a module of the standard library, asked of the library itself. Knows no project."""

import functools
from functools import cache
from importlib import import_module
from importlib.util import find_spec

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
    if module not in _ASKED or not _is_standard(module.partition(".")[0]):
        return None
    found = import_module(module)
    listed: list[str] | None = getattr(found, "__all__", None)
    return tuple(name for name in dir(found) if not name.startswith("_")) if listed is None else tuple(listed)


def _is_standard(package: str) -> bool:
    """Whether Python would import its own: `python -m huldra` finds a `string.py` that lies where it is started."""
    spec = find_spec(package)
    origin = "" if spec is None or spec.origin is None else spec.origin
    directory = functools.__file__.removesuffix("functools.py")
    return origin in {"built-in", "frozen"} or origin.startswith(directory)
