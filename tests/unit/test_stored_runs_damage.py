"""A damaged file makes its run unreadable and no other; files may vanish while they are read."""

import os
from pathlib import Path

import pytest

from huldra.stored_runs import find, record_files
from huldra.stored_runs.find import find_runs
from huldra.stored_runs.model import UnreadableRun
from huldra.stored_runs.read import read_run, read_store
from tests.unit.test_stored_runs_builder import (
    DIGEST,
    attempt,
    make_good_run,
    make_run,
    metadata,
    only_reason,
    only_run,
    state,
)

DAMAGES = {
    "empty": (b"", "is empty"),
    "blank": (b" \n", "is empty"),
    "truncated": (b'{"schema_version": 1, "resu', "is not JSON: "),
    "not-utf8": (b'{"schema_version": "\xff"}', "is not UTF-8 (byte 20)"),
    "array": (b"[]", "the whole: Input should be an object"),
    "number": (b"1", "the whole: Input should be an object"),
    "too-deep": (b"[" * 100_000, "is not JSON: "),
    "nul": (b"\0\0\0", "is not JSON: "),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", ["state", "metadata", "SUCCESS", "migration"])
def test_damaged_text(tmp_path, file, damage):
    content, problem = DAMAGES[damage]
    make_good_run(tmp_path, **{f"{file}_json": content})
    assert only_reason(tmp_path).startswith(f"{file}.json: {problem}")


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (state() | {"schema_version": 2}, "schema_version: Input should be 1, found 2"),
        (state() | {"colour": "red"}, "unknown key 'colour'"),
        ({"schema_version": 1}, "key 'result' is missing"),
        (state("won"), "result: Input tag 'won' found using 'status' does not match"),
        (state("success", attempt(number="1")), "attempt.number: Input should be a valid integer, found '1'"),
        (state("success", attempt(pids=1)), "unknown key 'attempt.pids'"),
        (state("failed", attempt("failed", error="(absent)")), "key 'attempt.error' is missing"),
        (
            state("success", attempt(owner={"pid": "1"})),
            "attempt.owner.pid: Input should be a valid integer, found '1'",
        ),
    ],
)
def test_a_state_of_the_wrong_shape(tmp_path, made, reason):
    make_good_run(tmp_path, state_json=made)
    assert only_reason(tmp_path).startswith(f"state.json: {reason}")


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (metadata(colour="red"), "unknown key 'colour'"),
        (metadata(huldra_hash=5), "huldra_hash: Input should be a valid string, found 5"),
        (metadata(huldra_hash=None), "huldra_hash: Input should be a valid string, found None"),
        (metadata(hash="0"), "unknown key 'hash'"),
        (metadata(huldra_obj=[1]), "huldra_obj: is not an object with a __class__"),
        (metadata(huldra_obj={"lr": 1}), "huldra_obj: is not an object with a __class__"),
    ],
)
def test_metadata_of_the_wrong_shape(tmp_path, made, reason):
    make_good_run(tmp_path, metadata_json=made)
    assert only_reason(tmp_path) == f"metadata.json: {reason}"


def test_a_success_marker_of_the_wrong_shape(tmp_path):
    make_good_run(tmp_path, SUCCESS_json={"attempt_id": "a"})
    assert only_reason(tmp_path) == "SUCCESS.json: key 'created_at' is missing"


@pytest.mark.parametrize("file", ["state.json", "metadata.json", "SUCCESS.json"])
def test_a_directory_in_place_of_a_file(tmp_path, file):
    internal = make_good_run(tmp_path)
    (internal / file).unlink()
    (internal / file).mkdir()
    assert only_reason(tmp_path) == f"{file}: is a directory, not a file"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are not of this platform")
def test_a_pipe_in_place_of_a_file_does_not_block(tmp_path):
    internal = make_good_run(tmp_path)
    (internal / "state.json").unlink()
    os.mkfifo(internal / "state.json")
    assert only_reason(tmp_path) == "state.json: is a device or a pipe, not a file"


def test_a_broken_symlink_in_place_of_a_file(tmp_path):
    internal = make_good_run(tmp_path)
    (internal / "state.json").unlink()
    (internal / "state.json").symlink_to("nowhere.json")
    assert only_reason(tmp_path) == "state.json: is a broken symlink"


@pytest.mark.parametrize("asks_for_names", [True, False])
def test_a_broken_symlink_in_place_of_a_file_that_most_runs_do_not_have(tmp_path, monkeypatch, asks_for_names):
    monkeypatch.setattr(find, "_ASKS_FOR_NAMES", asks_for_names)
    internal = make_good_run(tmp_path)
    (internal / "sources.json").symlink_to("nowhere.json")
    assert only_run(tmp_path).has_sources
    (internal / "migration.json").symlink_to("nowhere.json")
    assert only_reason(tmp_path) == "migration.json: is a broken symlink"


def test_a_symlink_loop_in_place_of_a_file(tmp_path):
    internal = make_good_run(tmp_path)
    (internal / "metadata.json").unlink()
    (internal / "metadata.json").symlink_to("metadata.json")
    assert only_reason(tmp_path).startswith("metadata.json: cannot be read: ")


def test_a_file_in_place_of_the_internal_directory(tmp_path):
    run = tmp_path / "data" / "my_project" / "train" / "Train" / DIGEST
    run.mkdir(parents=True)
    (run / ".huldra").write_text("")
    assert only_reason(tmp_path) == ".huldra: is a file, not a directory"


def test_a_file_past_the_limit_is_not_read(tmp_path):
    internal = make_good_run(tmp_path)
    with (internal / "state.json").open("r+b") as file:
        file.truncate(101 * 1024 * 1024)  # sparse: takes no room
    assert only_reason(tmp_path) == "state.json: is too large (105906176 bytes, limit 104857600)"


def test_a_file_without_permission(tmp_path, monkeypatch):
    make_good_run(tmp_path)
    plain_open = record_files._open_at_once

    def refuse(path, flags):
        if Path(path).name == "metadata.json":
            raise PermissionError(13, "Permission denied")
        return plain_open(path, flags)

    monkeypatch.setattr(record_files, "_open_at_once", refuse)
    assert only_reason(tmp_path) == "metadata.json: cannot be read: Permission denied"


def test_a_damaged_run_leaves_the_others_alone(tmp_path):
    make_good_run(tmp_path)
    internal = make_run(tmp_path, digest="f" * 20, state_json="{")
    stored = read_store(tmp_path)
    assert [run.hash for run in stored.runs] == [DIGEST]
    assert [run.hash for run in stored.unreadable] == ["f" * 20]
    assert stored.status == "found"
    assert internal.is_dir()


# --- what changes meanwhile -------------------------------------------------------------------------------------------


def test_a_run_that_vanished_after_it_was_listed(tmp_path):
    internal = make_good_run(tmp_path)
    (directory,) = find_runs(tmp_path).runs
    internal.rename(tmp_path / "away")
    run = read_run(tmp_path, directory)
    assert isinstance(run, UnreadableRun)
    assert run.reason == ".huldra: vanished while the store was read"


def test_a_file_that_vanishes_as_it_is_opened(tmp_path, monkeypatch):
    make_good_run(tmp_path)
    plain_open = record_files._open_at_once

    def vanish(path, flags):
        if Path(path).name == "metadata.json":
            Path(path).unlink(missing_ok=True)
        return plain_open(path, flags)

    monkeypatch.setattr(record_files, "_open_at_once", vanish)
    run = only_run(tmp_path)
    assert (run.result, run.config) == ("success", None)
