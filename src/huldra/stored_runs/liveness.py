"""Whether a recorded attempt still goes on, and what it says of its run, where it decides that. Changes nothing."""

import os
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Literal, get_args

from msgspec import Struct

from huldra.stored_runs.model import Attempt, StoredRun
from huldra.stored_runs.times import moment_from_text

LOCAL_BACKEND = "local"

AttemptVerdict = Literal["running", "queued", "failed", "crashed", "preempted", "cancelled", "incomplete"]
ATTEMPT_VERDICTS: tuple[AttemptVerdict, ...] = get_args(AttemptVerdict)
"""The verdicts that follow from the record of the latest attempt alone."""

SUCCESSES = frozenset({"success", "migrated"})


class Present(Struct, frozen=True):
    """What must be known of the moment: the time, this machine's name, and whether a process lives."""

    now: datetime
    host: str
    is_alive: Callable[[int], bool]


def attempt_verdict(run: StoredRun, present: Present) -> AttemptVerdict | None:
    """Return what the latest attempt says when no valid success stands; None for a success."""
    if not run.is_active:  # nearly all of very many, of which no more need be read
        if run.result in SUCCESSES:
            return None
        if run.result == "failed":
            return "failed"
    live = attempt_liveness(run, present.now, present.host, present.is_alive)
    attempt = run.attempt
    if attempt is not None and live.status == "live":
        return "queued" if attempt.status == "queued" else "running"
    if run.result in SUCCESSES:
        return None
    if run.result == "failed":
        return "failed"
    if attempt is None:
        return "incomplete"
    if live.status == "dead":
        return "crashed"
    match attempt.status:
        case "failed" | "crashed" | "preempted" | "cancelled" as status:
            return status
        case _:
            return "incomplete"


class Liveness(Struct, frozen=True):
    """`ended`: nothing is recorded as under way; `dead`: it is, but the process is gone or its lease ran out."""

    status: Literal["live", "dead", "ended", "unknown"]
    reason: str | None = None


def attempt_liveness(
    run: StoredRun, now: datetime, this_host: str, is_alive: Callable[[int], bool] | None = None
) -> Liveness:
    """Say whether a run's latest attempt is under way, in the order of the library's reconcile.

    Args:
        run: The run as stored.
        now: The present, aware.
        this_host: The name of the machine that asks; only its own processes can be looked for.
        is_alive: Whether a process of this machine exists; `process_is_alive` by default.

    Returns:
        `dead` with the library's own reason, `pid_dead` or `lease_expired`; `unknown` if the lease is no time.
    """
    attempt = run.attempt
    if attempt is None or not attempt.is_active:
        return Liveness("ended")
    if run.has_success_marker:
        return Liveness("ended", "success_marker")
    if _process_is_gone(attempt, this_host, is_alive or process_is_alive):
        return Liveness("dead", "pid_dead")
    if not attempt.lease_expires_at:
        return Liveness("dead", "lease_expired")
    lease_end = moment_from_text(attempt.lease_expires_at)
    if lease_end is None:
        return Liveness("unknown", f"the end of the lease is no time: {attempt.lease_expires_at!r}")
    return Liveness("dead", "lease_expired") if now >= lease_end else Liveness("live")


def _process_is_gone(attempt: Attempt, this_host: str, is_alive: Callable[[int], bool]) -> bool:
    # A batch job's recorded process may be the submitter's: only its lease counts.
    if attempt.backend != LOCAL_BACKEND or attempt.host != this_host or attempt.pid is None:
        return False
    return not is_alive(attempt.pid)


def process_is_alive(pid: int) -> bool:
    """Return whether a process of this machine exists; a process of another user does."""
    if sys.platform == "win32":
        return True  # signal 0 is Ctrl-C there; the lease decides instead
    if pid <= 0:
        return False  # 0 and below name process groups
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
