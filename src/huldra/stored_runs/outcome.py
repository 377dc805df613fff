"""Which result counts, where state.json and SUCCESS.json both have a say. Pure; knows no disk.

| state says     | SUCCESS.json | result                                                                     |
| -------------- | ------------ | -------------------------------------------------------------------------- |
| migrated       | any          | migrated                                                                   |
| success        | there        | success                                                                    |
| success        | missing      | success, noted; incomplete where the library trusts only the marker        |
| queued/running | there        | success: the next reconcile would promote it                               |
| anything else  | there        | what the state says, noted; success where the library trusts only the marker |
| anything else  | missing      | what the state says                                                        |

Only the version whose attempts have no `heartbeat_at` trusts the marker alone. No state.json is `absent`.
"""

import msgspec

from huldra.stored_runs.model import RunNote, RunResult
from huldra.stored_runs.record_shapes import AttemptShape, StateShape, SuccessShape

_FROM_MARKER = "success-from-marker"


class Outcome(msgspec.Struct, frozen=True):
    """The result that counts, when it was made (a success only), and what is odd about it."""

    result: RunResult
    created_at: str | None = None
    notes: tuple[RunNote, ...] = ()


def decide_outcome(state: StateShape | None, marker: SuccessShape | None) -> Outcome:
    """Return the result that state and success marker amount to."""
    attempt = state.attempt if state else None
    recorded = state.result.status if state else "absent"
    only_marker_counts = attempt is not None and attempt.heartbeat_at is None
    made = state.result.created_at if state else None
    if isinstance(made, str):  # a success, and nothing else, says when it was made
        if marker is not None:
            return Outcome("success", made, _other_attempt(attempt, marker))
        note = RunNote("success-marker-missing", "state.json says success, but SUCCESS.json is missing")
        return Outcome("incomplete", None, (note,)) if only_marker_counts else Outcome("success", made, (note,))
    if recorded == "migrated" or marker is None:
        return Outcome(recorded)
    if only_marker_counts or (attempt is not None and attempt.status in ("queued", "running")):
        said = f"{recorded} (attempt {attempt.status})" if attempt else recorded
        note = RunNote(_FROM_MARKER, f"SUCCESS.json counts, although state.json still says {said}")
        return Outcome("success", marker.created_at, (note, *_other_attempt(attempt, marker)))
    note = RunNote("success-marker-ignored", f"SUCCESS.json is there, but state.json says {recorded}")
    return Outcome(recorded, None, (note,))


def _other_attempt(attempt: AttemptShape | None, marker: SuccessShape) -> tuple[RunNote, ...]:
    if attempt is None or attempt.id == marker.attempt_id:
        return ()
    message = f"SUCCESS.json is of attempt {marker.attempt_id}, state.json of attempt {attempt.id}"
    return (RunNote("success-marker-of-other-attempt", message),)
