"""Comparisons that dataclasses and pydantic models have without defining them."""

from collections.abc import Mapping

from huldra.experiments.evaluate.holders import is_model
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.records import record_fields
from huldra.experiments.values import NOT_IMPLEMENTED, AbstractValue, InstanceObject, Unknown, type_name
from huldra.project.places import Place


def equal_records(
    machine: Machine, left: InstanceObject, right: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    """`__eq__` as a dataclass has it: same class, equal fields."""
    if not isinstance(right, InstanceObject) or right.cls is not left.cls:
        return NOT_IMPLEMENTED
    mine, theirs = record_fields(machine, left, "compare"), record_fields(machine, right, "compare")
    if mine is None or theirs is None:
        return Unknown(f"`==` on a {type_name(left)}", place)
    return _are_fields_equal(machine, mine, theirs, frame, place)


def equal_models(
    machine: Machine, left: InstanceObject, right: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    """`__eq__` as a pydantic model has it: same class, equal fields, equal private attributes."""
    if not isinstance(right, InstanceObject) or not is_model(right.cls.info):
        return NOT_IMPLEMENTED
    if left is right or right.cls is not left.cls:
        return left is right
    mine, theirs = record_fields(machine, left), record_fields(machine, right)
    if mine is None or theirs is None or _has_private(machine, left):
        return Unknown(f"`==` on a {type_name(left)}", place)
    return _are_fields_equal(machine, mine, theirs, frame, place)


def _has_private(machine: Machine, value: InstanceObject) -> bool:
    """Whether a model has attributes that are no fields, and are compared all the same."""
    own = (name for name in value.cls.info.order if name in machine.project.classes)
    members = (name for owner in own for name in machine.project.tables.body(owner).members)
    return any(name.startswith("_") and not name.startswith("__") for name in members)


def _are_fields_equal(
    machine: Machine,
    mine: Mapping[str, AbstractValue],
    theirs: Mapping[str, AbstractValue],
    frame: Frame,
    place: Place,
) -> AbstractValue:
    doubt: Unknown | None = None
    for name, value in mine.items():
        other = theirs.get(name)
        if isinstance(value, float) and value != value:  # noqa: PLR0124  how nan compares depends on Python's version
            return Unknown("`==` on a nan in a record", place)
        result = True if value is other else machine.rules.compare(machine, "==", value, other, frame, place)
        if result is False:
            return False
        if result is not True:
            doubt = doubt or (result if isinstance(result, Unknown) else Unknown("`==` that gives no bool", place))
    return doubt or True


def ordered_records(
    machine: Machine, name: str, left: InstanceObject, right: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    """`__lt__` and its like as a dataclass with `order=True` has them: the fields one after the other."""
    if not isinstance(right, InstanceObject) or right.cls is not left.cls:
        return NOT_IMPLEMENTED
    mine, theirs = record_fields(machine, left, "compare"), record_fields(machine, right, "compare")
    if mine is None or theirs is None:
        return Unknown(f"an order of a {type_name(left)}", place)
    symbol = {"__lt__": "<", "__gt__": ">", "__le__": "<=", "__ge__": ">="}[name]
    return machine.rules.compare(machine, symbol, tuple(mine.values()), tuple(theirs.values()), frame, place)
