"""A store that is said to be unchanged holds what a plain reading finds; of any other nothing is said."""

import json
import random
import sqlite3
from pathlib import Path

import pytest

from huldra.stored_runs.index import marks
from huldra.stored_runs.index.refresh import read_indexed
from huldra.stored_runs.index.segments import NotKeptError
from huldra.stored_runs.index.unchanged import find_unchanged, stamp_of_runs
from huldra.stored_runs.model import StoredRun, UnreadableRun
from huldra.stored_runs.read import read_store
from tests.unit.changing_stores import CHANGES, LATER_NS, change, digest, fill, replace, tick, values
from tests.unit.test_stored_runs_builder import attempt, make_good_run, state

HARMLESS = tuple(kind for kind in CHANGES if kind not in {"link", "misplaced", "by hand", "no records"})
"""What leaves nothing in a store that is out of the ordinary."""


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything read is old enough to be trusted."""
    monkeypatch.setattr(marks, "SETTLED_AFTER_NS", -LATER_NS)


def shelved(store: Path, cache: Path) -> list[StoredRun | UnreadableRun] | None:
    """Return all runs of a store as they are known, in their order; None where something has changed."""
    unchanged = find_unchanged(store, cache)
    shelves = None if unchanged is None else unchanged.shelves(list(unchanged.places))
    if shelves is None:
        return None
    return [shelf.run(index) for shelf in shelves.values() for index in range(len(shelf.runs))]


def plainly(store: Path) -> list[StoredRun | UnreadableRun]:
    found = read_store(store)
    return sorted((*found.runs, *found.unreadable), key=lambda run: run.path)


@pytest.mark.parametrize("seed", range(5))
def test_after_any_change(tmp_path: Path, seed: int) -> None:
    store, cache = tmp_path / "store", tmp_path / "cache"
    generator = random.Random(seed)
    fill(store, 5)
    told = 0
    for number in range(20):
        read_indexed(store, cache)
        known = shelved(store, cache)
        if known is not None:
            assert list(map(values, known)) == list(map(values, plainly(store)))
            told += 1
        tick()
        change(generator.choice(HARMLESS), store, generator, number)
        after = shelved(store, cache)
        assert after is None or list(map(values, after)) == list(map(values, plainly(store)))
    assert told > 5


def test_a_stamp_is_the_same_for_runs_that_say_the_same(tmp_path: Path) -> None:
    store, cache = tmp_path / "store", tmp_path / "cache"
    fill(store, 4)
    damaged = make_good_run(store, digest=digest(50))
    (damaged / "state.json").write_text("{")
    for number in range(3):
        tick()
        make_good_run(store, digest=digest(60 + number))  # in segments of their own
        found = read_indexed(store, cache).store
        unchanged = find_unchanged(store, cache)
        assert unchanged is not None
        shelves = unchanged.shelves(list(unchanged.places))
        assert shelves is not None
        runs = sorted((*found.runs, *found.unreadable), key=lambda run: run.path)
        for path, shelf in shelves.items():
            assert shelf.stamp == stamp_of_runs([run for run in runs if run.path.rpartition("/")[0] == path])
    stamps = {path: shelf.stamp for path, shelf in shelves.items()}
    tick()
    replace(damaged / "state.json", json.dumps(state("success")))
    read_indexed(store, cache)
    unchanged = find_unchanged(store, cache)
    again = None if unchanged is None else unchanged.shelves(list(unchanged.places))
    assert again is not None
    assert {path: shelf.stamp for path, shelf in again.items()} != stamps


@pytest.mark.parametrize("happens", ["deleted", "made anew", "damaged"])
def test_what_a_run_says_is_gone_when_it_is_asked_for(tmp_path: Path, happens: str) -> None:
    """Of a file that was made anew the numbers begin again: under one of them something else may be kept."""
    store, cache = tmp_path / "store", tmp_path / "cache"
    make_good_run(store, digest=digest(1))
    read_indexed(store, cache)
    unchanged = find_unchanged(store, cache)
    shelves = None if unchanged is None else unchanged.shelves(list(unchanged.places))
    assert shelves is not None
    (shelf,) = shelves.values()
    (file,) = cache.glob("*.sqlite")
    if happens == "made anew":
        for each in cache.glob("*.sqlite*"):
            each.unlink()
        tick()
        internal = store / shelf.place.path / digest(1) / ".huldra"
        replace(internal / "state.json", json.dumps(state("failed", attempt("failed"))))
        read_indexed(store, cache)
    else:
        with sqlite3.connect(file) as connection:
            text = "DELETE FROM segments" if happens == "deleted" else "UPDATE segments SET body = x'00' || body"
            connection.execute(text)
        connection.close()
    run = shelf.run(0)
    assert run.hash == digest(1)
    assert isinstance(run, StoredRun)
    with pytest.raises(NotKeptError):
        _ = run.attempts


def test_an_attempt_under_way_is_looked_at_first(tmp_path: Path) -> None:
    store, cache = tmp_path / "store", tmp_path / "cache"
    internal = make_good_run(store, digest=digest(1))
    replace(internal / "state.json", json.dumps(state("incomplete", attempt("running"))))
    fill(store, 3)
    read_indexed(store, cache)
    assert shelved(store, cache) is not None
    tick()
    replace(internal / "state.json", json.dumps(state("incomplete", attempt("running", number=2))))
    assert shelved(store, cache) is None


def test_classes_that_lie_in_each_others_directories_are_not_told_of(tmp_path: Path) -> None:
    """Their runs come by turns in the order of paths."""
    store, cache = tmp_path / "store", tmp_path / "cache"
    internal = make_good_run(store, digest=digest(1))
    inner = internal.parents[1] / "Inner" / digest(2)
    inner.parent.mkdir()
    make_good_run(store, digest=digest(2)).parent.rename(inner)
    read_indexed(store, cache)
    assert find_unchanged(store, cache) is None
