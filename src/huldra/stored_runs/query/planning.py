"""A query in the order that answers it soonest: first what holds for a whole directory, then what costs little."""

from msgspec import Struct

from huldra.stored_runs.liveness import ATTEMPT_VERDICTS
from huldra.stored_runs.query.expressions import All, AnyOf, Compare, Condition, ConfigField, IsMissing, Not, Related
from huldra.stored_runs.query.fields import ATTEMPT_VERDICT, FIELDS

_OF_DIRECTORY = frozenset({"class", "version_controlled"})
_FREE = frozenset({"class", "hash", "path", "store", "version_controlled"})
_COSTS = {"store": 1, "tags": 3, "verdict": 5, "size": 6}
_CONFIG_COSTS, _RELATED_COSTS = 2, 4


class Plan(Struct, frozen=True):
    """A query in two parts, both of which must hold: what is the same for all runs of a directory, and the rest."""

    of_directory: Condition
    rest: Condition


def plan_query(query: Condition) -> Plan:
    """Return a query that has the same answers, to be asked in this order."""
    cheap = _ordered(query)
    parts = cheap.parts if isinstance(cheap, All) else (cheap,)
    fixed = tuple(part for part in parts if _is_of_directory(part))
    return Plan(All(fixed), All(tuple(part for part in parts if part not in fixed)))


def _ordered(query: Condition) -> Condition:
    match query:
        case All(parts):
            return All(tuple(sorted(map(_ordered, parts), key=_cost)))
        case AnyOf(parts):
            return AnyOf(tuple(sorted(map(_ordered, parts), key=_cost)))
        case Not(inner):
            return Not(_ordered(inner))
        case Compare(field, operator, operands) if (
            field is FIELDS["verdict"]
            and operator in ("==", "!=", "in")
            and all(operand.text in ATTEMPT_VERDICTS for operand in operands)
        ):
            return Compare(ATTEMPT_VERDICT, operator, operands)  # which can be told without reading any code
        case _:
            return query


def _cost(query: Condition) -> int:
    match query:
        case All(parts) | AnyOf(parts):
            return max(map(_cost, parts), default=0)
        case Not(inner):
            return _cost(inner)
        case Related():
            return _RELATED_COSTS
        case Compare(field) | IsMissing(field):
            if isinstance(field, ConfigField):
                return _CONFIG_COSTS
            return 0 if field.name in _FREE else _COSTS[field.source]


def _is_of_directory(query: Condition) -> bool:
    match query:
        case All(parts) | AnyOf(parts):
            return all(map(_is_of_directory, parts))
        case Not(inner):
            return _is_of_directory(inner)
        case Related():
            return False
        case Compare(field) | IsMissing(field):
            return not isinstance(field, ConfigField) and field.name in _OF_DIRECTORY
