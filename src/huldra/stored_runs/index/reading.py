"""Many runs read at once, by several processes where that pays. Knows no index file."""

import gc
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import chain, islice
from multiprocessing import get_context

from huldra.stored_runs.find import RunGroup, run_directories
from huldra.stored_runs.index.entries import encode_run, encode_unreadable
from huldra.stored_runs.index.marks import Mark, files_mark, mark_of, seen_mark
from huldra.stored_runs.model import RunDirectory, StoredRun, UnreadableRun
from huldra.stored_runs.read import read_internal
from huldra.stored_runs.record_files import Seen

Reading = tuple[bytes, bytes, bytes, bool]
"""A run that was read: its marks, itself as bytes, and whether all that may be kept.

It may not while one of its times is so young that another change could hide behind it. A plain tuple, since processes
hand it on.
"""

_WORTH_PROCESSES = 12_000
"""One process reads so many in less than two seconds; others need a third of one only to start."""

_CHUNK = 400
_NEW_OBJECTS = (50_000, 50, 100)
"""So seldom is looked for garbage that hangs together; what is read is let go of at once."""


def read_many(asked: Sequence[RunGroup]) -> Iterator[tuple[RunGroup, list[Reading | None]]]:
    """Yield groups with what was read of each of their runs; None for one that bytes do not give back exactly.

    A large group comes in parts.

    Effect: reads; starts processes for many runs.
    """
    workers = min(os.cpu_count() or 1, 8)
    parts = list(chain.from_iterable(_parts(group) for group in asked))
    if workers == 1 or sum(len(part.runs) for part in parts) < _WORTH_PROCESSES:
        yield from ((part, _read_group(part)) for part in parts)
        return
    done = 0
    try:
        # Not forked: a language server has threads.
        with ProcessPoolExecutor(workers, get_context("spawn"), gc.set_threshold, _NEW_OBJECTS) as pool:
            for readings in chain.from_iterable(pool.map(_read_groups, _chunks(parts))):
                yield parts[done], readings
                done += 1
    except (BrokenProcessPool, OSError):  # killed for memory, or none allowed here: slower, and the same
        yield from ((part, _read_group(part)) for part in islice(parts, done, None))


def _parts(group: RunGroup) -> Iterator[RunGroup]:
    for start in range(0, len(group.runs), _CHUNK):
        yield replace(group, runs=group.runs[start : start + _CHUNK])


def _chunks(parts: Iterable[RunGroup]) -> Iterator[list[RunGroup]]:
    """Yield as many small groups together as make a message worth sending."""
    chunk: list[RunGroup] = []
    for part in parts:
        chunk.append(part)
        if sum(len(each.runs) for each in chunk) >= _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _read_groups(groups: Sequence[RunGroup]) -> list[list[Reading | None]]:
    return [_read_group(group) for group in groups]


def _read_group(group: RunGroup) -> list[Reading | None]:
    return [_read(f"{group.real}/{run.hash}/{run.dialect.internal_directory}", run) for run in run_directories(group)]


def _read(internal: str, directory: RunDirectory) -> Reading | None:
    now_ns = time.time_ns()
    try:
        mark = mark_of(os.stat(internal))  # noqa: PTH116
    except OSError:
        return None
    seen = Seen()
    run = read_internal(internal, directory, seen)
    if isinstance(run, StoredRun) and not (run.attempt and run.attempt.is_active):
        return _reading(mark, seen_mark(internal, seen.files), run, seen, now_ns)
    # Of damage not all files were opened, and a run under way is also its locks: all are looked at before it is read.
    files, seen = files_mark(internal, with_locks=True), Seen()
    return _reading(mark, files, read_internal(internal, directory, seen), seen, now_ns)


def _reading(mark: Mark, files: Mark, run: StoredRun | UnreadableRun, seen: Seen, now_ns: int) -> Reading | None:
    data = encode_run(run, seen.config) if isinstance(run, StoredRun) else encode_unreadable(run)
    if data is None:
        return None
    return mark.text, files.text, data, mark.is_settled(now_ns) and files.is_settled(now_ns)
