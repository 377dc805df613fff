"""The runs of a store through an index: only what changed is read. Gives the very runs that `read_store` gives."""

import os
import time
from collections import Counter
from collections.abc import Callable, Sequence
from operator import attrgetter
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from huldra.formats.dialect import DIALECTS
from huldra.stored_runs.find import (
    Contents,
    Findings,
    RunGroup,
    look_into,
    sorted_problems,
    walk_store,
)
from huldra.stored_runs.index.entries import decode_run, decode_runs, place_of
from huldra.stored_runs.index.file import IndexFile, Known
from huldra.stored_runs.index.holding import (
    Kept,
    Share,
    are_dialects_as_known,
    entries_of,
    kept_runs,
    run_holds,
    segment_holds,
    share_of,
)
from huldra.stored_runs.index.marks import mark_of, mark_texts
from huldra.stored_runs.index.part import Part, classes_held
from huldra.stored_runs.index.reading import Reading, read_many
from huldra.stored_runs.index.segments import Segment, joined_names, make_segment
from huldra.stored_runs.index.taking import take_readings
from huldra.stored_runs.model import Looked, StoredRun, StoredStore, UnreadableRun
from huldra.stored_runs.roots import FurtherStore, Root, root_of, roots_of

Progress = Callable[[int, int], None]
"""Told how many of how many runs have been read."""

_KEPT_AT_ONCE = 16_000
"""Each writing waits for the disk; what was read since the last, some seconds' work, is lost with a killed process."""

_LARGEST = 1000
_SMALL = 200
_MOST_SMALL = 8
"""More segments of a directory with fewer runs than `_SMALL` are put together."""


class _Refresh(Struct):
    """What is known, what of it still holds, and what was seen in its stead."""

    known: Known
    roots: tuple[Root, ...]
    now_ns: int
    share: Share
    is_refuted: bool = (
        False  # an internal directory was not where it should be: what directories held cannot be trusted
    )
    looked: dict[str, tuple[bytes, Contents]] = {}
    visited: set[str] = set()
    changed: set[str] = set()  # directories that hold something else than they did
    runs: list[StoredRun | UnreadableRun] = []
    unread: list[RunGroup] = []
    held: dict[str, list[Kept]] = {}
    whole: set[str] = set()  # directories of which all that is kept holds
    young: set[str] = set()


class Refreshed(Struct, frozen=True):
    """The runs of a store, and how many of them had to be read.

    `young` are the paths of those that may have changed since within the same tick of a clock. `has_links`: some lie
    elsewhere than their paths say. `directories` are all that were looked into, by path below the store.
    """

    store: StoredStore
    read: int
    young: frozenset[str] = frozenset()
    has_links: bool = False
    directories: frozenset[str] = frozenset()


def read_indexed(
    store: Path,
    cache: Path,
    progress: Progress | None = None,
    part: Part | None = None,
    further: tuple[FurtherStore, ...] = (),
) -> Refreshed:
    """Return every run of a store as `read_store` does, quickly; or those that a part of it needs.

    Effect: reads what changed, and keeps it below `cache`, a directory that is made when it is missing. Several
    processes may do so at once. Nothing is written to the store.

    Args:
        store: The store.
        cache: The directory of the caches.
        progress: Told now and then while many runs are read.
        part: What is asked about, if it is not everything.
        further: Stores that are looked at beside it.
    """
    file = IndexFile(cache, store, (each.path for each in further))
    roots = roots_of(store, further)
    known = file.load() if part is None else file.load_directories()
    now_ns = time.time_ns()
    state = _Refresh(known, roots, now_ns, share_of(known))
    found = walk_store(store, lambda path, real: _contents(state, path, real), roots)
    tell = progress or _tell_nobody
    if part is not None:
        read = _take_part(state, store, file, found, part, tell)
        whole = read is None
        return read_indexed(store, cache, progress, further=further) if whole else _refreshed(state, found, file, read)
    for group in found.groups:
        _take(state, group)
    if state.is_refuted:
        state = _Refresh(Known({}, known.segments, known.damaged), roots, time.time_ns(), state.share)
        again = state
        found = walk_store(store, lambda path, real: _contents(again, path, real), roots)
        for group in found.groups:
            _take(state, group)
    return _refreshed(state, found, file, _read_unread(state, store, file, tell))


def _tell_nobody(_done: int, _all: int) -> None:
    """Progress that nobody asked for."""


def _refreshed(state: _Refresh, found: Findings, file: IndexFile, read: int) -> Refreshed:
    """Effect: write what was learned. Return the runs."""
    _keep(state, file)
    runs = sorted(state.runs, key=attrgetter("path"))
    stored = StoredStore(
        found.status,
        tuple(run for run in runs if isinstance(run, StoredRun)),
        tuple(run for run in runs if isinstance(run, UnreadableRun)),
        sorted_problems(found.problems),
        state.roots,
        Looked(frozenset(group.path for group in found.groups), frozenset(state.known.odd), frozenset(state.young)),
    )
    return Refreshed(stored, read, frozenset(state.young), found.has_links, frozenset(state.visited))


