"""The walk over a store's directories: what is a run, what is in the way, where links lead."""

import os
from pathlib import Path

import pytest

from huldra.stored_runs.find import find_runs
from huldra.stored_runs.read import read_store

ONE, TWO = "1" * 20, "2" * 20


def make(store, path, internal=".huldra"):
    run = store / path
    (run / internal).mkdir(parents=True)
    return run


def paths(store):
    return [run.path for run in find_runs(store).runs]


def problems(store):
    return [(problem.path, problem.code) for problem in find_runs(store).problems]


def test_no_store(tmp_path):
    assert find_runs(tmp_path / "nowhere").status == "missing"
    assert read_store(tmp_path / "nowhere").status == "missing"


def test_a_store_that_is_a_file(tmp_path):
    (tmp_path / "store").write_text("")
    assert find_runs(tmp_path / "store").status == "not-a-directory"
    assert find_runs(tmp_path / "store" / "below").status == "missing"
    assert read_store(tmp_path / "store").status == "not-a-directory"


@pytest.mark.parametrize("folders", [[], ["data"], ["data/my_project/train/Train"], ["raw", "submitit"]])
def test_an_empty_store(tmp_path, folders):
    for folder in folders:
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "huldra.log").write_text("")
    listing = find_runs(tmp_path)
    assert (listing.status, listing.runs, listing.problems) == ("empty", (), ())
    assert read_store(tmp_path).status == "empty"


def test_a_store_that_is_a_broken_link_or_a_loop(tmp_path):
    (tmp_path / "broken").symlink_to("nowhere")
    (tmp_path / "loop").symlink_to("loop")
    assert find_runs(tmp_path / "broken").status == "missing"
    listing = find_runs(tmp_path / "loop")
    assert listing.status == "unreadable"
    assert [problem.path for problem in listing.problems] == ["."]


def test_runs_are_sorted_and_named_by_their_path(tmp_path):
    make(tmp_path, f"git/my_project/report/Report/{ONE}")
    make(tmp_path, f"data/my_project/train/Outer/Inner/{TWO}")
    make(tmp_path, f"data/my_project/train/Outer/{ONE}", ".gren")
    make(tmp_path, f"artifacts/my_project/report/Report/{TWO}", ".furu")
    found = find_runs(tmp_path)
    assert [(run.root, run.class_name, run.hash, run.version_controlled, run.dialect.name) for run in found.runs] == [
        ("artifacts", "my_project.report.Report", TWO, True, "furu"),
        ("data", "my_project.train.Outer", ONE, False, "gren"),
        ("data", "my_project.train.Outer.Inner", TWO, False, "huldra"),
        ("git", "my_project.report.Report", ONE, True, "huldra"),
    ]
    assert found.problems == ()


def test_only_the_known_roots_are_looked_into(tmp_path):
    make(tmp_path, f"raw/my_project/train/Train/{ONE}")
    make(tmp_path, f"my_project/train/Train/{ONE}")
    assert find_runs(tmp_path).status == "empty"


def test_the_inside_of_a_run_is_its_own(tmp_path):
    run = make(tmp_path, f"data/my_project/train/Train/{ONE}")
    make(run, f"data/other/mod/Class/{TWO}")
    make(run, f"checkpoints/{TWO}")
    assert paths(tmp_path) == [f"data/my_project/train/Train/{ONE}"]


def test_a_run_need_not_be_named_by_a_hash(tmp_path):
    make(tmp_path, "data/my_project/train/Train/by-hand")
    assert paths(tmp_path) == ["data/my_project/train/Train/by-hand"]


def test_copies_and_hidden_directories_are_no_runs(tmp_path):
    make(tmp_path, f"data/my_project/train/Train/{ONE}.bak")
    make(tmp_path, f"data/.trash/train/Train/{ONE}")
    assert find_runs(tmp_path).status == "empty"


def test_an_internal_directory_where_no_run_can_be_hides_nothing(tmp_path):
    make(tmp_path, "data")
    make(tmp_path, "data/my_project/train")
    make(tmp_path, f"data/my_project/train/Train/{ONE}")
    assert paths(tmp_path) == [f"data/my_project/train/Train/{ONE}"]
    assert problems(tmp_path) == [
        ("data", "misplaced-internal-directory"),
        ("data/my_project/train", "misplaced-internal-directory"),
    ]


