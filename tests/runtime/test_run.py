"""The life of a run: what is written, returned and raised at each of its turns."""

import json
import os
import re
import signal
import socket
import sys
import threading

import pytest

import huldra
from huldra.runtime.config import HULDRA_CONFIG
from tests.runtime.experiments import CALLS, Controlled, Double, Moody, Number, Picky, Recursive
from tests.runtime.reading import attempt_of, events_of, log_of, picture, record_of, result_of, state_of

SECONDS = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"


def test_a_first_run_writes_what_the_contract_says():
    number = Number(n=7)
    assert number.load_or_create() == 7
    assert CALLS == ["create 7"], "the value of _create is returned as it is"
    names = {path.name for path in (number.huldra_dir / ".huldra").iterdir()}
    assert names == {"state.json", "metadata.json", "SUCCESS.json", "events.jsonl", "huldra.log", "sources.json"}

    state = state_of(number)
    assert list(state) == ["schema_version", "result", "attempt", "updated_at"]
    assert list(state["result"]) == ["status", "created_at"]
    attempt = state["attempt"]
    keys = "id number backend status started_at heartbeat_at lease_duration_sec lease_expires_at owner scheduler"
    assert list(attempt) == [*keys.split(), "ended_at", "reason"]
    assert re.fullmatch(r"[0-9a-f]{32}", attempt["id"])
    assert (attempt["number"], attempt["backend"], attempt["status"]) == (1, "local", "success")
    assert attempt["lease_duration_sec"] == 120.0
    assert attempt["scheduler"] == {}
    assert attempt["reason"] is None
    for moment in (state["updated_at"], attempt["started_at"], attempt["lease_expires_at"], attempt["ended_at"]):
        assert re.fullmatch(SECONDS, moment)
    owner = attempt["owner"]
    assert (owner["pid"], owner["host"], owner["hostname"]) == (os.getpid(), socket.gethostname(), socket.gethostname())
    assert owner["command"] == " ".join(sys.argv)
    assert [owner[key] for key in ("timestamp", "python_version", "executable", "platform")] == [None] * 4


def test_success_marker_events_and_metadata_name_the_same_attempt():
    number = Number(n=7)
    number.load_or_create()
    marker, attempt = record_of(number, "SUCCESS.json"), attempt_of(number)
    assert list(marker) == ["attempt_id", "created_at"]
    assert marker["attempt_id"] == attempt["id"]
    started, finished = events_of(number)
    assert list(started) == ["ts", "pid", "host", "type", "attempt_id", "backend", "status"]
    assert (started["type"], started["status"]) == ("attempt_started", "running")
    assert list(finished) == ["ts", "pid", "host", "type", "attempt_id", "status"]
    assert (finished["type"], finished["status"]) == ("attempt_finished", "success")
    assert {started["attempt_id"], finished["attempt_id"]} == {attempt["id"]}

    metadata = record_of(number, "metadata.json")
    own = "huldra_python_def huldra_obj huldra_hash huldra_path"
    git = "git_commit git_branch git_remote git_patch git_submodules"
    environment = "timestamp command python_version executable platform hostname user pid"
    assert list(metadata) == f"{own} {git} {environment}".split()
    assert metadata["huldra_python_def"] == "tests.runtime.experiments.Number(n=7)"
    assert metadata["huldra_obj"] == {"__class__": "tests.runtime.experiments.Number", "n": 7}
    assert metadata["huldra_hash"] == number.huldra_hash
    assert number.get_metadata().huldra_path == str(number.huldra_dir.resolve())


def test_records_are_indented_ascii_without_a_last_newline():
    number = Number(n=7)
    number.load_or_create()
    for name in ("state.json", "metadata.json", "SUCCESS.json"):
        text = (number.huldra_dir / ".huldra" / name).read_text()
        assert text == json.dumps(json.loads(text), indent=2)


