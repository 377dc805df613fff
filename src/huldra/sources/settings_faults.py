"""What is wrong with a table of settings, in the user's words. Knows the models' shapes, not their meaning."""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time
from functools import reduce
from types import UnionType
from typing import Annotated, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Meta, Struct

from huldra.sources.toml_files import TomlValue

_LONGEST_SHOWN = 40
_PLAIN: Mapping[object, tuple[tuple[type, ...], str]] = {
    str: ((str,), "a string"),
    bool: ((bool,), "true or false"),
    int: ((int,), "a whole number"),
    float: ((int, float), "a number"),
}
"""Which values a type takes, and what they are called."""
Rule = Callable[[Iterable[str]], str | None]
"""Says what is expected and was found instead, of a list of strings."""


class Fault(Struct, frozen=True):
    """One fault, and the keys that lead to it."""

    message: str
    keys: tuple[str, ...]


class _Wrong(Struct, frozen=True):
    """A value that is not as it must be: the way to it, what was expected, whether that says what was found."""

    way: tuple[str | int, ...]
    expected: str
    is_whole: bool = False


def kebab(name: str) -> str:
    """Return a field's name as the file spells it."""
    return name.replace("_", "-")


def unknown_key(table: Mapping[str, TomlValue], model: type[Struct], title: str) -> Fault | None:
    """Return the first key, in the file's order, that no field of the model has, with the nearest that one has."""
    fields = _fields(model)
    for key, value in table.items():
        if key not in fields:
            nearest = _nearest(key, fields)
            return Fault(f"unknown key {key!r} in {title}; the nearest known key is {nearest!r}", (key,))
        inner = fields[key]
        if isinstance(value, dict) and isinstance(inner, type) and issubclass(inner, Struct):
            fault = unknown_key(value, inner, _inner_title(title, key))
            if fault is not None:
                return Fault(fault.message, (key, *fault.keys))
    return None


def wrong_value(table: TomlValue, model: type[Struct], rules: Mapping[str, Rule], title: str) -> Fault | None:
    """Return the first wrong value of a table, in the order of the fields: its key, what was expected, what was found.

    Args:
        table: The table, without unknown keys.
        model: What it must be.
        rules: What else must hold of lists at the top, by key.
        title: What the table is called.
    """
    wrongs = list(_wrongs(table, model, (), rules))
    if not wrongs:
        return None
    first = wrongs[0].way
    # Each choice of a union reports by itself. The choice that got furthest into the value is the one that was meant.
    furthest = max((wrong.way for wrong in wrongs if wrong.way[: len(first)] == first), key=len)
    at_it = [wrong for wrong in wrongs if wrong.way == furthest]
    expected = dict.fromkeys(wrong.expected for wrong in at_it)
    message = f"{_dotted(furthest)} in {title}: " if furthest else f"{title}: "
    if any(wrong.is_whole for wrong in at_it):
        message += "".join(expected)
    else:
        message += f"expected {' or '.join(expected)}, found {_described(reduce(_step, furthest, table))}"
    others = len({wrong.way for wrong in wrongs if wrong.way != furthest[: len(wrong.way)]})
    more = f" (and {others} more)" if others else ""
    return Fault(message + more, tuple(part for part in furthest if isinstance(part, str)))


def _fields(model: type[Struct]) -> dict[str, object]:
    return {kebab(name): kind for name, kind in get_type_hints(model, include_extras=True).items()}


def _wrongs(
    value: TomlValue, kind: object, way: tuple[str | int, ...], rules: Mapping[str, Rule] | None = None
) -> Iterator[_Wrong]:
    """Yield what is wrong with a value that must be of a type."""
    arguments = get_args(kind)
    if get_origin(kind) in {UnionType, Union}:
        choices = [list(_wrongs(value, choice, way)) for choice in arguments if choice is not type(None)]
        if all(choices):
            yield from (wrong for choice in choices for wrong in choice)
    elif get_origin(kind) is Annotated:
        yield from list(_wrongs(value, arguments[0], way)) or _too_small(value, arguments[1], way)
    elif get_origin(kind) is Literal:
        if value not in arguments:
            *others, last = map(repr, arguments)
            yield _Wrong(way, f"{', '.join(others)} or {last}")
    elif get_origin(kind) is tuple:
        if isinstance(value, list):
            for index, item in enumerate(value):
                yield from _wrongs(item, arguments[0], (*way, index))
        else:
            yield _Wrong(way, "a list")
    elif kind in _PLAIN:
        types, name = _PLAIN[kind]
        if not isinstance(value, types) or (isinstance(value, bool) and kind is not bool):
            yield _Wrong(way, name)
    elif not isinstance(value, dict):
        yield _Wrong(way, "a table")
    elif isinstance(kind, type) and issubclass(kind, Struct):
        for key, inner in _fields(kind).items():
            if key in value:
                found = list(_wrongs(value[key], inner, (*way, key)))
                rule = None if found or rules is None else rules.get(key)
                said = None if rule is None else rule(_texts(value[key]))
                yield from found if said is None else [_Wrong((*way, key), said, is_whole=True)]
    else:
        for key, item in value.items():
            yield from _wrongs(item, arguments[1], (*way, key))


def _texts(value: TomlValue) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _too_small(value: TomlValue, limit: object, way: tuple[str | int, ...]) -> Iterator[_Wrong]:
    least = limit.ge if isinstance(limit, Meta) else None
    if least is not None and isinstance(value, int | float) and not value >= least:
        yield _Wrong(way, f"a number that is at least {least:g}")


def _nearest(key: str, known: Iterable[str]) -> str:
    return difflib.get_close_matches(kebab(key.lower()), sorted(known), n=1, cutoff=0.0)[0]


def _inner_title(title: str, key: str) -> str:
    return f"{title[:-1]}.{key}]" if title.endswith("]") else f"[{key}] of {title}"


def _step(value: TomlValue | None, part: str | int) -> TomlValue | None:
    if isinstance(value, dict) and isinstance(part, str):
        return value.get(part)
    if isinstance(value, list) and isinstance(part, int) and part < len(value):
        return value[part]
    return None


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
