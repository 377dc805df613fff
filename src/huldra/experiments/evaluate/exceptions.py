"""Which handler catches which exception, by the names of Python's own exception classes."""

import builtins

from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import AbstractValue, ClassObject, External, InstanceObject, Unknown
from huldra.facts.statements import Handler

UNKNOWN_EXCEPTION = "an exception"


def exception_name(value: AbstractValue) -> str:
    """Return the name of the class of an exception that is raised."""
    match value:
        case External(name=name):
            return name.removeprefix("builtins.")
        case ClassObject(info=info):
            return info.name
        case InstanceObject(cls=cls):
            return cls.info.name
        case Unknown(result_of=str(name)):
            return name.removeprefix("builtins.")
        case _:
            return UNKNOWN_EXCEPTION


def catches(machine: Machine, handler: Handler, raised: Raised, frame: Frame) -> bool:
    """Whether a handler catches an exception; an exception or handler that is not known counts as caught."""
    if handler.caught is None:
        return True
    value = machine.evaluate(handler.caught, frame)
    return catches_any(machine, value if isinstance(value, tuple) else (value,), raised)


def catches_any(machine: Machine, classes: tuple[AbstractValue, ...], raised: Raised) -> bool:
    """Whether one of several classes is one of an exception's; what is not known counts as one."""
    return any(_matches(option, raised.type_name, machine) for option in classes)


def _matches(option: AbstractValue, name: str, machine: Machine) -> bool:
    wanted = exception_name(option)
    if UNKNOWN_EXCEPTION in (wanted, name) or wanted in {"Exception", "BaseException", name}:
        return True
    caught, raised = getattr(builtins, wanted, None), getattr(builtins, name, None)
    if isinstance(caught, type) and isinstance(raised, type):
        return issubclass(raised, caught)
    info = machine.project.classes.get(name)
    return info is not None and (wanted in info.order or f"builtins.{wanted}" in info.order)
