"""The JSON type, the one place that reads JSON text, and the one canonical text that is hashed."""

import json
import re
from collections.abc import Mapping, Sequence

JsonValue = None | bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"]
JsonObject = Mapping[str, JsonValue]


_HALF = re.compile("[\ud800-\udfff]")
"""Half a surrogate pair, which no encoding has: in JSON it stands as an escape."""


class JsonError(ValueError):
    """The text is not the JSON that was expected; the message says where."""


def parse_json(text: str | bytes) -> JsonValue:
    """Return the value of a JSON text.

    Raises:
        JsonError: the text is not JSON, nests too deep, or is not UTF-8.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise JsonError(str(error) or type(error).__name__) from error


def parse_json_object(text: str | bytes) -> JsonObject:
    """Return the object that a JSON text holds; raise JsonError if it holds anything else."""
    value = parse_json(text)
    if not isinstance(value, dict):
        raise JsonError(f"expected an object, found {type(value).__name__}")
    return value


def dump_json(value: JsonValue, *, indent: int | None = None) -> str:
    """Return ASCII-escaped JSON text, keys in the order given."""
    return json.dumps(value, indent=indent)


def readable_json(value: JsonValue, *, indent: int | None = None) -> str:
    """Return JSON text with the characters that people wrote, but for halves of surrogate pairs."""
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", json.dumps(value, indent=indent, ensure_ascii=False))
