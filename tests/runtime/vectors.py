"""The recorded identities and class rules, and the package they were made with. Runs on every supported Python."""

import enum
import importlib
import math
import sys
import types
from collections import Counter
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel

from huldra.formats.json_values import parse_json_object

FOLDER = Path(__file__).parents[1] / "vectors"
IDENTITY = parse_json_object((FOLDER / "identity.json").read_bytes())
CLASS_RULES = parse_json_object((FOLDER / "class_rules.json").read_bytes())
ERRORS = {"TypeError": TypeError, "ValueError": ValueError}

_NEW_STYLE = "class Box[V](huldra.Huldra[V]):"
_OLD_STYLE = 'V = TypeVar("V")\n\n\nclass Box(huldra.Huldra[V], Generic[V]):'


def vectors_namespace():
    """Return what the prelude of the vectors defines.

    Python 3.11 cannot parse one class header of the package; the same class in the older spelling stands for it.
    """
    if str(FOLDER) not in sys.path:
        sys.path.insert(0, str(FOLDER))
    if sys.version_info < (3, 12) and "vectors_pkg.generics" not in sys.modules:
        source = (FOLDER / "vectors_pkg" / "generics.py").read_text("utf-8")
        assert source.count(_NEW_STYLE) == 1
        importlib.import_module("vectors_pkg")
        module = types.ModuleType("vectors_pkg.generics")
        sys.modules["vectors_pkg.generics"] = module
        exec(source.replace(_NEW_STYLE, _OLD_STYLE), vars(module))  # noqa: S102
    found = {}
    exec(IDENTITY["prelude"], found)  # noqa: S102  the vectors are expressions
    return found


def build(vector):
    """Return the object that a vector's expression builds."""
    return eval(vector["expr"], vectors_namespace())  # noqa: S307  the vectors are expressions


def error_of(vector, step):
    """Return the type of error that a step should raise, or None."""
    found = vector.get(f"{step}_error")
    return ERRORS[found["type"]] if found else None


def tagged(value):
    """Return what `to_dict` gives, in the notation of the vectors."""
    match value:
        case enum.Enum():
            return {"$enum": f"{type(value).__module__}.{type(value).__qualname__}:{value.name}"}
        case bool() | int() | str() | None:
            return value
        case float():
            return value if math.isfinite(value) else {"$float": repr(value)}
        case list():
            return [tagged(item) for item in value]
        case dict():
            return _tagged_dict(value)
        case set():
            return {"$set": _Bag(tagged(item) for item in value)}
        case frozenset():
            return {"$frozenset": _Bag(tagged(item) for item in value)}
        case bytes():
            return {"$bytes": value.hex()}
        case bytearray():
            return {"$bytearray": value.hex()}
        case datetime():
            return {"$datetime": value.isoformat()}
        case BaseModel():
            name = f"{type(value).__module__}.{type(value).__qualname__}"
            return {"$pydantic": name, "data": tagged(value.model_dump())}
        case _:
            return {"$repr": repr(value)}


def _tagged_dict(value):
    if all(isinstance(key, str) for key in value):
        return {str(key.value if isinstance(key, enum.Enum) else key): tagged(item) for key, item in value.items()}
    return {"$dict": [[tagged(key), tagged(item)] for key, item in value.items()]}


class _Bag:
    """Equal to a list of the same elements in any order."""

    def __init__(self, items):
        self.items = list(items)

    def __eq__(self, other):
        return Counter(map(repr, self.items)) == Counter(map(repr, other))

    def __repr__(self):
        return repr(sorted(self.items, key=repr))

    __hash__ = None
