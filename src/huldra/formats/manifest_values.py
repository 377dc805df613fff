"""Config values as manifests write them: JSON, with a tag for what JSON does not have, so that nothing is lost."""

import base64
import math

from huldra.formats.config_documents import CLASS_MARKER
from huldra.formats.config_values import (
    BytesValue,
    ConfigValue,
    DictValue,
    EnumValue,
    ListValue,
    PathValue,
    SetValue,
    TimeValue,
    TupleValue,
    Value,
)
from huldra.formats.json_values import JsonObject, JsonValue

ENUM, PATH, TUPLE, SET, FROZEN_SET = "__enum__", "__path__", "__tuple__", "__set__", "__frozenset__"
BYTES, TIME, FLOAT, DICT = "__bytes__", "__datetime__", "__float__", "__dict__"
TAGS = (ENUM, PATH, TUPLE, SET, FROZEN_SET, BYTES, TIME, FLOAT, DICT)
"""Keys of objects with one member: `{"__enum__": "lab.data.Split:TRAIN"}`, `{"__tuple__": [1, 2]}`."""


class NotWritableError(ValueError):
    """A value that a manifest cannot hold: a model, a function, the MISSING sentinel."""


def manifest_config(config: ConfigValue) -> JsonObject:
    """Return the fields of a config as a manifest entry has them. Raise NotWritableError for what it cannot hold."""
    return {name: manifest_value(value) for name, value in config.fields}


def manifest_value(value: Value) -> JsonValue:
    """Return one value. Raise NotWritableError for what a manifest cannot hold."""
    match value:
        case float() if not math.isfinite(value):
            return {FLOAT: repr(value)}
        case None | bool() | int() | float() | str():
            return value
        case ConfigValue():
            return {CLASS_MARKER: value.class_name, **manifest_config(value)}
        case EnumValue(class_name, member):
            return {ENUM: f"{class_name}:{member}"}
        case PathValue(text):
            return {PATH: text}
        case ListValue(items):
            return [manifest_value(item) for item in items]
        case TupleValue(items):
            return {TUPLE: [manifest_value(item) for item in items]}
        case SetValue(items=items, is_frozen=is_frozen):
            return {FROZEN_SET if is_frozen else SET: [manifest_value(item) for item in items]}
        case BytesValue(data):
            return {BYTES: base64.b64encode(data).decode("ascii")}
        case TimeValue(moment):
            return {TIME: moment.isoformat()}
        case DictValue(items):
            return _table(items)
        case _:
            raise NotWritableError(f"a manifest cannot hold a {type(value).__name__.removesuffix('Value').lower()}")


def _table(items: tuple[tuple[Value, Value], ...]) -> JsonValue:
    plain = {key: manifest_value(item) for key, item in items if isinstance(key, str)}
    if len(plain) == len(items) and not {CLASS_MARKER, *TAGS} & plain.keys():
        return plain
    return {DICT: [[manifest_value(key), manifest_value(item)] for key, item in items]}
