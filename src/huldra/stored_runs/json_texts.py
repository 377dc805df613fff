"""JSON as the strict models of records read it, without them. Knows nothing of what it says."""

import msgspec

from huldra.formats.json_values import JsonValue

_decode = msgspec.json.Decoder().decode


def from_json(text: bytes) -> JsonValue:
    """Return what a text says. Raise ValueError if it is no JSON.

    What msgspec reads it reads as pydantic does, in less time. What it refuses, an infinity, say, is left to that,
    which nearly nobody needs, and a server would keep for ever.
    """
    try:
        document: JsonValue = _decode(text)
    except (msgspec.DecodeError, RecursionError):
        import pydantic_core  # noqa: PLC0415

        document = pydantic_core.from_json(text)
    return document
