"""The latest attempt at a run, from its record: who made it, how long it took, when it was last heard of. Pure."""

from datetime import datetime, timedelta

from huldra.stored_runs.model import Attempt, AttemptError, RunNote
from huldra.stored_runs.record_shapes import AttemptShape, ErrorShape, SuccessShape
from huldra.stored_runs.times import moment_from_text, seconds_between


def attempt_of(record: AttemptShape, lock_touched: datetime | None = None) -> Attempt:
    """Return a recorded attempt as plain data.

    `lock_touched` is for attempts without a recorded heartbeat: the time of the compute lock stands for it, and the
    lease runs from there. It is never shorter than recorded.
    """
    ended_at, reason, error = record.ended_at, record.reason, record.error
    heartbeat_at, lease_expires_at = record.heartbeat_at, record.lease_expires_at
    if lock_touched is not None:
        heartbeat_at = lock_touched.isoformat(timespec="seconds")
        lease_expires_at = _later(lease_expires_at, lock_touched, record.lease_duration_sec)
    owner = record.owner
    return Attempt(
        id=record.id,
        number=record.number,
        status=record.status,
        backend=record.backend,
        started_at=record.started_at,
        heartbeat_at=heartbeat_at,
        lease_expires_at=lease_expires_at,
        ended_at=ended_at if isinstance(ended_at, str) else None,
        host=owner.host or owner.hostname,
        pid=owner.pid,
        user=owner.user,
        command=owner.command,
        error=AttemptError(error.type, error.message, error.traceback) if isinstance(error, ErrorShape) else None,
        reason=reason if isinstance(reason, str) else None,
    )


def _later(recorded: str, lock_touched: datetime, lease_seconds: float) -> str:
    try:
        renewed = lock_touched + timedelta(seconds=lease_seconds)
    except (OverflowError, ValueError):  # a lease without end, or no number
        return recorded
    end = moment_from_text(recorded)
    return recorded if end is not None and end >= renewed else renewed.isoformat(timespec="seconds")


def duration_of(attempt: Attempt | None, marker: SuccessShape | None) -> float | None:
    """Return how many seconds an ended attempt took; one that only its success marker ended, up to the marker."""
    if attempt is None:
        return None
    if attempt.ended_at is not None:
        return seconds_between(attempt.started_at, attempt.ended_at)
    if marker is not None and marker.attempt_id == attempt.id:
        return seconds_between(attempt.started_at, marker.created_at)
    return None


def time_notes(attempt: Attempt) -> list[RunNote]:
    """Name the recorded times of an attempt that are none."""
    notes: list[RunNote] = []
    for name, text in (
        ("started_at", attempt.started_at),
        ("ended_at", attempt.ended_at),
        ("heartbeat_at", attempt.heartbeat_at),
        ("lease_expires_at", attempt.lease_expires_at),
    ):
        if text is not None and moment_from_text(text) is None:
            notes.append(RunNote("time-unreadable", f"{name} of the attempt is no time: {text!r}"))
    return notes
