"""Known values as Python's own and back, so that pure functions of the standard library can be applied to them."""

import pathlib
from collections.abc import Iterable, Iterator
from decimal import Decimal as DecimalNumber
from itertools import islice
from typing import TypeGuard

from huldra.experiments.library_objects import LibraryObject, is_library_object
from huldra.experiments.value_identity import as_key
from huldra.experiments.values import (
    AbstractValue,
    Concrete,
    DictObject,
    IteratorObject,
    Key,
    ListObject,
    SetObject,
    Unknown,
    type_name,
)
from huldra.formats.config_values import EnumValue, PathValue

MAX_ITEMS = 1_000_000
_MAX_DEPTH = 50
_MAX_EXPONENT = 10_000
_DOUBLING = 2_000_000


class NotConvertible(Exception):  # noqa: N818  an answer, not an error
    """The value is not known, or has no counterpart outside the user's code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Path(pathlib.PurePosixPath):
    """A path whose operations are pure. What it shows as depends on the platform."""

    def __repr__(self) -> str:
        raise NotConvertible("the repr of a path, which depends on the platform")

    # What these raise of a path without a name says its repr.
    def with_name(self, name: str) -> "_Path":
        return super().with_name(name) if self.name else self._without_name()

    def with_suffix(self, suffix: str) -> "_Path":
        return super().with_suffix(suffix) if self.name else self._without_name()

    def _without_name(self) -> "_Path":
        raise ValueError("a path that has an empty name")


def to_python(value: AbstractValue, *, as_data: bool = False) -> object:
    """Return a known value as Python's own; `as_data` where a dict of any kind does as well as a plain one.

    Raises:
        NotConvertible: some part is unknown, or is an object of the user's.
    """
    return _convert(value, [_DOUBLING], 0, as_data)


def _convert(value: AbstractValue, left: list[int], depth: int, as_data: bool) -> object:  # noqa: FBT001
    """Convert, as long as the value is neither too deep nor, its shared parts counted each time, too large."""
    left[0] -= 1
    if depth > _MAX_DEPTH or left[0] < 0:
        raise NotConvertible("a value too large or too deep")
    match value:
        case PathValue(text):
            return _Path(text)
        case EnumValue(is_plain=True, value=inner) if isinstance(inner, str | int | float):
            return inner
        case tuple():
            return tuple(_convert(item, left, depth + 1, as_data) for item in value)
        case ListObject():
            _known(value.unknown)
            return [_convert(item, left, depth + 1, as_data) for item in value.items]
        case DictObject(type_name=name) if name != "dict" and not as_data:
            raise NotConvertible(f"an operation on a {name} that is not followed")
        case DictObject():
            _known(value.unknown)
            parts = [_convert(part, left, depth + 1, as_data) for item in value.items.items() for part in item]
            return dict(zip(parts[::2], parts[1::2], strict=True))
        case SetObject() | frozenset() if len(value.items if isinstance(value, SetObject) else value) > 1:
            raise NotConvertible("the order of a set, which differs from process to process")
        case SetObject():
            _known(value.unknown)
            items = [_convert(key, left, depth + 1, as_data) for key in value.items]
            return frozenset(items) if value.is_frozen else set(items)
        case DecimalNumber() if value.is_finite() and abs(value.adjusted()) > _MAX_EXPONENT:
            raise NotConvertible("a number of very many digits")
        case LibraryObject(value=inner):
            return inner
        case Unknown():
            raise NotConvertible(value.reason)
        case _ if isinstance(value, Concrete):
            return value
        case _:
            raise NotConvertible(f"an operation on a {type_name(value)} that is not followed")


def _known(unknown: Unknown | None) -> None:
    if unknown is not None:
        raise NotConvertible(unknown.reason)


def from_python(value: object) -> AbstractValue:
    """Return a Python value as the evaluator's.

    Raises:
        NotConvertible: the evaluator has no such values, or there are too many.
    """
    if _is_tuple(value):
        return tuple(from_python(item) for item in value)
    if isinstance(value, Concrete):
        return value
    if is_library_object(value):
        return LibraryObject(value)
    if isinstance(value, pathlib.PurePath):
        return PathValue(str(value))
    if _is_dict(value):
        return DictObject({_key(key): from_python(item) for key, item in value.items()})
    if _is_iterable(value):
        items = list(islice(value, MAX_ITEMS + 1))
        if len(items) > MAX_ITEMS:
            raise NotConvertible(f"more than {MAX_ITEMS} elements")
        if isinstance(value, list):
            return ListObject([from_python(item) for item in items])
        if isinstance(value, set | frozenset):
            return SetObject({_key(item): None for item in items}, isinstance(value, frozenset))
        return IteratorObject([from_python(item) for item in items])
    raise NotConvertible(f"a {type(value).__name__}")


def _is_tuple(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple)


def _is_dict(value: object) -> TypeGuard[dict[object, object]]:
    return isinstance(value, dict)


def _is_iterable(value: object) -> TypeGuard[Iterable[object]]:
    return isinstance(value, list | set | frozenset | Iterator)


def _key(value: object) -> Key:
    key = as_key(from_python(value))
    if isinstance(key, Unknown):
        raise NotConvertible(key.reason)
    return key
