"""What is known of a state, with its places as their reader counts lines: so that two states can be compared."""

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from huldra.analysis.snapshot import Snapshot
from huldra.comparison.model import ComparedRun, Comparison, Judged, Reason
from huldra.experiments.values import Unknown
from huldra.project.places import Place
from huldra.stored_runs.model import StoredStore

_ASIDE: Final = frozenset({(Comparison, "basis"), (Reason, "change"), (StoredStore, "looked")})
"""What is no part of what is said."""
_PLAIN: Final = (str, bytes, int, float, complex, type(None))


def as_shown(snapshot: Snapshot, value: object) -> object:
    """Return plain data that says what a value of a snapshot says; its places stand where their reader sees them."""
    match value:
        case Place():
            place = snapshot.inputs.places.place(value)
            return place.file, place.line, place.column, place.end_line, place.end_column
        case _ if isinstance(value, _PLAIN):
            return value
        case Mapping():
            return [(as_shown(snapshot, key), as_shown(snapshot, held)) for key, held in value.items()]
        case tuple() | list():
            return [as_shown(snapshot, item) for item in value]
        case set() | frozenset():
            return {repr(as_shown(snapshot, item)) for item in value}
        case Unknown():
            return "Unknown", [as_shown(snapshot, part) for part in (value.reason, value.place, value.result_of)]
        case ComparedRun():
            names = ("key", "run", *Judged.__struct_fields__)
            return "ComparedRun", [(name, as_shown(snapshot, getattr(value, name))) for name in names]
        case Struct():
            names = [name for name in value.__struct_fields__ if (type(value), name) not in _ASIDE]
            return type(value).__name__, [(name, as_shown(snapshot, getattr(value, name))) for name in names]
        case _:
            return repr(value)
