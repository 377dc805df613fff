"""What happens where there is no result: the lock, a second look, and an attempt. Its steps are in `attempt`."""

from contextlib import suppress
from pathlib import Path

from huldra.formats.layout import success_file
from huldra.formats.records import StateRecord
from huldra.runtime.attempt import make_attempt
from huldra.runtime.forcing import note_computed
from huldra.runtime.holders import enter_holder
from huldra.runtime.log import FILE_ONLY, get_logger, write_separator
from huldra.runtime.reconcile import settle_under_lock
from huldra.runtime.set_aside import recover
from huldra.runtime.state import invalidate, invalidated_event, result_id, succeeded
from huldra.runtime.store import has_result, internal, read_state, stands, update_state
from huldra.runtime.task import Backend, T, Task, Value
from huldra.runtime.turns import FailedElsewhereError, Wait, turn_at


def compute(task: Task[T], backend: Backend, *, rejected: str | None, force: bool) -> Value[T] | None:
    """Return what was computed here, or None if somebody else has computed it meanwhile.

    Effect: may compute, and write the run's directory, under the compute lock.

    Args:
        task: The experiment.
        backend: Who computes.
        rejected: The result that stands and is not valid, by its attempt.
        force: Compute whatever stands.

    Raises:
        HuldraComputeError: the result cannot be recorded, or another process failed at it.
        HuldraWaitTimeout: another process took longer than the class allows.
        Exception: whatever `_create` raises, unchanged.
    """

    def is_done(state: StateRecord) -> bool:
        return stands(task.directory, state) and not force and result_id(state) != rejected

    wait = Wait(None if backend.waits_forever else task.max_wait_seconds)
    with turn_at(task, wait, is_done) as is_ours:
        if not is_ours:
            return None
        recover(task.directory)
        state = settle_under_lock(task.directory)
        if is_done(state):
            return None
        if rejected is not None:
            state = _invalidate(task.directory, rejected)
        return Value(_compute(task, backend, state))


def compute_in_worker(task: Task[T], backend: Backend, *, force: bool) -> None:
    """Do the same in a batch job, as far as there is anything left to do.

    Effect: may compute, and write the run's directory.
    """
    with enter_holder(task.holder), suppress(FailedElsewhereError):
        if force or not has_result(task.directory):
            compute(task, backend, rejected=None, force=force)


def invalidate_result(task: Task[T]) -> None:
    """Make a result that is not valid one no longer, for whoever computes next.

    Effect: removes the success marker, and rewrites state.json.
    """
    _invalidate(task.directory, result_id(read_state(task.directory)))


def _compute(task: Task[T], backend: Backend, before: StateRecord) -> T:
    with suppress(OSError):
        write_separator()
    get_logger().debug("load_or_create %s (create)", task, extra=FILE_ONLY)
    value = make_attempt(task, backend, before)
    note_computed(task.directory)
    get_logger().debug("load_or_create: %s created -> return", task.name, extra=FILE_ONLY)
    return value


def _invalidate(directory: Path, rejected: str) -> StateRecord:
    """Make a result that is not valid one no longer, if it still is the one that was rejected."""

    def invalidated(state: StateRecord) -> StateRecord:
        if not succeeded(state) or result_id(state) != rejected:
            return state
        success_file(internal(directory)).unlink(missing_ok=True)
        return invalidate(state)

    return update_state(directory, invalidated, event=lambda _: invalidated_event("_validate"))
