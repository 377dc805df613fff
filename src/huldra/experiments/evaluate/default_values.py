"""What the defaults of fields are worth once evaluated, and what is wrong with those that configs share."""

from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    DictObject,
    FieldCall,
    ListObject,
    SetObject,
    Unknown,
)
from huldra.project.definition_errors import MUTABLE_DEFAULT, DefinitionError, mutable_default_error
from huldra.project.fields import FieldDeclaration
from huldra.project.places import Place
from huldra.project.problems import Problem


def plain_default(machine: Machine, field: FieldDeclaration) -> AbstractValue:
    """Return the default of a field where it is one plain value; unknown for what a factory makes."""
    owner = machine.class_object(field.owner)
    members = {} if owner is None or field.is_required else owner.members.names
    if field.raw_name in members:
        value = members[field.raw_name]
        if not isinstance(value, FieldCall):
            return value
        if "default_factory" not in value.arguments and "default" in value.arguments:
            return value.arguments["default"]
    return Unknown("no plain default", field.place)


def evaluated_error(machine: Machine, cls: ClassObject) -> DefinitionError | None:
    """Return the error of a default that turns out to be mutable only when it is evaluated (`xs: list = SHARED`)."""
    for field in machine.project.tables.own(cls.name):
        if field.default is not None and _is_mutable(plain_default(machine, field)):
            return mutable_default_error(field.name, _default_place(field))
    return None


def report_mutable_defaults(machine: Machine, cls: ClassObject) -> None:
    """Effect: report a class whose definition raises for such a default, and tuples that hold something mutable."""
    error = evaluated_error(machine, cls)
    if error is not None:
        message = f"defining {cls.info.qualname} raises {error.error_type}: {error.message}"
        machine.report(error.code, "error", message, error.place)
    for field in machine.project.tables.own(cls.name):
        value = plain_default(machine, field)
        if isinstance(value, tuple) and any(map(_is_mutable, value)):
            message = f"the default of {field.name!r} holds something mutable, which all configs share"
            machine.report(MUTABLE_DEFAULT, "warning", message, _default_place(field))


def shared_default(field: FieldDeclaration, first: AbstractValue, second: AbstractValue) -> Problem | None:
    """Return the problem of a factory that gave the same mutable object twice."""
    if first is not second or not _is_mutable(first) or field.factory is None:
        return None
    message = f"the factory of {field.name!r} gives every config the same object: a change to it changes them all"
    return Problem(field.origin.place(field.factory.at), MUTABLE_DEFAULT, "warning", message)


def _is_mutable(value: AbstractValue) -> bool:
    return isinstance(value, ListObject | DictObject) or (isinstance(value, SetObject) and not value.is_frozen)


def _default_place(field: FieldDeclaration) -> Place:
    return field.place if field.default is None else field.origin.place(field.default.at)
