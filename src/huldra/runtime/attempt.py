"""One attempt at a run whose compute lock is held: every way in which it can end is recorded before it is told."""

from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from huldra.formats.layout import compute_lock_file, success_file
from huldra.formats.records import ErrorRecord, FailedResult, StateRecord, StoppedAttempt
from huldra.runtime.config import HULDRA_CONFIG
from huldra.runtime.heartbeat import beating
from huldra.runtime.locks import release_own_lock
from huldra.runtime.log import FILE_ONLY, append_line, get_logger
from huldra.runtime.machine import this_process
from huldra.runtime.metadata import compose_metadata, git_info, write_metadata
from huldra.runtime.reconcile import LEASE_EXPIRED, PID_DEAD
from huldra.runtime.set_aside import recover, set_payload_aside, set_records_aside
from huldra.runtime.signals import preemptible
from huldra.runtime.sources_record import note_sources, write_sources
from huldra.runtime.state import fail, finished_event, is_active, start_attempt, started_event, stop, succeed, succeeded
from huldra.runtime.store import STATE_LOCK_SECONDS, has_result, internal, sweep_leftovers, update_state, write_json
from huldra.runtime.task import Backend, Task
from huldra.runtime.times import now_text
from huldra.runtime.tracebacks import format_traceback, plain_traceback

T = TypeVar("T")
# A signal may find this very thread holding the state lock: then waiting for it is vain.
_SIGNAL_LOCK_SECONDS = 1.0


def make_attempt(task: Task[T], backend: Backend, before: StateRecord) -> T:
    """Return what `_create` returns, with the run's records telling the whole story.

    A success that `before` records is set aside, and comes back unless this attempt succeeds.

    Effect: computes; writes the run's directory.

    Raises:
        HuldraComputeError: the attempt could not be described, or its result not be recorded.
        Exception: whatever `_create` raises, unchanged.
    """
    sweep_leftovers(task.directory)
    _say_what_came_before(task, before)
    note_sources(task.module)
    with _earlier_result_kept(task.directory, is_kept=succeeded(before)) as make_room:
        attempt_id = _begin(task, backend)
        with preemptible(lambda number: _preempted(task, attempt_id, number)):
            make_room()
            return _create(task, attempt_id)


@contextmanager
def _earlier_result_kept(directory: Path, *, is_kept: bool) -> Generator[Callable[[], None]]:
    """Set a success aside while this is open; at the end it is dropped, or brought back if the new one failed."""
    if not is_kept:
        yield lambda: None
        return
    try:
        set_records_aside(directory)
        yield lambda: set_payload_aside(directory)
    finally:
        _recover(directory)


def _begin(task: Task[T], backend: Backend) -> str:
    """Record a running attempt; return its id."""

    def started(state: StateRecord) -> StateRecord:
        success_file(internal(task.directory)).unlink(missing_ok=True)
        return start_attempt(
            state,
            backend=backend.name,
            owner=this_process(),
            lease_seconds=HULDRA_CONFIG.lease_duration_sec,
            scheduler=backend.scheduler,
        )

    state = update_state(task.directory, started, event=started_event)
    if state.attempt is None:
        raise RuntimeError("an attempt was started and is not there")
    return state.attempt.id


def _create(task: Task[T], attempt_id: str) -> T:
    with beating(task.directory, attempt_id, HULDRA_CONFIG.heartbeat_interval_sec):
        _describe(task, attempt_id)
        get_logger().debug("_create: begin %s", task, extra=FILE_ONLY)
        try:
            value = task.create()
        except Exception as error:
            _say_failure(task, error)
            _failed(task, attempt_id, error)
            raise
        except BaseException as error:
            _cancelled(task, attempt_id, error)
            raise
        _succeeded(task, attempt_id)
    get_logger().debug("_create: ok %s", task, extra=FILE_ONLY)
    return value


