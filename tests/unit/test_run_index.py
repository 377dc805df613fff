"""The index of a store: the very runs that plain reading gives, after any change; and only what changed is read."""

import json
import os
import random
import shutil
import sqlite3
import threading
import time
from dataclasses import fields

import pytest

from huldra.stored_runs import record_files
from huldra.stored_runs.index import marks, reading
from huldra.stored_runs.index.refresh import read_indexed
from huldra.stored_runs.model import StoredRun
from huldra.stored_runs.read import read_store
from tests.unit.test_stored_runs_builder import attempt, event, make_good_run, make_run, metadata, state

LATER_NS = 60_000_000_000


@pytest.fixture
def settled(monkeypatch):
    """Everything read is old enough to be trusted. Changes must then be some ticks of the clock apart: see `tick`."""
    monkeypatch.setattr(marks, "SETTLED_AFTER_NS", -LATER_NS)


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def tick():
    time.sleep(0.02)


def digest(number):
    return f"{number:020x}"


def fill(store, count=6):
    for number in range(count):
        make_good_run(store, ("huldra", "gren", "furu")[number % 3], digest=digest(number))


def values(run):
    return {each.name: getattr(run, each.name) for each in fields(run)}


def assert_same(store, cache):
    found, plain = read_indexed(store, cache), read_store(store)
    assert (found.store.status, found.store.problems) == (plain.status, plain.problems)
    assert found.store.unreadable == plain.unreadable
    assert [values(run) for run in found.store.runs] == [values(run) for run in plain.runs]
    return found


def other_class(internal):
    """Let a run record the class of another directory."""
    file = internal / "metadata.json"
    said = json.loads(file.read_text())
    said["huldra_obj"]["__class__"] = "lab.other.Other"
    file.write_text(json.dumps(said))


def replace(path, text):
    temporary = path.with_suffix(".tmp")
    temporary.write_text(text)
    temporary.replace(path)


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
def test_what_a_former_version_kept_goes(store, cache):
    fill(store)
    read_indexed(store, cache)
    (now,) = cache.glob("*.sqlite")
    name = now.name.rpartition("-")[2]
    version = int(now.name.split("-")[1].removeprefix("v"))
    former, newer, another = (
        cache / file
        for file in (f"runs-v{version - 1}-{name}", f"runs-v{version + 1}-{name}", f"runs-v{version - 1}-0000.sqlite")
    )
    for file in (former, newer, another):
        file.write_text("")
    now.unlink()
    read_indexed(store, cache)
    assert [file.exists() for file in (now, former, newer, another)] == [True, False, True, True]


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
    monkeypatch.setattr("huldra.stored_runs.index.holding.secrets.randbelow", lambda parts: parts - 1)
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


CHANGES = (
    *("new", "new", "delete", "replace", "replace", "in place", "append", "damage", "no records", "other dialect"),
    *("link", "misplaced", "by hand", "rename class", "delete class", "nothing", "lock", "metadata gone", "migrated"),
)


def change(kind, store, generator, number):
    runs = sorted(store.glob("data/*/*/*/*/.*"))
    internal = generator.choice(runs) if runs else None
    if kind == "new" or internal is None or not internal.is_dir():
        make_good_run(store, generator.choice(["huldra", "gren", "furu"]), digest=digest(100 + number))
        return
    folder = internal.parents[1]
    match kind:
        case "delete":
            shutil.rmtree(internal.parent)
        case "replace":
            replace(internal / "state.json", json.dumps(state("failed", attempt("failed", number=number))))
        case "in place":
            config = {"__class__": "my_project.train.Train", "lr": number, "deep": [{"__class__": "x.Y", "a": None}]}
            prefix = internal.name.removeprefix(".")
            changed = metadata(prefix, **{f"{prefix}_obj": config})
            (internal / "metadata.json").write_text(json.dumps(changed))
        case "append":
            with (internal / "events.jsonl").open("a") as events:
                events.write(event("attempt_started"))
        case "damage":
            (internal / "state.json").write_text('{"schema_version": 1, "res')
        case "no records":
            shutil.rmtree(internal)
        case "other dialect":
            (internal.parent / ".huldra").mkdir(exist_ok=True)
        case "link":
            (folder.parent / f"Linked{number}").symlink_to(folder.name)
        case "misplaced":
            (folder.parent / ".huldra").mkdir(exist_ok=True)
        case "by hand":
            (folder / f"by-hand-{number}" / ".huldra").mkdir(parents=True)
        case "rename class":
            folder.rename(folder.parent / f"Renamed{number}")
        case "delete class" if folder.is_symlink():
            folder.unlink()
        case "delete class":
            shutil.rmtree(folder)
        case "lock":
            (internal / ".compute.lock").write_text("")
        case "metadata gone":
            (internal / "metadata.json").unlink(missing_ok=True)
        case "migrated":
            replace(internal / "state.json", json.dumps(state("migrated")))
        case _:
            pass


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


def only_file(cache):
    (file,) = cache.glob("*.sqlite")
    return file


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\x00" + b"\xff" * 5000])
@pytest.mark.usefixtures("settled")
def test_a_damaged_index_is_made_anew_without_a_word(store, cache, content, capsys):
    fill(store)
    assert_same(store, cache)
    only_file(cache).write_bytes(content)
    assert_same(store, cache)
    assert_same(store, cache)
    assert assert_same(store, cache).read == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("column", ["head", "body"])
@pytest.mark.usefixtures("settled")
def test_a_damaged_row_is_read_again(store, cache, column):
    fill(store)
    assert_same(store, cache)
    with sqlite3.connect(only_file(cache)) as connection:
        end = f"CAST(substr({column}, 1, length({column}) - 1) || x'00' AS BLOB)"
        connection.execute(f"UPDATE segments SET {column} = {end}")  # noqa: S608  one of two columns
        connection.execute("UPDATE directories SET contents = x'c1'")
    connection.close()
    assert_same(store, cache)
    assert_same(store, cache)
    assert assert_same(store, cache).read == 0


@pytest.mark.usefixtures("settled")
def test_an_index_that_somebody_else_holds_is_done_without(store, cache, monkeypatch):
    monkeypatch.setattr("huldra.stored_runs.index.file._WAIT_S", 0.01)
    fill(store)
    assert_same(store, cache)
    tick()
    make_good_run(store, digest=digest(9))
    other = sqlite3.connect(only_file(cache), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert assert_same(store, cache).read == 1
    assert assert_same(store, cache).read == 1
    other.execute("ROLLBACK")
    other.close()
    assert assert_same(store, cache).read == 1
    assert assert_same(store, cache).read == 0


@pytest.mark.usefixtures("settled")
def test_a_cache_that_cannot_be_written(store, tmp_path):
    fill(store)
    (tmp_path / "cache").write_text("a file")
    assert assert_same(store, tmp_path / "cache").read == 6


@pytest.mark.usefixtures("settled")
def test_several_stores_have_indexes_of_their_own(tmp_path, cache):
    fill(tmp_path / "one", 2)
    fill(tmp_path / "two", 3)
    for _ in range(2):
        assert len(read_indexed(tmp_path / "one", cache).store.runs) == 2
        assert len(read_indexed(tmp_path / "two", cache).store.runs) == 3
    assert len(list(cache.glob("*.sqlite"))) == 2
    assert (cache / ".gitignore").read_text() == "*\n"


def test_a_store_that_is_none_leaves_no_index(tmp_path, cache):
    assert read_indexed(tmp_path / "nowhere", cache).store.status == "missing"
    assert not cache.exists()


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
