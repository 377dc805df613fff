"""What is wrong with a table of settings, in the user's words. Knows the models' shapes, not their meaning."""

import difflib
from collections.abc import Iterable, Mapping
from datetime import date, time
from functools import reduce

from msgspec import Struct
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from huldra.sources.toml_files import TomlValue

_LONGEST_SHOWN = 40
_EXPECTED = {
    "string_type": "a string",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a table",
    "mapping_type": "a table",
    "model_type": "a table",
}


class Fault(Struct, frozen=True):
    """One fault, and the keys that lead to it."""

    message: str
    keys: tuple[str, ...]


def kebab(name: str) -> str:
    """Return a field's name as the file spells it."""
    return name.replace("_", "-")


def unknown_key(table: Mapping[str, TomlValue], model: type[BaseModel], title: str) -> Fault | None:
    """Return the first key, in the file's order, that no field of the model has, with the nearest that one has."""
    fields = {kebab(name): field.annotation for name, field in model.model_fields.items()}
    for key, value in table.items():
        if key not in fields:
            nearest = _nearest(key, fields)
            return Fault(f"unknown key {key!r} in {title}; the nearest known key is {nearest!r}", (key,))
        inner = fields[key]
        if isinstance(value, dict) and isinstance(inner, type) and issubclass(inner, BaseModel):
            fault = unknown_key(value, inner, _inner_title(title, key))
            if fault is not None:
                return Fault(fault.message, (key, *fault.keys))
    return None


def wrong_value(error: ValidationError, table: TomlValue, title: str) -> Fault:
    """Return the first wrong value of a table: its key, what was expected, what was found."""
    faults = [(_way(fault, table), fault) for fault in error.errors(include_url=False)]
    first, _ = faults[0]
    # Each choice of a union reports by itself. The choice that got furthest into the value is the one that was meant.
    furthest = max((way for way, _ in faults if way[: len(first)] == first), key=len)
    expected = dict.fromkeys(_expected(fault) for way, fault in faults if way == furthest)
    value = reduce(_step, furthest, table)
    message = f"{_dotted(furthest)} in {title}: " if furthest else f"{title}: "
    if any(fault["type"] == "value_error" for way, fault in faults if way == furthest):
        message += "".join(expected)
    else:
        message += f"expected {' or '.join(expected)}, found {_described(value)}"
    others = len({way for way, _ in faults if way != furthest[: len(way)]})
    more = f" (and {others} more)" if others else ""
    keys = tuple(part for part in furthest if isinstance(part, str))
    return Fault(message + more, keys)


def _nearest(key: str, known: Iterable[str]) -> str:
    return difflib.get_close_matches(kebab(key.lower()), sorted(known), n=1, cutoff=0.0)[0]


def _inner_title(title: str, key: str) -> str:
    return f"{title[:-1]}.{key}]" if title.endswith("]") else f"[{key}] of {title}"


def _way(fault: ErrorDetails, table: TomlValue) -> tuple[str | int, ...]:
    """Return the keys and list positions that lead to a fault, without the names pydantic gives a union's choices."""
    way: list[str | int] = []
    value: TomlValue | None = table
    for part in fault["loc"]:
        inner = _step(value, part)
        if inner is not None:
            way.append(part)
            value = inner
    return tuple(way)


def _step(value: TomlValue | None, part: str | int) -> TomlValue | None:
    if isinstance(value, dict) and isinstance(part, str):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None


def _expected(fault: ErrorDetails) -> str:
    context = fault.get("ctx", {})
    match fault["type"]:
        case "literal_error":
            return str(context["expected"])
        case "greater_than_equal":
            return f"a number that is at least {context['ge']:g}"
        case "value_error":
            return fault["msg"].removeprefix("Value error, ")
        case kind:
            return _EXPECTED.get(kind, fault["msg"])


def _dotted(way: tuple[str | int, ...]) -> str:
    text = ""
    for part in way:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return f"'{text}'"


def _described(value: TomlValue | None) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"the string {value!r}" if len(value) <= _LONGEST_SHOWN else "a string"
        case int() | float():
            return f"the number {value}"
        case list():
            return "a list"
        case dict():
            return "a table"
        case date() | time():
            return "a date or time"
        case None:
            return "nothing"
