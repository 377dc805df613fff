"""What has become of an attempt that is recorded as waiting or running. Writes only what has changed."""

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from huldra.formats.layout import compute_lock_file
from huldra.formats.records import ActiveAttempt, AttemptRecord, ErrorRecord, StateRecord
from huldra.runtime.locks import FoundLock, is_held, remove_abandoned_lock
from huldra.runtime.machine import host_name, process_lives
from huldra.runtime.state import Scheduler, fail, stop, succeed, with_scheduler
from huldra.runtime.store import internal, read_success, update_state
from huldra.runtime.times import is_past, now

PID_DEAD: Final = "pid_dead"
LEASE_EXPIRED: Final = "lease_expired"
LOCK_LOST: Final = "lock_lost"
IS_ALIVE: Final = "is_alive"
_ENDS: Final = frozenset({"success", "failed", "cancelled", "preempted", "crashed"})
_NOT_SCHEDULER: Final = frozenset({"terminal_status", "reason", IS_ALIVE})

Probe = Callable[[StateRecord], Mapping[str, object]]


def reconcile(directory: Path, *, submitit_probe: Probe | None = None) -> StateRecord:
    """Return the state of a run, its active attempt ended if that is what happened.

    Effect: rewrites state.json if the attempt has ended; removes the compute lock that a dead attempt left.

    Args:
        directory: The run.
        submitit_probe: Asks the scheduler about a batch attempt: `terminal_status`, `reason` and what to keep
            under `scheduler`; `is_alive` for a job that waits or runs.

    Raises:
        ValueError: state.json, or the time of the lease, is not what it should be.
    """
    state = update_state(directory, lambda state: _judged(directory, state, submitit_probe))
    if state.attempt is not None and state.attempt.status in ("cancelled", "preempted", "crashed"):
        remove_abandoned_lock(compute_lock_file(internal(directory)), lambda lock: lock.owner_is_gone)
    return state


def settle_under_lock(directory: Path) -> StateRecord:
    """Return the state of a run whose compute lock is held here: nobody else computes, whatever is recorded.

    Effect: rewrites state.json if it records a success that was not written down, or an attempt that is over.
    """
    return update_state(directory, _settled_with(directory))


def _settled_with(directory: Path) -> Callable[[StateRecord], StateRecord]:
    def settled(state: StateRecord) -> StateRecord:
        promoted = _promoted(directory, state)
        if promoted is not None:
            return promoted
        attempt = state.attempt
        if not isinstance(attempt, ActiveAttempt) or attempt.status != "running":
            return state
        return stop(state, "crashed", None, _death(attempt, now()) or LOCK_LOST)

    return settled


def _judged(directory: Path, state: StateRecord, probe: Probe | None) -> StateRecord:
    promoted = _promoted(directory, state)
    if promoted is not None:
        return promoted
    attempt = state.attempt
    if not isinstance(attempt, ActiveAttempt):
        return state
    if attempt.backend == "submitit" and probe is not None:
        answer = probe(state)
        status = answer.get("terminal_status")
        if isinstance(status, str) and status in _ENDS:
            return _ended(state, attempt, status, answer)
        if answer.get(IS_ALIVE) is True:
            return state
    reason = _death(attempt, now())
    if reason == LEASE_EXPIRED and is_held(compute_lock_file(internal(directory))):
        return state  # its heartbeat fails, but it lives
    return stop(state, "crashed", None, reason) if reason else state


def _promoted(directory: Path, state: StateRecord) -> StateRecord | None:
    """Return the state of a run that succeeded without its state saying so, or None."""
    attempt = state.attempt
    if attempt is None or attempt.status in ("success", "failed"):
        return None
    marker = read_success(directory)
    if marker is None or marker.attempt_id != attempt.id:
        return None
    return succeed(state, marker.created_at)


def _ended(state: StateRecord, attempt: AttemptRecord, status: str, answer: Mapping[str, object]) -> StateRecord:
    reason = answer.get("reason")
    words = reason if isinstance(reason, str) else "scheduler_terminal"
    more = {key: value for key, value in answer.items() if key not in _NOT_SCHEDULER}
    known = with_scheduler(state, attempt.id, _plain(more))
    if status == "failed":
        return fail(known, ErrorRecord(type="HuldraComputeError", message=words), words)
    return stop(known, "crashed" if status == "success" else status, None, words)


def _plain(answer: Mapping[str, object]) -> Scheduler:
    return {
        key: value if value is None or isinstance(value, bool | int | float | str) else str(value)
        for key, value in answer.items()
    }


def _death(attempt: AttemptRecord, moment: datetime) -> str | None:
    """Return why an attempt is over, as far as this machine can tell; None if it may go on."""
    owner = attempt.owner
    is_here = attempt.backend == "local" and owner.host == host_name()
    if is_here and owner.pid is not None and not process_lives(owner.pid):
        return PID_DEAD
    return LEASE_EXPIRED if is_past(attempt.lease_expires_at, moment) else None


def lock_is_abandoned(lease_end: str | None, lease_seconds: float) -> Callable[[FoundLock], bool]:
    """Return the judge of a compute lock whose owner does not hold the kernel's lock.

    Args:
        lease_end: When the lease of the active attempt runs out; None if no attempt is active.
        lease_seconds: How old a lock without attempt may get.
    """

    def judge(lock: FoundLock) -> bool:
        if lock.owner_is_gone:
            return True
        with contextlib.suppress(ValueError):
            if lease_end is not None:
                return is_past(lease_end, now())
        return lock.age_seconds > lease_seconds

    return judge
