"""The defaults of the fields of dataclasses, models and named tuples: those of the class that annotates each.

An attribute of a class below is none, though it is what reading the attribute of that class gives: `rate = 0.5` without
an annotation changes nothing of what the constructor does.
"""

from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import AbstractValue, ClassObject, Unknown
from huldra.facts.expressions import Call
from huldra.project.classes import ClassInfo
from huldra.project.symbols import ExternalSymbol


def order_of(cls: ClassObject, owner: ClassInfo) -> tuple[str, ...]:
    """Return the ancestors of a class that the class which annotates a field has, too, itself first.

    Of classes that functions make they are those that this one was made with.
    """
    known = frozenset(owner.order)
    return tuple(name for name in cls.info.order if name in known)


def has_default(machine: Machine, order: tuple[str, ...], name: str) -> bool:
    """Whether a field has a value or a factory for one, `field(…)` without either being none."""
    found = look_up(machine, order, name)
    if found is None:
        return False
    member = machine.project.tables.body(found[1].name).members.get(name)
    if member is None or not isinstance(member.value, Call):
        return True
    symbol = machine.project.symbols.resolve_expression(found[1].info.module, member.value.function)
    is_field = isinstance(symbol, ExternalSymbol) and symbol.name == "dataclasses.field"
    return not is_field or any(a.name in {"default", "default_factory"} for a in member.value.arguments)


def default_of(
    machine: Machine, order: tuple[str, ...], name: str, arguments: CallArguments, frame: Frame
) -> AbstractValue:
    """Return what a field is where the constructor is not given it.

    Raises:
        Raised: TypeError, when it has no default.
    """
    found = look_up(machine, order, name)
    if found is None:
        raise Raised("TypeError", f"missing argument {name!r}", arguments.place)
    value, owner = found
    member = machine.project.tables.body(owner.name).members.get(name)
    if member is not None and isinstance(member.value, Call):
        return _default_of_call(machine, owner, member.value, frame, arguments)
    return value


def _default_of_call(
    machine: Machine, owner: ClassObject, call: Call, frame: Frame, arguments: CallArguments
) -> AbstractValue:
    """`dataclasses.field(default_factory=list)`, `pydantic.Field(default=9)`; other calls are plain defaults."""
    symbol = machine.project.symbols.resolve_expression(owner.info.module, call.function, owner.info.enclosing)
    if not isinstance(symbol, ExternalSymbol) or symbol.name not in {"dataclasses.field", "pydantic.Field"}:
        name = next((n for n, m in machine.project.tables.body(owner.name).members.items() if m.value is call), "")
        return owner.members.names.get(name, Unknown("a default that could not be evaluated", arguments.place))
    inner = Frame(owner.members, owner.info.module, owner.info.origin, enclosing=(owner.info.qualname,))
    for argument in call.arguments:
        if argument.name == "default" or (argument.name is None and not argument.star):
            return machine.evaluate(argument.value, inner)
        if argument.name == "default_factory":
            factory = machine.evaluate(argument.value, inner)
            return machine.call(factory, CallArguments([], {}, arguments.place), frame)
    raise Raised("TypeError", "missing argument", arguments.place)
