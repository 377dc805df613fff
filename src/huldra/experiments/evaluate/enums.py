"""Enum classes: their members, aliases, `auto()`, flags and look-up, as Python's `enum` module has them."""

import enum
from collections.abc import Callable, Mapping
from types import NoneType
from typing import TypeGuard

from msgspec import structs

from huldra.experiments.evaluate.comparisons import equal
from huldra.experiments.evaluate.library import FACTORY
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.recorded import EnumMember
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    DictObject,
    External,
    FunctionObject,
    InstanceObject,
    Method,
    Partial,
    PropertyObject,
    Scope,
    Sentinel,
    Unknown,
)
from huldra.formats.config_values import EnumValue
from huldra.project.places import Place

AUTO = Sentinel("auto", "enum.auto")
"""What `auto()` is while the body of its class runs; `number_so_far` says what it stands for."""
_PLAIN = frozenset({"enum.IntEnum", "enum.StrEnum", "enum.IntFlag", "enum.ReprEnum"})
_PLAIN_MIXINS = frozenset({"builtins.str", "builtins.int", "builtins.float"})
_ENUMS = frozenset({"enum.Enum", "enum.Flag"}) | _PLAIN
_FLAGS = frozenset({"enum.Flag", "enum.IntFlag"})
HELD = "_held by {}"
"""Under what name the class holds what one of its members holds; no code can call anything so."""
_DESCRIPTORS = (FunctionObject, PropertyObject, BoundMethod, Method)
_BY_IDENTITY = (Partial, ClassObject)
_PLAIN_VALUES = (*_BY_IDENTITY, NoneType, bool, int, float, str, bytes, tuple)
MARKS = frozenset({"enum.member", "enum.nonmember"})
_MEMBER, _NOT_A_MEMBER = External("enum.member"), External("enum.nonmember")


def is_enum(cls: ClassObject) -> bool:
    """Whether a class derives from one of Python's enum classes."""
    return not _ENUMS.isdisjoint(cls.info.order)


def is_flag(cls: ClassObject) -> bool:
    """Whether its members can be combined."""
    return not _FLAGS.isdisjoint(cls.info.order)


def enum_members(machine: Machine, cls: ClassObject) -> list[AbstractValue] | Unknown:
    """Return the members in definition order, aliases left out; none for a class that is no enum.

    Of a flag these are the single bits: what is zero or has several of them goes as an alias.
    """
    found: list[AbstractValue] = []
    table = enum_table(machine, cls)
    for entry in table.values():
        if entry.doubt is not None:
            return structs.replace(entry.doubt, aliases=tuple(each.member for each in table.values()))
        if is_flag(cls) and not isinstance(entry.value, int):
            return Unknown(f"the members of {cls.info.qualname}, whose values are not known")
        is_alias = is_flag(cls) and isinstance(entry.value, int) and not _is_single_bit(entry.value)
        if not is_alias and entry.member not in found:
            found.append(entry.member)
    return found


def members_by_name(machine: Machine, cls: ClassObject) -> DictObject:
    """Return what `__members__` shows: every name, with the member that it stands for."""
    return DictObject({name: entry.doubt or entry.member for name, entry in enum_table(machine, cls).items()})


def _is_single_bit(number: int) -> bool:
    return number > 0 and number & (number - 1) == 0


def enum_member(machine: Machine, cls: ClassObject, name: str) -> EnumValue | Unknown | None:
    """Return a member or alias by name."""
    entry = enum_table(machine, cls).get(name)
    return None if entry is None else entry.doubt or entry.member


def enum_value(machine: Machine, cls: ClassObject, member: EnumValue) -> AbstractValue:
    """Return what `member.value` is."""
    entry = enum_table(machine, cls).get(member.member)
    if entry is None:
        return member.value if isinstance(member.value, int) else Unknown("the value of an enum member")
    return entry.value


def enum_table(machine: Machine, cls: ClassObject) -> Mapping[str, EnumMember]:
    """Return the members by name, aliases included; none for a class that is no enum."""
    if not is_enum(cls):
        return {}
    if cls.name not in machine.enums:
        machine.enums[cls.name] = _build(cls)
    return machine.enums[cls.name]


