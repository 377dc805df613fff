"""What flags make together (`READ | WRITE`, `~READ`, `READ in access`, `for flag in access`), as Python has it."""

from huldra.experiments.evaluate.enums import flag_class, flag_of, is_flag
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.values import AbstractValue, ClassObject, Unknown
from huldra.formats.config_values import EnumValue


def combine_flags(machine: Machine, symbol: str, left: EnumValue, right: EnumValue) -> AbstractValue | None:
    """Return `Access.READ | Access.WRITE`; None when the operands are not members of one flag class."""
    cls = _flag_class_of(machine, left)
    if cls is None or left.class_name != right.class_name:
        return None
    if not isinstance(left.value, int) or not isinstance(right.value, int):
        return Unknown("a flag whose value is not known")
    number = {"|": left.value | right.value, "&": left.value & right.value, "^": left.value ^ right.value}.get(symbol)
    return None if number is None else flag_of(machine, cls, number)


def invert_flag(machine: Machine, value: EnumValue) -> AbstractValue:
    """Return `~Access.READ`: all the other flags, where the class has a flag for each bit and no more bits."""
    cls = _flag_class_of(machine, value)
    doubt = Unknown("`~` of an enum member")
    if cls is None or value.is_plain or not isinstance(value.value, int):
        return doubt
    made = flag_class(machine, cls)
    if isinstance(made, Unknown):
        return made
    singles = sum(flag.value for flag in made)
    together = 0
    for flag in made.__members__.values():
        together |= flag.value
    return flag_of(machine, cls, singles & ~int(value.value)) if singles == together else doubt


def holds_flag(machine: Machine, container: EnumValue, item: AbstractValue) -> bool | Unknown:
    """Return `item in container`."""
    if not isinstance(item, EnumValue) or item.class_name != container.class_name:
        return Unknown("`in` on an enum member")
    if _flag_class_of(machine, container) is None:
        return Unknown("`in` on an enum member")
    if not isinstance(container.value, int) or not isinstance(item.value, int):
        return Unknown("a flag whose value is not known")
    return item.value & container.value == item.value


def parts_of_flag(machine: Machine, value: EnumValue) -> list[AbstractValue] | Unknown:
    """Return what a loop over a combination of flags gives: its single flags, in Python's order."""
    cls = _flag_class_of(machine, value)
    if cls is None or not isinstance(value.value, int):
        return Unknown("iterating over an enum member")
    made = flag_class(machine, cls)
    if isinstance(made, Unknown):
        return made
    try:
        numbers = [flag.value for flag in made(value.value)]
    except (ValueError, TypeError):
        return Unknown("iterating over an enum member")
    return [flag_of(machine, cls, number) for number in numbers]


def flag_truth(machine: Machine, value: EnumValue) -> bool | None:
    """Return whether a flag has any bit; None for any other member."""
    is_known = isinstance(value.value, int) and _flag_class_of(machine, value) is not None
    return bool(value.value) if is_known else None


def _flag_class_of(machine: Machine, value: EnumValue) -> ClassObject | None:
    cls = machine.class_object(value.class_name)
    return cls if cls is not None and is_flag(cls) and not _looks_up_by_itself(machine, cls) else None


def _looks_up_by_itself(machine: Machine, cls: ClassObject) -> bool:
    """Whether a class has a `_missing_` of its own, which Python asks for combinations, too."""
    known = (machine.class_object(name) for name in cls.info.order if name in machine.project.classes)
    return any(ancestor is not None and "_missing_" in ancestor.members.names for ancestor in known)
