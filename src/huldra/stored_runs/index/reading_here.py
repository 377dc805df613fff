"""Runs read one by one, from their files to the bytes that an index keeps of them. Knows no index file."""

import os
import time

from huldra.formats.dialect import DIALECTS, Dialect
from huldra.stored_runs.index.entries import encode_damage, encode_record
from huldra.stored_runs.index.marks import files_mark, mark_of, seen_mark
from huldra.stored_runs.model import RunRecord
from huldra.stored_runs.read import read_internal
from huldra.stored_runs.record_files import Seen

Reading = tuple[bytes, bytes, bytes, bool]
"""A run that was read: its marks, itself as bytes, and whether all that may be kept.

It may not while one of its times is so young that another change could hide behind it. A plain tuple, since processes
hand it on.
"""

Task = tuple[str, bytes, tuple[tuple[str, int], ...]]
"""Runs of one directory: their class, the directory's real path, and of each its name and the number of its dialect."""


def read_task(task: Task) -> list[Reading | None]:
    """Effect: read. Return what was read of each run; None for one that bytes do not give back exactly."""
    class_name, path, runs = task
    real = os.fsdecode(path)
    return [_read(real, class_name, name, DIALECTS[number]) for name, number in runs]


def _read(real: str, class_name: str, name: str, dialect: Dialect) -> Reading | None:
    now_ns = time.time_ns()
    internal = f"{real}/{name}/{dialect.internal_directory}"
    try:
        mark = mark_of(os.stat(internal))  # noqa: PTH116
    except OSError:
        return None
    seen = Seen()
    record = read_internal(internal, class_name, name, dialect, seen)
    if isinstance(record, RunRecord) and not (record.attempt and record.attempt.is_active):
        files = seen_mark(internal, seen.files)
    else:
        # Of damage not all files were opened, and a run under way is also its locks: all are looked at before they are
        # read.
        files, seen = files_mark(internal, with_locks=True), Seen()
        record = read_internal(internal, class_name, name, dialect, seen)
    if isinstance(record, RunRecord):
        data = encode_record(record, class_name, seen.config)
    else:
        data = encode_damage(dialect, record)
    if data is None:
        return None
    return mark.text, files.text, data, mark.is_settled(now_ns) and files.is_settled(now_ns)
