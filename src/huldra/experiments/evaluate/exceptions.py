"""Which handler catches which exception, by the names of Python's own exception classes."""

import builtins
import decimal
import json
import re
from collections.abc import Mapping

from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import AbstractValue, ClassObject, External, InstanceObject, Unknown
from huldra.facts.statements import Handler

UNKNOWN_EXCEPTION = "an exception"
PLAIN_EXCEPTIONS = frozenset(
    f"builtins.{name}"
    for name in (
        *("ArithmeticError", "AssertionError", "EOFError", "Exception", "FloatingPointError", "IndexError", "KeyError"),
        *("LookupError", "NotImplementedError", "OverflowError", "RecursionError", "RuntimeError", "StopIteration"),
        *("TypeError", "ValueError", "ZeroDivisionError"),
    )
)
"""Exceptions that are made of whatever they are given, as long as it has no names: making one raises nothing."""


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


_OF_LIBRARY: Mapping[str, type[Exception]] = {
    "re.error": re.error,
    "json.JSONDecodeError": json.JSONDecodeError,
    "decimal.InvalidOperation": decimal.InvalidOperation,
    "decimal.DivisionByZero": decimal.DivisionByZero,
}


def name_of_error(error: type[Exception]) -> str:
    """Return the name under which handlers name the class of an error, or one of its ancestors that has one here."""
    names = {known: name for name, known in _OF_LIBRARY.items()}
    for cls in error.__mro__:
        if cls in names or cls.__module__ == "builtins":
            return names.get(cls, cls.__name__)
    return UNKNOWN_EXCEPTION


def _class_of(name: str) -> object:
    return _OF_LIBRARY.get(name, getattr(builtins, name, None))


def _matches(option: AbstractValue, name: str, machine: Machine) -> bool:
    wanted = exception_name(option)
    if UNKNOWN_EXCEPTION in (wanted, name) or wanted in {"Exception", "BaseException", name}:
        return True
    caught, raised = _class_of(wanted), _class_of(name)
    if isinstance(caught, type) and isinstance(raised, type):
        return issubclass(raised, caught)
    info = machine.project.classes.get(name)
    return info is not None and (wanted in info.order or f"builtins.{wanted}" in info.order)
