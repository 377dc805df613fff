"""Runs from what was read of them. Knows no index file."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from huldra.stored_runs.find import RunGroup, run_directories
from huldra.stored_runs.index.entries import decode_runs, place_of
from huldra.stored_runs.index.reading import Reading
from huldra.stored_runs.index.segments import Segment, make_segment
from huldra.stored_runs.model import StoredRun, UnreadableRun
from huldra.stored_runs.read import read_run


class Taken(Struct, frozen=True):
    """Runs of one directory. `lasting` holds those that may be kept, `young` are the paths of the others."""

    runs: tuple[StoredRun | UnreadableRun, ...]
    lasting: Segment
    young: frozenset[str]


def take_readings(store: Path, group: RunGroup, readings: Sequence[Reading | None]) -> Taken:
    """Return the runs of a group, for each of which there is a reading.

    Effect: reads those again that bytes do not give back exactly.
    """
    pairs = tuple(zip(group.runs, readings, strict=True))
    found = [(run, reading) for run, reading in pairs if reading is not None]
    fresh = make_segment([(name, *reading[:3]) for (name, _), reading in found])
    runs = list(decode_runs(place_of(group), [number for (_, number), _ in found], fresh))
    if len(found) < len(readings):
        odd = tuple(run for run, reading in pairs if reading is None)
        runs += [read_run(store, each) for each in run_directories(replace(group, runs=odd))]
    young = frozenset(f"{group.path}/{run[0]}" for run, reading in pairs if reading is None or not reading[3])
    if young:
        fresh = make_segment([(name, *reading[:3]) for (name, _), reading in found if reading[3]])
    return Taken(tuple(runs), fresh, young)
