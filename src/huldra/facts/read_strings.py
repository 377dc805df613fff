"""LibCST strings as facts: f-strings with their parts, strings that stand side by side."""

from collections.abc import Sequence
from typing import Protocol

from huldra.facts import expressions as e
from huldra.facts.cursor import Cursor
from huldra.facts.syntax import RefusedError, code_of, cst


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
    parts: list[cst.CSTNode] = [part.whitespace_before_expression, part.expression]
    if part.equal is not None:
        parts += [part.equal]
    return "".join(code_of(node) for node in parts)


def read_concatenated(reader: Reader, node: cst.ConcatenatedString) -> e.Expression:
    """Return strings that stand side by side; t-strings are one, as if their parts stood in it."""
    parts: list[e.Literal | e.FormattedString] = []
    first = -1
    for side in _strings(node):
        part = reader.read(side)
        first = reader.outer[0] if first < 0 else first
        if isinstance(part, e.Literal | e.FormattedString):
            parts.append(part)
    at = reader.done(first, reader.outer[1])
    if len({_kind(part) for part in parts}) > 1:
        raise RefusedError("strings of different kinds side by side", at)
    templates = [part for part in parts if isinstance(part, e.FormattedString) and part.is_template]
    if templates:
        return e.FormattedString(tuple(inner for part in templates for inner in part.parts), is_template=True, at=at)
    return e.Concatenation(tuple(parts), at)


def _kind(part: e.Literal | e.FormattedString) -> str:
    if isinstance(part, e.FormattedString):
        return "template" if part.is_template else "text"
    prefix = part.source[: part.source.index(part.source[-1])]
    return "bytes" if "b" in prefix.lower() else "text"


def _strings(node: cst.ConcatenatedString) -> list[cst.SimpleString | cst.FormattedString | cst.TemplatedString]:
    """Return the strings that stand side by side; LibCST nests them to the right."""
    found: list[cst.SimpleString | cst.FormattedString | cst.TemplatedString] = []
    rest: cst.ConcatenatedString | cst.SimpleString | cst.FormattedString | cst.TemplatedString = node
    while isinstance(rest, cst.ConcatenatedString):
        found.append(rest.left)
        rest = rest.right
    return [*found, rest]
