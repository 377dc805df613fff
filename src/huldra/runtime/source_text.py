"""Configs as Python-like source text, for people and for metadata.json. Not meant to be evaluated."""

import enum
import hashlib
import textwrap
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from huldra.formats.identity import utc_text
from huldra.runtime.errors import MISSING
from huldra.runtime.fields import field_values, has_fields
from huldra.runtime.narrowing import bytes_of, is_dict, is_list, is_list_or_tuple, is_set
from huldra.runtime.values import class_path_of

_INDENT = "    "


def to_python(value: object, *, multiline: bool = True) -> str:
    """Return source text that would build the value: `my_project.train.Train(lr=0.1)`, one field a line if asked.

    Raises:
        ValueError: it holds MISSING, or an object whose class lives in `__main__`.
    """
    text = _render(value, 0 if multiline else None)
    return textwrap.dedent(text).strip() if multiline else text


def _render(value: object, level: int | None) -> str:
    """Return the text; `level` counts the brackets around it, and is None on one line."""
    deeper = None if level is None else level + 1
    if value is MISSING:
        raise ValueError("MISSING cannot be serialised: give the field a value first")
    if has_fields(value):
        parts = (f"{name}={_render(item, deeper)}" for name, item in field_values(value))
        return f"{class_path_of(value)}({_lines(parts, level)})"
    if is_dict(value):
        parts = (f"{_render(key, deeper)}: {_render(item, deeper)}" for key, item in value.items())
        return "{" + _lines(parts, level) + "}"
    if is_list_or_tuple(value):
        body = ", ".join(_render(item, deeper) for item in value)
        if is_list(value):
            return f"[{body}]"
        return f"({body},)" if len(value) == 1 else f"({body})"
    if is_set(value):
        body = "{" + ", ".join(_render(item, deeper) for item in value) + "}"
        return f"frozenset({body})" if isinstance(value, frozenset) else body
    return _leaf(value)


def _leaf(value: object) -> str:
    if isinstance(value, enum.Enum):
        return f"{class_path_of(value)}:{value.name}"
    if isinstance(value, Path):
        return f"pathlib.Path({str(value)!r})"
    if isinstance(value, datetime):
        return f"datetime.datetime.fromisoformat({utc_text(value)!r})"
    data = bytes_of(value)
    return repr(value) if data is None else f"bytes.fromhex({hashlib.sha256(data).hexdigest()!r})"


def _lines(parts: Iterable[str], level: int | None) -> str:
    if level is None:
        return ", ".join(parts)
    inner = _INDENT * (level + 1)
    return "\n" + ",\n".join(f"{inner}{part}" for part in parts) + "\n" + _INDENT * level
