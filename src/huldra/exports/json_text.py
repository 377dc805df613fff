"""Documents as JSON text: as pydantic writes them, but where a text holds half a surrogate pair.

Python's texts may hold such halves, and an experiment may have one in a field: JSON can only say them as escapes, which
pydantic does not write.
"""

import math
from collections.abc import Mapping

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from huldra.formats.json_values import JsonValue, readable_json


def json_text(model: BaseModel, *, by_alias: bool = True) -> str:
    """Return a document as text."""
    try:
        return model.model_dump_json(by_alias=by_alias, indent=2)
    except PydanticSerializationError:
        return readable_json(_plain(model.model_dump(by_alias=by_alias)), indent=2)


def _plain(value: JsonValue) -> JsonValue:
    """Return a value with null for what JSON has no number for, as pydantic does."""
    match value:
        case float() if not math.isfinite(value):
            return None
        case Mapping():
            return {key: _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return value