def number_so_far(machine: Machine, scope: Scope, name: str, frame: Frame) -> AbstractValue:
    """Return what `auto()` has become for the rest of the body of an enum: `ALL = READ | WRITE`."""
    value = scope.names[name]
    info = machine.project.classes.get(f"{frame.module}.{frame.enclosing[-1]}") if frame.enclosing else None
    if info is None or not scope.is_class or not is_enum(cls := ClassObject(info, scope)):
        return value
    entry = _build(cls).get(name)
    return value if entry is None else entry.value


def _build(cls: ClassObject) -> Mapping[str, EnumMember]:
    """Number and name the members; a value that was used before makes an alias of its first member."""
    table: dict[str, EnumMember] = {}
    is_plain = not (_PLAIN | _PLAIN_MIXINS).isdisjoint(cls.info.order)
    computed = next(
        (name for name in ("__new__", "_generate_next_value_", "__init__") if name in cls.members.names), None
    )
    numbered: dict[int, AbstractValue] = {}
    for name, raw in cls.members.names.items():
        if name.startswith("_") or isinstance(raw, _DESCRIPTORS) or _is_of(raw, _NOT_A_MEMBER) or _is_of(raw, FACTORY):
            continue
        value = raw.positional[0] if _is_of(raw, _MEMBER) else raw
        if isinstance(value, Sentinel) and value == AUTO:
            if id(value) not in numbered:  # one auto() under two names is one member and its alias
                numbered[id(value)] = _auto_value(cls, name, [entry.value for entry in table.values()])
            value = numbered[id(value)]
        if computed == "__new__":
            value = Unknown("an enum that makes its values with __new__")
        entry = _entry(cls, name, value, table, is_plain=is_plain)
        doubt = entry.doubt or (None if value is not raw else _whether_member(cls, name, raw))
        if doubt is not None:  # whoever does something with one of them may do it with this one
            doubt = structs.replace(doubt, aliases=(entry.member, *((raw,) if isinstance(raw, _BY_IDENTITY) else ())))
        table[name] = structs.replace(entry, doubt=doubt)
    return table


def mark(name: str, value: AbstractValue) -> AbstractValue:
    """Return what `enum.member(…)` or `enum.nonmember(…)` gives until its class is made."""
    return Partial(External(name), (value,), {})


def unmarked(value: AbstractValue) -> AbstractValue:
    """Return what the body of an enum reads by a name that it has bound to what is marked."""
    return value.positional[0] if _is_of(value, _MEMBER) or _is_of(value, _NOT_A_MEMBER) else value


def _is_of(value: AbstractValue, function: External) -> TypeGuard[Partial]:
    """Whether a value is what a function of the library has made of another one."""
    return isinstance(value, Partial) and value.function == function and len(value.positional) == 1


def _whether_member(cls: ClassObject, name: str, value: AbstractValue) -> Unknown | None:
    """Return why a value may be no member, as Python's versions differ; None where all make it one."""
    shown = f"{cls.info.qualname}.{name}"
    if isinstance(value, Partial):
        return Unknown(f"whether {shown} is a member: functools.partial is bound as methods are, from Python 3.14 on")
    if isinstance(value, ClassObject) and value.info.qualname.startswith(f"{cls.info.qualname}."):
        return Unknown(f"whether {shown} is a member: a class inside an enum is none, from Python 3.13 on")
    return None


def _entry(
    cls: ClassObject, name: str, value: AbstractValue, table: Mapping[str, EnumMember], *, is_plain: bool
) -> EnumMember:
    plain = value if isinstance(value, None | bool | int | float | str) else None
    doubt: Unknown | None = None
    for entry in table.values():
        same = _same(entry.value, value)
        if same is True:
            return EnumMember(entry.member, entry.value, doubt or entry.doubt)
        if isinstance(same, Unknown) and doubt is None:
            doubt = Unknown(f"whether {name} of {cls.info.qualname} is an alias: {same.reason}")
    return EnumMember(EnumValue(cls.name, name, plain, is_plain), _mixed_in(cls, value), doubt)


def _same(earlier: AbstractValue, value: AbstractValue) -> bool | Unknown:
    """Whether two values make one member; partials and classes are equal to themselves alone."""
    if value is earlier:
        return True
    told = isinstance(earlier, _BY_IDENTITY) and isinstance(value, _PLAIN_VALUES)
    told |= isinstance(value, _BY_IDENTITY) and isinstance(earlier, _PLAIN_VALUES)
    return False if told else equal(earlier, value)