def test_the_log_tells_the_story():
    double = Double(number=Number(n=4))
    assert double.load_or_create() == 8
    name, number = f"Double {double.huldra_hash}", f"Number {double.number.huldra_hash}"
    separator, *lines = log_of(double).splitlines()
    assert separator == "-" * 18
    for line in lines:
        assert re.match(rf"{SECONDS} \[DEBUG\] huldra \w+\.py:\d+ ", line)
    assert [re.sub(r"^.*?\.py:\d+ ", "", line) for line in lines] == [
        f"load_or_create {name} {double.huldra_dir} (create)",
        f"_create: begin {name} {double.huldra_dir}",
        f"dep: begin {number} {double.number.huldra_dir}",
        f"dep: end {number} (ok)",
        f"_create: ok {name} {double.huldra_dir}",
        "load_or_create: Double created -> return",
    ]


def test_the_console_names_run_and_caller(capsys):
    number = Number(n=7)
    number.load_or_create()
    assert re.search(
        rf"\d\d:\d\d:\d\d \[test_run\.py:\d+\] load_or_create Number {number.huldra_hash}\n", capsys.readouterr().err
    )


def test_a_cache_hit_writes_nothing_and_takes_no_lock(store, monkeypatch):
    number = Number(n=7)
    number.load_or_create()
    before = picture(store)

    def refuse(*_args, **_named):
        raise AssertionError("a hit must not take a lock")

    monkeypatch.setattr("huldra.runtime.turns.take_lock", refuse)
    monkeypatch.setattr("huldra.runtime.locks.take_lock", refuse)
    assert Number(n=7).load_or_create() == 7
    assert CALLS == ["create 7", "load 7"]
    assert picture(store) == before


def test_the_hash_is_computed_once_for_each_object(monkeypatch):
    number = Number(n=7)
    counted = []
    original = huldra.runtime.experiment.identity_of
    monkeypatch.setattr("huldra.runtime.experiment.identity_of", lambda config: counted.append(1) or original(config))
    _ = number.huldra_dir, number.huldra_dir, number._huldra_hash, number.huldra_hash, number.exists()
    assert len(counted) == 1


def test_version_controlled_runs_lie_under_git(store):
    assert Controlled().load_or_create() == 1
    assert (store / "git/tests/runtime/experiments/Controlled").is_dir()
    assert not (store / "data/tests/runtime/experiments/Controlled").exists()


def test_an_error_in_create_is_recorded_and_raised_unchanged(monkeypatch):
    error = ArithmeticError("weights exploded")
    monkeypatch.setattr(Moody, "error", error)
    with pytest.raises(ArithmeticError) as caught:
        Moody().load_or_create()
    assert caught.value is error
    attempt = attempt_of(Moody())
    assert result_of(Moody()) == "failed"
    assert list(attempt)[-3:] == ["ended_at", "error", "reason"]
    assert (attempt["error"]["type"], attempt["error"]["message"]) == ("ArithmeticError", "weights exploded")
    assert "weights exploded" in attempt["error"]["traceback"]
    assert [event.get("status") for event in events_of(Moody())] == ["running", "failed"]
    assert "_create failed Moody" in log_of(Moody())
    assert "ArithmeticError: weights exploded" in log_of(Moody())
    assert not Moody().exists()


def test_a_failed_run_is_tried_again(monkeypatch, caplog):
    monkeypatch.setattr(Moody, "error", ArithmeticError("weights exploded"))
    with pytest.raises(ArithmeticError):
        Moody().load_or_create()
    monkeypatch.setattr(Moody, "error", None)
    assert Moody().load_or_create() == 1
    assert attempt_of(Moody())["number"] == 2
    assert "retrying after previous failure" in caplog.text


@pytest.mark.parametrize("error", [SystemExit(3), KeyboardInterrupt()])
def test_code_that_asks_to_end_leaves_no_running_attempt(monkeypatch, error):
    monkeypatch.setattr(Moody, "error", error)
    with pytest.raises(type(error)):
        Moody().load_or_create()
    attempt = attempt_of(Moody())
    assert (result_of(Moody()), attempt["status"], attempt["reason"]) == (
        "incomplete",
        "cancelled",
        type(error).__name__,
    )
    assert [event["status"] for event in events_of(Moody())] == ["running", "cancelled"]


