"""The reader of runs: the sample store against its truth, what a run records, which result counts."""

import json
import tarfile
from pathlib import Path

import pytest

from huldra.formats.config_values import ConfigValue
from huldra.stored_runs.read import read_store
from tests.unit.test_stored_runs_builder import (
    DIGEST,
    MARKER,
    attempt,
    event,
    make_good_run,
    make_run,
    metadata,
    note_codes,
    only_run,
    state,
)

FIXTURES = Path(__file__).parents[2] / "fixtures"


@pytest.fixture(scope="module")
def sample_store(tmp_path_factory):
    place = tmp_path_factory.mktemp("toytext")
    with tarfile.open(FIXTURES / "toytext" / "store.tar.gz") as archive:
        archive.extractall(place, filter="data")
    return place / "data-huldra"


def test_sample_store_agrees_with_its_truth(sample_store):
    truth = json.loads((FIXTURES / "toytext" / "truth.json").read_text())
    expected = {
        (
            run["dir"],
            run["class"],
            run["hash"],
            run["outcome"],
            run["attempt"],
            run["attempts"],
            run["commit"],
            run["dirty"],
        )
        for run in truth["runs"]
    }
    stored = read_store(sample_store)
    found = {
        (
            run.path,
            run.class_name,
            run.hash,
            run.result,
            run.attempt.status,
            run.attempts,
            run.provenance.commit,
            run.provenance.is_dirty,
        )
        for run in stored.runs
    }
    assert found == expected
    assert (stored.status, len(stored.runs), stored.unreadable, stored.problems) == ("found", 47, (), ())


def test_sample_store_records_fit_their_directories(sample_store):
    for run in read_store(sample_store).runs:
        assert run.recorded_hash == run.hash
        assert run.config.class_name == run.class_name
        assert run.version_controlled is (run.root == "git")
        assert run.has_success_marker is (run.result == "success")
        assert (run.created_at is not None) is (run.result == "success")
        assert (run.duration_s is not None) is (run.attempt.status != "running")
        assert run.notes == ()


def test_sample_store_error_of_the_failed_run(sample_store):
    (failed,) = [run for run in read_store(sample_store).runs if run.result == "failed"]
    assert failed.attempt.number == 2
    assert failed.attempt.error.type == "ArithmeticError"
    assert failed.attempt.error.message.startswith("weights exploded")
    assert "raise ArithmeticError" in failed.attempt.error.traceback


def test_reading_leaves_the_store_as_it_is(sample_store):
    def snapshot():
        return {path: path.stat().st_mtime_ns for path in sample_store.rglob("*")}

    before = snapshot()
    read_store(sample_store)
    assert snapshot() == before


# --- one run ----------------------------------------------------------------------------------------------------------


def test_everything_that_a_run_records(tmp_path):
    make_good_run(tmp_path)
    run = only_run(tmp_path)
    assert run.path == f"data/my_project/train/Train/{DIGEST}"
    assert (run.root, run.version_controlled, run.dialect.name) == ("data", False, "huldra")
    assert run.result == "success"
    assert run.created_at == "2026-01-02T03:05:16+00:00"
    assert run.duration_s == 71.0
    assert run.config == ConfigValue("my_project.train.Train", (("lr", 0.1),))
    assert run.payload_path == run.path
    assert run.attempts == 1
    assert run.attempt.host == "node01"
    assert run.attempt.heartbeat_at == "2026-01-02T03:04:45+00:00"
    made_with = run.provenance
    assert (made_with.branch, made_with.remote) == ("main", "https://example.org/project.git")
    assert made_with.submodules == (("vendor/a", "1"), ("vendor/b", "2"))
    assert (made_with.command, made_with.user, made_with.host, made_with.python_version) == (
        "run.py",
        "user",
        "node01",
        "3.12.1",
    )
    assert isinstance(hash(run), int)


def test_a_run_without_metadata_has_no_config(tmp_path):
    make_run(tmp_path, state_json=state("incomplete", attempt("running")))
    run = only_run(tmp_path)
    assert (run.result, run.config, run.recorded_hash, run.provenance) == ("incomplete", None, None, None)
    assert note_codes(run) == ["metadata-missing"]


def test_a_run_with_only_a_log_is_absent(tmp_path):
    internal = make_run(tmp_path)
    (internal / "huldra.log").write_text("hello\n")
    run = only_run(tmp_path)
    assert (run.result, run.attempt, run.attempts, run.duration_s) == ("absent", None, 0, None)


def test_the_first_trace_of_a_run_is_absent(tmp_path):
    make_run(tmp_path, state_json=state("absent"))
    assert only_run(tmp_path).result == "absent"


def test_an_invalidated_run_keeps_its_attempt(tmp_path):
    make_run(tmp_path, state_json=state("absent", attempt()), metadata_json=metadata())
    run = only_run(tmp_path)
    assert (run.result, run.attempt.status, run.created_at) == ("absent", "success", None)


@pytest.mark.parametrize("status", ["cancelled", "preempted", "crashed"])
def test_an_attempt_stopped_from_outside(tmp_path, status):
    error = {"type": "signal", "message": "signal:15", "traceback": None}
    make_run(tmp_path, state_json=state("incomplete", attempt(status, error=error, reason="pid_dead")))
    run = only_run(tmp_path)
    assert (run.result, run.attempt.status, run.attempt.reason) == ("incomplete", status, "pid_dead")
    assert (run.attempt.error.type, run.attempt.error.message) == ("signal", "signal:15")


