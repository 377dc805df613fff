"""What a condition says of a value in a config, whose kind only the record tells. Pure."""

import math
from collections.abc import Mapping, Sequence

from huldra.formats.json_values import JsonValue
from huldra.formats.names import CLASS_MARKER
from huldra.stored_runs.query.comparing import contains, ordered, ordered_text
from huldra.stored_runs.query.expressions import Operand, Operator
from huldra.stored_runs.query.literals import plain_number


def reach(document: JsonValue, steps: tuple[str | int, ...]) -> tuple[JsonValue] | None:
    """Return the value at a place of a config, in a tuple as None is a value too; None if there is no such place."""
    if document is None:
        return None
    value = document
    for step in steps:
        match value, step:
            case Mapping(), str() if step in value:
                value = value[step]
            case Sequence(), int() if not isinstance(value, str) and step < len(value):
                value = value[step]
            case _:
                return None
    return (value,)


def config_truth(
    value: JsonValue, operator: Operator, operands: tuple[Operand, ...], subclasses: Mapping[str, frozenset[str]]
) -> bool | None:
    """Return whether a condition holds of a value; None where the two cannot be compared."""
    operand = operands[0]
    match operator:
        case "<:":
            name = value.get(CLASS_MARKER) if isinstance(value, Mapping) else None
            return name in subclasses.get(operand.text, ()) if isinstance(name, str) else None
        case "has":
            if isinstance(value, Mapping):
                return operand.text in value
            if isinstance(value, Sequence) and not isinstance(value, str):
                return any(_equal(item, operand) is True for item in value)
            return None
        case "~":
            return contains(value, operand.text) if isinstance(value, str) else None
        case "==":
            return _equal(value, operand)
        case "!=":
            same = _equal(value, operand)
            return None if same is None else not same
        case "in":
            truths = [_equal(value, each) for each in operands]
            return None if None in truths else any(truths)
        case _:
            return _order(value, operator, operand)


def _equal(value: JsonValue, operand: Operand) -> bool | None:
    if isinstance(value, bool):
        return value is operand.boolean
    if isinstance(value, str):
        return value == operand.text
    if isinstance(value, int | float):
        number = _finite(value)
        if number is not None:
            return operand.number is not None and number == operand.number
        return operand.is_null
    return operand.is_null if value is None else None


def _order(value: JsonValue, operator: Operator, operand: Operand) -> bool | None:
    if isinstance(value, str):
        # 10 and 9 in quotes would be ordered as text, which nobody means who writes a number.
        return ordered_text(value, operator, operand.text) if operand.number is None else None
    if isinstance(value, int | float) and not isinstance(value, bool) and operand.number is not None:
        number = _finite(value)
        return None if number is None else ordered(number, operator, operand.number)
    return None


def _finite(value: float) -> int | float | None:
    """Return a number as a database would hold it; what is no number has no place in JSON and is null."""
    number = plain_number(value) if isinstance(value, int) else value
    return number if math.isfinite(number) else None