@pytest.mark.parametrize("verdict", [False, ValueError("torn")])
def test_a_result_that_is_not_valid_is_computed_again(monkeypatch, verdict):
    Picky().load_or_create()
    monkeypatch.setattr(Picky, "verdict", verdict)
    assert Picky().load_or_create() == 1
    assert CALLS == ["create 1", "create 1"]
    assert attempt_of(Picky())["number"] == 2
    types = [event["type"] for event in events_of(Picky())]
    assert types == [
        *("attempt_started", "attempt_finished", "result_invalidated", "attempt_started", "attempt_finished")
    ]


def test_exists_asks_validate_and_lets_its_errors_through(monkeypatch):
    assert Picky().exists() is False
    Picky().load_or_create()
    assert Picky().exists() is True
    monkeypatch.setattr(Picky, "verdict", False)
    assert Picky().exists() is False
    monkeypatch.setattr(Picky, "verdict", ValueError("torn"))
    with pytest.raises(ValueError, match="torn"):
        Picky().exists()


def test_a_result_that_cannot_be_loaded_is_an_error_with_its_cause():
    number = Number(n=7)
    number.load_or_create()
    before = state_of(number)
    (number.huldra_dir / "number.txt").unlink()
    with pytest.raises(huldra.HuldraComputeError) as caught:
        number.load_or_create()
    assert isinstance(caught.value.__cause__, FileNotFoundError)
    assert caught.value.original_error is caught.value.__cause__
    assert str(caught.value.state_path) in str(caught.value)
    assert state_of(number) == before


def test_metadata_that_cannot_be_written_fails_the_attempt(monkeypatch):
    monkeypatch.setattr("huldra.runtime.attempt.git_info", lambda **_: 1 / 0)
    with pytest.raises(huldra.HuldraComputeError, match="metadata"):
        Number().load_or_create()
    assert CALLS == []
    assert (result_of(Number()), attempt_of(Number())["status"]) == ("failed", "failed")


def test_computing_works_off_the_main_thread():
    found = []
    thread = threading.Thread(target=lambda: found.append(Double().load_or_create()))
    thread.start()
    thread.join()
    assert found == [2]
    assert result_of(Double()) == "success"


def test_signal_handlers_are_those_of_before(monkeypatch):
    def mine(*_args):
        raise AssertionError("not called")

    before = signal.signal(signal.SIGTERM, mine)
    try:
        inside = []
        monkeypatch.setattr(Number, "_validate", lambda _: True)
        create = Number._create
        monkeypatch.setattr(
            Number, "_create", lambda self: inside.append(signal.getsignal(signal.SIGTERM)) or create(self)
        )
        Double().load_or_create()
        assert inside[0] is not mine
        assert signal.getsignal(signal.SIGTERM) is mine
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGTERM, before)


def test_an_experiment_that_asks_for_itself_is_told_so():
    with pytest.raises(huldra.HuldraLockNotAcquired, match="depends on itself"):
        Recursive().load_or_create()
    assert result_of(Recursive()) == "failed"


def test_a_class_in_main_has_no_place(run_python):
    code = "import huldra\nclass A(huldra.Huldra[int]):\n  _create = _load = lambda self: 1\n"
    assert "__main__" in run_python(code + "A().load_or_create()", exit_code=1)


def test_absent_state_is_read_as_such(store):
    state = huldra.StateManager.read_state(Number().huldra_dir)
    assert (state.result.status, state.attempt) == ("absent", None)
    assert not store.exists()


def test_damaged_state_is_an_error_that_names_the_file():
    Number().load_or_create()
    path = Number().huldra_dir / ".huldra" / "state.json"
    path.write_text("{")
    with pytest.raises(ValueError, match=re.escape(str(path))):
        Number().exists()


def test_a_lease_is_what_the_configuration_says(monkeypatch):
    monkeypatch.setattr(HULDRA_CONFIG, "lease_duration_sec", 7)
    Number().load_or_create()
    text = (Number().huldra_dir / ".huldra" / "state.json").read_text()
    assert '"lease_duration_sec": 7.0' in text