def _mixed_in(cls: ClassObject, value: AbstractValue) -> AbstractValue:
    """What a str, int or float enum makes of a value that is not of its type is not followed."""
    wanted = {
        "builtins.str": str,
        "enum.StrEnum": str,
        "builtins.int": int,
        "enum.IntEnum": int,
        "builtins.float": float,
    }
    for base, kind in wanted.items():
        if base in cls.info.order and not (isinstance(value, kind) and not isinstance(value, bool)):
            return value if isinstance(value, Unknown) else Unknown(f"a value that {cls.info.qualname} converts")
    return value


def _auto_value(cls: ClassObject, name: str, earlier: list[AbstractValue]) -> AbstractValue:
    if "_generate_next_value_" in cls.members.names:
        return Unknown("auto() with a _generate_next_value_ of its own")
    if "enum.StrEnum" in cls.info.order:
        return name.lower()
    numbers = [value for value in earlier if isinstance(value, int)]
    if len(numbers) != len(earlier):
        return Unknown("auto() after a value that is no number")
    if is_flag(cls):
        return 1 << max(numbers).bit_length() if numbers else 1
    if numbers and numbers[-1] != max(numbers):
        return Unknown("auto() after values that fall, which depends on Python's version")
    return max(numbers) + 1 if numbers else 1


def held_by_member(cls: ClassObject, member: EnumValue) -> InstanceObject | None:
    """Return what holds the attributes that a member has been given as it was made; None where it has none."""
    held = cls.members.names.get(HELD.format(member.member))
    return held if isinstance(held, InstanceObject) else None


def look_up_value(machine: Machine, cls: ClassObject, value: AbstractValue, place: Place) -> AbstractValue:
    """Return `Mode(value)`."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, EnumValue) and value.class_name == cls.name:
        return value
    plain = value
    if isinstance(value, EnumValue) and isinstance(value.value, str | int | float):
        plain = value.value if value.is_plain else value
    for entry in enum_table(machine, cls).values():
        same = equal(entry.value, plain)
        if isinstance(same, Unknown) or (same and entry.doubt is not None):
            return same if isinstance(same, Unknown) else entry.doubt
        if same:
            return entry.member
    if is_flag(cls) and isinstance(plain, int):
        return flag_of(machine, cls, plain)
    if look_up_hook(cls):
        return Unknown(f"{cls.info.qualname} looks missing values up by itself", place)
    raise Raised("ValueError", f"{plain!r} is not a valid {cls.info.qualname}", place)


def look_up_hook(cls: ClassObject) -> bool:
    """Whether an enum has, or may inherit, a `_missing_` of its own."""
    return (
        "_missing_" in cls.members.names or len([name for name in cls.info.order if not name.startswith("enum.")]) > 2
    )


def flag_class(machine: Machine, cls: ClassObject) -> type[enum.Flag] | Unknown:
    """Return a class of Python's own with the same flags, to be asked how Python names what they make together."""
    table = enum_table(machine, cls)
    base = enum.IntFlag if "enum.IntFlag" in cls.info.order else enum.Flag
    pairs = {name: entry.value for name, entry in table.items() if isinstance(entry.value, int)}
    if len(pairs) != len(table) or any(entry.doubt for entry in table.values()):
        return Unknown(f"a combination of {cls.info.qualname}, whose values are not known")
    if cls.info.keywords:
        return Unknown(f"a combination of {cls.info.qualname}, which says how its values are bounded")
    make: Callable[..., type[enum.Flag]] = base  # pyright: ignore[reportAssignmentType]  the functional form
    try:
        return make(cls.info.definition.name, pairs)
    except (ValueError, TypeError):
        return Unknown(f"a combination of {cls.info.qualname}")


def flag_of(machine: Machine, cls: ClassObject, number: int) -> AbstractValue:
    """Return the member, or the combination of flags, that a number stands for, named as Python names it."""
    known = next((entry for entry in enum_table(machine, cls).values() if entry.value == number), None)
    if known is not None:
        return known.doubt or known.member
    made = flag_class(machine, cls)
    if isinstance(made, Unknown):
        return made
    try:
        member = made(number)
    except (ValueError, TypeError):
        return Unknown(f"{number} is no combination of {cls.info.qualname}")
    return EnumValue(cls.name, str(member.name), number, issubclass(made, enum.IntFlag))
