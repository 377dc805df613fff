"""A part of a store: the classes whose runs are asked about, and those that these hold. Opens no file."""

import json
import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from huldra.formats.names import CLASS_MARKER
from huldra.stored_runs.index.entries import IndexedRun, Place
from huldra.stored_runs.index.segments import Segment
from huldra.stored_runs.model import StoredRun, UnreadableRun

_CLASS = re.compile(rb'"%b": ?"((?:[^"\\]|\\.)*)"' % CLASS_MARKER.encode())
_ODD_KEY = re.compile(rb"\\u00[56]")
"""A letter or an underscore that nobody needs to write so: the marker itself may be."""


class Part(Struct, frozen=True):
    """What is asked about.

    Attributes:
        is_asked: Whether runs of a directory are asked about.
        rests_on: Gives the classes of other runs that those of a class rest on by what the code says.
    """

    is_asked: Callable[[Place], bool]
    rests_on: Callable[[str], Iterable[str]]


def classes_held(runs: Iterable[StoredRun | UnreadableRun]) -> frozenset[str] | None:
    """Return all classes that configs of runs are of or hold, and perhaps some more; None where that cannot be told."""
    segments: dict[int, Segment] = {}
    texts: list[bytes] = []
    for run in runs:
        if isinstance(run, IndexedRun):
            segments[id(run.segment)] = run.segment
        elif isinstance(run, StoredRun):
            texts.append(json.dumps(run.config_document).encode())
    texts += [segment.configs for segment in segments.values()]
    if any(_ODD_KEY.search(text) for text in texts):
        return None
    found = {name for text in texts for name in _CLASS.findall(text)}
    return frozenset(str(json.loads(b'"%b"' % name)) for name in found)
