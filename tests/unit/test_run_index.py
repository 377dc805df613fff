"""The index of a store: the very runs that plain reading gives, after any change; and only what changed is read."""

import json
import os
import random
import shutil
import sqlite3

import pytest

from huldra.stored_runs import record_files
from huldra.stored_runs.index.refresh import read_indexed
from huldra.stored_runs.model import StoredRun
from huldra.stored_runs.read import read_store
from tests.unit.changing_stores import (
    CHANGES,
    assert_same,
    change,
    digest,
    fill,
    only_file,
    other_class,
    replace,
    tick,
    values,
)
from tests.unit.test_stored_runs_builder import attempt, event, make_good_run, make_run, metadata, state


@pytest.mark.usefixtures("settled")
def test_what_a_run_tells_before_it_is_read(store, cache):
    fill(store)
    other_class(make_good_run(store, digest=digest(30)))
    active = make_good_run(store, digest=digest(33))
    replace(active / "state.json", json.dumps(state("incomplete", attempt("running"))))
    (active / "SUCCESS.json").unlink()
    other_class(active)
    assert_same(store, cache)
    found = assert_same(store, cache)
    plain = {run.path: run for run in read_store(store).runs}
    assert [run.config_class for run in found.store.runs].count("lab.other.Other") == 2
    for run in read_indexed(store, cache).store.runs:
        assert run.config_class == plain[run.path].config_class
        assert run.is_active == plain[run.path].is_active
        assert run.config_document == plain[run.path].config_document
        assert run.may_hold(plain[run.path].config_class)
        assert not run.may_hold("lab.Nobody")


@pytest.mark.usefixtures("settled")
def test_what_did_not_change_is_not_read(store, cache):
    fill(store)
    assert assert_same(store, cache).read == 6
    assert assert_same(store, cache).read == 0
    tick()
    internal = make_good_run(store, digest=digest(9))
    assert assert_same(store, cache).read == 1
    tick()
    replace(internal / "state.json", json.dumps(state("failed", attempt("failed"))))
    assert assert_same(store, cache).read == 1


def test_what_is_young_is_read_again(store, cache):
    fill(store)
    assert [assert_same(store, cache).read for _ in range(2)] == [6, 6]


@pytest.mark.usefixtures("settled")
def test_an_edit_by_hand_is_seen(store, cache):
    fill(store)
    assert_same(store, cache)
    tick()
    path = store / "data/my_project/train/Train" / digest(0) / ".huldra/state.json"
    before = path.parent.stat()
    path.write_text(json.dumps(state("incomplete", attempt("cancelled"))))
    assert path.parent.stat().st_mtime_ns == before.st_mtime_ns
    found = assert_same(store, cache)
    assert (found.read, found.store.runs[0].result) == (1, "incomplete")


@pytest.mark.usefixtures("settled")
def test_a_run_under_way_is_looked_into_however_many_there_are(store, cache, monkeypatch):
    monkeypatch.setattr("huldra.stored_runs.index.holding._LOOKED_INTO_EACH_TIME", 1)
    monkeypatch.setattr("huldra.stored_runs.index.holding._random_below", lambda parts: parts - 1)
    fill(store)
    waiting = state("incomplete", attempt("running", heartbeat_at="(absent)"))
    internal = make_run(store, digest=digest(7), state_json=waiting, metadata_json=metadata(), compute_lock="x")
    assert_same(store, cache)
    for moment in (1_900_000_000, 1_900_000_040):
        os.utime(internal / "compute.lock", (moment, moment))
        assert assert_same(store, cache).read == 1
    with (internal / "events.jsonl").open("a") as events:
        events.write(event("attempt_started") * 3)
    assert assert_same(store, cache).store.runs[-1].attempts == 3