def _take_part(
    state: _Refresh, store: Path, file: IndexFile, found: Findings, part: Part, progress: Progress
) -> int | None:
    """Effect: read. Take the runs that are asked about, and all that their verdicts may follow from.

    Return how many were read; None where that cannot be told, so that all must be looked at.
    """
    if found.has_links:
        return None
    left = {group.path: group for group in found.groups}
    if len(left) < len(found.groups):
        return None  # runs that are not named by a hash come one by one
    chosen = [
        path
        for path, group in left.items()
        if part.is_asked(place_of(group)) or path in state.changed or path in state.known.odd
    ]
    read = 0
    while chosen:
        file.load_runs(state.known, chosen)
        before = len(state.runs)
        groups = [left.pop(path) for path in chosen]
        for group in groups:
            _take(state, group)
        read += _read_unread(state, store, file, progress)
        state.unread.clear()
        held = classes_held(state.runs[before:])
        if state.is_refuted or held is None:
            return None
        names = held.union(*(part.rests_on(name) for name in {place_of(group).class_name for group in groups}))
        chosen = [path for path, group in left.items() if place_of(group).class_name in names]
    return read


def _contents(state: _Refresh, path: str, real: str) -> Contents:
    """Return what a directory holds: as remembered, if it has not changed since. Raise OSError."""
    state.visited.add(path)
    mark = mark_of(os.stat(real))  # noqa: PTH116
    kept = state.known.directories.get(path)
    if kept is not None and kept[0] == mark.text and are_dialects_as_known(kept[1], real):
        return kept[1]
    state.changed.add(path)
    contents = look_into(real, root_of(path, state.roots).depth_of(path))
    # Permissions can change where no time shows it: above, or in who asks.
    if mark.is_settled(state.now_ns) and not contents.unreadable:
        state.looked[path] = (mark.text, contents)
    return contents


def _take(state: _Refresh, group: RunGroup) -> None:
    """Take the runs of one directory that have not changed; note the others as unread."""
    segments = state.known.segments.get(group.path, ())
    if not segments and group.path in state.changed:  # it was just looked into, and nothing is known of it
        state.unread.append(group)
        return
    place = place_of(group)
    internals = [f"{name}/{DIALECTS[number].internal_directory}" for name, number in group.runs]
    marks = mark_texts(group.real, internals)
    state.is_refuted |= b"" in marks
    only = segments[0][1] if len(segments) == 1 else None
    if (
        only is not None
        and only.names == joined_names(name for name, _ in group.runs)
        and segment_holds(only, marks, group.real, internals, state.share)
    ):
        state.whole.add(group.path)
        state.runs += decode_runs(place, (number for _, number in group.runs), only)
        return
    held = state.held.setdefault(group.path, [])
    unread: list[tuple[str, int]] = []
    known = kept_runs(segments)
    for position, run in enumerate(group.runs):
        kept = known.get(run[0])
        is_looked_into = state.share.holds(position)
        if kept is not None and run_holds(
            kept[1], kept[2], marks[position], f"{group.real}/{internals[position]}", is_looked_into=is_looked_into
        ):
            held.append(kept)
            state.runs.append(decode_run(place, run[1], kept[1], kept[2]))
        else:
            unread.append(run)
    if unread:
        state.unread.append(replace(group, runs=tuple(unread)))


def _read_unread(state: _Refresh, store: Path, file: IndexFile, progress: Progress) -> int:
    """Effect: read what is to be read, and keep it. Return how many runs that were."""
    total = sum(len(group.runs) for group in state.unread)
    done, waiting, waiting_runs = 0, list[tuple[str, Segment]](), 0
    for group, readings in read_many(state.unread):
        lasting = _take_readings(state, store, group, readings)
        if len(lasting):
            waiting.append((group.path, lasting))
            waiting_runs += len(lasting)
        done += len(readings)
        if done == total or done // 100 > (done - len(readings)) // 100:
            progress(done, total)
        if waiting_runs >= _KEPT_AT_ONCE:
            file.keep_segments(waiting)
            waiting, waiting_runs = [], 0
    file.keep_segments(waiting)
    return total


def _take_readings(state: _Refresh, store: Path, group: RunGroup, readings: Sequence[Reading | None]) -> Segment:
    """Take runs that were read, and return what may be kept of them."""
    taken = take_readings(store, group, readings)
    state.runs += taken.runs
    state.young |= taken.young
    return taken.lasting


def _keep(state: _Refresh, file: IndexFile) -> None:
    """Effect: write. Keep what directories hold, drop what is gone, and put together what has become small."""
    known = state.known
    file.keep_directories((path, mark, contents) for path, (mark, contents) in state.looked.items())
    file.forget_directories(known.directories.keys() - state.visited)
    instead: list[int] = list(known.damaged)
    together: list[tuple[str, Segment]] = []
    for directory, segments in known.segments.items():
        if directory in state.whole:
            continue
        held = state.held.get(directory, [])
        live = Counter(number for number, _, _ in held)
        small = [number for number, _ in segments if live[number] < _SMALL]
        spent = [number for number, segment in segments if live[number] * 2 < len(segment)]
        dropped = {*spent, *(small if len(small) > _MOST_SMALL else ())}
        entries = entries_of([kept for kept in held if kept[0] in dropped])
        instead += dropped
        together += [
            (directory, make_segment(entries[start : start + _LARGEST])) for start in range(0, len(entries), _LARGEST)
        ]
    file.keep_segments(together, instead)
