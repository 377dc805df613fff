"""How two plain values are ordered, and when one text is in another. Pure."""

from huldra.stored_runs.query.expressions import Operator

_LOWERED = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def contains(value: str, text: str) -> bool:
    """Return whether a text is in another; A to Z count as a to z."""
    return text.translate(_LOWERED) in value.translate(_LOWERED)


def ordered(value: float, operator: Operator, number: float) -> bool:
    """Return whether a number stands so to another; `==` for every operator that is no order."""
    match operator:
        case "<":
            return value < number
        case "<=":
            return value <= number
        case ">":
            return value > number
        case ">=":
            return value >= number
        case _:
            return value == number


def ordered_text(value: str, operator: Operator, text: str) -> bool:
    """Return whether a text stands so to another, by code points."""
    match operator:
        case "<":
            return value < text
        case "<=":
            return value <= text
        case ">":
            return value > text
        case ">=":
            return value >= text
        case _:
            return value == text
