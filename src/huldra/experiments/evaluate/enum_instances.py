"""What the members of an enum hold beside their values: what its `__init__` sets as the class is made."""

from msgspec.structs import replace

from huldra.experiments.evaluate.enums import HELD, enum_table, is_enum
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    FunctionObject,
    InstanceObject,
    Unknown,
)


def init_members(machine: Machine, cls: ClassObject, frame: Frame) -> None:
    """Effect: run the `__init__` of an enum for each of its members."""
    names = cls.members.names
    initialise = names.get("__init__")
    if not is_enum(cls) or not isinstance(initialise, FunctionObject) or "__new__" in names:
        return
    table = {**enum_table(machine, cls)}
    for name, entry in table.items():
        if entry.member.member != name:
            continue
        value, place = entry.value, cls.info.name_place
        made = InstanceObject(cls, {"_name_": name, "name": name, "_value_": value, "value": value})
        given: list[AbstractValue] = list(value) if isinstance(value, tuple) else [value]
        try:
            machine.call(BoundMethod(initialise, made), CallArguments(given, {}, place), frame)
        except Raised as raised:
            made.unknown = made.unknown or Unknown(f"making {name} raises {raised.type_name}", place)
        if made.unknown is not None or made.attributes.get("_value_") is not value:
            table[name] = replace(
                entry, value=Unknown(f"the value that {cls.info.qualname} gives {name} itself", place)
            )
        names[HELD.format(name)] = made
    machine.enums[cls.name] = table
