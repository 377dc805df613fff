"""`load_or_create(executor)`: with an executor that only pretends, and with submitit's own local ones."""

import os
import pickle
import time

import pytest

import huldra
from huldra.formats.layout import job_file
from huldra.runtime.config import HULDRA_CONFIG
from huldra.runtime.scheduler import status_of_word
from tests.runtime.conftest import REPOSITORY
from tests.runtime.experiments import CALLS, Double, Moody, Number, Picky
from tests.runtime.reading import attempt_of, events_of, record_of, result_of


class Job:
    """A job that is in the state that the test says."""

    def __init__(self, state="PENDING", job_id="17"):
        self.state = state
        self.job_id = job_id

    def done(self):
        return self.state not in {"PENDING", "RUNNING", "UNKNOWN"}


class Executor:
    """Keeps what is submitted, for the test to run."""

    folder = None

    def __init__(self, state="PENDING"):
        self.state = state
        self.submitted = []

    def submit(self, function):
        self.submitted.append(pickle.loads(pickle.dumps(function)))  # noqa: S301
        return Job(self.state)


class Broken(Executor):
    """Its batch system is down."""

    def submit(self, _function):
        raise ConnectionError("no controller")


def set_job_state(experiment, state):
    job_file(experiment.huldra_dir / ".huldra").write_bytes(pickle.dumps(Job(state)))


