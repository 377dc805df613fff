"""Numbers and strings by their value, so that how they are spelled does not count. Knows nothing of names."""

import ast
from collections.abc import Iterator

from huldra.facts.expressions import Concatenation, FormattedString, Interpolation, Literal


def literal_form(source: str) -> str:
    """Return a number, string or bytes token by its value: `1e-3` and `0.001` are equal, `1` and `1.0` are not."""
    try:
        value: object = ast.literal_eval(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return f"token {source}"
    return f"{type(value).__name__} {value!r}"


StringPart = str | Interpolation
"""A piece of text, as `literal_form` gives it, or a value that is put in."""


def string_parts(node: Concatenation | FormattedString) -> tuple[StringPart, ...]:
    """Return the parts of a string with neighbouring texts joined, whatever literals they are spread over."""
    merged: list[StringPart | tuple[str, str | bytes]] = []
    for part in _flat(node):
        if isinstance(part, Interpolation):
            merged.append(part)
            continue
        value = _text(part)
        last = merged[-1] if merged else None
        if value is None:
            merged.append(f"token {part.source}")
        elif isinstance(last, tuple) and isinstance(last[1], str) and isinstance(value, str):
            merged[-1] = ("str", last[1] + value)
        elif isinstance(last, tuple) and isinstance(last[1], bytes) and isinstance(value, bytes):
            merged[-1] = ("bytes", last[1] + value)
        else:
            merged.append((type(value).__name__, value))
    return tuple(f"{part[0]} {part[1]!r}" if isinstance(part, tuple) else part for part in merged)


def string_tokens(node: Concatenation | FormattedString) -> Iterator[StringPart]:
    """Yield what a string means: its text, or its parts between two words that say what it is and where it ends."""
    text = plain_text(node)
    if text is not None:
        yield text
        return
    yield "template" if isinstance(node, FormattedString) and node.is_template else "string"
    yield from string_parts(node)
    yield "end"


def plain_text(node: Concatenation | FormattedString) -> str | None:
    """Return a string in which nothing is put in as `literal_form` gives it, however it is spelled."""
    parts = string_parts(node)
    is_template = isinstance(node, FormattedString) and node.is_template
    if is_template or len(parts) > 1:
        return None
    part = parts[0] if parts else literal_form("''")
    return part if isinstance(part, str) else None


def _flat(node: Concatenation | FormattedString) -> list[Literal | Interpolation]:
    found: list[Literal | Interpolation] = []
    for part in node.parts:
        if isinstance(part, FormattedString):
            found.extend(_flat(part))
        else:
            found.append(part)
    return found


def _text(part: Literal) -> str | bytes | None:
    try:
        value: object = ast.literal_eval(part.source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    return value if isinstance(value, str | bytes) else None
