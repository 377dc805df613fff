"""The runs of a store through an index: only what changed is read. Gives the very runs that `read_store` gives."""

import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from huldra.formats.dialect import DIALECTS
from huldra.stored_runs.find import (
    Contents,
    Findings,
    RunGroup,
    internal_number,
    look_into,
    run_directories,
    sorted_problems,
    walk_store,
)
from huldra.stored_runs.index.entries import decode_run, is_whole, may_change_in_place
from huldra.stored_runs.index.file import IndexFile, Known, KnownRun
from huldra.stored_runs.index.marks import files_mark, mark_of, mark_text
from huldra.stored_runs.index.reading import Reading, read_many
from huldra.stored_runs.model import RunDirectory, StoredRun, StoredStore, UnreadableRun
from huldra.stored_runs.read import read_run

Progress = Callable[[int, int], None]
"""Told how many of how many runs have been read."""

_LOOKED_INTO_EACH_TIME = 4000
"""So many runs have also their files looked at, not only their directories: an edit by hand shows in a small store at
once, in a large one after a while. All files of a hundred thousand runs cost half a walk over the store."""

_KEPT_AT_ONCE = 4000


@dataclass(slots=True)
class _Refresh:
    """What is known, what of it still holds, and what was seen in its stead."""

    known: Known
    now_ns: int
    parts: int
    part: int
    is_refuted: bool = (
        False  # an internal directory was not where it should be: what directories held cannot be trusted
    )
    looked: dict[str, tuple[bytes, Contents]] = field(default_factory=dict[str, tuple[bytes, Contents]])
    visited: set[str] = field(default_factory=set[str])
    runs: list[StoredRun | UnreadableRun] = field(default_factory=list[StoredRun | UnreadableRun])
    unread: list[tuple[RunDirectory, str]] = field(default_factory=list[tuple[RunDirectory, str]])
    present: dict[str, set[str]] = field(default_factory=dict[str, set[str]])


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The runs of a store, and how many of them had to be read."""

    store: StoredStore
    read: int


def read_indexed(store: Path, cache: Path, progress: Progress | None = None) -> Refreshed:
    """Return every run of a store as `read_store` does, quickly.

    Effect: reads what changed, and keeps it below `cache`, a directory that is made when it is missing. Several
    processes may do so at once. Nothing is written to the store.

    Args:
        store: The store.
        cache: The directory of the caches.
        progress: Told now and then while many runs are read.
    """
    file = IndexFile(cache, store)
    known = file.load()
    count = sum(len(names) for names in known.runs.values())
    parts = max(1, -(-count // _LOOKED_INTO_EACH_TIME))
    state = _Refresh(known, time.time_ns(), parts, secrets.randbelow(parts))
    found = _walk(state, store)
    if state.is_refuted:
        state = _Refresh(Known({}, known.runs), time.time_ns(), parts, state.part)
        found = _walk(state, store)
    _read_unread(state, store, file, progress or (lambda _done, _all: None))
    _keep(state, file)
    runs = sorted(state.runs, key=lambda run: run.path)
    stored = StoredStore(
        found.status,
        tuple(run for run in runs if isinstance(run, StoredRun)),
        tuple(run for run in runs if isinstance(run, UnreadableRun)),
        sorted_problems(found.problems),
    )
    return Refreshed(stored, len(state.unread))


def _walk(state: _Refresh, store: Path) -> Findings:
    found = walk_store(store, lambda path, real: _contents(state, path, real))
    for group in found.groups:
        _take(state, group)
    return found


def _contents(state: _Refresh, path: str, real: str) -> Contents:
    """Return what a directory holds: as remembered, if it has not changed since. Raise OSError."""
    state.visited.add(path)
    mark = mark_of(os.stat(real))  # noqa: PTH116
    kept = state.known.directories.get(path)
    if kept is not None and kept[0] == mark.text and _still_holds(kept[1], real):
        return kept[1]
    contents = look_into(real, path.count("/") + 1)
    # Permissions can change where no time shows it: above, or in who asks.
    if mark.is_settled(state.now_ns) and not contents.unreadable:
        state.looked[path] = (mark.text, contents)
    return contents


def _still_holds(contents: Contents, real: str) -> bool:
    """Return whether its runs are still of the same dialects, which the times of the directory above do not show.

    Those of the first dialect are looked at anyway.
    """
    try:
        return all(internal_number(f"{real}/{name}") == number for name, number in contents.runs if number != 0)
    except OSError:
        return False


def _take(state: _Refresh, group: RunGroup) -> None:
    """Take the runs of one directory that have not changed; note the others as unread."""
    known: dict[str, KnownRun] = state.known.runs.get(group.path, {})
    state.present.setdefault(group.path, set()).update(name for name, _ in group.runs)
    for index, directory in enumerate(run_directories(group)):
        internal = f"{group.real}/{directory.hash}/{directory.dialect.internal_directory}"
        kept = known.get(directory.hash)
        mark = _mark_text(internal)
        state.is_refuted |= mark is None
        if kept is not None and _holds(kept, mark, internal, is_looked_into=index % state.parts == state.part):
            state.runs.append(decode_run(directory, kept[2]))
        else:
            state.unread.append((directory, internal))


def _mark_text(internal: str) -> bytes | None:
    try:
        return mark_text(os.stat(internal))  # noqa: PTH116
    except OSError:
        return None


def _holds(kept: KnownRun, mark_now: bytes | None, internal: str, *, is_looked_into: bool) -> bool:
    mark, files, data = kept
    if mark_now != mark or not is_whole(data):
        return False
    return not (is_looked_into or may_change_in_place(data)) or files_mark(internal).text == files


def _read_unread(state: _Refresh, store: Path, file: IndexFile, progress: Progress) -> None:
    total = len(state.unread)
    waiting: list[tuple[str, str, bytes, bytes, bytes]] = []
    for done, (directory, reading) in enumerate(_readings(store, state.unread), start=1):
        run = reading.run
        if reading.data is not None:
            run = run or decode_run(directory, reading.data)
            parent, _, name = directory.path.rpartition("/")
            waiting.append((parent, name, reading.mark, reading.files, reading.data))
        state.runs.append(run or read_run(store, directory))
        if done % 100 == 0 or done == total:
            progress(done, total)
        if len(waiting) >= _KEPT_AT_ONCE:
            file.keep_runs(waiting)
            waiting = []
    file.keep_runs(waiting)


def _readings(store: Path, unread: Sequence[tuple[RunDirectory, str]]) -> Iterator[tuple[RunDirectory, Reading]]:
    numbers = {dialect.name: number for number, dialect in enumerate(DIALECTS)}
    asked = [(directory.path, numbers[directory.dialect.name], internal) for directory, internal in unread]
    return zip((directory for directory, _ in unread), read_many(store, asked), strict=True)


def _keep(state: _Refresh, file: IndexFile) -> None:
    """Effect: write. Keep what directories hold, and drop what is gone."""
    known = state.known
    file.keep_directories((path, mark, contents) for path, (mark, contents) in state.looked.items())
    gone = [
        (directory, name)
        for directory, names in known.runs.items()
        if len(names) > len(state.present.get(directory, ())) or names.keys() - state.present[directory]
        for name in names.keys() - state.present.get(directory, set())
    ]
    file.forget(known.directories.keys() - state.visited, gone)