def _describe(task: Task[T], attempt_id: str) -> None:
    """Write metadata.json; if that is impossible the attempt has failed."""
    try:
        git, patch = git_info(ignore_diff=HULDRA_CONFIG.ignore_git_diff)
        python_def, document = task.describe()
        metadata = compose_metadata(
            python_def=python_def, document=document, digest=task.digest, directory=task.directory, git=git
        )
        write_metadata(metadata, task.directory, patch)
    except Exception as error:  # the user's config: its values' repr and dump may raise anything
        _failed(task, attempt_id, error)
        raise task.compute_error("metadata could not be written", error) from error


def _succeeded(task: Task[T], attempt_id: str) -> None:
    """Record the success; the marker comes first, and alone is enough."""
    write_sources(task.directory, task.module)

    def ended(state: StateRecord) -> StateRecord:
        if state.attempt is None or state.attempt.id != attempt_id:
            raise task.compute_error("the result is not recorded: the lease ran out, and another process took over")
        created = now_text()
        write_json(success_file(internal(task.directory)), {"attempt_id": attempt_id, "created_at": created})
        return succeed(state, created)

    try:
        update_state(task.directory, ended, event=finished_event)
    except (OSError, ValueError) as error:
        if _is_on_record(task.directory):
            get_logger().warning("%s: only the success marker could be written: %r", task, error)
            return
        raise task.compute_error("the result was computed, and could not be recorded", error) from error


def _failed(task: Task[T], attempt_id: str, error: BaseException) -> None:
    said = ErrorRecord(type=type(error).__name__, message=str(error), traceback=plain_traceback(error))
    _end(task, attempt_id, lambda state: fail(state, said))


def _cancelled(task: Task[T], attempt_id: str, error: BaseException) -> None:
    """Record that the code itself asked to end: SystemExit, KeyboardInterrupt."""
    name = type(error).__name__
    said = ErrorRecord(type=name, message=str(error), traceback=plain_traceback(error))
    _end(task, attempt_id, lambda state: stop(state, "cancelled", said, name))


def _preempted(task: Task[T], attempt_id: str, number: int) -> None:
    said = ErrorRecord(type="signal", message=f"signal:{number}")
    _end(task, attempt_id, lambda state: stop(state, "preempted", said, None), timeout=_SIGNAL_LOCK_SECONDS)
    _recover(task.directory)
    release_own_lock(compute_lock_file(internal(task.directory)))


def _end(
    task: Task[T], attempt_id: str, change: Callable[[StateRecord], StateRecord], timeout: float = STATE_LOCK_SECONDS
) -> None:
    """End the attempt, if it is still this one; if that cannot be written the next process finds out by itself."""

    def ended(state: StateRecord) -> StateRecord:
        attempt = state.attempt
        return change(state) if attempt is not None and attempt.id == attempt_id and is_active(attempt) else state

    try:
        update_state(task.directory, ended, event=finished_event, timeout=timeout)
    except (OSError, ValueError) as error:
        get_logger().warning("%s: the end of the attempt could not be recorded: %r", task, error)


def _recover(directory: Path) -> None:
    try:
        recover(directory)
    except OSError as error:
        get_logger().warning("%s: the earlier result is still set aside, for the next run: %r", directory, error)


def _is_on_record(directory: Path) -> bool:
    try:
        return has_result(directory)
    except (OSError, ValueError):
        return False


def _say_failure(task: Task[T], error: Exception) -> None:
    get_logger().error("_create failed %s", task)
    try:
        text = format_traceback(error)
    except Exception:  # noqa: BLE001  the user's objects: showing them may raise anything
        text = plain_traceback(error)
    with suppress(OSError):
        append_line(text)


def _say_what_came_before(task: Task[T], before: StateRecord) -> None:
    attempt = before.attempt
    if isinstance(before.result, FailedResult):
        get_logger().warning("%s %s: retrying after previous failure", task.name, task.digest)
    elif isinstance(attempt, StoppedAttempt) and attempt.reason in (PID_DEAD, LEASE_EXPIRED):
        get_logger().warning("%s %s: restarting after stale attempt (%s)", task.name, task.digest, attempt.reason)
