"""A store that is held between looks, and what hangs on it: after any change the same as when all is begun anew."""

import json
import random
import shutil
import time
from pathlib import Path

import pytest

from huldra.analysis import snapshot as snapshots
from huldra.analysis import watching
from huldra.analysis.live import LiveProject, LiveState
from huldra.analysis.watching import StoreWatch
from huldra.comparison.differing import differing
from huldra.comparison.model import ComparedRun, Comparison, Judged
from huldra.features.picture import whole_picture
from huldra.features.project_view import ProjectView
from huldra.stored_runs.index import marks
from huldra.stored_runs.index.held import ANYWHERE, HeldStore, Touched, hold_store, look_at
from huldra.stored_runs.model import ReadRun, StoredRun
from huldra.stored_runs.read import read_store
from tests.unit.changing_stores import CHANGES, change, fill, tick


def values(run: StoredRun) -> dict[str, object]:
    return {name: getattr(run, name) for name in ReadRun.__struct_fields__}


def assert_same(held: HeldStore, store: Path) -> None:
    plain = read_store(store)
    assert (held.stored.status, held.stored.problems) == (plain.status, plain.problems)
    assert held.stored.unreadable == plain.unreadable
    assert [values(run) for run in held.stored.runs] == [values(run) for run in plain.runs]
    assert held.live == {run.path for run in plain.runs if run.is_active}


def every_run(held: HeldStore) -> Touched:
    return Touched(runs=frozenset(run.path for run in (*held.stored.runs, *held.stored.unreadable)))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("is_settled", [True, False])
def test_after_any_change_what_is_held_is_what_the_store_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, is_settled: bool
) -> None:
    monkeypatch.setattr(watching, "_YOUNG_FOR_NS", -60_000_000_000)
    if is_settled:
        monkeypatch.setattr(marks, "SETTLED_AFTER_NS", -60_000_000_000)
    store, cache, chance = tmp_path / "store", tmp_path / "cache", random.Random(seed)
    fill(store, 5)
    watch, read_at = StoreWatch(), time.time_ns()
    held = hold_store(store, cache)
    watch.touched(store, held, read_at)
    looks = 0
    for number in range(25):
        tick()
        for step in range(chance.choice([1, 1, 2, 4])):
            change(chance.choice(CHANGES), store, chance, 10 * number + step)
        # The watch looks at a part of the files each time; all of them stand for as many looks.
        touched = watch.touched(store, held, read_at) | every_run(held)
        found = look_at(held, store, touched)
        looks += found is not None
        if found is None:
            read_at = time.time_ns()
            found = hold_store(store, cache, held)
        held = found
        assert_same(held, store)
    assert looks > 3


def test_a_new_run_and_one_that_ends_are_read_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "SETTLED_AFTER_NS", -60_000_000_000)
    monkeypatch.setattr(watching, "_YOUNG_FOR_NS", -60_000_000_000)
    store = tmp_path / "store"
    fill(store, 6)
    watch, read_at = StoreWatch(), time.time_ns()
    held = hold_store(store, tmp_path / "cache")
    watch.touched(store, held, read_at)
    tick()
    assert not watch.touched(store, held, read_at).runs
    before = held.stored.runs
    change("new", store, random.Random(1), 1)
    tick()
    touched = watch.touched(store, held, read_at)
    assert not touched.is_anywhere
    assert len(touched.directories) == 1
    found = look_at(held, store, touched)
    assert found is not None
    gone, come = differing(before, found.stored.runs)
    assert (gone, len(come)) == ([], 1)


def test_a_look_that_finds_nothing_new_gives_the_same_objects(tmp_path: Path) -> None:
    store, cache = tmp_path / "store", tmp_path / "cache"
    fill(store, 6)
    held = hold_store(store, cache)
    assert hold_store(store, cache, held).stored is held.stored
    again = look_at(held, store, Touched(held.directories))
    assert again is not None
    assert again.stored is held.stored


def test_a_young_run_is_read_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_YOUNG_FOR_NS", -60_000_000_000)
    store = tmp_path / "store"
    fill(store, 1)
    held, watch = hold_store(store, tmp_path / "cache"), StoreWatch()
    assert len(held.young) == 1
    later = time.time_ns() + 60_000_000_000
    assert watch.touched(store, held, later) == Touched(runs=held.young)
    assert not watch.touched(store, held, later)


