"""An earlier result while its experiment is computed again: moved aside whole, and brought back unless it is replaced.

All of this happens under the compute lock. Each step can be the last one of a killed process; `recover` goes on from
there:

    .huldra/previous/records/     copies of the old records, made before anything else
    SUCCESS.json                  removed; from now on nothing is promoted by mistake
    .huldra/previous/payload/     the old files, moved one by one
    .huldra/previous/is_whole     all are moved: what lies in the run now belongs to the new attempt
    SUCCESS.json                  written anew: the old result is dropped
"""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

from huldra.formats.layout import (
    metadata_file,
    patch_file,
    previous_directory,
    sources_file,
    state_file,
    state_lock_file,
    success_file,
)
from huldra.runtime.locks import blocking_lock
from huldra.runtime.store import STATE_LOCK_SECONDS, internal, read_success, write_whole

# The batch system writes its own logs here while the new attempt runs.
_NOT_PAYLOAD: Final = frozenset({"submitit"})


def set_records_aside(directory: Path) -> None:
    """Keep the records of a success, and make it one no longer.

    Effect: copies the records, and removes the success marker.
    """
    inside = internal(directory)
    draft = inside / f"previous.{uuid4().hex}.tmp"
    (draft / "records").mkdir(parents=True)
    (draft / "payload").mkdir()
    for record in _records(inside):
        with contextlib.suppress(FileNotFoundError):
            shutil.copy2(record, draft / "records" / record.name)
    draft.rename(previous_directory(inside))
    success_file(inside).unlink(missing_ok=True)


def set_payload_aside(directory: Path) -> None:
    """Move the files of the old result out of the way, so that the new attempt starts from nothing.

    Effect: renames everything in the run but the library's own directory.
    """
    previous = previous_directory(internal(directory))
    for entry in _payload(directory):
        entry.rename(previous / "payload" / entry.name)
    write_whole(previous / "is_whole", b"")


def bring_back(directory: Path) -> bool:
    """Return whether there was an earlier result, which now is the run's result again.

    Effect: removes what the new attempt left, moves the old files back, and restores the records.
    """
    inside = internal(directory)
    previous = previous_directory(inside)
    if not previous.is_dir():
        return False
    if (previous / "is_whole").exists():
        for entry in _payload(directory):
            _remove(entry)
        (previous / "is_whole").unlink()
    for entry in sorted((previous / "payload").iterdir()):
        entry.rename(directory / entry.name)
    _restore_records(inside, previous / "records")
    _discard(previous)
    return True


def drop_previous(directory: Path) -> None:
    """Forget the earlier result, since the new one stands.

    Effect: deletes the files that were set aside.
    """
    previous = previous_directory(internal(directory))
    if previous.is_dir():
        _discard(previous)


def recover(directory: Path) -> bool:
    """Finish what a killed process left: return whether an earlier result was brought back.

    Effect: drops the earlier result if the new attempt succeeded or nothing was moved yet, else brings it back.
    """
    inside = internal(directory)
    for leftover in (*inside.glob("discarded.*.tmp"), *inside.glob("previous.*.tmp")):
        shutil.rmtree(leftover, ignore_errors=True)
    if read_success(directory) is not None:
        drop_previous(directory)
        return False
    return bring_back(directory)


def _records(inside: Path) -> tuple[Path, ...]:
    return (state_file(inside), success_file(inside), metadata_file(inside), patch_file(inside), sources_file(inside))


def _payload(directory: Path) -> Iterator[Path]:
    keep = _NOT_PAYLOAD | {internal(directory).name}
    return (entry for entry in sorted(directory.iterdir()) if entry.name not in keep)


def _restore_records(inside: Path, kept: Path) -> None:
    """Put the records back; the success marker comes last, since `recover` goes by it."""
    last = success_file(inside)
    with blocking_lock(state_lock_file(inside), timeout=STATE_LOCK_SECONDS, stale_after=60.0):
        for record in (path for path in _records(inside) if path != last):
            saved = kept / record.name
            if saved.exists():
                write_whole(record, saved.read_bytes())
            else:
                record.unlink(missing_ok=True)
        if (kept / last.name).exists():
            write_whole(last, (kept / last.name).read_bytes())


def _discard(previous: Path) -> None:
    """Make the directory go in one step, and then its files."""
    going = previous.with_name(f"discarded.{uuid4().hex}.tmp")
    previous.rename(going)
    shutil.rmtree(going, ignore_errors=True)


def _remove(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink(missing_ok=True)