def test_a_result_without_its_record_is_listed(tmp_path):
    (tmp_path / f"data/my_project/train/Train/{ONE}/checkpoints").mkdir(parents=True)
    assert problems(tmp_path) == [(f"data/my_project/train/Train/{ONE}", "no-internal-directory")]
    assert find_runs(tmp_path).status == "found"


def test_a_root_that_is_a_file(tmp_path):
    (tmp_path / "data").write_text("")
    make(tmp_path, f"git/my_project/report/Report/{ONE}")
    assert problems(tmp_path) == [("data", "not-a-directory")]
    assert len(paths(tmp_path)) == 1


# --- unreadable -------------------------------------------------------------------------------------------------------


def test_a_directory_without_permission(tmp_path, monkeypatch):
    make(tmp_path, f"data/secret/train/Train/{ONE}")
    make(tmp_path, f"data/open/train/Train/{ONE}")
    plain_scandir = os.scandir

    def refuse(path):
        if path.endswith("secret"):
            raise PermissionError(13, "Permission denied")
        return plain_scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert paths(tmp_path) == [f"data/open/train/Train/{ONE}"]
    (problem,) = find_runs(tmp_path).problems
    assert (problem.path, problem.code, problem.message) == (
        "data/secret",
        "unreadable-directory",
        "Permission denied",
    )


def test_a_run_without_permission(tmp_path, monkeypatch):
    make(tmp_path, f"data/my_project/train/Train/{ONE}")
    plain_lstat = os.lstat

    def refuse(path, **options):
        if f"{ONE}/" in str(path):
            raise PermissionError(13, "Permission denied")
        return plain_lstat(path, **options)

    monkeypatch.setattr(os, "lstat", refuse)
    monkeypatch.setattr(os, "access", lambda path, *_, **__: f"{ONE}/" not in path)
    assert problems(tmp_path) == [(f"data/my_project/train/Train/{ONE}", "unreadable-directory")]


def test_a_store_without_permission(tmp_path, monkeypatch):
    plain_stat = Path.stat

    def refuse(path, **options):
        if path == tmp_path / "store":
            raise PermissionError(13, "Permission denied")
        return plain_stat(path, **options)

    monkeypatch.setattr(Path, "stat", refuse)
    listing = find_runs(tmp_path / "store")
    assert listing.status == "unreadable"
    assert [problem.message for problem in listing.problems] == ["Permission denied"]


def test_a_directory_that_vanishes_during_the_walk(tmp_path, monkeypatch):
    make(tmp_path, f"data/gone/train/Train/{ONE}")
    make(tmp_path, f"data/open/train/Train/{ONE}")
    plain_scandir = os.scandir

    def vanish(path):
        if path.endswith("gone"):
            raise FileNotFoundError(2, "No such file or directory")
        return plain_scandir(path)

    monkeypatch.setattr(os, "scandir", vanish)
    assert paths(tmp_path) == [f"data/open/train/Train/{ONE}"]
    assert problems(tmp_path) == []


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_name_that_is_not_utf8(tmp_path):
    make(tmp_path, f"data/my_project/train/Train/{ONE}")
    try:
        os.mkdir(os.fsencode(tmp_path / "data") + b"/caf\xe9")  # noqa: PTH102
    except OSError:
        pytest.skip("the file system takes no such name")
    assert problems(tmp_path) == [("data/caf\\xe9", "undecodable-name")]
    assert len(paths(tmp_path)) == 1


# --- links ------------------------------------------------------------------------------------------------------------


def test_a_broken_link(tmp_path):
    make(tmp_path, f"data/my_project/train/Train/{ONE}")
    (tmp_path / "data/my_project/lost").symlink_to(tmp_path / "nowhere")
    assert problems(tmp_path) == [("data/my_project/lost", "broken-symlink")]
    assert len(paths(tmp_path)) == 1