def test_what_differs_between_two_lists() -> None:
    chance = random.Random(5)
    for _ in range(300):
        before = [object() for _ in range(chance.randrange(8))]
        now = [item for item in before if chance.random() < 0.7]
        for _ in range(chance.randrange(3)):
            now.insert(chance.randrange(len(now) + 1), object())
        gone, come = differing(before, now)
        assert gone == [item for item in before if item not in now]
        assert come == [item for item in now if item not in before]


def change_run(store: Path, chance: random.Random, copies: Path) -> Touched:
    """Effect: change a run of the sample's store. Return where."""
    runs = sorted(path.parent for path in copies.glob("data/**/.huldra"))
    chosen = chance.choice(runs)
    path = chosen.relative_to(copies).as_posix()
    there = store / path
    state = there / ".huldra/state.json"
    kind = chance.choice(["delete", "restore", "restore", "later", "failed", "under way", "damage", "other root"])
    if kind == "restore" or not there.is_dir():
        shutil.rmtree(there, ignore_errors=True)
        shutil.copytree(chosen, there)
    elif kind == "delete":
        shutil.rmtree(there)
    elif kind == "other root":
        other = path.replace("data/", "git/", 1)
        shutil.copytree(chosen, store / other, dirs_exist_ok=True)
        return Touched(frozenset({other.rpartition("/")[0]}), frozenset({other}))
    else:
        said = json.loads((chosen / ".huldra/state.json").read_text())
        attempt = said["attempt"]
        if kind == "later" and said["result"]["status"] == "success":
            said["result"]["created_at"] = f"2027-01-01T00:00:{chance.randrange(60):02}+00:00"
        elif kind == "failed" and attempt is not None:
            said["result"] = {"status": "failed"}
            attempt |= {"status": "failed", "error": {"type": "E", "message": "no", "traceback": "t"}}
        elif kind == "under way" and attempt is not None:
            said["result"] = {"status": "incomplete"}
            attempt |= {"status": "running", "lease_expires_at": "2099-01-01T00:00:00+00:00"}
            for name in ("ended_at", "error", "reason"):
                attempt.pop(name, None)
        (there / ".huldra/SUCCESS.json").unlink(missing_ok=True)
        state.write_text(json.dumps(said)[: -9 if kind == "damage" else None])
    return Touched(frozenset({path.rpartition("/")[0]}), frozenset({path}))


def said(runs: tuple[ComparedRun, ...]) -> list[tuple[object, ...]]:
    return [tuple(getattr(run, name) for name in ("key", "run", *Judged.__struct_fields__)) for run in runs]


def finished(live: LiveProject) -> LiveState:
    state = live.take_state({})
    live.finish(state)
    return state


def assert_same_view(view: ProjectView, state: LiveState) -> None:
    anew = ProjectView(state.workspace, state.snapshot)
    for view_of in (view, anew):
        view_of.prepare()
    assert view.picture == whole_picture(state.snapshot)
    assert view.fingerprint == anew.fingerprint
    assert dict(view.runs) == dict(anew.runs) == dict(state.snapshot.comparison.by_key())
    assert view.runs_of == anew.runs_of
    assert (view.sites, view.experiments, view.experiments_of) == (anew.sites, anew.experiments, anew.experiments_of)
    assert (view.names, view.keys_of_hash.keys()) == (anew.names, anew.keys_of_hash.keys())


@pytest.mark.parametrize("seed", range(3))
def test_after_any_change_verdicts_and_views_are_those_of_a_fresh_start(
    toytext: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    root, chance = tmp_path / "toytext", random.Random(seed)
    shutil.copytree(toytext, root)
    store, judged = root / "data-huldra", list[int]()
    judge = snapshots.judge_all
    live = LiveProject(root)
    state = finished(live)
    last = ProjectView(state.workspace, state.snapshot)

    def noted(comparison: Comparison) -> Comparison:
        judged.append(1)
        return judge(comparison)

    monkeypatch.setattr(snapshots, "judge_all", noted)
    for _ in range(12):
        touched = Touched()
        for _ in range(chance.choice([1, 1, 2])):
            touched |= change_run(store, chance, toytext / "data-huldra")
        live.forget_store(ANYWHERE if chance.random() < 0.1 else touched)
        state = finished(live)
        assert judged == []
        view = ProjectView(state.workspace, state.snapshot, None, last)
        assert_same_view(view, state)
        anew = finished(LiveProject(root))
        judged.clear()
        assert said(state.snapshot.comparison.runs) == said(anew.snapshot.comparison.runs)
        assert state.snapshot.comparison.dynamic_matches == anew.snapshot.comparison.dynamic_matches
        last = view
