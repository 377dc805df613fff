"""Handing a run to a batch system. Imports no batch system: an executor is whatever has `submit` and `folder`."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, TypeVar

from huldra.formats.layout import compute_lock_file, submit_lock_file
from huldra.formats.records import ActiveAttempt, ErrorRecord, StateRecord
from huldra.runtime.config import HULDRA_CONFIG
from huldra.runtime.locks import HeldLock, is_held, release_lock, remove_abandoned_lock, take_lock
from huldra.runtime.log import get_logger
from huldra.runtime.machine import this_environment
from huldra.runtime.metadata import compose_metadata, git_info, write_metadata
from huldra.runtime.reconcile import IS_ALIVE, reconcile
from huldra.runtime.scheduler import load_job, probe_job, save_job
from huldra.runtime.state import (
    fail,
    finished_event,
    is_active,
    start_attempt,
    started_event,
    succeeded,
    with_scheduler,
)
from huldra.runtime.store import internal, update_state
from huldra.runtime.task import Task
from huldra.runtime.tracebacks import plain_traceback

T = TypeVar("T")
_BUSY_SECONDS: Final = 0.5
_POLL_SECONDS: Final = 0.5
_STALE_SECONDS: Final = 60.0


class Executor(Protocol):
    """What is asked of a `submitit.Executor`. Its `folder` is set, too."""

    def submit(self, fn: Callable[[], None], /) -> object:
        """Return the handle of a job that will call `fn`."""
        ...


def submit(task: Task[T], executor: Executor, worker: Callable[[], None]) -> object:
    """Return the job that computes a run: one that is under way already, or a new one.

    Effect: submits a job; writes the run's directory.

    Raises:
        HuldraComputeError: the job could not be submitted; the attempt has failed then.
    """
    internal(task.directory).mkdir(parents=True, exist_ok=True)
    state = reconcile(task.directory, submitit_probe=lambda _: probe_job(task.directory))
    if _is_submitted(state) or probe_job(task.directory).get(IS_ALIVE):
        job = load_job(task.directory)
        if job is not None:
            return job
    held = _submit_lock(task.directory)
    if held is None:
        time.sleep(_BUSY_SECONDS)
        return load_job(task.directory)
    try:
        return _submit_once(task, executor, worker)
    finally:
        release_lock(held)


def _is_submitted(state: StateRecord) -> bool:
    return isinstance(state.attempt, ActiveAttempt) and state.attempt.backend == "submitit"


def _submit_lock(directory: Path) -> HeldLock | None:
    path = submit_lock_file(internal(directory))
    held = take_lock(path)
    if held is None and remove_abandoned_lock(
        path, lambda lock: lock.owner_is_gone or lock.age_seconds > _STALE_SECONDS
    ):
        held = take_lock(path)
    return held


def _submit_once(task: Task[T], executor: Executor, worker: Callable[[], None]) -> object:
    attempt_id = None
    try:
        _describe(task)
        attempt_id = _queue(task)
        folder = task.directory / "submitit"
        setattr(executor, "folder", folder)  # noqa: B010  executors differ in the type they declare for it
        job = executor.submit(worker)
        save_job(task.directory, job)
    except Exception as error:  # the executor is the user's: it may raise anything
        said = ErrorRecord(type=type(error).__name__, message=str(error), traceback=plain_traceback(error))
        update_state(task.directory, lambda state: _failed(state, attempt_id, said), event=finished_event)
        raise task.compute_error("the job could not be submitted", error) from error
    if attempt_id is not None:
        _note_job_id(task.directory, attempt_id, job)
    return job


def _describe(task: Task[T]) -> None:
    git, patch = git_info(ignore_diff=HULDRA_CONFIG.ignore_git_diff)
    python_def, document = task.describe()
    metadata = compose_metadata(
        python_def=python_def, document=document, digest=task.digest, directory=task.directory, git=git
    )
    write_metadata(metadata, task.directory, patch)


def _queue(task: Task[T]) -> str | None:
    """Record a queued attempt and return its id.

    None if a process computes the run at this moment, or if there is a result to replace: it stands until the worker
    has a better one.
    """
    if is_held(compute_lock_file(internal(task.directory))):
        return None

    def queued(state: StateRecord) -> StateRecord:
        if succeeded(state):
            return state
        return start_attempt(
            state,
            backend="submitit",
            owner=this_environment(),
            lease_seconds=HULDRA_CONFIG.lease_duration_sec,
            is_queued=True,
        )

    state = update_state(task.directory, queued, event=started_event)
    return state.attempt.id if state.attempt and is_active(state.attempt) else None


def _failed(state: StateRecord, attempt_id: str | None, said: ErrorRecord) -> StateRecord:
    """Return the state after a submission failed; another's attempt is left alone."""
    is_other = state.attempt is not None and state.attempt.id != attempt_id
    return state if is_other and (is_active(state.attempt) or succeeded(state)) else fail(state, said)


def _note_job_id(directory: Path, attempt_id: str, job: object) -> None:
    """Store the number of the job with its attempt, as soon as there is one."""

    def watch() -> None:
        while not (job_id := getattr(job, "job_id", None)):
            if not hasattr(job, "job_id"):
                return
            time.sleep(_POLL_SECONDS)
        try:
            update_state(directory, lambda state: with_scheduler(state, attempt_id, {"job_id": str(job_id)}))
        except (OSError, ValueError) as error:
            get_logger().warning("the job id of %s could not be recorded: %r", directory, error)

    threading.Thread(target=watch, name="huldra-job-id", daemon=True).start()
