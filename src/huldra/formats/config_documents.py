"""Configs as JSON documents: the form that metadata.json keeps. Lossy by contract, so never used to compute a hash."""

import math
from collections.abc import Mapping

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
from huldra.formats.identity import utc_text
from huldra.formats.json_values import JsonObject, JsonValue
from huldra.formats.names import CLASS_MARKER


def config_document(config: ConfigValue) -> JsonObject:
    """Return a config as the runtime's `to_dict()` gives it, made JSON as metadata.json does (an enum is its value)."""
    return {CLASS_MARKER: config.class_name} | {name: value_document(value) for name, value in config.fields}


def value_document(value: Value) -> JsonValue:
    """Return one value as JSON."""
    match value:
        case float() if not math.isfinite(value):
            return None
        case None | bool() | int() | float() | str():
            return value
        case ConfigValue():
            return config_document(value)
        case EnumValue(value=inner):
            return value_document(inner)
        case PathValue(text):
            return text
        case ListValue(items) | TupleValue(items) | SetValue(items):
            return [value_document(item) for item in items]
        case DictValue(items):
            return {_key(key): value_document(item) for key, item in items}
        case BytesValue(data):
            return data.decode("utf-8", errors="backslashreplace")
        case TimeValue(moment):
            return utc_text(moment)
        case ModelValue(items=items):
            return {name: value_document(item) for name, item in items}
        case UnhashableValue(type_name):
            return f"<{type_name}>"
        case MissingValue():
            return "<MISSING>"


def _key(key: Value) -> str:
    match key:
        case str():
            return key
        case bool():
            return "true" if key else "false"
        case None:
            return "null"
        case EnumValue(value=inner):
            return _key(inner)
        case PathValue(text):
            return text
        case _:
            return str(key)


def value_from_document(document: JsonValue) -> Value:
    """Return the value that a JSON document stands for, as far as it can tell.

    An object with a `__class__` is a config; whether it is an experiment cannot be told from here and is assumed.
    """
    if document is None or isinstance(document, (str, int, float)):  # most are, and the other questions take long
        return document
    if isinstance(document, Mapping):
        name = document.get(CLASS_MARKER)
        if isinstance(name, str):
            fields = ((key, value_from_document(item)) for key, item in document.items() if key != CLASS_MARKER)
            return ConfigValue(name, tuple(fields))
        return DictValue(tuple((key, value_from_document(item)) for key, item in document.items()))
    return ListValue(tuple(value_from_document(item) for item in document))
