"""A run under each name that the library has had (runtime contract, section 14)."""

import os

import pytest

from tests.unit.test_stored_runs_builder import (
    DIGEST,
    MARKER,
    attempt,
    make_good_run,
    make_run,
    metadata,
    note_codes,
    only_reason,
    only_run,
    state,
)


@pytest.mark.parametrize("name", ["huldra", "gren", "furu"])
@pytest.mark.parametrize(("root", "controlled"), [("data", False), ("git", True), ("artifacts", True)])
def test_a_run_under_each_name_and_root(tmp_path, name, root, controlled):
    make_run(
        tmp_path,
        name,
        root=root,
        state_json=state("success", attempt()),
        SUCCESS_json=MARKER,
        metadata_json=metadata(name, git_remote=None),
    )
    run = only_run(tmp_path)
    assert (run.dialect.name, run.root, run.version_controlled, run.result) == (name, root, controlled, "success")
    assert run.recorded_hash == DIGEST
    assert run.config.get("lr") == 0.1
    assert run.provenance.remote is None


def test_keys_of_another_name_are_unknown(tmp_path):
    make_good_run(tmp_path, "gren", metadata_json=metadata("huldra"))
    assert only_reason(tmp_path) == "metadata.json: key 'gren_python_def' is missing (and 7 more)"


@pytest.mark.parametrize("text", ["<no-git>", "<unavailable>"])
def test_git_texts_that_stand_for_nothing(tmp_path, text):
    changed = metadata("gren", git_commit=text, git_branch=text, git_remote=text, git_patch=text)
    make_good_run(tmp_path, "gren", metadata_json=changed)
    run = only_run(tmp_path)
    made_with = run.provenance
    assert (made_with.commit, made_with.branch, made_with.remote, made_with.is_dirty) == (None, None, None, None)
    assert made_with.is_dirty is None
    assert note_codes(run) == ["commit-not-recorded", "patch-not-recorded"]


def test_an_ignored_diff_is_no_clean_tree(tmp_path):
    make_good_run(tmp_path, metadata_json=metadata(git_patch="<ignored-diff>"))
    run = only_run(tmp_path)
    assert run.provenance.is_dirty is None
    assert note_codes(run) == ["patch-not-recorded"]


@pytest.mark.parametrize(
    ("result", "status"), [("success", "success"), ("incomplete", "preempted"), ("failed", "failed")]
)
def test_without_heartbeats_the_marker_alone_counts(tmp_path, result, status):
    made = state(result, attempt(status, heartbeat_at="(absent)"))
    make_run(tmp_path / "with", "furu", state_json=made, SUCCESS_json=MARKER, metadata_json=metadata("furu"))
    make_run(tmp_path / "without", "furu", state_json=made, metadata_json=metadata("furu"))
    assert only_run(tmp_path / "with").result == "success"
    assert only_run(tmp_path / "without").result == ("incomplete" if result == "success" else result)


@pytest.mark.parametrize("lock", ["compute.lock", ".compute.lock"])
def test_without_heartbeats_the_compute_lock_is_the_heartbeat(tmp_path, lock):
    made = state("incomplete", attempt("running", heartbeat_at="(absent)"))
    internal = make_run(tmp_path, "furu", state_json=made, metadata_json=metadata("furu"))
    (internal / lock).write_text("{}\n")
    touched = 1767323105  # 2026-01-02T03:05:05+00:00
    os.utime(internal / lock, (touched, touched))
    run = only_run(tmp_path)
    assert run.attempt.heartbeat_at == "2026-01-02T03:05:05+00:00"
    assert run.attempt.lease_expires_at == "2026-01-02T03:07:05+00:00"


def test_without_heartbeats_and_lock_the_recorded_lease_stands(tmp_path):
    made = state("incomplete", attempt("running", heartbeat_at="(absent)"))
    make_run(tmp_path, "furu", state_json=made, metadata_json=metadata("furu"))
    run = only_run(tmp_path)
    assert (run.attempt.heartbeat_at, run.attempt.lease_expires_at) == (None, "2026-01-02T03:06:45+00:00")


MIGRATION = {
    "kind": "alias",
    "policy": "alias",
    "from_namespace": "my_project.old.Trainer",
    "from_hash": "1" * 20,
    "from_root": "artifacts",
    "to_namespace": "my_project.train.Train",
    "to_hash": DIGEST,
    "to_root": "data",
    "migrated_at": "2026-02-01T00:00:00+00:00",
}


def test_an_alias_leads_to_the_old_directory(tmp_path):
    make_run(tmp_path, "furu", state_json=state("migrated"), metadata_json=metadata("furu"), migration_json=MIGRATION)
    run = only_run(tmp_path)
    assert (run.result, run.attempt, run.created_at) == ("migrated", None, None)
    assert run.migration.kind == "alias"
    assert run.payload_path == f"artifacts/my_project/old/Trainer/{'1' * 20}"


@pytest.mark.parametrize(
    "change", [{"kind": "copied", "policy": "copy"}, {"overwritten_at": "2026-03-01T00:00:00+00:00"}]
)
def test_a_copy_or_an_overwritten_alias_holds_its_own_files(tmp_path, change):
    make_good_run(tmp_path, "furu", migration_json=MIGRATION | change)
    run = only_run(tmp_path)
    assert (run.result, run.payload_path) == ("success", run.path)


def test_a_migrated_run_without_its_record_is_noted(tmp_path):
    make_run(tmp_path, "furu", state_json=state("migrated"), metadata_json=metadata("furu"))
    assert note_codes(only_run(tmp_path)) == ["migration-record-missing"]
