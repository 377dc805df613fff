"""The identity of a config: its canonical form, and the hash of that.

The algorithm is section 5 of the library's contract: blake2s with a 10-byte digest over JSON text with sorted keys
and no spaces. It is part of the store format, so it never changes for a given dialect.
"""

import hashlib
import json
from datetime import UTC, datetime

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
    direct_dependencies,
)
from huldra.formats.names import HASH_LENGTH

_CanonicalKey = None | bool | int | float | str
_Canonical = _CanonicalKey | list["_Canonical"] | dict[_CanonicalKey, "_Canonical"]


class IdentityTypeError(TypeError):
    """The config holds a value that has no canonical form."""


class IdentityValueError(ValueError):
    """The config holds the MISSING sentinel, or a number too long to write down."""


def identity_hash(value: Value, *, with_dependencies: bool = False) -> str:
    """Return the 20 hex digits that name a config.

    Args:
        value: The config.
        with_dependencies: Put the hashes of the direct dependencies in, as the `furu` dialect does.

    Raises:
        IdentityTypeError: some value in it has no canonical form.
        IdentityValueError: some value is MISSING, or an integer of more than 4300 digits.
    """
    text = canonical_json(value, with_dependencies=with_dependencies)
    return hashlib.blake2s(text.encode("utf-8"), digest_size=HASH_LENGTH // 2).hexdigest()


def canonical_json(value: Value, *, with_dependencies: bool = False) -> str:
    """Return the exact text that is hashed. Raises as `identity_hash` does."""
    form = _canonical(value, "", with_dependencies)
    try:
        return json.dumps(form, sort_keys=True, separators=(",", ":"))
    except ValueError as error:  # an int past Python's digit limit
        raise IdentityValueError(str(error)) from error
    except TypeError as error:  # keys of one dict that cannot be ordered
        raise IdentityTypeError(str(error)) from error


def _canonical(value: Value, where: str, with_dependencies: bool) -> _Canonical:  # noqa: FBT001
    """Return plain JSON data; `where` is the path of the value, for messages."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case ConfigValue():
            return _canonical_config(value, where, with_dependencies)
        case DictValue(items):
            return _canonical_dict(items, where, with_dependencies)
        case ListValue(items) | TupleValue(items):
            return [_canonical(item, f"{where}[{i}]", with_dependencies) for i, item in enumerate(items)]
        case PathValue(text):
            return text
        case EnumValue(class_name, member):
            return {"__enum__": f"{class_name}:{member}"}
        case SetValue(items):
            return _sorted_set([_canonical(item, where, with_dependencies) for item in items], where)
        case BytesValue(data):
            return {"__bytes__": hashlib.sha256(data).hexdigest()}
        case TimeValue(moment):
            return utc_text(moment)
        case ModelValue(class_name, items):
            fields = {name: _canonical(item, f"{where}.{name}", with_dependencies) for name, item in items}
            return {"__class__": class_name, **fields}
        case UnhashableValue(type_name):
            raise IdentityTypeError(f"{_place(where)} holds a {type_name}, which has no canonical form")
        case MissingValue():
            raise IdentityValueError(f"{_place(where)} is MISSING")


def _canonical_config(config: ConfigValue, where: str, with_dependencies: bool) -> _Canonical:  # noqa: FBT001
    form: dict[_CanonicalKey, _Canonical] = {"__class__": config.class_name}
    for name, item in config.fields:
        if not name.startswith("_"):
            form[name] = _canonical(item, f"{where}.{name}" if where else name, with_dependencies)
    if with_dependencies and config.is_experiment:
        hashes = {identity_hash(found, with_dependencies=True) for _, found in direct_dependencies(config)}
        if hashes:
            form["__dependencies__"] = [*sorted(hashes)]
    return form


def _canonical_dict(
    items: tuple[tuple[Value, Value], ...],
    where: str,
    with_dependencies: bool,  # noqa: FBT001
) -> _Canonical:
    form: dict[_CanonicalKey, _Canonical] = {}
    for key, item in items:
        plain = key.value if isinstance(key, EnumValue) and key.is_plain else key
        if plain is not None and not isinstance(plain, bool | int | float | str):
            raise IdentityTypeError(f"{_place(where)} has a dict key that JSON cannot hold: {plain!r}")
        form[plain] = _canonical(item, f"{where}[{plain!r}]", with_dependencies)
    return form


def _sorted_set(items: list[_Canonical], where: str) -> list[_Canonical]:
    try:
        # Python's own `<` decides, as in the runtime; the type checker cannot know that most of these are orderable.
        items.sort()  # pyright: ignore[reportCallIssue, reportArgumentType]
    except TypeError as error:
        raise IdentityTypeError(f"{_place(where)} is a set whose elements cannot be ordered: {error}") from error
    return items


def utc_text(moment: datetime) -> str:
    """Return ISO text in UTC with microseconds: `2024-01-02T03:04:05.000000+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _place(where: str) -> str:
    return f"field {where.lstrip('.')!r}" if where else "the value"
