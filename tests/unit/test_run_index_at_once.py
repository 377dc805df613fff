"""An index that several make and read at once, of a store that changes meanwhile."""

import json
import os
import shutil
import threading

import pytest

from huldra.stored_runs import record_files
from huldra.stored_runs.index import reading, refresh
from huldra.stored_runs.index.refresh import read_indexed
from huldra.stored_runs.read import read_store
from tests.unit.changing_stores import assert_same, digest, fill, replace, tick
from tests.unit.test_stored_runs_builder import attempt, make_good_run, state


@pytest.mark.usefixtures("settled")
def test_many_runs_are_read_by_several_processes(store, cache, monkeypatch):
    monkeypatch.setattr(reading, "_WORTH_PROCESSES", 3)
    monkeypatch.setattr(reading, "_CHUNK", 2)
    fill(store, 7)
    (store / "data/my_project/train/Train" / digest(3) / ".huldra/state.json").write_text("{")
    told = []
    found = read_indexed(store, cache, lambda done, total: told.append((done, total)))
    assert found.store == read_store(store)
    assert told == [(7, 7)]
    assert_same(store, cache)


@pytest.mark.usefixtures("settled")
def test_readers_and_writers_at_once(store, cache):
    fill(store, 12)
    faults = []

    def read_often():
        try:
            for _ in range(8):
                assert {run.result for run in read_indexed(store, cache).store.runs} <= {"success", "failed"}
        except BaseException as fault:
            faults.append(fault)
            raise

    threads = [threading.Thread(target=read_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(12):
        internal = store / "data/my_project/train/Train" / digest(number) / f".{('huldra', 'gren', 'furu')[number % 3]}"
        replace(internal / "state.json", json.dumps(state("failed", attempt("failed"))))
    for thread in threads:
        thread.join()
    assert faults == []
    tick()
    assert_same(store, cache)


def coarse(look, step_ns):
    """Return `os.stat` or `os.fstat` as on a file system that counts times in steps."""

    def stat(*args, **keywords):
        found = look(*args, **keywords)
        times = [time_ns // step_ns * step_ns for time_ns in (found.st_atime_ns, found.st_mtime_ns, found.st_ctime_ns)]
        return os.stat_result((*found[:7], *(t // 10**9 for t in times), *(t / 10**9 for t in times), *times))

    return stat


@pytest.mark.parametrize("step_ns", [10**9, 2 * 10**9])
def test_a_change_within_the_tick_in_which_the_index_was_made_is_seen(store, cache, monkeypatch, step_ns):
    monkeypatch.setattr(os, "stat", coarse(os.stat, step_ns))
    monkeypatch.setattr(os, "fstat", coarse(os.fstat, step_ns))
    fill(store, 2)
    path = store / "data/my_project/train/Train" / digest(0) / ".huldra/state.json"
    whole = path.read_text()
    assert path.stat().st_mtime_ns % step_ns == 0
    for number in range(4):
        assert_same(store, cache)
        # Of the same size, in place: where times do not tell, nothing does.
        path.write_text(whole.replace('"number": 1', f'"number": {number + 2}'))
        assert assert_same(store, cache).store.runs[0].attempt.number == number + 2
    make_good_run(store, digest=digest(7))
    assert len(assert_same(store, cache).store.runs) == 3
    shutil.rmtree(path.parents[1])
    assert len(assert_same(store, cache).store.runs) == 2


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("goes", ["data/my_project/train/Train", "data/my_project/train/Train/{}/.huldra"])
def test_what_goes_between_the_first_look_and_the_first_reading(store, cache, monkeypatch, goes):
    fill(store, 3)
    plain_read = refresh.read_many

    def remove_first(asked):
        shutil.rmtree(store / goes.format(digest(0)))
        return plain_read(asked)

    with monkeypatch.context() as patch:
        patch.setattr(refresh, "read_many", remove_first)
        found = read_indexed(store, cache).store
    assert digest(0) not in {run.hash for run in found.runs}
    tick()
    for _ in range(2):
        assert_same(store, cache)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("happens", ["deleted", "replaced", "half-written", "moved away"])
def test_a_run_that_changes_between_the_look_and_the_reading(store, cache, monkeypatch, happens):
    fill(store, 3)
    run = store / "data/my_project/train/Train" / digest(0)
    other = make_good_run(store, digest=digest(50), state_json=state("failed", attempt("failed"))).parent
    plain_open, done = record_files._open_at_once, []

    def change_first(path, flags):
        if str(path).endswith(f"{digest(0)}/.huldra/state.json") and not done:
            done.append(path)
            match happens:
                case "deleted":
                    shutil.rmtree(run)
                case "replaced":
                    shutil.rmtree(run)
                    shutil.copytree(other, run)
                case "half-written":
                    (run / ".huldra/state.json").write_text('{"schema_version": 1, "res')
                case _:
                    run.rename(store / "away")
        return plain_open(path, flags)

    with monkeypatch.context() as patch:
        patch.setattr(record_files, "_open_at_once", change_first)
        found = read_indexed(store, cache).store
    assert done
    assert {each.hash for each in (*found.runs, *found.unreadable)} >= {digest(1), digest(2), digest(50)}
    tick()
    for _ in range(2):
        assert_same(store, cache)
