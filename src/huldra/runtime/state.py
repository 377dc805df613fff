"""The life of a run as data: each step is a function from one state record to the next. Touches no disk."""

from collections.abc import Mapping
from functools import cache
from uuid import uuid4

from pydantic import JsonValue as RecordJson

from huldra.formats.json_values import JsonObject, JsonValue
from huldra.formats.records import (
    STATE_SCHEMA_VERSION,
    AbsentResult,
    ActiveAttempt,
    AttemptRecord,
    ErrorRecord,
    FailedAttempt,
    FailedResult,
    IncompleteResult,
    OwnerRecord,
    ResultRecord,
    StateRecord,
    StoppedAttempt,
    SuccessAttempt,
    SuccessResult,
)
from huldra.runtime.times import lease_end_text, now, now_text, seconds_text

Scheduler = Mapping[str, RecordJson]

_ATTEMPT_KEYS = (
    *("id", "number", "backend", "status", "started_at", "heartbeat_at", "lease_duration_sec", "lease_expires_at"),
    *("owner", "scheduler", "ended_at", "error", "reason"),
)


@cache
def no_state() -> StateRecord:
    """Return the state of a run that was never started: `absent`."""
    return StateRecord(schema_version=STATE_SCHEMA_VERSION, result=AbsentResult())


def state_document(state: StateRecord) -> JsonObject:
    """Return a state as state.json holds it, keys in the order of the contract."""
    document: dict[str, JsonValue] = state.model_dump(mode="json")
    attempt = document["attempt"]
    if isinstance(attempt, dict):
        document["attempt"] = {key: attempt[key] for key in _ATTEMPT_KEYS if key in attempt}
    return document


def is_active(attempt: AttemptRecord | None) -> bool:
    """Return whether an attempt was last recorded as waiting or running."""
    return isinstance(attempt, ActiveAttempt)


def succeeded(state: StateRecord) -> bool:
    """Return whether a state says that the result can be loaded."""
    return isinstance(state.result, SuccessResult)


def result_id(state: StateRecord) -> str:
    """Return what tells one result of a run from the next."""
    return state.attempt.id if state.attempt else "no attempt"


def start_attempt(
    state: StateRecord,
    *,
    backend: str,
    owner: OwnerRecord,
    lease_seconds: float,
    scheduler: Scheduler | None = None,
    is_queued: bool = False,
) -> StateRecord:
    """Return the state with a new attempt, one number further, and no verdict."""
    moment = now()
    attempt = ActiveAttempt(
        id=uuid4().hex,
        number=state.attempt.number + 1 if state.attempt else 1,
        backend=backend,
        status="queued" if is_queued else "running",
        started_at=seconds_text(moment),
        heartbeat_at=seconds_text(moment),
        lease_duration_sec=float(lease_seconds),
        lease_expires_at=lease_end_text(moment, lease_seconds),
        owner=owner,
        scheduler=dict(scheduler or {}),
    )
    return _with(state, IncompleteResult(), attempt)


def renew_lease(state: StateRecord, attempt_id: str) -> StateRecord:
    """Return the state with a fresh heartbeat; the same state if the attempt is no longer the running one."""
    attempt = state.attempt
    if not isinstance(attempt, ActiveAttempt) or attempt.id != attempt_id or attempt.status != "running":
        return state
    moment = now()
    renewed = attempt.model_copy(
        update={
            "heartbeat_at": seconds_text(moment),
            "lease_expires_at": lease_end_text(moment, attempt.lease_duration_sec),
        }
    )
    return _with(state, state.result, renewed)


def with_scheduler(state: StateRecord, attempt_id: str, more: Scheduler) -> StateRecord:
    """Return the state with more said about how an attempt is scheduled; the same state if it is another's."""
    if state.attempt is None or state.attempt.id != attempt_id:
        return state
    scheduler = {**state.attempt.scheduler, **more}
    return _with(state, state.result, state.attempt.model_copy(update={"scheduler": scheduler}))


def succeed(state: StateRecord, created_at: str) -> StateRecord:
    """Return the state with its attempt ended well. An attempt that was wrongly ended otherwise is set right."""
    attempt = state.attempt
    if attempt is None:
        return _with(state, SuccessResult(created_at=created_at), None)
    ended = SuccessAttempt.model_validate(
        {**_kept(attempt), "status": "success", "ended_at": _ended_at(attempt) or now_text()}
    )
    return _with(state, SuccessResult(created_at=created_at), ended)


def fail(state: StateRecord, error: ErrorRecord, reason: str | None = None) -> StateRecord:
    """Return the state with its attempt, if any, and its result failed."""
    if state.attempt is None:
        return _with(state, FailedResult(), None)
    words = {"status": "failed", "ended_at": now_text(), "error": error, "reason": reason}
    ended = FailedAttempt.model_validate({**_kept(state.attempt), **words})
    return _with(state, FailedResult(), ended)


def stop(state: StateRecord, status: str, error: ErrorRecord | None, reason: str | None) -> StateRecord:
    """Return the state with its attempt ended from outside: `cancelled`, `preempted` or `crashed`; no verdict."""
    if state.attempt is None:
        return _with(state, IncompleteResult(), None)
    words = {"status": status, "ended_at": now_text(), "error": error, "reason": reason}
    ended = StoppedAttempt.model_validate({**_kept(state.attempt), **words})
    return _with(state, IncompleteResult(), ended)


def invalidate(state: StateRecord) -> StateRecord:
    """Return the state without its result: `absent`, next to an attempt, means invalidated."""
    return _with(state, AbsentResult(), state.attempt)


def started_event(state: StateRecord) -> JsonObject | None:
    """Return what the events say of a new attempt."""
    attempt = state.attempt
    if attempt is None:
        return None
    words = {"attempt_id": attempt.id, "backend": attempt.backend, "status": attempt.status}
    return {"type": "attempt_started", **words}


def finished_event(state: StateRecord) -> JsonObject | None:
    """Return what the events say of an attempt that has ended."""
    attempt = state.attempt
    return {"type": "attempt_finished", "attempt_id": attempt.id, "status": attempt.status} if attempt else None


def invalidated_event(reason: str) -> JsonObject:
    """Return what the events say of a result that is no longer one."""
    return {"type": "result_invalidated", "reason": reason, "at": now_text()}


def _with(state: StateRecord, result: ResultRecord, attempt: AttemptRecord | None) -> StateRecord:
    return state.model_copy(update={"result": result, "attempt": attempt, "updated_at": now_text()})


def _ended_at(attempt: AttemptRecord) -> str | None:
    return None if isinstance(attempt, ActiveAttempt) else attempt.ended_at


def _kept(attempt: AttemptRecord) -> dict[str, object]:
    """Return what an attempt keeps when it ends."""
    return {name: getattr(attempt, name) for name in ActiveAttempt.model_fields if name != "status"}
