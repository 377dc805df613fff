"""From Python objects to the closed set of config values. The hash itself is `formats.identity`'s business."""

import enum
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel

from huldra.formats.config_values import (
    BytesValue,
    ConfigValue,
    DictValue,
    EnumValue,
    ListValue,
    MissingValue,
    ModelValue,
    PathValue,
    SetValue,
    TimeValue,
    TupleValue,
    UnhashableValue,
    Value,
)
from huldra.formats.identity import identity_hash
from huldra.formats.names import class_path
from huldra.runtime.errors import MISSING
from huldra.runtime.fields import field_values, has_fields
from huldra.runtime.narrowing import bytes_of, is_dict, is_list, is_list_or_tuple, is_set


def class_path_of(value: object) -> str:
    """Return the name of an object's class; raise ValueError if it lives in `__main__`."""
    return class_path(type(value).__module__, type(value).__qualname__)


def identity_of(value: object) -> str:
    """Return the 20 hex digits of a config, or of any value that a config may hold.

    Raises:
        TypeError: some value in it has no canonical form.
        ValueError: some value is MISSING, or a class lives in `__main__`.
    """
    return identity_hash(to_value(value))


def to_value(value: object) -> Value:
    """Return what an object is to the hash. Private fields are left out at every level.

    The tests come in the order of the contract; the first that matches decides.

    Raises:
        ValueError: a class lives in `__main__`.
    """
    if value is MISSING:
        return MissingValue()
    if has_fields(value):
        return ConfigValue(class_path_of(value), tuple(_public_fields(value)))
    if is_dict(value):
        return DictValue(tuple((_key(key), to_value(item)) for key, item in value.items()))
    if is_list_or_tuple(value):
        items = tuple(to_value(item) for item in value)
        return ListValue(items) if is_list(value) else TupleValue(items)
    if isinstance(value, Path):
        return PathValue(str(value))
    if isinstance(value, enum.Enum):
        return EnumValue(class_path_of(value), str(value.name))
    if is_set(value):
        return SetValue(tuple(to_value(item) for item in value), is_frozen=isinstance(value, frozenset))
    return _leaf(value)


def _public_fields(value: object) -> Iterator[tuple[str, Value]]:
    for name, item in field_values(value):
        if not name.startswith("_"):
            yield name, to_value(item)


def _leaf(value: object) -> Value:
    data = bytes_of(value)
    if data is not None:
        return BytesValue(data)
    if isinstance(value, datetime):
        return TimeValue(value.astimezone(UTC))
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, BaseModel):
        items = value.model_dump().items()
        return ModelValue(class_path_of(value), tuple((name, to_value(item)) for name, item in items))
    return UnhashableValue(type(value).__qualname__)


def _key(key: object) -> Value:
    """Return a dict key; members of str and int enums are what they stand for, `{Stage.DRAFT: 1}` is `{"draft": 1}`."""
    if isinstance(key, enum.Enum) and isinstance(key, str | int | float):
        plain: object = key.value
        if isinstance(plain, str | int | float):
            return EnumValue(class_path_of(key), str(key.name), plain, is_plain=True)
    return to_value(key)
