"""Several at once: one computes, the others get its result, its failure, or their time-out."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

import huldra
from huldra.runtime import heartbeat, times
from huldra.runtime.locks import is_held, release_lock, take_lock
from tests.runtime.experiments import CALLS, Double, Moody, Number, Slow
from tests.runtime.reading import attempt_of, events_of, result_of

DEAD_PID = 2**22 + 1  # past the largest number that Linux gives


def lock_of(experiment):
    return experiment.huldra_dir / ".huldra" / ".compute.lock"


def write_lock(experiment, *, pid, host=None):
    path = lock_of(experiment)
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {"pid": pid, "host": host or socket.gethostname(), "created_at": "2026-01-01T00:00:00+00:00"}
    path.write_text(json.dumps({**record, "lock_id": "0" * 32}) + "\n")
    return path


def record_running(experiment, *, pid, host, lease_ends):
    moment = datetime.now(UTC)
    attempt = {
        "id": "a" * 32,
        "number": 1,
        "backend": "local",
        "status": "running",
        "started_at": moment.isoformat(timespec="seconds"),
        "heartbeat_at": moment.isoformat(timespec="seconds"),
        "lease_duration_sec": 120.0,
        "lease_expires_at": (moment + timedelta(seconds=lease_ends)).isoformat(timespec="seconds"),
        "owner": {"pid": pid, "host": host, "hostname": host, "user": "u", "command": "c"}
        | dict.fromkeys(("timestamp", "python_version", "executable", "platform")),
        "scheduler": {},
    }
    state = {"schema_version": 1, "result": {"status": "incomplete"}, "attempt": attempt, "updated_at": None}
    path = experiment.huldra_dir / ".huldra" / "state.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(state, indent=2))


def test_two_hundred_threads_compute_once():
    start = threading.Barrier(200)

    def ask(_):
        start.wait()
        return Slow(n=5).load_or_create()

    with ThreadPoolExecutor(200) as pool:
        found = list(pool.map(ask, range(200)))
    assert found == [5] * 200
    assert CALLS.count("begin") == 1
    assert attempt_of(Slow(n=5))["number"] == 1


def test_who_comes_second_looks_again_after_the_lock_is_had(monkeypatch):
    """Both saw "no result"; the second one gets the lock when the first has finished."""
    number = Number(n=3)
    lock_of(number).parent.mkdir(parents=True)
    taken = take_lock(lock_of(number))
    seen_busy, sleep = threading.Event(), time.sleep
    monkeypatch.setattr("huldra.runtime.turns.time.sleep", lambda seconds: seen_busy.set() or sleep(seconds))
    found = []
    second = threading.Thread(target=lambda: found.append(number.load_or_create()))
    second.start()
    assert seen_busy.wait(5)
    other = Number(n=3)
    release_lock(taken)
    first = threading.Thread(target=lambda: found.append(other.load_or_create()))
    first.start()
    second.join()
    first.join()
    assert found == [3, 3]
    assert CALLS.count("create 3") == 1


def test_waiting_for_a_failure_shares_it():

    def fail():
        with pytest.raises(ArithmeticError):
            Slow(_fails=True).load_or_create()

    first = threading.Thread(target=fail)
    first.start()
    while "begin" not in CALLS:
        time.sleep(0.005)
    with pytest.raises(huldra.HuldraComputeError, match="weights exploded"):
        Slow(_fails=False).load_or_create()
    first.join()
    assert CALLS == ["begin"]


def test_waiting_has_an_end(monkeypatch):
    monkeypatch.setattr(Slow, "_max_wait_time_sec", 0.1)
    first = threading.Thread(target=Slow(seconds=1.0).load_or_create)
    first.start()
    while "begin" not in CALLS:
        time.sleep(0.005)
    began = time.monotonic()
    with pytest.raises(huldra.HuldraWaitTimeout):
        Slow(seconds=1.0).load_or_create()
    assert 0.1 <= time.monotonic() - began < 0.6
    first.join()


def test_the_lock_of_a_dead_process_is_removed():
    write_lock(Number(), pid=DEAD_PID)
    record_running(Number(), pid=DEAD_PID, host=socket.gethostname(), lease_ends=3600)
    assert Number().load_or_create() == 1
    assert attempt_of(Number())["number"] == 2
    assert not lock_of(Number()).exists()


def test_the_restart_after_a_crash_is_said(caplog):
    record_running(Number(), pid=DEAD_PID, host=socket.gethostname(), lease_ends=3600)
    Number().load_or_create()
    assert "restarting after stale attempt" in caplog.text


def test_the_lock_of_a_living_process_is_never_taken(monkeypatch, python):
    """Not even if its lease ran out long ago, and its clock is wrong: the kernel knows that it lives."""
    number = Number()
    lock_of(number).parent.mkdir(parents=True)
    holder = python(
        "import sys, time, pathlib\n"
        "from huldra.runtime.locks import take_lock\n"
        f"assert take_lock(pathlib.Path({str(lock_of(number))!r}))\n"
        "print('held', flush=True)\n"
        "time.sleep(60)"
    )
    assert holder.stdout.readline() == "held\n"
    record_running(number, pid=holder.pid, host=socket.gethostname(), lease_ends=-3600)
    os.utime(lock_of(number), (0, 0))
    monkeypatch.setattr(Number, "_max_wait_time_sec", 0.3)
    with pytest.raises(huldra.HuldraWaitTimeout):
        number.load_or_create()
    assert is_held(lock_of(number))
    assert huldra.StateManager.reconcile(number.huldra_dir).attempt.status == "running"

    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert not is_held(lock_of(number))
    assert number.load_or_create() == 1


def test_a_lock_of_another_machine_is_taken_when_its_lease_has_run_out(monkeypatch):
    write_lock(Number(), pid=1, host="elsewhere")
    record_running(Number(), pid=1, host="elsewhere", lease_ends=3600)
    monkeypatch.setattr(Number, "_max_wait_time_sec", 0.1)
    with pytest.raises(huldra.HuldraWaitTimeout):
        Number().load_or_create()
    record_running(Number(), pid=1, host="elsewhere", lease_ends=-1)
    assert Number().load_or_create() == 1


def test_a_lock_is_not_unlinked_by_somebody_else():
    """Whoever was superseded finds another file under the name of its lock, and leaves it there."""
    path = lock_of(Number())
    path.parent.mkdir(parents=True)
    mine = take_lock(path)
    path.unlink()
    theirs = take_lock(path)
    release_lock(mine)
    assert path.exists()
    release_lock(theirs)
    assert not path.exists()


def test_a_lock_has_its_text_from_the_first_moment():
    path = lock_of(Number())
    path.parent.mkdir(parents=True)
    stop, torn = threading.Event(), []

    def read():
        while not stop.is_set():
            try:
                text = path.read_text()
            except FileNotFoundError:
                continue
            if not text.endswith("}\n"):
                torn.append(text)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(300):
        release_lock(take_lock(path))
    stop.set()
    reader.join()
    assert torn == []


def test_a_forked_child_does_not_keep_its_parents_lock():
    path = lock_of(Number())
    path.parent.mkdir(parents=True)
    code = (
        "import os, pathlib, sys, time\n"
        "from huldra.runtime.locks import take_lock\n"
        f"held = take_lock(pathlib.Path({str(path)!r}))\n"
        "if os.fork() == 0:\n"
        "    time.sleep(3)\n"
        "    os._exit(0)\n"
        "os._exit(0)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
    assert path.exists()
    deadline = time.monotonic() + 2.5  # the child lives for three seconds, and may not have begun to run yet
    while is_held(path):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_no_reader_sees_a_half_written_state():
    double = Double()
    stop, faults = threading.Event(), []

    def read():
        while not stop.is_set():
            try:
                huldra.StateManager.read_state(double.huldra_dir)
            except ValueError as error:
                faults.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(20):
        double.load_or_create(force=True)
    stop.set()
    reader.join()
    assert faults == []


def test_a_heartbeat_renews_the_lease_and_reports_its_failures(monkeypatch, caplog):
    monkeypatch.setattr(huldra.HULDRA_CONFIG, "heartbeat_interval_sec", 0.05)
    failures = iter([OSError("no space left"), TimeoutError("held")])
    renew, moments = heartbeat.update_state, []

    def flaky(directory, change):
        error = next(failures, None)
        if error is not None:
            raise error
        moments.append(1)
        return renew(directory, change)

    monkeypatch.setattr(heartbeat, "update_state", flaky)
    Slow(seconds=0.6).load_or_create()
    assert caplog.text.count("heartbeat of") == 2
    assert "no space left" in caplog.text
    assert len(moments) > 2, "it goes on after a failure"


def test_a_clock_that_goes_backwards_does_no_harm(monkeypatch):
    Moody.error = ArithmeticError("x")
    try:
        with pytest.raises(ArithmeticError):
            Moody().load_or_create()
    finally:
        Moody.error = None
    real = times.now
    monkeypatch.setattr("huldra.runtime.times.now", lambda: real() - timedelta(days=365))
    monkeypatch.setattr("huldra.runtime.state.now", lambda: real() - timedelta(days=365))
    monkeypatch.setattr("huldra.runtime.locks.time.time", time.monotonic)
    assert Moody().load_or_create() == 1
    assert Moody().load_or_create() == 1
    assert (result_of(Moody()), attempt_of(Moody())["number"]) == ("success", 2)
    assert len(events_of(Moody())) == 4
