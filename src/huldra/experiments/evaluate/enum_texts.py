"""The text of an enum member, as every Python from 3.11 on gives it: `str`, `repr`, and what an f-string shows.

Holds nothing of flags, whose texts have changed since.
"""

from typing import Literal

from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.conversion import NotConvertible, to_python
from huldra.experiments.evaluate.enums import enum_value, is_flag
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.operators import apply
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import AbstractValue, ClassObject, Unknown
from huldra.formats.config_values import EnumValue
from huldra.project.places import Place

Text = Literal["__str__", "__repr__", "__format__"]
_SEEN = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "builtins.str", "builtins.int", "builtins.float"})
_BY_VALUE = frozenset({"enum.IntEnum", "enum.StrEnum"})
"""Those whose members look like their values."""


def enum_text(
    machine: Machine, member: EnumValue, how: Text, frame: Frame, place: Place, spec: str = ""
) -> AbstractValue:
    """Return the text of a member.

    Args:
        machine: The evaluation.
        member: The member.
        how: Which of its texts.
        frame: Where the evaluation stands.
        place: Where the text is asked for.
        spec: What an f-string says behind the colon.
    """
    cls = machine.class_object(member.class_name)
    if cls is None or is_flag(cls) or not _is_followed(machine, cls):
        return Unknown("the text of an enum member that is not followed", place)
    if how == "__format__":
        return _formatted(machine, cls, member, spec, frame, place)
    own = look_up(machine, cls.info.order, how)
    if own is not None:
        text = machine.call_with(machine.attribute(member, how, frame, place), [], frame, place)
        if isinstance(text, str | Unknown):
            return text
        raise Raised("TypeError", f"{how} returned non-string", place)
    value = enum_value(machine, cls, member)
    name = cls.info.definition.name
    if how == "__str__":
        return _plain_text(value, place) if _looks_like_its_value(cls) else f"{name}.{member.member}"
    try:
        return f"<{name}.{member.member}: {to_python(value)!r}>"
    except NotConvertible as problem:
        return Unknown(f"the repr of an enum member whose value is {problem.reason}", place)


def _is_followed(machine: Machine, cls: ClassObject) -> bool:
    outside = {name for name in cls.info.order if name not in machine.project.classes}
    return outside <= _SEEN | {"builtins.object", "enum.ReprEnum"} and not any(
        base.name == "enum.ReprEnum"
        for name in cls.info.order
        if name in machine.project.classes
        for base in machine.project.classes[name].bases
    )


def _looks_like_its_value(cls: ClassObject) -> bool:
    return not _BY_VALUE.isdisjoint(cls.info.order)


def _formatted(
    machine: Machine, cls: ClassObject, member: EnumValue, spec: str, frame: Frame, place: Place
) -> AbstractValue:
    """With something to format by, members that look like their values are those, even where `__str__` is their own."""
    if look_up(machine, cls.info.order, "__format__") is not None:
        return machine.call_with(machine.attribute(member, "__format__", frame, place), [spec], frame, place)
    if not spec or not _looks_like_its_value(cls):
        text = enum_text(machine, member, "__str__", frame, place)
        return apply(lambda: format(text, spec), place) if isinstance(text, str) else text
    value = enum_value(machine, cls, member)
    if not isinstance(value, int | str):
        return _plain_text(value, place)
    return apply(lambda: format(value, spec), place)


def _plain_text(value: AbstractValue, place: Place) -> AbstractValue:
    if isinstance(value, int | str):
        return str(value)
    return value if isinstance(value, Unknown) else Unknown("the text of an enum member's value", place)
