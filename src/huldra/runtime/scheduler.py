"""What the batch system says of a job, in the words of the run's state. Asks of jobs only what submitit's have."""

import os
import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from huldra.formats.layout import job_file
from huldra.runtime.config import HULDRA_CONFIG
from huldra.runtime.reconcile import IS_ALIVE
from huldra.runtime.store import internal, write_whole
from huldra.runtime.task import Backend

_PREEMPTED: Final = frozenset({"PREEMPTED", "TIMEOUT", "NODE_FAIL", "REQUEUED", "REQUEUE_HOLD"})
_WAITING: Final = frozenset({"PENDING", "RUNNING", "CONFIGURING", "COMPLETING", "SUSPENDED"})


def status_of_word(word: str) -> str | None:
    """Return what a scheduler's state means: `success`, `preempted`, `failed`, or None if it is not known."""
    state = word.upper()
    if "COMPLETE" in state:
        return "success"
    if state in _PREEMPTED:
        return "preempted"
    if state.startswith("CANCELLED"):
        return "preempted" if HULDRA_CONFIG.cancelled_is_preempted else "failed"
    return "failed" if "FAIL" in state or "ERROR" in state else None


def probe_job(directory: Path) -> Mapping[str, object]:
    """Return what has become of a run's job, as `reconcile` wants it. Nothing if there is no job.

    Effect: asks the batch system.
    """
    job = load_job(directory)
    if job is None:
        return {}
    word = str(getattr(job, "state", "UNKNOWN")).upper()
    status = status_of_word(word)
    if status == "success":
        return _over("crashed", "scheduler_completed_no_success_marker", word)
    if status is not None:
        return _over(status, f"scheduler:{word}", word)
    if word in _WAITING:
        return {IS_ALIVE: True}
    return _over("crashed", "job_done_unknown_state", word) if _is_done(job) else {}


def _over(status: str, reason: str, word: str) -> Mapping[str, object]:
    return {"terminal_status": status, "reason": reason, "state": word}


def _is_done(job: object) -> bool:
    ask: object = getattr(job, "done", None)
    return bool(ask()) if callable(ask) else False


def save_job(directory: Path, job: object) -> None:
    """Keep the handle of a job.

    Effect: writes job.pkl.
    """
    write_whole(job_file(internal(directory)), _dump(job))


def load_job(directory: Path) -> object | None:
    """Return the handle of a run's job, or None if there is none that can be read."""
    try:
        data = job_file(internal(directory)).read_bytes()
        return pickle.loads(data)  # noqa: S301  written by this library, beside results that are trusted as well
    except Exception:  # noqa: BLE001  unpickling another version's job may raise anything
        return None


def _dump(job: object) -> bytes:
    try:
        import cloudpickle  # noqa: PLC0415  comes with submitit
    except ImportError:
        return pickle.dumps(job)
    return cloudpickle.dumps(job)  # pyright: ignore[reportUnknownMemberType]  its parameters are untyped


def worker_backend() -> Backend:
    """Return how this process, a batch worker, is scheduled."""
    job = os.environ.get("SLURM_JOB_ID")
    return Backend("submitit", {"backend": "submitit" if job else "local", "job_id": job}, waits_forever=True)
