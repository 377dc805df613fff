"""Which operators a kind of field has, and what a word means as a value of it. Pure."""

import difflib
from collections.abc import Mapping
from datetime import datetime

from huldra.stored_runs.query.expressions import ConfigField, Operand, Operator, QueryField
from huldra.stored_runs.query.fields import FieldInfo
from huldra.stored_runs.query.literals import number_of, period_of, size_bytes, span_seconds

_EQUAL: tuple[Operator, ...] = ("==", "!=", "in")
_ORDERED: tuple[Operator, ...] = (*_EQUAL, "<", "<=", ">", ">=")
_LISTED: tuple[Operator, ...] = (*_EQUAL, "has", "~")

OPERATORS_OF: Mapping[str, tuple[Operator, ...]] = {
    "text": (*_ORDERED, "~"),
    "class": (*_EQUAL, "~", "<:"),
    "digest": (*_EQUAL, "~"),
    "choice": _EQUAL,
    "number": _ORDERED,
    "duration": _ORDERED,
    "size": _ORDERED,
    "time": _ORDERED,
    "boolean": ("==", "!="),
    "list": _LISTED,
    "runs": _LISTED,
    "config": (*_ORDERED, "~", "has", "<:"),
}

_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}
_NULLS = ("null", "none")


def read_operand(field: QueryField, text: str, *, is_quoted: bool, now: datetime) -> Operand | str:
    """Return a word as a value of a field; a sentence if it can be none."""
    if isinstance(field, ConfigField):
        return Operand(text, is_quoted=True) if is_quoted else _any_value(text)
    if not is_quoted and text.lower() in _NULLS:
        return Operand(text, is_quoted=False, is_null=True)
    match field.kind:
        case "choice":
            return _choice(field, text)
        case "boolean":
            value = _BOOLEANS.get(text.lower())
            return f"{field.name} is true or false" if value is None else Operand(text, is_quoted, boolean=value)
        case "time":
            period = period_of(text, now)
            if period is None:
                return f"expected a time, found {text!r}: 2026-01-31, 2026-01-31T12:00, today, or 2d for two days ago"
            return Operand(text, is_quoted, period=period)
        case "number" | "duration" | "size" as kind:
            return _amount(field, kind, text, is_quoted=is_quoted)
        case _:
            return Operand(text, is_quoted)


def _any_value(text: str) -> Operand:
    lowered = text.lower()
    boolean = {"true": True, "false": False}.get(lowered)
    return Operand(text, is_quoted=False, number=number_of(text), boolean=boolean, is_null=lowered in _NULLS)


def _choice(field: FieldInfo, text: str) -> Operand | str:
    lowered = text.lower()
    if lowered in field.choices:
        return Operand(lowered, is_quoted=False)
    nearest = difflib.get_close_matches(lowered, field.choices, 1)
    if nearest:
        return f"there is no {field.name} {text!r}; did you mean {nearest[0]}?"
    return f"there is no {field.name} {text!r}: it is one of {', '.join(field.choices)}"


def _amount(field: FieldInfo, kind: str, text: str, *, is_quoted: bool) -> Operand | str:
    reader = {"duration": span_seconds, "size": size_bytes}.get(kind, number_of)
    number = reader(text)
    if number is None:
        example = {"duration": "90, 1.5h or 1h30m", "size": "1500, 10MB or 1.5GiB"}.get(kind, "3")
        return f"expected a {'number' if kind == 'number' else field.kind}, found {text!r}: {example}"
    return Operand(text, is_quoted, number=number)
