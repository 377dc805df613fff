"""Experiments as bytes and back, for caches. Data only: reading them cannot run anything.

A value is itself, a tuple begins with 0, a mapping with 1, any other with the number of its type.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TypeGuard

import msgspec

from huldra.experiments.frozen import Doubt
from huldra.experiments.model import (
    ClassDependency,
    Dependency,
    DynamicSite,
    Experiment,
    Experiments,
    ManifestEntry,
    SiteReference,
    Sweep,
    Via,
)
from huldra.experiments.values import Unknown
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
    TupleValue,
    UnhashableValue,
)
from huldra.project.places import Place
from huldra.project.problems import Problem

_TUPLE, _MAPPING = 0, 1
_TYPES = (
    *(Experiments, Experiment, SiteReference, Dependency, DynamicSite, Sweep, ClassDependency, ManifestEntry),
    Via,
    *(Doubt, Unknown, Place, Problem, ConfigValue, EnumValue, PathValue, ListValue, TupleValue, DictValue, SetValue),
    *(BytesValue, ModelValue, UnhashableValue, MissingValue),
)
_NUMBER_OF: Mapping[type, int] = {kind: number for number, kind in enumerate(_TYPES, _MAPPING + 1)}
# What is not compared has served its purpose when the experiments are known.
_NAMES_OF: Mapping[type, tuple[str, ...]] = {
    **{kind: kind.__struct_fields__ for kind in _TYPES},
    Unknown: ("reason", "place", "result_of"),
}
_LEAST, _MOST = -(2**63), 2**64


class NotEncodableError(ValueError):
    """The experiments hold what has no encoding here: a moment, a number past 64 bits, half a character."""


class DamagedExperimentsError(ValueError):
    """The bytes are not experiments."""


def encode_experiments(experiments: Experiments) -> bytes:
    """Return experiments as bytes.

    Raises:
        NotEncodableError: they hold what cannot be written.
    """
    try:
        return msgspec.msgpack.encode(_plain(experiments))
    except (UnicodeEncodeError, RecursionError) as error:
        raise NotEncodableError(str(error)) from error


def decode_experiments(data: bytes) -> Experiments:
    """Return the experiments that bytes hold.

    Raises:
        DamagedExperimentsError: they hold none.
    """
    try:
        found = _read(msgspec.msgpack.decode(data))
    except (msgspec.DecodeError, TypeError, IndexError, RecursionError) as error:
        raise DamagedExperimentsError(str(error)) from error
    if not isinstance(found, Experiments):
        raise DamagedExperimentsError("something else")
    return found


def _plain(value: object) -> object:
    kind = type(value)
    if value is None or kind in {bool, float, str, bytes}:
        return value
    if isinstance(value, int) and kind is int and _LEAST <= value < _MOST:
        return value
    if _is_tuple(value):
        return [_TUPLE, *map(_plain, value)]
    number = _NUMBER_OF.get(kind)
    if number is not None:
        return [number, *(_plain(getattr(value, name)) for name in _NAMES_OF[kind])]
    if _is_mapping(value):
        return [_MAPPING, *(_plain(part) for item in value.items() for part in item)]
    raise NotEncodableError(kind.__name__)


def _read(plain: object) -> object:
    if not _is_list(plain):
        return plain
    number = plain[0]
    if not isinstance(number, int):
        raise DamagedExperimentsError("a type without a number")
    parts = [_read(part) if _is_list(part) else part for part in plain[1:]]
    if number == _TUPLE:
        return tuple(parts)
    if number == _MAPPING:
        return MappingProxyType(dict(zip(parts[::2], parts[1::2], strict=True)))
    kind: type = _TYPES[number - _MAPPING - 1]
    return kind(*parts)


def _is_tuple(value: object) -> TypeGuard[tuple[object, ...]]:
    return isinstance(value, tuple)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_mapping(value: object) -> TypeGuard[Mapping[object, object]]:
    return isinstance(value, Mapping)
