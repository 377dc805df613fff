"""What the latest attempt at a run says of itself, in words: how it ended, or since when it is under way."""

from collections.abc import Iterator

from huldra.comparison.model import ComparedRun
from huldra.stored_runs.model import Attempt, AttemptError, StoredRun

_LONGEST_MESSAGE = 160
_UNFINISHED = {"queued": "has waited", "running": "has been running"}
_REASONS = {
    "pid_dead": "its process is gone, and nothing was recorded of its end",
    "lease_expired": "it was not heard of any more",
}
"""What the library records of attempts that it finds dead."""


def error_words(error: AttemptError, longest: int = _LONGEST_MESSAGE) -> str:
    """Return what ended an attempt in one line: the type, and how its message begins."""
    first = (error.message.splitlines() or [""])[0][:longest]
    is_named = not first or first.startswith(error.type)
    return (first or error.type) if is_named else f"{error.type}: {first}"


def no_result_words(run: ComparedRun) -> tuple[str, ...]:
    """Return why a run has no result that could be judged, a line each; none where it has one."""
    stored = run.run
    if not isinstance(stored, StoredRun) or run.attempt_verdict is None:
        return ()
    if stored.attempt is None:
        return ("there is no result, and no attempt was recorded",)
    return tuple(_lines(stored.attempt, run.attempt_verdict))


def _lines(attempt: Attempt, verdict: str) -> Iterator[str]:
    name, host = f"attempt {attempt.number}", f" on {attempt.host}" if attempt.host else ""
    began = f"{_moment(attempt.started_at)}{host}"
    if verdict in _UNFINISHED:
        yield f"there is no result yet: {name} {_UNFINISHED[verdict]} since {began}"
        return
    yield f"there is no result: {_ending(name, verdict, attempt, began)}"
    if attempt.error is not None:
        yield error_words(attempt.error)
    if attempt.reason:
        yield _REASONS.get(attempt.reason, attempt.reason)
    elif attempt.error is None and verdict in {"failed", "crashed"}:
        heard = f"; last heard of {_moment(attempt.heartbeat_at)}" if attempt.heartbeat_at else ""
        yield f"nothing was recorded of its end{heard}"


def _ending(name: str, verdict: str, attempt: Attempt, began: str) -> str:
    ended = f" {_moment(attempt.ended_at)}" if attempt.ended_at else ""
    match verdict:
        case "failed" | "crashed":
            return f"{name}, started {began}, {verdict}{ended}"
        case "preempted" | "cancelled":
            return f"{name}, started {began}, was {verdict}{ended}"
        case _:
            return f"{name}, started {began}, is recorded as {attempt.status}{ended}"


def _moment(text: str) -> str:
    """Return a recorded time to the minute."""
    return text[:16].replace("T", " ")
