"""Whose turn it is: waiting for the compute lock, or for the result of whoever has it. Computes nothing."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from huldra.formats.layout import compute_lock_file
from huldra.formats.records import ActiveAttempt, FailedAttempt, StateRecord
from huldra.runtime.config import HULDRA_CONFIG
from huldra.runtime.errors import HuldraComputeError, HuldraLockNotAcquired, HuldraWaitTimeout
from huldra.runtime.locks import HeldLock, release_lock, remove_abandoned_lock, take_lock
from huldra.runtime.log import FILE_ONLY, get_logger
from huldra.runtime.reconcile import lock_is_abandoned
from huldra.runtime.state import is_active
from huldra.runtime.store import internal, read_state
from huldra.runtime.task import Task

T = TypeVar("T")
_FIRST_PAUSE: Final = 0.02
_computing: dict[Path, int] = {}
"""The runs that this process computes, with the thread that does."""


class FailedElsewhereError(HuldraComputeError):
    """The attempt that was waited for failed in its own process."""


@dataclass(slots=True)
class Wait:
    """How long one caller waits, and what it saw while it did.

    `limit` and `started` are in seconds of the monotonic clock; `seen` holds the ids of attempts that were under way.
    """

    limit: float | None
    started: float = field(default_factory=time.monotonic)
    seen: set[str] = field(default_factory=set[str])
    pause: float = _FIRST_PAUSE
    said_at: float | None = None


@contextmanager
def turn_at(task: Task[T], wait: Wait, is_done: Callable[[StateRecord], bool]) -> Generator[bool]:
    """Hold the compute lock while this is open; give False if the result came to be while somebody else had it.

    Effect: makes and removes the lock file; removes one that was left behind; sleeps.

    Raises:
        HuldraComputeError: the attempt that was waited for failed (the message holds what it recorded), or the store
            cannot be written to.
        HuldraWaitTimeout: it took longer than the class allows.
        HuldraLockNotAcquired: this thread computes the experiment already: it depends on itself.
    """
    if _computing.get(task.directory) == threading.get_ident():
        raise HuldraLockNotAcquired(f"{task}: the experiment depends on itself")
    try:
        internal(task.directory).mkdir(parents=True, exist_ok=True)
        held = _wait_for_turn(task, wait, is_done)
    except HuldraWaitTimeout:
        raise
    except OSError as error:
        raise task.compute_error("the store cannot be written to", error) from error
    if held is None:
        yield False
        return
    _computing[task.directory] = threading.get_ident()
    try:
        yield True
    finally:
        del _computing[task.directory]
        release_lock(held)


def _wait_for_turn(task: Task[T], wait: Wait, is_done: Callable[[StateRecord], bool]) -> HeldLock | None:
    path = compute_lock_file(internal(task.directory))
    while True:
        held = take_lock(path)
        state = read_state(task.directory)
        if held is not None:
            return _unless_failed(task, wait, state, held)
        if is_done(state):
            return None
        _observe(task, wait, state)
        if not remove_abandoned_lock(path, lock_is_abandoned(_lease_end(state), HULDRA_CONFIG.lease_duration_sec)):
            _sleep(task, wait)


def _unless_failed(task: Task[T], wait: Wait, state: StateRecord, held: HeldLock) -> HeldLock:
    """Return the lock, unless the attempt that this caller waited for has just failed: it shares that fate."""
    attempt = state.attempt
    if isinstance(attempt, FailedAttempt) and attempt.id in wait.seen:
        release_lock(held)
        words = f"failed in another process: {attempt.error.type}: {attempt.error.message}"
        raise FailedElsewhereError(f"{task.class_path} {task.digest}: {words}", task.state_path)
    return held


def _lease_end(state: StateRecord) -> str | None:
    return state.attempt.lease_expires_at if state.attempt and is_active(state.attempt) else None


def _observe(task: Task[T], wait: Wait, state: StateRecord) -> None:
    """Remember the attempt that is under way, and say now and then that it is waited for."""
    if not isinstance(state.attempt, ActiveAttempt):
        return
    wait.seen.add(state.attempt.id)
    moment = time.monotonic()
    if wait.said_at is None:
        get_logger().debug("load_or_create %s (%s->wait)", task, state.attempt.status, extra=FILE_ONLY)
    if wait.said_at is None or moment - wait.said_at >= HULDRA_CONFIG.wait_log_every_sec:
        wait.said_at = moment
        owner = state.attempt.owner
        get_logger().info("%s %s: waiting for process %s on %s", task.name, task.digest, owner.pid, owner.host)


def _sleep(task: Task[T], wait: Wait) -> None:
    """Sleep, first shortly and then up to the poll interval, but never past the limit."""
    waited = time.monotonic() - wait.started
    if wait.limit is not None and waited >= wait.limit:
        raise HuldraWaitTimeout(f"{task}: waited {waited:.0f} s for another process (limit {wait.limit:g} s)")
    left = wait.pause if wait.limit is None else wait.limit - waited
    time.sleep(min(wait.pause, left))
    wait.pause = min(wait.pause * 1.5, max(HULDRA_CONFIG.poll_interval, 0.001))
