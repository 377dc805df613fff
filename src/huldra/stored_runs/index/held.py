"""A store that is held between looks: only where it was touched is looked again, and all else is the same objects.

A look at everything stays possible at any time, and gives the same; `look_at` says where it is needed.
"""

import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, takewhile
from operator import attrgetter, is_
from pathlib import Path
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from huldra.formats.dialect import DIALECTS
from huldra.stored_runs.find import RunGroup, internal_number, look_into
from huldra.stored_runs.index.entries import held_marks, says_the_same
from huldra.stored_runs.index.marks import files_mark, mark_texts
from huldra.stored_runs.index.reading import read_many
from huldra.stored_runs.index.refresh import Progress, read_indexed
from huldra.stored_runs.index.taking import take_readings
from huldra.stored_runs.model import StoredRun, StoredStore, UnreadableRun, run_at
from huldra.stored_runs.roots import FurtherStore, root_of

_AnyRun = StoredRun | UnreadableRun
_Kind = TypeVar("_Kind", StoredRun, UnreadableRun)
_path_of = attrgetter("path")


class Touched(Struct, frozen=True):
    """Where a store may have changed: directories, and runs, by their paths below it; or anywhere."""

    directories: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    is_anywhere: bool = False

    def __bool__(self) -> bool:
        return self.is_anywhere or bool(self.directories) or bool(self.runs)

    def __or__(self, other: "Touched") -> "Touched":
        anywhere = self.is_anywhere or other.is_anywhere
        return Touched(self.directories | other.directories, self.runs | other.runs, anywhere)


ANYWHERE, NOWHERE = Touched(is_anywhere=True), Touched()


class HeldStore(Struct, frozen=True):
    """The runs of a store as they were last seen.

    Attributes:
        stored: The runs.
        directories: All that were looked into, by path below the store; what runs hold is not.
        live: The paths of the runs that were recorded as under way.
        young: The paths of the runs that may have changed since within the same tick of a clock.
        has_links: Some directories lie elsewhere than their paths say.
    """

    stored: StoredStore
    directories: frozenset[str]
    live: frozenset[str]
    young: frozenset[str]
    has_links: bool

    def run_at(self, path: str) -> StoredRun | UnreadableRun | None:
        """Return the run at a path below the store."""
        return run_at(self.stored.runs, path) or run_at(self.stored.unreadable, path)


def hold_store(
    store: Path,
    cache: Path,
    before: HeldStore | None = None,
    progress: Progress | None = None,
    further: tuple[FurtherStore, ...] = (),
) -> HeldStore:
    """Return every run of a store as `read_indexed` does, to be held.

    Effect: as `read_indexed`.

    Args:
        store: The store.
        cache: The directory of the caches.
        before: As it was held before: runs that are as they were are the same objects.
        progress: As in `read_indexed`.
        further: As in `read_indexed`.
    """
    found = read_indexed(store, cache, progress, further=further)
    stored = found.store if before is None else _with_objects_of(before.stored, found.store)
    return HeldStore(
        stored,
        found.directories,
        frozenset(run.path for run in stored.runs if run.is_active),
        found.young,
        found.has_links,
    )


def look_at(held: HeldStore, store: Path, touched: Touched) -> HeldStore | None:
    """Return a store as it is now, if it has changed nowhere else; None where all of it must be looked at.

    Effect: reads.
    """
    if touched.is_anywhere or held.has_links or held.stored.status != "found":
        return None
    real = os.path.realpath(store)
    gone: dict[str, _AnyRun | None] = {}
    groups: list[RunGroup] = []
    for directory in touched.directories:
        group = _directory_now(held, real, directory)
        if group is None:
            return None
        names = {name for name, _ in group.runs}
        # A run that is not named by a hash is a directory that was looked into.
        here = (run for run in _held_in(held, directory) if run.path not in held.directories)
        gone |= {run.path: None for run in here if run.hash not in names}
        groups.append(group)
    named = [
        path
        for path in touched.runs | held.young | held.live
        if _parent(path) not in touched.directories or path in held.directories
    ]
    for path in named:
        number = _number_now(os.path.normpath(f"{real}/{path}"))
        if number is None:
            return None
        directory, _, name = path.rpartition("/")
        root = root_of(directory, held.stored.roots)
        groups.append(RunGroup(directory, os.path.normpath(f"{real}/{directory}"), ((name, number),), root))
    return _looked(held, store, [_unread(held, group, touched.runs) for group in groups], gone)


