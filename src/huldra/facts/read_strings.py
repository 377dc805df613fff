"""LibCST strings as facts: f-strings with their parts, strings that stand side by side."""

from collections.abc import Sequence
from typing import Protocol

import libcst as cst

from huldra.facts import expressions as e
from huldra.facts.cursor import Cursor


class Reader(Protocol):
    """What reading a string needs of whoever reads expressions."""

    cursor: Cursor
    outer: tuple[int, int]

    def read(self, node: cst.BaseExpression) -> e.Expression:
        """Return an expression as facts."""
        ...

    def done(self, first: int, last: int) -> e.Span:
        """Note the tokens of the expression just read, and return their span."""
        ...


def read_formatted(reader: Reader, node: cst.FormattedString | cst.TemplatedString) -> e.FormattedString:
    """Return an f-string or t-string; everything inside it stands where the whole string stands."""
    cursor = reader.cursor
    token = cursor.take_string()
    at = reader.done(token, token)
    before = cursor.fix(at)
    prefix = node.start.rstrip("'\"")
    quote = node.start[len(prefix) :]
    plain = "".join(letter for letter in prefix if letter in "rR")
    parts = _parts(reader, node.parts, f"{plain}{quote}", quote, at)
    cursor.fix(before)
    reader.outer = (token, token)
    return e.FormattedString(parts, isinstance(node, cst.TemplatedString), at)


def _parts(
    reader: Reader,
    parts: Sequence[cst.BaseFormattedStringContent | cst.BaseTemplatedStringContent],
    opening: str,
    quote: str,
    at: e.Span,
) -> tuple[e.Literal | e.Interpolation, ...]:
    found: list[e.Literal | e.Interpolation] = []
    for part in parts:
        if isinstance(part, cst.FormattedStringText | cst.TemplatedStringText):
            text = part.value.replace("{{", "{").replace("}}", "}")
            found.append(e.Literal(f"{opening}{text}{quote}", at))
        elif isinstance(part, cst.FormattedStringExpression | cst.TemplatedStringExpression):
            spec = None if part.format_spec is None else _parts(reader, part.format_spec, opening, quote, at)
            debug = "" if part.equal is None else _debug_text(part)
            value = reader.read(part.expression)
            found.append(e.Interpolation(value, part.conversion or "", spec, debug, at))
    return tuple(found)


def _debug_text(part: cst.FormattedStringExpression | cst.TemplatedStringExpression) -> str:
    """Return what `{value=}` prints before the value: its own source, spaces included."""
    module = cst.Module([])
    parts: list[cst.CSTNode] = [part.whitespace_before_expression, part.expression]
    if part.equal is not None:
        parts += [part.equal]
    return "".join(module.code_for_node(node) for node in parts)


def read_concatenated(reader: Reader, node: cst.ConcatenatedString) -> e.Expression:
    """Return strings that stand side by side."""
    parts: list[e.Literal | e.FormattedString] = []
    first = -1
    for side in _strings(node):
        part = reader.read(side)
        first = reader.outer[0] if first < 0 else first
        if isinstance(part, e.Literal | e.FormattedString):
            parts.append(part)
    return e.Concatenation(tuple(parts), reader.done(first, reader.outer[1]))


def _strings(node: cst.ConcatenatedString) -> list[cst.SimpleString | cst.FormattedString | cst.TemplatedString]:
    """Return the strings that stand side by side; LibCST nests them to the right."""
    found: list[cst.SimpleString | cst.FormattedString | cst.TemplatedString] = []
    rest: cst.ConcatenatedString | cst.SimpleString | cst.FormattedString | cst.TemplatedString = node
    while isinstance(rest, cst.ConcatenatedString):
        found.append(rest.left)
        rest = rest.right
    return [*found, rest]
