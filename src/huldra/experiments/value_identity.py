"""Which values are one and the same: told apart by nothing, or equal as keys of a dict."""

from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    Concrete,
    ConfigObject,
    External,
    Key,
    ModuleObject,
    Sentinel,
    SetObject,
    Unknown,
    type_name,
)
from huldra.formats.config_values import EnumValue, PathValue


def same_value(left: AbstractValue, right: AbstractValue) -> bool:
    """Whether two values cannot be told apart, types included: `1`, `True` and `1.0` are three values."""
    if left is right:
        return True
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(same_value(a, b) for a, b in zip(left, right, strict=True))
    if type(left) is not type(right):
        return False
    if isinstance(left, float) and isinstance(right, float):
        return repr(left) == repr(right)
    if isinstance(left, ConfigObject) and isinstance(right, ConfigObject):
        same_class = left.cls.info.name == right.cls.info.name and left.doubts == right.doubts
        return (
            same_class
            and left.raw.keys() == right.raw.keys()
            and all(same_value(value, right.raw[name]) for name, value in left.raw.items())
        )
    if isinstance(left, Concrete | EnumValue | PathValue | External | Sentinel | ModuleObject):
        return left == right
    return False


def as_key(value: AbstractValue) -> Key | Unknown:
    """Return a value as a dict key; Unknown with the reason when it is none, or cannot be known."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, tuple):
        keys: list[Key] = []
        for item in value:
            key = as_key(item)
            if isinstance(key, Unknown):
                return key
            keys.append(key)
        return tuple(keys)
    if isinstance(value, SetObject) and value.is_frozen:
        return value.unknown or frozenset(value.items)
    if isinstance(value, frozenset):
        return value
    if isinstance(value, External) and not may_be_class(value.name):
        return Unknown(f"{value.name}, which is outside the project, as a dict key or set element")
    if isinstance(value, Concrete | EnumValue | PathValue | External | Sentinel):
        return value
    if isinstance(value, ClassObject):
        return value
    if isinstance(value, ConfigObject):
        # Configs with equal fields are one key; which they are is not followed.
        return Unknown("a config as a dict key or set element")
    return Unknown(f"a {type_name(value)} as a dict key or set element")


def may_be_class(name: str) -> bool:
    """Whether something outside the project is, by its dotted name, more likely a class than a value."""
    owner, _, last = name.rpartition(".")
    return owner in _OF_CLASSES or (last[:1].isupper() and not last.isupper())


_OF_CLASSES = frozenset({"builtins", "typing", "typing_extensions", "collections", "collections.abc", "types"})