@pytest.mark.usefixtures("settled")
def test_the_directory_of_the_records_goes_while_the_run_stays(store, cache):
    fill(store)
    assert_same(store, cache)
    tick()
    shutil.rmtree(store / "data/my_project/train/Train" / digest(0) / ".huldra")
    (problem,) = assert_same(store, cache).store.problems
    assert problem.code == "no-internal-directory"
    tick()
    make_records = store / "data/my_project/train/Train" / digest(0) / ".gren"
    make_records.mkdir()
    assert assert_same(store, cache).store.problems == ()


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.usefixtures("settled")
def test_after_any_change_the_index_says_what_the_store_says(store, cache, seed):
    generator = random.Random(seed)
    fill(store, 4)
    assert_same(store, cache)
    for number in range(25):
        tick()
        for step in range(generator.choice([1, 1, 2, 4])):
            change(generator.choice(CHANGES), store, generator, 10 * number + step)
        assert_same(store, cache)


@pytest.mark.parametrize(
    "config", [{"a": float("nan")}, {"a": 2**80}, {"a": "\u202e\n\x1b[31m"}, {"a": {"b": [1, 1.0, True, -0.0, None]}}]
)
@pytest.mark.usefixtures("settled")
def test_odd_values_come_back_as_they_are(store, cache, config):
    make_good_run(store, metadata_json=metadata(huldra_obj={"__class__": "my_project.train.Train", **config}))
    read_indexed(store, cache)
    found, plain = read_indexed(store, cache).store, read_store(store)
    assert [repr(values(run)) for run in found.runs] == [repr(values(run)) for run in plain.runs]
    assert len(found.runs) == 1


@pytest.mark.usefixtures("settled")
def test_runs_of_the_index_are_equal_to_those_read(store, cache):
    fill(store, 2)
    read_indexed(store, cache)
    kept, plain = read_indexed(store, cache).store.runs, read_store(store).runs
    assert [type(run) is StoredRun for run in kept] == [False, False]
    assert (kept, plain) == (plain, kept)
    assert [hash(run) for run in kept] == [hash(run) for run in plain]


@pytest.mark.usefixtures("settled")
def test_damage_is_remembered_until_it_is_mended(store, cache):
    fill(store, 3)
    path = store / "data/my_project/train/Train" / digest(0) / ".huldra/state.json"
    whole = path.read_text()
    path.write_text('{"schema_version": 1')
    assert [assert_same(store, cache).read for _ in range(2)] == [3, 0]
    tick()
    path.write_text(whole)
    found = assert_same(store, cache)
    assert (found.read, found.store.unreadable) == (1, ())


@pytest.mark.usefixtures("settled")
def test_what_somebody_may_not_read_is_tried_again(store, cache, monkeypatch):
    fill(store, 1)
    refused = True
    plain_open = record_files._open_at_once

    def refuse(path, flags):
        if refused and path.endswith("state.json"):
            raise PermissionError(13, "Permission denied")
        return plain_open(path, flags)

    monkeypatch.setattr(record_files, "_open_at_once", refuse)
    assert len(assert_same(store, cache).store.unreadable) == 1
    refused = False
    assert assert_same(store, cache).store.unreadable == ()


@pytest.mark.usefixtures("settled")
def test_many_small_changes_do_not_pile_up(store, cache):
    fill(store, 3)
    assert_same(store, cache)
    for number in range(40):
        tick()
        make_good_run(store, digest=digest(100 + number))
        if number % 4 == 3:
            shutil.rmtree(store / "data/my_project/train/Train" / digest(100 + number - 1))
        assert assert_same(store, cache).read == 1
    with sqlite3.connect(only_file(cache)) as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM segments").fetchall()
    connection.close()
    assert count <= 11
    assert assert_same(store, cache).read == 0
    shutil.rmtree(store / "data")
    assert_same(store, cache)
    assert only_file(cache).exists()
    with sqlite3.connect(only_file(cache)) as connection:
        assert connection.execute("SELECT count(*) FROM segments").fetchall() == [(0,)]
    connection.close()


@pytest.mark.usefixtures("settled")
def test_a_segment_that_is_no_longer_whole_is_parted(store, cache):
    fill(store, 12)
    assert_same(store, cache)
    tick()
    for number in range(8):
        shutil.rmtree(store / "data/my_project/train/Train" / digest(number))
    assert assert_same(store, cache).read == 0
    assert assert_same(store, cache).read == 0
    with sqlite3.connect(only_file(cache)) as connection:
        assert connection.execute("SELECT count(*) FROM segments").fetchall() == [(1,)]
    connection.close()
