"""The files of one run: read whole, written whole. Every change of the state goes through `update_state`.

No reader ever sees half a file, and no writer half of another's: names are given to finished files only.
"""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from pydantic import ValidationError

from huldra.formats.dialect import HULDRA
from huldra.formats.json_values import JsonObject, dump_json
from huldra.formats.layout import (
    events_file,
    internal_directory,
    previous_directory,
    state_file,
    state_lock_file,
    success_file,
)
from huldra.formats.records import StateRecord, SuccessRecord
from huldra.runtime.locks import blocking_lock
from huldra.runtime.machine import host_name
from huldra.runtime.state import no_state, state_document, succeeded
from huldra.runtime.times import now_text

STATE_LOCK_SECONDS = 5.0
_STATE_LOCK_STALE_SECONDS = 60.0
_LEFTOVER_SECONDS = 600.0


def internal(directory: Path) -> Path:
    """Return the library's own directory inside a run."""
    return internal_directory(directory, HULDRA)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that readers see the old one or the new one.

    Effect: replaces the file; leaves nothing behind if the disk is full.
    """
    draft = path.with_name(f"{path.name}.{uuid4().hex}.tmp")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        raise


def write_json(path: Path, document: JsonObject) -> None:
    """Write a record as the contract wants it: two spaces, ASCII, no last newline.

    Effect: replaces the file.
    """
    write_whole(path, dump_json(document, indent=2).encode())


def read_state(directory: Path) -> StateRecord:
    """Return the state of a run; one that was never started is `absent`.

    Raises:
        ValueError: state.json is not what it should be.
    """
    path = state_file(internal(directory))
    try:
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return no_state()
    try:
        return StateRecord.model_validate_json(text)
    except ValidationError as error:
        raise ValueError(f"{path} cannot be read: {error}") from error


def read_success(directory: Path) -> SuccessRecord | None:
    """Return what the success marker says, or None if there is none that can be read."""
    try:
        return SuccessRecord.model_validate_json(success_file(internal(directory)).read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValidationError):
        return None


def standing_result(directory: Path) -> StateRecord | None:
    """Return the state of a run if it has a result to load, else None.

    Either the state says so, or the marker of the state's own attempt does: the process died, or was told to end,
    between the two writes. A marker of another attempt says nothing of what lies there now. A result whose records have
    been set aside is none, though the state still says so: whoever has the compute lock brings it back, or replaces it.

    Raises:
        ValueError: state.json is not what it should be.
    """
    state = read_state(directory)
    return state if stands(directory, state) else None


def stands(directory: Path, state: StateRecord) -> bool:
    """Return whether a run in this state has a result to load; see `standing_result`."""
    if succeeded(state):
        inside = internal(directory)
        return not previous_directory(inside).is_dir() or success_file(inside).is_file()
    return is_marked(directory, state)


def has_result(directory: Path) -> bool:
    """Return whether there is a result to load; see `standing_result`."""
    return standing_result(directory) is not None


def is_marked(directory: Path, state: StateRecord) -> bool:
    """Return whether there is a success marker of the state's own attempt."""
    if state.attempt is None or state.attempt.status in ("success", "failed"):
        return False
    marker = read_success(directory)
    return marker is not None and marker.attempt_id == state.attempt.id


def update_state(
    directory: Path,
    change: Callable[[StateRecord], StateRecord],
    *,
    event: Callable[[StateRecord], JsonObject | None] | None = None,
    timeout: float = STATE_LOCK_SECONDS,
) -> StateRecord:
    """Change the state of a run, and say so in its events.

    Effect: rewrites state.json under the state lock, unless `change` returns what it was given; appends to the events.

    Args:
        directory: The run.
        change: Returns the new state; may itself write, while nobody else can.
        event: Returns what to append to the events, given the new state.
        timeout: How many seconds to wait for the lock.

    Raises:
        TimeoutError: the state lock could not be had.
        ValueError: state.json is not what it should be.
    """
    inside = internal(directory)
    inside.mkdir(parents=True, exist_ok=True)
    with blocking_lock(state_lock_file(inside), timeout=timeout, stale_after=_STATE_LOCK_STALE_SECONDS):
        before = read_state(directory)
        after = change(before)
        if after is before:
            return before
        write_json(state_file(inside), state_document(after))
        said = event(after) if event else None
        if said is not None:
            _append_event(events_file(inside), said)
        return after


def _append_event(path: Path, event: JsonObject) -> None:
    """Append a line; one that a killed or full-disked process left torn is cut off first."""
    line = dump_json({"ts": now_text(), "pid": os.getpid(), "host": host_name(), **event})
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        size = _cut_torn_line(descriptor)
        data = f"{line}\n".encode()
        if os.write(descriptor, data) != len(data):
            os.ftruncate(descriptor, size)
            raise OSError(f"{path}: the disk is full")
    finally:
        os.close(descriptor)


def _cut_torn_line(descriptor: int) -> int:
    """Return the size of a file after its last line end, where it now ends."""
    size = os.fstat(descriptor).st_size
    if size == 0 or os.pread(descriptor, 1, size - 1) == b"\n":
        return size
    whole = os.pread(descriptor, size, 0).rfind(b"\n") + 1
    os.ftruncate(descriptor, whole)
    return whole


def sweep_leftovers(directory: Path) -> None:
    """Remove drafts that killed processes left behind.

    Effect: deletes old `*.tmp` files of the internal directory.
    """
    oldest = time.time() - _LEFTOVER_SECONDS
    for draft in internal(directory).glob("*.tmp"):
        with contextlib.suppress(OSError):
            if draft.stat().st_mtime < oldest:
                draft.unlink()
