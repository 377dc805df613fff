"""What classes have under a name, and what that is when it is read through an instance."""

from msgspec.structs import replace

from huldra.experiments.evaluate.library import FACTORY
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    External,
    FunctionObject,
    InstanceObject,
    Partial,
    PropertyObject,
    Unknown,
)
from huldra.project.places import Place


def look_up(machine: Machine, order: tuple[str, ...], name: str) -> tuple[AbstractValue, ClassObject] | None:
    """Return the first class attribute of a name along an order of ancestors, and the class that has it."""
    for ancestor in order:
        cls = machine.class_object(ancestor) if ancestor in machine.project.classes else None
        if cls is not None and name in cls.members.names:
            return cls.members.names[name], cls
    return None


def bind_member(
    machine: Machine, member: AbstractValue, receiver: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    """Return what a class attribute is when it is read through an instance."""
    match member:
        case PropertyObject(function=function):
            return machine.call_with(function, [receiver], frame, place)
        case FunctionObject(kind="plain"):
            return BoundMethod(member, receiver)
        case FunctionObject(kind="class") if isinstance(receiver, ConfigObject | InstanceObject):
            return BoundMethod(member, receiver.cls)
        case Partial(function=made, positional=(FunctionObject() as inner,)) if made == FACTORY:
            bound = bind_member(machine, inner, receiver, frame, place)
            return Partial(FACTORY, (inner, bound.receiver), {}) if isinstance(bound, BoundMethod) else member
        case Partial(function=External(name="enum.nonmember"), positional=(inner,)):
            return bind_member(machine, inner, receiver, frame, place)
        case Unknown(aliases=aliases) if any(isinstance(alias, FunctionObject) for alias in aliases):
            # What a decorator from outside has made of a method.
            bound = (bind_member(machine, a, receiver, frame, place) if is_method(a) else a for a in aliases)
            return replace(member, aliases=tuple(bound))
        case InstanceObject() if (found := look_up(machine, member.cls.info.order, "__get__")) is not None:
            return _described(machine, bind_member(machine, found[0], member, frame, place), receiver, frame, place)
        case _:
            return member


def is_method(value: AbstractValue) -> bool:
    """Whether a value is a function that is defined in a class."""
    return isinstance(value, FunctionObject) and value.owner is not None


def _described(
    machine: Machine, method: AbstractValue, receiver: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    """What a descriptor's `__get__` gives for an instance, or for a class."""
    match receiver:
        case InstanceObject(cls=cls) | ConfigObject(cls=cls):
            return machine.call_with(method, [receiver, cls], frame, place)
        case ClassObject():
            return machine.call_with(method, [None, receiver], frame, place)
        case _:
            return Unknown("what a descriptor gives", place)
