"""Expressions as plain data: the small language that the evaluator and the fingerprints read instead of a syntax tree.

Positions are relative to the piece that an expression stands in. Nothing here knows LibCST, files or values.
"""

from typing import Literal as OneOf

import msgspec

Span = tuple[int, int, int, int]
"""First line, first column, last line, column after the end. Lines from 0 at the piece's first line, columns from 0
in code points."""


class Node(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """A node of the fact language. Compact to encode, never mutated, never part of a cycle."""


class Name(Node, frozen=True):
    """A name that is read."""

    id: str
    at: Span


class Constant(Node, frozen=True):
    """One of the constants that are words."""

    word: OneOf["None", "True", "False", "..."]
    at: Span


class Literal(Node, frozen=True):
    """A number, or one string or bytes literal, as its source text: facts stay encodable whatever the value is."""

    source: str
    at: Span


class Interpolation(Node, frozen=True):
    """The `{value!r:spec}` of an f-string; `debug` is the text that `{value=}` adds."""

    value: "Expression"
    conversion: str
    spec: tuple["Literal | Interpolation", ...] | None
    debug: str
    at: Span


class FormattedString(Node, frozen=True):
    """An f-string, or a t-string. Its text parts are literals with single braces and the string's own quotes."""

    parts: tuple[Literal | Interpolation, ...]
    is_template: bool
    at: Span


class Concatenation(Node, frozen=True):
    """String literals that stand side by side."""

    parts: tuple[Literal | FormattedString, ...]
    at: Span


class Attribute(Node, frozen=True):
    """`value.name`."""

    value: "Expression"
    name: str
    at: Span


class Subscript(Node, frozen=True):
    """`value[index]`; several indices are a TupleDisplay."""

    value: "Expression"
    index: "Expression"
    at: Span


class Slice(Node, frozen=True):
    """`lower:upper:step` inside a subscript."""

    lower: "Expression | None"
    upper: "Expression | None"
    step: "Expression | None"
    at: Span


class Argument(Node, frozen=True):
    """One argument of a call or of a class header: `value`, `name=value`, `*value` or `**value`."""

    value: "Expression"
    name: str | None
    star: OneOf["", "*", "**"]
    at: Span


class Call(Node, frozen=True):
    """`function(arguments)`."""

    function: "Expression"
    arguments: tuple[Argument, ...]
    at: Span


class Unary(Node, frozen=True):
    """`-x`, `+x`, `~x`, `not x`."""

    operator: OneOf["-", "+", "~", "not"]
    operand: "Expression"
    at: Span


class Binary(Node, frozen=True):
    """An arithmetic, bitwise or matrix operation; the operator is spelled as in source."""

    operator: str
    left: "Expression"
    right: "Expression"
    at: Span


class Logical(Node, frozen=True):
    """`left and right`, `left or right`."""

    operator: OneOf["and", "or"]
    left: "Expression"
    right: "Expression"
    at: Span


class Comparison(Node, frozen=True):
    """`first < second <= third`: `rest` pairs each operator (`not in` is one) with its operand."""

    first: "Expression"
    rest: tuple[tuple[str, "Expression"], ...]
    at: Span


class Conditional(Node, frozen=True):
    """`body if test else orelse`."""

    test: "Expression"
    body: "Expression"
    orelse: "Expression"
    at: Span


class Parameter(Node, frozen=True):
    """One parameter of a function or lambda."""

    name: str
    kind: OneOf["positional_only", "positional", "var_positional", "keyword_only", "var_keyword"]
    annotation: "Expression | None"
    default: "Expression | None"
    at: Span


class Lambda(Node, frozen=True):
    """`lambda parameters: body`."""

    parameters: tuple[Parameter, ...]
    body: "Expression"
    at: Span


class ListDisplay(Node, frozen=True):
    """`[a, *b]`."""

    items: tuple["Expression", ...]
    at: Span


class TupleDisplay(Node, frozen=True):
    """`(a, *b)`, with or without parentheses."""

    items: tuple["Expression", ...]
    at: Span


class SetDisplay(Node, frozen=True):
    """`{a, *b}`."""

    items: tuple["Expression", ...]
    at: Span


class DictDisplay(Node, frozen=True):
    """`{key: value, **more}`; the key of `**more` is None."""

    entries: tuple[tuple["Expression | None", "Expression"], ...]
    at: Span


class Clause(Node, frozen=True):
    """`for target in iterable if condition`."""

    target: "Expression"
    iterable: "Expression"
    conditions: tuple["Expression", ...]
    is_async: bool


class Comprehension(Node, frozen=True):
    """A comprehension or generator expression; `value` is set for dicts only, whose key is `element`."""

    kind: OneOf["list", "set", "dict", "generator"]
    element: "Expression"
    value: "Expression | None"
    clauses: tuple[Clause, ...]
    at: Span


class Starred(Node, frozen=True):
    """`*value` inside a display, a target or a subscript."""

    value: "Expression"
    at: Span


class Walrus(Node, frozen=True):
    """`target := value`."""

    target: str
    value: "Expression"
    at: Span


class Await(Node, frozen=True):
    """`await value`."""

    value: "Expression"
    at: Span


class Yield(Node, frozen=True):
    """`yield value`."""

    value: "Expression | None"
    at: Span


class YieldFrom(Node, frozen=True):
    """`yield from value`."""

    value: "Expression"
    at: Span


Expression = (
    Name
    | Constant
    | Literal
    | FormattedString
    | Concatenation
    | Attribute
    | Subscript
    | Slice
    | Call
    | Unary
    | Binary
    | Logical
    | Comparison
    | Conditional
    | Lambda
    | ListDisplay
    | TupleDisplay
    | SetDisplay
    | DictDisplay
    | Comprehension
    | Starred
    | Walrus
    | Await
    | Yield
    | YieldFrom
)


def dotted_name(expression: "Expression | None") -> str | None:
    """Return `a.b.c` for a chain of attributes on a name, else None."""
    match expression:
        case Name(id=name):
            return name
        case Attribute(value=value, name=name):
            head = dotted_name(value)
            return None if head is None else f"{head}.{name}"
        case _:
            return None
