"""Runs whose directories are removed and made again while a store is read: nothing breaks, and nothing old stays."""

import random
import shutil
import threading
import time
from pathlib import Path

import pytest

from huldra.analysis.watching import StoreWatch
from huldra.stored_runs.index import reading
from huldra.stored_runs.index.held import hold_store, look_at
from huldra.stored_runs.index.refresh import read_indexed
from huldra.stored_runs.model import StoredRun
from huldra.stored_runs.read import read_store
from tests.unit.changing_stores import assert_same, digest
from tests.unit.test_stored_runs_builder import make_good_run

RUNS = 24


def replace_often(store: Path, seed: int, end: threading.Event) -> None:
    """Effect: remove runs and make them again, some as those of another name of the library, until told to stop."""
    chance = random.Random(seed)
    mine = range(seed, RUNS, 2)
    while not end.is_set():
        number = chance.choice(mine)
        shutil.rmtree(store / "data/my_project/train/Train" / digest(number))
        time.sleep(chance.choice([0, 0.001]))
        make_good_run(store, chance.choice(("huldra", "gren", "furu")), digest=digest(number))


@pytest.mark.parametrize("is_shared", [False, True])
def test_an_index_is_built_and_held_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_shared: bool) -> None:
    if is_shared:
        monkeypatch.setattr(reading, "_WORTH_PROCESSES", 3)
        monkeypatch.setattr(reading, "_CHUNK", 4)
    store, cache = tmp_path / "store", tmp_path / "cache"
    for number in range(RUNS):
        make_good_run(store, "huldra", digest=digest(number))
    end = threading.Event()
    writers = [threading.Thread(target=replace_often, args=(store, seed, end)) for seed in range(2)]
    for writer in writers:
        writer.start()
    try:
        held, watch = hold_store(store, cache), StoreWatch()
        for _ in range(4 if is_shared else 12):
            read_at = time.time_ns()
            for run in read_indexed(store, cache).store.runs:
                assert isinstance(run, StoredRun)
                assert run.config_document is None or isinstance(run.config_document, dict)
            held = look_at(held, store, watch.touched(store, held, read_at)) or hold_store(store, cache, held)
    finally:
        end.set()
        for writer in writers:
            writer.join()
    assert_same(store, cache)
    held = hold_store(store, cache, held)
    plain = read_store(store)
    assert len(plain.runs) == RUNS
    assert [(run.path, run.dialect, run.config) for run in held.stored.runs] == [
        (run.path, run.dialect, run.config) for run in plain.runs
    ]