def wait_until(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_submitted_run_is_queued_and_then_computed_by_the_worker():
    executor = Executor()
    job = Number().load_or_create(executor)
    assert job.job_id == "17"
    assert executor.folder == Number().huldra_dir / "submitit"
    wait_until(lambda: attempt_of(Number())["scheduler"] == {"job_id": "17"})
    attempt = attempt_of(Number())
    assert (attempt["backend"], attempt["status"], attempt["number"]) == ("submitit", "queued", 1)
    assert all(attempt["owner"].values()), "the owner of a queued attempt is described in full"
    assert result_of(Number()) == "incomplete"
    assert record_of(Number(), "metadata.json")["huldra_hash"] == Number().huldra_hash
    assert CALLS == []

    (worker,) = executor.submitted
    assert worker() is None
    attempt = attempt_of(Number())
    assert (attempt["backend"], attempt["status"], attempt["number"]) == ("submitit", "success", 2)
    assert attempt["scheduler"] == {"backend": "local", "job_id": None}
    assert [event["status"] for event in events_of(Number())] == ["queued", "running", "success"]
    assert Number().load_or_create(executor) == 1, "what is there is returned itself"
    assert len(executor.submitted) == 1


def test_a_worker_under_slurm_says_so(monkeypatch):
    executor = Executor()
    Number().load_or_create(executor)
    monkeypatch.setenv("SLURM_JOB_ID", "4711")
    executor.submitted[0]()
    assert attempt_of(Number())["scheduler"] == {"backend": "submitit", "job_id": "4711"}


def test_a_worker_that_comes_too_late_does_nothing():
    executor = Executor()
    Number().load_or_create(executor)
    assert Number().load_or_create() == 1
    CALLS.clear()
    executor.submitted[0]()
    assert CALLS == []
    assert attempt_of(Number())["number"] == 2


@pytest.mark.parametrize("state", ["PENDING", "RUNNING"])
def test_a_job_that_waits_or_runs_is_not_submitted_again(monkeypatch, state):
    monkeypatch.setattr(HULDRA_CONFIG, "lease_duration_sec", -1)
    executor = Executor(state)
    Number().load_or_create(executor)
    assert Number().load_or_create(executor).state == state
    assert len(executor.submitted) == 1


@pytest.mark.parametrize(
    ("state", "status", "reason"),
    [
        ("PREEMPTED", "preempted", "scheduler:PREEMPTED"),
        ("timeout", "preempted", "scheduler:TIMEOUT"),
        ("COMPLETED", "crashed", "scheduler_completed_no_success_marker"),
        ("OUT_OF_SPACE", "crashed", "job_done_unknown_state"),
    ],
)
def test_a_job_that_is_over_is_put_in_the_queue_again(state, status, reason):
    executor = Executor()
    Number().load_or_create(executor)
    set_job_state(Number(), state)
    found = huldra.StateManager.reconcile(
        Number().huldra_dir, submitit_probe=lambda _: huldra.SubmititAdapter.probe(Number().huldra_dir)
    )
    assert (found.result.status, found.attempt.status, found.attempt.reason) == ("incomplete", status, reason)
    Number().load_or_create(executor)
    assert len(executor.submitted) == 2
    assert attempt_of(Number())["number"] == 2


def test_a_job_that_failed_has_failed():
    Number().load_or_create(Executor())
    found = huldra.StateManager.reconcile(
        Number().huldra_dir,
        submitit_probe=lambda _: {"terminal_status": "failed", "reason": "oom", "exit_code": 137},
    )
    assert found.result.status == "failed"
    assert (found.attempt.error.type, found.attempt.error.message) == ("HuldraComputeError", "oom")
    assert found.attempt.scheduler["exit_code"] == 137


@pytest.mark.parametrize(
    ("word", "status"),
    [
        *[("COMPLETED", "success"), ("completed", "success"), ("NODE_FAIL", "preempted"), ("REQUEUED", "preempted")],
        *[("REQUEUE_HOLD", "preempted"), ("FAILED", "failed"), ("BOOT_FAIL", "failed"), ("SYSTEM_ERROR", "failed")],
        *[("CANCELLED", "failed"), ("CANCELLED by 0", "failed"), ("RUNNING", None), ("UNKNOWN", None)],
    ],
)
def test_the_words_of_the_scheduler(word, status):
    assert status_of_word(word) == status


def test_cancelled_may_count_as_preempted(monkeypatch):
    monkeypatch.setattr(HULDRA_CONFIG, "cancelled_is_preempted", True)
    assert status_of_word("CANCELLED") == "preempted"


def test_a_submission_that_fails_is_recorded():
    with pytest.raises(huldra.HuldraComputeError, match="no controller"):
        Number().load_or_create(Broken())
    attempt = attempt_of(Number())
    assert (result_of(Number()), attempt["status"]) == ("failed", "failed")
    assert attempt["error"]["type"] == "ConnectionError"
    assert not (Number().huldra_dir / ".huldra" / ".submit.lock").exists()


def test_an_error_in_the_worker_is_recorded(monkeypatch):
    executor = Executor()
    Moody().load_or_create(executor)
    monkeypatch.setattr(Moody, "error", ArithmeticError("weights exploded"))
    with pytest.raises(ArithmeticError):
        executor.submitted[0]()
    assert result_of(Moody()) == "failed"


def test_a_forced_run_is_forced_in_the_worker():
    Number().load_or_create()
    executor = Executor()
    Number().load_or_create(executor, force=True)
    executor.submitted[0]()
    assert CALLS == ["create 1", "create 1"]


def test_a_result_stands_until_the_forced_job_has_a_better_one():
    Number().load_or_create()
    executor = Executor()
    Number().load_or_create(executor, force=True)
    assert Number().exists()
    Number().load_or_create(executor, force=True)
    assert len(executor.submitted) == 1, "the job that is on its way is enough"


def test_a_result_that_is_not_valid_is_computed_by_the_worker(monkeypatch):
    Picky().load_or_create()
    monkeypatch.setattr(Picky, "verdict", False)
    executor = Executor()
    Picky().load_or_create(executor)
    assert [event["type"] for event in events_of(Picky())][2:] == ["result_invalidated", "attempt_started"]
    executor.submitted[0]()
    assert CALLS == ["create 1", "create 1"]
    assert attempt_of(Picky())["number"] == 3


def test_a_preempted_worker_submits_itself_again():
    pytest.importorskip("submitit")
    executor = Executor()
    Number().load_or_create(executor)
    again = executor.submitted[0].checkpoint()
    again.function()
    assert result_of(Number()) == "success"


# The debug executor leaves its log files open.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_submitit_in_this_process(tmp_path):
    submitit = pytest.importorskip("submitit")
    job = Double().load_or_create(submitit.DebugExecutor(folder=tmp_path / "jobs"))
    assert job.result() is None
    assert Double().load_or_create() == 2
    assert attempt_of(Double())["status"] == "success"


def test_submitit_in_another_process(tmp_path, monkeypatch, store):
    submitit = pytest.importorskip("submitit")
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    executor = submitit.LocalExecutor(folder=tmp_path / "jobs")
    executor.update_parameters(timeout_min=1)
    job = Double(number=Number(n=21)).load_or_create(executor)
    assert job.result() is None
    assert Double(number=Number(n=21)).load_or_create() == 42
    attempt = attempt_of(Double(number=Number(n=21)))
    assert (attempt["status"], attempt["backend"]) == ("success", "submitit")
    assert attempt["owner"]["pid"] != os.getpid()
    assert (Double(number=Number(n=21)).huldra_dir / "submitit").is_dir()
    assert huldra.submitit is submitit
    assert store.exists()
