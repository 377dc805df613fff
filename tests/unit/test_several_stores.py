"""Several stores looked at together: each run is judged by its own record, and a change in any of them is seen."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from huldra.analysis import watching
from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.live import LiveProject
from huldra.analysis.watching import StoreWatch
from huldra.stored_runs.index.held import NOWHERE, hold_store, look_at
from huldra.stored_runs.index.refresh import read_indexed
from huldra.stored_runs.model import StoredRun
from huldra.stored_runs.read import read_store
from huldra.stored_runs.roots import FurtherStore
from tests.unit.changing_stores import fill, tick
from tests.unit.test_code_verdicts import LAB, MAKE, TOOLS, make_project


def run_again(root: Path, store: str) -> None:
    environment = {**os.environ, "HULDRA_PATH": str(root / store)}
    subprocess.run([sys.executable, "-c", MAKE], cwd=root, check=True, env=environment)


@pytest.fixture(scope="module")
def twice_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose runs in `old` were made with other code than those of the same hashes in `store`."""
    root = make_project(tmp_path_factory.mktemp("made") / "project", {"lab.py": LAB, "tools.py": TOOLS}, MAKE)
    (root / "store").rename(root / "old")
    (root / ".gitignore").write_text("store\nold\n__pycache__\n")
    (root / "tools.py").write_text(TOOLS.replace("FACTOR = 2", "FACTOR = 3"))
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "two"], cwd=root, check=True)
    run_again(root, "store")
    return root


@pytest.mark.parametrize("stores", [("store", "old"), ("old", "store")])
def test_runs_of_one_hash_are_judged_each_by_its_own_code(twice_made: Path, stores: tuple[str, str]) -> None:
    paths = tuple(twice_made / name for name in stores)
    snapshot = take_snapshot(open_workspace(twice_made, root=twice_made, stores=paths))
    found = {(run.run.store or stores[0], run.run.class_name): run for run in snapshot.comparison.runs}
    assert {key: run.verdict for key, run in found.items()} == {
        ("store", "lab.Data"): "current",
        ("store", "lab.Fit"): "current",
        ("store", "lab.Loose"): "current",
        ("old", "lab.Data"): "stale",
        ("old", "lab.Fit"): "stale",
        ("old", "lab.Loose"): "current",
    }
    # The old Fit was made from the old Data, though there is a newer one.
    assert [reason.code for reason in found["old", "lab.Fit"].reasons] == ["upstream-stale"]
    is_old_used = stores[0] == "old"
    assert snapshot.verdicts[found["store", "lab.Data"].key] == ("stale" if is_old_used else "current")


def test_runs_of_one_hash_in_two_folders_are_judged_each_by_its_own_code(twice_made: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(twice_made, root)
    shutil.copytree(root / "old" / "data", root / "store" / "git")
    snapshot = take_snapshot(open_workspace(root, root=root))
    found = {run.run.path.split("/")[0]: run for run in snapshot.comparison.runs if run.run.class_name == "lab.Data"}
    assert {name: run.verdict for name, run in found.items()} == {"data": "current", "git": "stale"}
    assert "in-another-root" in [note.code for note in found["git"].notes]


def test_a_dependency_that_only_another_store_holds_counts(twice_made: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(twice_made, root)
    (root / "archive" / "data" / "lab").mkdir(parents=True)
    (root / "store" / "data" / "lab" / "Fit").rename(root / "archive" / "data" / "lab" / "Fit")
    stores = (root / "store", root / "archive")
    runs = take_snapshot(open_workspace(root, root=root, stores=stores)).comparison.runs
    (fit,) = [run for run in runs if run.run.class_name == "lab.Fit"]
    assert (fit.run.store, fit.verdict) == ("archive", "current")
    assert [key.partition("/")[0] for key, _ in fit.dependencies] == ["lab.Data"]


def test_read_through_the_index_as_each_alone(tmp_path: Path) -> None:
    stores = [tmp_path / name for name in ("one", "data", "far/away")]
    for number, store in enumerate(stores):
        fill(store, 4 + number)
    further = tuple(FurtherStore(store.name, store) for store in stores[1:])
    for _ in range(2):  # the second time from what was kept
        found = read_indexed(stores[0], tmp_path / "cache", further=further).store
        for store, prefix, name in zip(stores, ("", "../data/", "../far/away/"), ("", "data", "away"), strict=True):
            plain = [(f"{prefix}{run.path}", run.root, run.class_name, run.config) for run in read_store(store).runs]
            here = [run for run in found.runs if run.store == name]
            assert [(run.path, run.root, run.class_name, run.config) for run in here] == plain
            assert all(run.payload_path == run.path for run in here)
            assert {run.store_path for run in here} == {prefix.rstrip("/")}


def test_a_change_in_a_further_store_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_YOUNG_FOR_NS", -60_000_000_000)
    own, other = tmp_path / "own", tmp_path / "other"
    fill(own, 3)
    fill(other, 3)
    further = (FurtherStore("other", other),)
    held = hold_store(own, tmp_path / "cache", further=further)
    watch, read_at = StoreWatch(), time.time_ns() + 1_000_000_000
    watch.touched(own, held, read_at)
    tick()
    gone = next(run for run in held.stored.runs if run.store)
    shutil.rmtree(other / gone.path.removeprefix("../other/"))
    touched = watch.touched(own, held, read_at)
    assert touched != NOWHERE
    now = look_at(held, own, touched)
    assert now is not None
    assert {run.path for run in held.stored.runs} - {run.path for run in now.stored.runs} == {gone.path}
    kept = {id(run) for run in held.stored.runs}
    assert all(id(run) in kept for run in now.stored.runs)


def test_the_editor_goes_on_from_a_change_in_a_further_store(twice_made: Path, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(twice_made, root)
    stores = (root / "store", root / "old")
    live = LiveProject(root, stores)
    live.finish(live.take_state({}))
    shutil.rmtree(root / "store" / "data" / "lab" / "Data")
    live.forget_store()
    state = live.take_state({})
    live.finish(state)
    anew = take_snapshot(open_workspace(root, root=root, stores=stores)).comparison
    again = state.snapshot.comparison
    assert [(run.run.path, run.verdict, run.reasons) for run in again.runs] == [
        (run.run.path, run.verdict, run.reasons) for run in anew.runs
    ]
    (fit,) = [run for run in again.runs if run.run.class_name == "lab.Fit" and not run.run.store]
    # Its own store has no Data any more; the one that another store holds is what is left to judge it by.
    assert fit.verdict == "stale"
    assert isinstance(fit.run, StoredRun)


def test_verdicts_by_key_are_true_where_there_is_one(twice_made: Path, tmp_path: Path) -> None:
    """Whether there are any is asked at each edit, and the first run tells it; the length would look at all of them."""
    full = [(twice_made / "store",), (twice_made / "old",), (twice_made / "store", twice_made / "old")]
    # What code builds is looked for in the store that the runtime uses: there is nothing else in the further one.
    elsewhere = (tmp_path / "none", twice_made / "old")
    for stores in (*full, (tmp_path / "none",), elsewhere):
        verdicts = take_snapshot(open_workspace(twice_made, root=twice_made, stores=stores)).verdicts
        assert bool(verdicts) is (len(verdicts) > 0) is (len(list(verdicts)) > 0), stores
        assert bool(verdicts) or stores not in full
    assert not take_snapshot(open_workspace(twice_made, root=twice_made, stores=(tmp_path / "none",))).verdicts
