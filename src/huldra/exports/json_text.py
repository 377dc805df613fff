"""Documents as JSON text: as pydantic writes them, and where a text holds half a surrogate pair with that escaped.

Python's texts may hold such halves, and an experiment may have one in a field: JSON can only say them as escapes, which
pydantic does not write.
"""

import re
from collections.abc import Mapping

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError, to_json

from huldra.formats.json_values import JsonValue

_HALF = re.compile("[\ud800-\udfff]")
_MARK = "\ufdd0"
"""A character that is none, and stands around what is to be escaped while pydantic writes the rest."""
_MARKED = re.compile(f"{_MARK}([0-9a-f]{{4}}){_MARK}")


def json_text(model: BaseModel, *, by_alias: bool = True) -> str:
    """Return a document as text."""
    try:
        return model.model_dump_json(by_alias=by_alias, indent=2)
    except PydanticSerializationError:
        marked = _mark(model.model_dump(by_alias=by_alias))
        text = to_json(marked, indent=2, inf_nan_mode="null").decode()
        return _MARKED.sub(lambda found: f"\\u{found[1]}", text)


def _mark(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return _mark_text(value)
        case Mapping():
            return {_mark_text(key): _mark(item) for key, item in value.items()}
        case list() | tuple():
            return [_mark(item) for item in value]
        case _:
            return value


def _mark_text(text: str) -> str:
    return _HALF.sub(lambda found: f"{_MARK}{ord(found[0]):04x}{_MARK}", text)
