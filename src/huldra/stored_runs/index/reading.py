"""Many runs read at once, by several processes where that pays. Knows no index file."""

import os
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

from huldra.stored_runs.find import RunGroup, run_directories
from huldra.stored_runs.index.entries import encode_run, encode_unreadable
from huldra.stored_runs.index.marks import files_mark, mark_of
from huldra.stored_runs.model import StoredRun, UnreadableRun
from huldra.stored_runs.read import read_run

Asked = tuple[str, int, str]
"""A run to read: its path below the store, the number of its dialect, and its internal directory on disk."""

_WORTH_PROCESSES = 4000
_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Reading:
    """A run that was read: as bytes with its marks, if it can be kept; as itself, if it was read in this process.

    A run can be kept when bytes give it back exactly, all could be looked at, and none of its times is so young that
    another change could hide behind it.
    """

    mark: bytes = b""
    files: bytes = b""
    data: bytes | None = None
    run: StoredRun | UnreadableRun | None = None


def read_many(store: Path, asked: Sequence[Asked]) -> Iterator[Reading]:
    """Yield what was read, in the order asked.

    Effect: reads; starts processes for many runs.
    """
    workers = min(os.cpu_count() or 1, 8)
    if len(asked) < _WORTH_PROCESSES or workers == 1:
        yield from (_read(store, each, hands_out_run=True) for each in asked)
        return
    done = 0
    chunks = [asked[start : start + _CHUNK] for start in range(0, len(asked), _CHUNK)]
    try:
        # Not forked: a language server has threads.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            for reading in chain.from_iterable(pool.map(partial(_read_chunk, store), chunks)):
                yield reading
                done += 1
    except (BrokenProcessPool, OSError):  # killed for memory, or none allowed here: slower, and the same
        yield from (_read(store, each, hands_out_run=True) for each in islice(asked, done, None))


def _read_chunk(store: Path, asked: Sequence[Asked]) -> list[Reading]:
    return [_read(store, each, hands_out_run=False) for each in asked]


def _read(store: Path, asked: Asked, *, hands_out_run: bool) -> Reading:
    path, number, internal = asked
    parent, _, name = path.rpartition("/")
    (directory,) = run_directories(RunGroup(parent, "", ((name, number),)))
    now_ns = time.time_ns()
    try:
        mark = mark_of(os.stat(internal))  # noqa: PTH116
    except OSError:
        return Reading(run=read_run(store, directory)) if hands_out_run else Reading()
    files = files_mark(internal)
    run = read_run(store, directory)
    data = None
    if mark.is_settled(now_ns) and files.is_settled(now_ns):
        data = encode_run(run) if isinstance(run, StoredRun) else encode_unreadable(run)
    return Reading(mark.text, files.text, data, run if hands_out_run else None)
