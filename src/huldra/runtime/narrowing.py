"""Questions about objects of any type whose answers the type checker understands. Knows no experiments."""

from typing import TypeGuard

from huldra.formats.json_values import JsonObject, JsonValue


def is_dict(value: object) -> TypeGuard[dict[object, object]]:
    """Return whether this is a dict of anything."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    """Return whether this is a list of anything."""
    return isinstance(value, list)


def is_list_or_tuple(value: object) -> TypeGuard[list[object] | tuple[object, ...]]:
    """Return whether this is a list or a tuple of anything."""
    return isinstance(value, list | tuple)


def is_set(value: object) -> TypeGuard[set[object] | frozenset[object]]:
    """Return whether this is a set or frozenset of anything."""
    return isinstance(value, set | frozenset)


def bytes_of(value: object) -> bytes | None:
    """Return the data of bytes, a bytearray or a memoryview, and None for anything else."""
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    return value.tobytes() if isinstance(value, memoryview) else None


def is_json_object(value: object) -> TypeGuard[JsonObject]:
    """Return whether this, which came out of a JSON encoder, is an object."""
    return isinstance(value, dict)


def is_json(value: object) -> TypeGuard[JsonValue]:
    """Return whether this, which came out of a JSON encoder, is JSON: everything that does is."""
    return value is None or isinstance(value, bool | int | float | str | list | dict)
