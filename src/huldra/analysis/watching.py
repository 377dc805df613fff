"""Whether files or runs have changed since they were last looked at: a few stats, never a walk through the store."""

import os
from collections.abc import Iterable, Mapping
from itertools import cycle, islice
from pathlib import Path

from huldra.formats import layout
from huldra.stored_runs.model import RunDirectory, StoredStore

_RUNS_AT_ONCE = 500
_CLOCK_STEP_NS = 20_000_000
"""How far the clock of a file system may lag behind."""


class FileWatch:
    """Known files, by time and size."""

    def __init__(self) -> None:
        self._seen: Mapping[Path, tuple[int, int] | None] = {}

    def has_changed(self, paths: Iterable[Path], read_at: int) -> bool:
        """Effect: look. Return whether anything is different from the last time.

        Args:
            paths: Files and directories.
            read_at: When they were read last (nanoseconds since the epoch): what counts the first time.
        """
        seen = {path: _signature(path) for path in paths}
        before, self._seen = self._seen, seen
        if not before:
            return any(_is_younger(signature, read_at) for signature in seen.values())
        return before != seen


class StoreWatch:
    """The directories in which runs lie, and the states of those that are under way; of the others a part each time."""

    def __init__(self) -> None:
        self._seen: dict[Path, tuple[int, int] | None] = {}
        self._turn = 0

    def has_changed(self, root: Path, store: StoredStore, read_at: int) -> bool:
        """Effect: look. Return whether a run has come, gone or changed, as far as this part shows.

        Args:
            root: The store.
            store: What was read of it.
            read_at: When (nanoseconds since the epoch).
        """
        directories = {root, *((root / run.path).parent for run in (*store.runs, *store.unreadable))}
        live = [run for run in store.runs if run.attempt is not None and run.attempt.is_active]
        watched = [*directories, *(_state(root, run) for run in live), *self._some(root, store)]
        has_changed = False
        for path in watched:
            found = _signature(path)
            has_changed |= self._seen[path] != found if path in self._seen else _is_younger(found, read_at)
            self._seen[path] = found
        return has_changed

    def _some(self, root: Path, store: StoredStore) -> list[Path]:
        runs = (*store.runs, *store.unreadable)
        if not runs:
            return []
        start, self._turn = self._turn % len(runs), self._turn + _RUNS_AT_ONCE
        return [_state(root, run) for run in islice(cycle(runs), start, start + min(_RUNS_AT_ONCE, len(runs)))]


def _state(root: Path, run: RunDirectory) -> Path:
    return layout.state_file(layout.internal_directory(root / run.path, run.dialect))


def _signature(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  # ten thousand of them
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _is_younger(signature: tuple[int, int] | None, read_at: int) -> bool:
    return signature is not None and signature[0] >= read_at - _CLOCK_STEP_NS
