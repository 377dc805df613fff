"""Whether files or runs have changed since they were last looked at: a few stats, never a walk through the store."""

import os
import time
from array import array
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from huldra.formats import layout
from huldra.stored_runs.index.held import ANYWHERE, HeldStore, Touched
from huldra.stored_runs.index.marks import SETTLED_AFTER_NS
from huldra.stored_runs.model import RunDirectory, StoredStore

_RUNS_AT_ONCE = 500
_WHOLE_EVERY_SECONDS = 600.0
_YOUNG_FOR_NS = SETTLED_AFTER_NS
_YOUNG = (-1, -1)
_MISSING = (0, -1)
_CLOCK_STEP_NS = 20_000_000
"""How far the clock of a file system may lag behind."""


class FileWatch:
    """Known files, by time and size. Of ten thousand it holds two numbers each."""

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()
        self._seen = array("q")

    def has_changed(self, root: Path, names: Sequence[str], read_at: int) -> bool:
        """Effect: look. Return whether anything is different from the last time.

        Args:
            root: The directory that they lie in.
            names: Files and directories, by their paths below it.
            read_at: When they were read last (nanoseconds since the epoch): what counts the first time.
        """
        before, known = self._seen, self._names
        seen, is_young = array("q"), False
        for name in names:
            found = _signature(f"{root}/{name}")
            is_young = is_young or _is_younger(found, read_at)
            seen.extend(found or _MISSING)
        self._names, self._seen = tuple(names), seen
        return (known != self._names or before != seen) if known else is_young


class StoreWatch:
    """The directories of a store, and the states of the runs that are under way; of the others a part each time.

    Now and then it asks for a look at everything: what no time of a directory shows is not missed for good.
    """

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, int] | None] = {}
        self._turn = 0
        self._young = frozenset[str]()
        self._whole_at = time.monotonic()

    def touched(self, root: Path, held: HeldStore, read_at: int) -> Touched:
        """Effect: look. Return where runs have come, gone or changed, as far as this part shows.

        Args:
            root: The store.
            held: What was read of it.
            read_at: When all of it was (nanoseconds since the epoch).
        """
        store = os.fspath(root)
        roots = {root.path for root in held.stored.roots}
        outside = {path.rpartition("/")[0] for path in roots}
        above = [path for path in (*outside, *roots) if self._has_changed(_place(store, path), read_at)]
        directories = frozenset(
            path for path in held.directories if path not in roots and self._has_changed(_place(store, path), read_at)
        )
        states = {run.path: _state(root, run) for run in (*_live(held), *self._some(held.stored))}
        runs = frozenset(path for path, state in states.items() if self._has_changed(state, read_at))
        # What was read while it was young is read once more.
        young, self._young = held.young - self._young, held.young
        if above or time.monotonic() - self._whole_at > _WHOLE_EVERY_SECONDS:
            self._whole_at = time.monotonic()
            return ANYWHERE
        return Touched(directories, runs | young)

    def _has_changed(self, path: str, read_at: int) -> bool:
        found = _signature(path)
        is_changed = self._seen[path] != found if path in self._seen else _is_younger(found, read_at)
        # Another change may hide behind a young time, so that it is looked at once more.
        self._seen[path] = _YOUNG if _is_younger(found, time.time_ns() - _YOUNG_FOR_NS) else found
        return is_changed

    def _some(self, store: StoredStore) -> list[RunDirectory]:
        count = len(store.runs) + len(store.unreadable)
        if not count:
            return []
        start, self._turn = self._turn % count, self._turn + _RUNS_AT_ONCE
        return list(islice(chain(store.runs, store.unreadable), start, start + _RUNS_AT_ONCE))


def _live(held: HeldStore) -> Iterator[RunDirectory]:
    return (run for path in held.live if (run := held.run_at(path)) is not None)


def _state(root: Path, run: RunDirectory) -> str:
    return os.fspath(layout.state_file(layout.internal_directory(layout.directory_at(root, run.path), run.dialect)))


def _place(store: str, path: str) -> str:
    return os.path.normpath(f"{store}/{path}") if path.startswith("../") else f"{store}/{path}"


def _signature(path: str | Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  # ten thousand of them
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _is_younger(signature: tuple[int, int] | None, read_at: int) -> bool:
    return signature is not None and signature[0] >= read_at - _CLOCK_STEP_NS
