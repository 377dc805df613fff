"""Configs as dicts and back: `to_dict`, `from_dict`, and the JSON that the records keep of a config."""

import importlib
import math
from collections.abc import Callable, Mapping
from pathlib import Path

from pydantic_core import to_jsonable_python

from huldra.formats.config_documents import CLASS_MARKER
from huldra.formats.json_values import JsonValue
from huldra.runtime.errors import MISSING
from huldra.runtime.fields import field_table, field_type, field_values, has_fields
from huldra.runtime.narrowing import bytes_of, is_dict, is_json, is_list, is_list_or_tuple, is_set
from huldra.runtime.values import class_path_of


def to_dict(value: object) -> object:
    """Return a config as dicts and lists, private fields included. Enums, times, sets, bytes and models stay objects.

    Raises:
        ValueError: it holds MISSING, or an object whose class lives in `__main__`.
    """
    if value is MISSING:
        raise ValueError("MISSING cannot be serialised: give the field a value first")
    if has_fields(value):
        return {CLASS_MARKER: class_path_of(value)} | {name: to_dict(item) for name, item in field_values(value)}
    if isinstance(value, Path):
        return str(value)
    if is_list_or_tuple(value):
        return [to_dict(item) for item in value]
    if is_dict(value):
        return {key: to_dict(item) for key, item in value.items()}
    return value


def from_dict(data: object) -> object:
    """Return the object that `to_dict` was given, as far as the dict tells (a tuple comes back as a list).

    Raises:
        ImportError: a class cannot be found.
        TypeError: the class does not take these fields.
        NameError: the annotations of a class do not resolve.
    """
    if is_list(data):
        return [from_dict(item) for item in data]
    if not is_dict(data):
        return data
    if CLASS_MARKER not in data:
        return {key: from_dict(item) for key, item in data.items()}
    cls = _find_class(str(data[CLASS_MARKER]))
    fields = {str(key): from_dict(item) for key, item in data.items() if key != CLASS_MARKER}
    return cls(**_with_paths(cls, fields) if has_fields(cls) else fields)


def _with_paths(cls: object, fields: Mapping[str, object]) -> dict[str, object]:
    types = {name: field_type(field) for name, field in field_table(cls).items()}
    return {
        name: Path(item) if isinstance(item, str) and types.get(name) is Path else item for name, item in fields.items()
    }


def _find_class(path: str) -> Callable[..., object]:
    """Return the class of a dotted name, nested ones included: the longest part that imports is the module."""
    parts = path.split(".")
    for count in range(len(parts) - 1, 0, -1):
        name = ".".join(parts[:count])
        try:
            found: object = importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                raise  # the module is there, and imports something that is not
            continue
        for part in parts[count:]:
            found = getattr(found, part)
        if not callable(found):
            raise TypeError(f"{path} is no class")
        return found
    raise ModuleNotFoundError(f"no module holds {path}", name=parts[0])


def to_json_document(value: object) -> JsonValue:
    """Return a config as the records keep it: JSON, and lossy by contract (an enum is its value, NaN is null)."""
    document: object = to_jsonable_python(_with_text(to_dict(value)), fallback=repr)
    found = _without_odd_numbers(document)
    if not is_json(found):
        raise TypeError(f"not JSON: {type(found).__name__}")
    return found


def _with_text(value: object) -> object:
    """Return the same with bytes as text, where pydantic would refuse those that are not UTF-8."""
    data = bytes_of(value)
    if data is not None:
        return data.decode("utf-8", errors="backslashreplace")
    if is_dict(value):
        return {key: _with_text(item) for key, item in value.items()}
    if is_list_or_tuple(value) or is_set(value):
        return [_with_text(item) for item in value]
    return value


def _without_odd_numbers(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if is_dict(value):
        return {key: _without_odd_numbers(item) for key, item in value.items()}
    if is_list(value):
        return [_without_odd_numbers(item) for item in value]
    return value
