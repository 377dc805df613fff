"""Enum classes: their members, aliases, `auto()`, flags and look-up, as Python's `enum` module has them."""

import enum
from collections.abc import Callable, Mapping

from huldra.experiments.evaluate.machine import Machine, Raised
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    FunctionObject,
    Method,
    Partial,
    PropertyObject,
    Sentinel,
    Unknown,
)
from huldra.formats.config_values import EnumValue
from huldra.project.places import Place

AUTO = "enum.auto"
_PLAIN = frozenset({"enum.IntEnum", "enum.StrEnum", "enum.IntFlag", "enum.ReprEnum"})
_PLAIN_MIXINS = frozenset({"builtins.str", "builtins.int", "builtins.float"})
_ENUMS = frozenset({"enum.Enum", "enum.Flag"}) | _PLAIN
_FLAGS = frozenset({"enum.Flag", "enum.IntFlag"})
_DESCRIPTORS = (FunctionObject, PropertyObject, BoundMethod, Partial, Method, ClassObject)


def is_enum(cls: ClassObject) -> bool:
    """Whether a class derives from one of Python's enum classes."""
    return not _ENUMS.isdisjoint(cls.info.order)


def is_flag(cls: ClassObject) -> bool:
    """Whether its members can be combined."""
    return not _FLAGS.isdisjoint(cls.info.order)


def enum_members(machine: Machine, cls: ClassObject) -> list[AbstractValue]:
    """Return the members in definition order, aliases left out; none for a class that is no enum."""
    found: list[AbstractValue] = []
    for member in _table(machine, cls).values():
        if member not in found:
            found.append(member)
    return found


def enum_member(machine: Machine, cls: ClassObject, name: str) -> EnumValue | None:
    """Return a member or alias by name."""
    return _table(machine, cls).get(name)


def _table(machine: Machine, cls: ClassObject) -> Mapping[str, EnumValue]:
    if not is_enum(cls):
        return {}
    if cls.name not in machine.enums:
        machine.enums[cls.name] = _build(cls)
    return machine.enums[cls.name]


def _build(cls: ClassObject) -> Mapping[str, EnumValue]:
    """Number and name the members; a value that was used before makes an alias of its first member."""
    table: dict[str, EnumValue] = {}
    values: list[AbstractValue] = []
    is_plain = not (_PLAIN | _PLAIN_MIXINS).isdisjoint(cls.info.order)
    for name, raw in cls.members.names.items():
        if name.startswith("_") or isinstance(raw, _DESCRIPTORS):
            continue
        value = _auto_value(cls, name, values) if raw == Sentinel("auto", AUTO) else raw
        first = next((m for m in table.values() if m.value == value), None)
        plain = value if isinstance(value, None | bool | int | float | str) else None
        table[name] = first or EnumValue(cls.name, name, plain, is_plain)
        values.append(value)
    return table


def _auto_value(cls: ClassObject, name: str, earlier: list[AbstractValue]) -> AbstractValue:
    if "_generate_next_value_" in cls.members.names:
        return Unknown("auto() with a _generate_next_value_ of its own")
    if "enum.StrEnum" in cls.info.order:
        return name.lower()
    numbers = [value for value in earlier if isinstance(value, int)]
    if is_flag(cls):
        return 1 << max(numbers).bit_length() if numbers else 1
    return max(numbers) + 1 if numbers else 1


def look_up_value(machine: Machine, cls: ClassObject, value: AbstractValue, place: Place) -> AbstractValue:
    """Return `Mode(value)`."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, EnumValue) and value.class_name == cls.name:
        return value
    plain = value.value if isinstance(value, EnumValue) else value
    for member in _table(machine, cls).values():
        if member.value == plain:
            return member
    if is_flag(cls) and isinstance(plain, int):
        return _composite(cls, plain, _table(machine, cls))
    if "_missing_" in cls.members.names:
        return Unknown(f"{cls.info.qualname} looks missing values up by itself", place)
    raise Raised("ValueError", f"{plain!r} is not a valid {cls.info.qualname}", place)


def _composite(cls: ClassObject, number: int, table: Mapping[str, EnumValue]) -> AbstractValue:
    """Return a combination of flags, named as Python names it; Python's own enum module makes the name."""
    base = enum.IntFlag if "enum.IntFlag" in cls.info.order else enum.Flag
    pairs = {name: member.value for name, member in table.items() if isinstance(member.value, int)}
    try:
        make: Callable[..., type[enum.Flag]] = base  # pyright: ignore[reportAssignmentType]  the functional form
        member = make(cls.info.definition.name, pairs)(number)
    except (ValueError, TypeError):
        return Unknown(f"{number} is no combination of {cls.info.qualname}")
    return EnumValue(cls.name, str(member.name), number, base is enum.IntFlag)


def combine_flags(machine: Machine, symbol: str, left: EnumValue, right: EnumValue) -> AbstractValue | None:
    """Return `Access.READ | Access.WRITE`; None when the operands are not members of one flag class."""
    cls = machine.classes.get(left.class_name)
    if cls is None or left.class_name != right.class_name or not is_flag(cls):
        return None
    if not isinstance(left.value, int) or not isinstance(right.value, int):
        return Unknown("a flag whose value is not known")
    number = {"|": left.value | right.value, "&": left.value & right.value, "^": left.value ^ right.value}.get(symbol)
    if number is None:
        return None
    known = next((m for m in _table(machine, cls).values() if m.value == number), None)
    return known or _composite(cls, number, _table(machine, cls))
