"""Whether an attempt goes on: the table of the library's reconcile rule (runtime contract, 10.3)."""

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from huldra.formats.dialect import HULDRA
from huldra.stored_runs.liveness import Liveness, attempt_liveness, process_is_alive
from huldra.stored_runs.model import Attempt, ReadRun

NOW = datetime(2026, 1, 2, 3, 5, 0, tzinfo=UTC)
LATER, EARLIER = "2026-01-02T03:06:05+00:00", "2026-01-02T03:04:59+00:00"
LIVE, PID_DEAD, EXPIRED = Liveness("live"), Liveness("dead", "pid_dead"), Liveness("dead", "lease_expired")


def run_with(attempt, *, marker=False):
    return ReadRun(
        path="data/a/B/1",
        root="data",
        version_controlled=False,
        class_name="a.B",
        hash="1",
        dialect=HULDRA,
        result="incomplete",
        attempt=attempt,
        attempts=1,
        created_at=None,
        duration_s=None,
        has_success_marker=marker,
        config=None,
        recorded_hash=None,
        provenance=None,
    )


def attempt(status="running", lease=LATER, host="here", pid=7, backend="local"):
    return Attempt(
        id="x",
        number=1,
        status=status,
        backend=backend,
        started_at=EARLIER,
        heartbeat_at=EARLIER,
        lease_expires_at=lease,
        host=host,
        pid=pid,
    )


@pytest.mark.parametrize("status", ["queued", "running"])
@pytest.mark.parametrize(
    "row",
    [
        ("local", "here", 7, True, LATER, LIVE),
        ("local", "here", 7, False, LATER, PID_DEAD),
        ("local", "here", 7, False, EARLIER, PID_DEAD),
        ("local", "here", 7, True, EARLIER, EXPIRED),
        ("local", "here", None, False, LATER, LIVE),
        ("local", "here", None, False, EARLIER, EXPIRED),
        ("local", "there", 7, False, LATER, LIVE),
        ("local", "there", 7, False, EARLIER, EXPIRED),
        ("local", None, 7, False, LATER, LIVE),
        ("submitit", "here", 7, False, LATER, LIVE),
        ("submitit", "here", 7, True, EARLIER, EXPIRED),
        ("other", "here", 7, False, LATER, LIVE),
        ("other", "there", 7, True, EARLIER, EXPIRED),
        ("local", "here", 7, True, NOW.isoformat(), EXPIRED),
        ("local", "there", 7, True, "2026-01-02T03:06:05", LIVE),
        ("local", "there", 7, True, "2026-01-02T04:04:00+01:00", EXPIRED),
        ("local", "there", 7, True, "", EXPIRED),
        ("local", "here", 7, False, "soon", PID_DEAD),
    ],
)
def test_reconcile_table(status, row):
    backend, host, pid, alive, lease, expected = row
    made = run_with(attempt(status, lease, host, pid, backend))
    assert attempt_liveness(made, NOW, "here", lambda _: alive) == expected


def test_a_lease_that_is_no_time_is_a_doubt():
    found = attempt_liveness(run_with(attempt(lease="soon")), NOW, "here", lambda _: True)
    assert found.status == "unknown"
    assert "'soon'" in found.reason


@pytest.mark.parametrize("status", ["success", "failed", "cancelled", "preempted", "crashed"])
def test_an_ended_attempt(status):
    assert attempt_liveness(run_with(attempt(status)), NOW, "here", lambda _: True) == Liveness("ended")


def test_no_attempt():
    assert attempt_liveness(run_with(None), NOW, "here", lambda _: True) == Liveness("ended")


def test_a_success_marker_ends_an_attempt():
    found = attempt_liveness(run_with(attempt(), marker=True), NOW, "here", lambda _: True)
    assert found == Liveness("ended", "success_marker")


def test_processes():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    assert process_is_alive(os.getpid())
    assert not process_is_alive(child.pid)


@pytest.mark.parametrize("pid", [0, -1, 10**30])
def test_numbers_that_name_no_process(pid):
    assert not process_is_alive(pid)


def test_a_process_of_somebody_else_is_alive(monkeypatch):
    def refuse(_pid, _signal):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "kill", refuse)
    assert process_is_alive(1)