def _looked(
    held: HeldStore, store: Path, unread: Iterable[RunGroup], gone: Mapping[str, _AnyRun | None]
) -> HeldStore | None:
    """Effect: read. Return the store with the runs of some groups read again, and without others."""
    now: dict[str, _AnyRun | None] = dict(gone)
    young: set[str] = set()
    for group, readings in read_many([group for group in unread if group.runs]):
        taken = take_readings(store, group, readings)
        now |= {run.path: run for run in taken.runs}
        young |= taken.young
    before = {path: held.run_at(path) for path in now}
    changed = {
        path: run
        for path, run in now.items()
        if (was := before[path]) is not run and (run is None or was is None or not says_the_same(was, run))
    }
    if not changed:
        return replace(held, young=frozenset(young))
    stored = replace(
        held.stored,
        runs=_spliced(held.stored.runs, changed, StoredRun),
        unreadable=_spliced(held.stored.unreadable, changed, UnreadableRun),
    )
    if not stored.runs and not stored.unreadable:
        return None
    live = {path for path, run in changed.items() if isinstance(run, StoredRun) and run.is_active}
    return replace(held, stored=stored, live=held.live - changed.keys() | live, young=frozenset(young))


def _directory_now(held: HeldStore, real: str, directory: str) -> RunGroup | None:
    """Return the runs of a directory; None where more has changed in it than these."""
    if any(problem.path == directory or _parent(problem.path) == directory for problem in held.stored.problems):
        return None
    place, root = os.path.normpath(f"{real}/{directory}"), root_of(directory, held.stored.roots)
    try:
        found = look_into(place, root.depth_of(directory))
    except OSError:
        return None
    known = {path for path in held.directories if _parent(path) == directory}
    has_others = held.run_at(directory) is not None or known != {f"{directory}/{name}" for name in found.directories}
    is_odd = found.own >= 0 or found.links or found.undecodable or found.unreadable
    if has_others or is_odd or any(number < 0 for _, number in found.runs):
        return None
    return RunGroup(directory, place, found.runs, root)


def _number_now(run: str) -> int | None:
    try:
        number = internal_number(run)
    except OSError:
        return None
    return number if number >= 0 else None


def _unread(held: HeldStore, group: RunGroup, named: frozenset[str]) -> RunGroup:
    """Return the runs of a group that are not as they were."""
    internals = [f"{name}/{DIALECTS[number].internal_directory}" for name, number in group.runs]
    marks = mark_texts(group.real, internals)
    runs: list[tuple[str, int]] = []
    for (name, number), internal, mark in zip(group.runs, internals, marks, strict=True):
        path = f"{group.path}/{name}"
        was = None if path in named or path in held.young else held.run_at(path)
        known = None if was is None or was.dialect != DIALECTS[number] else held_marks(was)
        is_same = known is not None and known[0] == mark
        if is_same and known is not None and path in held.live:
            is_same = files_mark(f"{group.real}/{internal}", with_locks=True).text == known[1]
        if not is_same:
            runs.append((name, number))
    return replace(group, runs=tuple(runs))


def _held_in(held: HeldStore, directory: str) -> Iterator[_AnyRun]:
    """Yield the runs that lie in a directory."""
    for runs in (held.stored.runs, held.stored.unreadable):
        index = bisect_left(runs, f"{directory}/", key=_path_of)
        for run in takewhile(lambda run: run.path.startswith(f"{directory}/"), islice(runs, index, None)):
            if _parent(run.path) == directory:
                yield run


def _spliced(runs: tuple[_Kind, ...], changed: Mapping[str, _AnyRun | None], kind: type[_Kind]) -> tuple[_Kind, ...]:
    """Return sorted runs of one kind with those that are now, in the stead of those that were."""
    found = list(runs)
    for path, run in changed.items():
        index = bisect_left(found, path, key=_path_of)
        was = index < len(found) and found[index].path == path
        found[index : index + was] = [run] if isinstance(run, kind) else []
    return tuple(found)


def _with_objects_of(before: StoredStore, now: StoredStore) -> StoredStore:
    """Return a store whose runs are the same objects as before where they say the same; itself if all is the same."""
    runs, unreadable = _same_objects(before.runs, now.runs), _same_objects(before.unreadable, now.unreadable)
    stored = replace(now, runs=runs, unreadable=unreadable)
    is_same = runs is before.runs and unreadable is before.unreadable and before.problems == now.problems
    return before if is_same and before.status == now.status else stored


def _same_objects(before: tuple[_Kind, ...], now: tuple[_Kind, ...]) -> tuple[_Kind, ...]:
    known = {run.path: run for run in before}
    found: list[_Kind] = []
    for run in now:
        was = known.get(run.path)
        found.append(was if was is not None and says_the_same(was, run) else run)
    return before if len(before) == len(found) and all(map(is_, before, found)) else tuple(found)


def _parent(path: str) -> str:
    return path.rpartition("/")[0]