def test_a_batch_run_counts_both_of_its_attempts(tmp_path):
    events = (
        event("attempt_started", status="queued")
        + event("attempt_started", status="running")
        + event("attempt_finished", status="success")
        + event("result_invalidated", reason="x", at="y")
    )
    make_good_run(tmp_path, state_json=state("success", attempt(number=2)), events_jsonl=events)
    assert only_run(tmp_path).attempts == 2


def test_attempts_without_events_are_as_many_as_the_latest_number(tmp_path):
    make_run(tmp_path, state_json=state("incomplete", attempt("running", number=3)))
    assert only_run(tmp_path).attempts == 3


def test_a_line_that_is_being_written_is_no_damage(tmp_path):
    make_good_run(tmp_path, events_jsonl=event("attempt_started") + '{"ts": "2026-01')
    run = only_run(tmp_path)
    assert (run.attempts, run.notes) == (1, ())


def test_a_damaged_event_is_a_note(tmp_path):
    make_good_run(tmp_path, events_jsonl=event("attempt_started") + "garbage\n" + event("attempt_started"))
    run = only_run(tmp_path)
    assert run.attempts == 2
    (note,) = run.notes
    assert note.code == "events-damaged"
    assert note.message.startswith("events.jsonl: line 2 is not JSON")


@pytest.mark.parametrize(
    ("events", "line"),
    [
        (event("attempt_started").strip() + event("attempt_started") + "\n", 1),  # two in one line
        (event("attempt_started") + event("attempt_started").replace(", ", ",\n", 1), 2),  # one over two lines
        (event("attempt_started") + "\n[]\n", 3),
    ],
)
def test_each_line_of_events_is_one_event(tmp_path, events, line):
    make_good_run(tmp_path, events_jsonl=events)
    (note,) = [note for note in only_run(tmp_path).notes if note.code == "events-damaged"]
    assert note.message.startswith(f"events.jsonl: line {line} ")


def test_an_identity_that_is_not_the_directorys_is_noted(tmp_path):
    changed = metadata(huldra_hash="0" * 20, huldra_obj={"__class__": "my_project.old.Train"})
    make_good_run(tmp_path, metadata_json=changed)
    run = only_run(tmp_path)
    assert run.recorded_hash == "0" * 20
    assert note_codes(run) == ["recorded-hash-differs", "recorded-class-differs"]


def test_a_time_that_is_none_is_noted(tmp_path):
    make_good_run(tmp_path, state_json=state("success", attempt(started_at="yesterday")))
    run = only_run(tmp_path)
    assert run.duration_s is None
    assert note_codes(run) == ["time-unreadable"]


def test_an_end_before_the_start_gives_no_duration(tmp_path):
    make_good_run(tmp_path, state_json=state("success", attempt(ended_at="2025-01-01T00:00:00+00:00")))
    assert only_run(tmp_path).duration_s is None


# --- which result counts ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        ("success", "success", True, "success", None),
        ("success", "success", False, "success", "success-marker-missing"),
        ("incomplete", "running", True, "success", "success-from-marker"),
        ("incomplete", "queued", True, "success", "success-from-marker"),
        ("incomplete", "running", False, "incomplete", None),
        ("incomplete", "preempted", True, "incomplete", "success-marker-ignored"),
        ("incomplete", "crashed", True, "incomplete", "success-marker-ignored"),
        ("failed", "failed", True, "failed", "success-marker-ignored"),
        ("absent", "success", True, "absent", "success-marker-ignored"),
    ],
)
def test_state_and_marker_together(tmp_path, row):
    result, status, has_marker, expected, note = row
    files = {"SUCCESS_json": MARKER} if has_marker else {}
    make_run(tmp_path, state_json=state(result, attempt(status)), metadata_json=metadata(), **files)
    run = only_run(tmp_path)
    assert (run.result, run.has_success_marker, run.attempt.status) == (expected, has_marker, status)
    assert note_codes(run) == ([note] if note else [])


def test_a_promoted_success_is_as_old_as_its_marker(tmp_path):
    make_run(
        tmp_path,
        state_json=state("incomplete", attempt("running")),
        SUCCESS_json=MARKER,
        metadata_json=metadata(),
    )
    run = only_run(tmp_path)
    assert (run.created_at, run.duration_s) == ("2026-01-02T03:05:15+00:00", 70.0)


def test_a_marker_of_an_earlier_attempt_is_noted(tmp_path):
    make_run(
        tmp_path,
        state_json=state("incomplete", attempt("running", number=2)),
        SUCCESS_json=MARKER | {"attempt_id": "b" * 32},
        metadata_json=metadata(),
    )
    run = only_run(tmp_path)
    assert (run.result, run.duration_s) == ("success", None)
    assert note_codes(run) == ["success-from-marker", "success-marker-of-other-attempt"]


def test_a_marker_without_a_state_is_absent(tmp_path):
    make_run(tmp_path, SUCCESS_json=MARKER, metadata_json=metadata())
    assert only_run(tmp_path).result == "absent"
