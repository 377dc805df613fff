"""Instances that are made past their classes."""

from huldra.experiments.evaluate.holders import SAFE_BASES, is_model, is_named_tuple
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.values import AbstractValue, ClassObject, InstanceObject, Unknown


def make_plainly(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`object.__new__(cls)`: an instance without attributes."""
    cls = call.positional[0] if len(call.positional) == 1 and not call.keywords else None
    is_plain = isinstance(cls, ClassObject) and not machine.project.tables.is_config_class(cls.name)
    if not isinstance(cls, ClassObject) or not is_plain or is_model(cls.info) or is_named_tuple(cls.info):
        return Unknown("an instance that is made past its class", call.place)
    if any(base not in machine.project.classes and base not in SAFE_BASES for base in cls.info.order):
        return Unknown(f"an instance of {cls.info.name}, whose base is outside the project", call.place)
    return InstanceObject(cls, {})
