"""Processes that are told to end, or killed, in the middle of a run, and what the next one finds."""

import json
import signal
import time

import pytest

from huldra import StateManager
from tests.runtime.experiments import CALLS, Number, Stuck, StuckParent
from tests.runtime.reading import attempt_of, events_of, result_of, state_of

COMPUTE = "from tests.runtime.experiments import *; StuckParent(stuck=Stuck(n=9)).load_or_create()"


@pytest.fixture
def stuck_process(python, tmp_path, monkeypatch):
    """A process in the middle of a dependency's `_create`."""
    trace = tmp_path / "trace"
    monkeypatch.setenv("TRACE", str(trace))

    def start(code=COMPUTE, **environment):
        trace.unlink(missing_ok=True)
        process = python(code, **environment)
        deadline = time.monotonic() + 30
        while not trace.exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return process

    return start


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_preempts_exactly_what_is_under_way(stuck_process, number, exit_code):
    process = stuck_process()
    process.send_signal(number)
    assert process.wait(10) == exit_code
    for experiment in (Stuck(n=9), StuckParent(stuck=Stuck(n=9))):
        attempt = attempt_of(experiment)
        assert (result_of(experiment), attempt["status"]) == ("incomplete", "preempted")
        assert attempt["error"] == {"type": "signal", "message": f"signal:{int(number)}", "traceback": None}
        assert attempt["reason"] is None
        assert events_of(experiment)[-1]["status"] == "preempted"
        assert not (experiment.huldra_dir / ".huldra" / ".compute.lock").exists()
    assert result_of(Number()) == "success", "a dependency that has finished keeps its success"


def test_a_killed_run_is_crashed_for_the_next_process(stuck_process):
    process = stuck_process()
    process.kill()
    process.wait()
    assert attempt_of(Stuck(n=9))["status"] == "running"
    stuck = Stuck(n=9)
    state = StateManager.reconcile(stuck.huldra_dir)
    assert (state.result.status, state.attempt.status, state.attempt.reason) == ("incomplete", "crashed", "pid_dead")
    assert not (stuck.huldra_dir / ".huldra" / ".compute.lock").exists()
    before = state_of(stuck)
    StateManager.reconcile(stuck.huldra_dir)
    assert state_of(stuck) == before, "looking again changes nothing"


def test_a_signal_after_the_run_is_the_users_own(run_python):
    code = (
        "import os, signal, time\n"
        "from tests.runtime.experiments import Number\n"
        "Number(n=3).load_or_create()\n"
        "try:\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    time.sleep(5)\n"
        "except KeyboardInterrupt:\n"
        "    print('mine')\n"
    )
    assert run_python(code) == "mine\n"
    assert result_of(Number(n=3)) == "success"


def test_an_ignored_signal_stays_ignored(stuck_process):
    process = stuck_process("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n" + COMPUTE)
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert process.poll() is None
    assert attempt_of(Stuck(n=9))["status"] == "running"


def test_a_forked_child_that_is_told_to_end_leaves_the_run_alone(run_python):
    code = (
        "import os, signal, time\n"
        "from tests.runtime.experiments import Number\n"
        "def create(self):\n"
        "    child = os.fork()\n"
        "    if child == 0:\n"
        "        time.sleep(30)\n"
        "    time.sleep(0.1)\n"
        "    os.kill(child, signal.SIGTERM)\n"
        "    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "    (self.huldra_dir / 'number.txt').write_text('8')\n"
        "    return 8\n"
        "Number._create = create\n"
        "print(Number(n=8).load_or_create())\n"
    )
    assert run_python(code) == f"{-signal.SIGTERM}\n8\n"
    assert result_of(Number(n=8)) == "success"


def test_a_success_that_was_marked_but_not_recorded_counts():
    number = Number(n=2)
    number.load_or_create()
    path = number.huldra_dir / ".huldra" / "state.json"
    state = state_of(number)
    state["result"] = {"status": "incomplete"}
    state["attempt"]["status"] = "preempted"
    state["attempt"]["error"] = None
    path.write_text(json.dumps(state, indent=2))
    CALLS.clear()
    assert number.load_or_create() == 2
    assert CALLS == ["load 2"]