def test_a_link_to_itself(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data/loop").symlink_to("loop")
    assert problems(tmp_path) == [("data/loop", "symlink-loop")]


@pytest.mark.parametrize("target", ["data", "data/my_project", ".", ".."])
def test_a_link_to_a_directory_that_holds_it(tmp_path, target):
    store = tmp_path / "store"
    make(store, f"data/my_project/train/Train/{ONE}")
    (store / "data/my_project/loop").symlink_to(store / target)
    assert problems(store) == [("data/my_project/loop", "symlink-loop")]
    assert paths(store) == [f"data/my_project/train/Train/{ONE}"]


def test_two_links_to_each_others_directories(tmp_path):
    (tmp_path / "data/a").mkdir(parents=True)
    (tmp_path / "data/b").mkdir()
    (tmp_path / "data/a/to_b").symlink_to(tmp_path / "data/b")
    (tmp_path / "data/b/to_a").symlink_to(tmp_path / "data/a")
    assert problems(tmp_path) == [("data/a/to_b", "repeated-directory"), ("data/b/to_a", "repeated-directory")]


def test_a_link_within_the_store_is_not_read_twice(tmp_path):
    make(tmp_path, f"data/my_project/train/Train/{ONE}")
    (tmp_path / "data/my_project/aaa").symlink_to(tmp_path / "data/my_project/train")
    (tmp_path / "git").symlink_to("data")
    assert paths(tmp_path) == [f"data/my_project/train/Train/{ONE}"]
    assert problems(tmp_path) == [("data/my_project/aaa", "repeated-directory"), ("git", "repeated-directory")]


def test_links_out_of_the_store_are_followed(tmp_path):
    store = tmp_path / "store"
    make(tmp_path, f"scratch/other/eval/Eval/{ONE}")
    make(tmp_path, f"scratch/single/{TWO}")
    (store / "data/my_project/train/Train").mkdir(parents=True)
    (store / "data/other").symlink_to(tmp_path / "scratch/other")
    (store / f"data/my_project/train/Train/{TWO}").symlink_to(tmp_path / f"scratch/single/{TWO}")
    assert paths(store) == [f"data/my_project/train/Train/{TWO}", f"data/other/eval/Eval/{ONE}"]
    assert problems(store) == []


def test_links_whose_targets_overlap_are_read_once(tmp_path):
    store = tmp_path / "store"
    make(tmp_path, f"scratch/deep/eval/Eval/{ONE}")
    make(tmp_path, f"scratch/flat/eval/Eval/{TWO}")
    (store / "data").mkdir(parents=True)
    (store / "data/a_deep").symlink_to(tmp_path / "scratch/deep")
    (store / "data/b_all").symlink_to(tmp_path / "scratch")
    assert paths(store) == [f"data/a_deep/eval/Eval/{ONE}", f"data/b_all/flat/eval/Eval/{TWO}"]


def test_a_link_inside_a_followed_link_leading_back(tmp_path):
    store = tmp_path / "store"
    make(tmp_path, f"scratch/eval/Eval/{ONE}")
    (store / "data").mkdir(parents=True)
    (store / "data/out").symlink_to(tmp_path / "scratch")
    (tmp_path / "scratch/back").symlink_to(store / "data")
    assert paths(store) == [f"data/out/eval/Eval/{ONE}"]
    assert problems(store) == [("data/out/back", "repeated-directory")]


def test_links_to_files_are_no_concern(tmp_path):
    make(tmp_path, f"data/my_project/train/Train/{ONE}")
    (tmp_path / "notes.txt").write_text("")
    (tmp_path / "data/my_project/notes").symlink_to(tmp_path / "notes.txt")
    assert problems(tmp_path) == []


def test_a_store_behind_a_link_and_a_root_behind_a_link(tmp_path):
    make(tmp_path, f"disk/my_project/train/Train/{ONE}")
    (tmp_path / "real").mkdir()
    (tmp_path / "real/data").symlink_to(tmp_path / "disk")
    (tmp_path / "store").symlink_to("real")
    assert paths(tmp_path / "store") == [f"data/my_project/train/Train/{ONE}"]
    assert problems(tmp_path / "store") == []
