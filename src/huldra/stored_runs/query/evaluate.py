"""Whether a row answers a query. Pure: the row gives values, the scope what must be known of other runs and of code.

A condition is true, false, or neither: of a value that a run does not have, neither a comparison nor its denial holds.
"""

from collections.abc import Iterable, Mapping
from typing import Protocol, assert_never

from msgspec import Struct

from huldra.formats.json_values import JsonValue
from huldra.stored_runs.query.comparing import contains, ordered, ordered_text
from huldra.stored_runs.query.config_truth import config_truth, reach
from huldra.stored_runs.query.expressions import (
    All,
    AnyOf,
    Compare,
    Condition,
    ConfigField,
    IsMissing,
    Not,
    Operand,
    Operator,
    Related,
)
from huldra.stored_runs.query.fields import FieldInfo

FieldValue = None | bool | int | float | str | tuple[str, ...]
"""Times are seconds since 1970, durations seconds, sizes bytes; None is a value that the run does not have."""


class Row(Protocol):
    """A run as the language sees it."""

    @property
    def path(self) -> str:
        """The directory below the store, which is what tells runs apart."""
        ...

    @property
    def config(self) -> JsonValue:
        """The recorded config as a JSON document; None if there is none."""
        ...

    def value(self, name: str) -> FieldValue:
        """Return the value of a field of `fields.FIELDS`."""
        ...


class Scope(Struct, frozen=True):
    """What a row alone cannot tell.

    `subclasses`: for each class named after `<:`, all classes that are it or inherit from it.
    `related`: for each graph condition the paths of the runs that it selects.
    """

    subclasses: Mapping[str, frozenset[str]] = {}
    related: Mapping[Related, frozenset[str]] = {}


def matches(query: Condition, row: Row, scope: Scope | None = None) -> bool:
    """Return whether a run answers a query."""
    return _truth(query, row, scope or Scope()) is True


def _truth(query: Condition, row: Row, scope: Scope) -> bool | None:
    match query:
        case All(parts):
            return _least(_truth(part, row, scope) for part in parts)
        case AnyOf(parts):
            return _denied(_least(_denied(_truth(part, row, scope)) for part in parts))
        case Not(inner):
            return _denied(_truth(inner, row, scope))
        case Related():
            return row.path in scope.related.get(query, frozenset())
        case IsMissing(place):
            if isinstance(place, FieldInfo):
                return row.value(place.name) in (None, ())
            return reach(row.config, place.steps) is None
        case Compare(place, operator, operands):
            if isinstance(place, ConfigField):
                found = reach(row.config, place.steps)
                return None if found is None else config_truth(found[0], operator, operands, scope.subclasses)
            return _field_truth(place, row.value(place.name), operator, operands, scope)
        case _:
            assert_never(query)


def _least(truths: Iterable[bool | None]) -> bool | None:
    is_doubtful = False
    for truth in truths:
        if truth is False:
            return False
        is_doubtful = is_doubtful or truth is None
    return None if is_doubtful else True


def _denied(truth: bool | None) -> bool | None:  # noqa: FBT001  # a truth is what this is about
    return None if truth is None else not truth


def _field_truth(
    info: FieldInfo, value: FieldValue, operator: Operator, operands: tuple[Operand, ...], scope: Scope
) -> bool | None:
    if isinstance(value, tuple):
        return _list_truth(info, value, operator, operands)
    if value is None:
        return None
    if operator == "!=":
        return _denied(_field_truth(info, value, "==", operands, scope))
    if operator == "in":
        return any(_field_truth(info, value, "==", (operand,), scope) is True for operand in operands)
    operand = operands[0]
    if operand.is_null:
        return False
    if isinstance(value, bool):
        return value is operand.boolean
    if isinstance(value, str):
        return _text_truth(info, value, operator, operand.text, scope)
    if operand.period is not None:
        return _in_period(value, operator, operand.period)
    return operand.number is not None and ordered(value, operator, operand.number)


def _text_truth(info: FieldInfo, value: str, operator: Operator, text: str, scope: Scope) -> bool | None:
    match operator:
        case "==" if info.kind == "class":
            return names_class(value, text)
        case "==" if info.kind == "digest":
            return bool(text) and value.startswith(text.lower())
        case "==":
            return value == text
        case "~":
            return contains(value, text)
        case "<:":
            return value in scope.subclasses.get(text, frozenset())
        case _:
            return ordered_text(value, operator, text)


def _list_truth(
    info: FieldInfo, values: tuple[str, ...], operator: Operator, operands: tuple[Operand, ...]
) -> bool | None:
    if operator == "!=":
        return not _list_truth(info, values, "==", operands)
    if operator == "~":
        return any(contains(value, operands[0].text) for value in values)
    same = names_run if info.kind == "runs" else str.__eq__
    return any(same(value, operand.text) for value in values for operand in operands if not operand.is_null)


def names_class(name: str, text: str) -> bool:
    """Return whether a text is a class's name or the end of it: `Train`, `train.Train`."""
    return name == text or (bool(text) and name.endswith(f".{text}"))


def names_run(key: str, text: str) -> bool:
    """Return whether a text means a run: `Class`, `Class/hash` or a hash; of a hash the beginning is enough."""
    name, _, digest = key.rpartition("/")
    wanted, slash, start = text.rpartition("/")
    if slash:
        return names_class(name, wanted) and digest.startswith(start.lower())
    return names_class(name, text) or (bool(text) and digest.startswith(text.lower()))


def _in_period(value: float, operator: Operator, period: tuple[float, float]) -> bool:
    start, end = period
    match operator:
        case ">":
            return value >= end if end > start else value > end
        case "<=":
            return value < end if end > start else value <= end
        case ">=":
            return value >= start
        case "<":
            return value < start
        case _:
            return start <= value < end
