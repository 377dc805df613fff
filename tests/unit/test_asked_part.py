"""A question about some classes: the very answer that a look at the whole store gives, without one."""

import json
import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from huldra.analysis.asked_snapshot import take_snapshot_of_part
from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.snapshot import Snapshot
from huldra.comparison.model import Judged
from huldra.features.asked_part import part_asked_about
from huldra.features.asked_runs import asked_runs
from huldra.features.run_rows import RunRow
from huldra.stored_runs.index import marks
from huldra.stored_runs.index.part import Part
from huldra.stored_runs.index.refresh import read_indexed
from tests.unit.changing_stores import LATER_NS, digest, other_class, replace, tick
from tests.unit.test_stored_runs_builder import make_good_run, metadata


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything read is old enough to be trusted."""
    monkeypatch.setattr(marks, "SETTLED_AFTER_NS", -LATER_NS)


NOW = datetime(2026, 6, 1, tzinfo=UTC)


def values(rows: tuple[RunRow, ...]) -> list[dict[str, object]]:
    return [{name: getattr(row.compared, name) for name in ("key", "run", *Judged.__struct_fields__)} for row in rows]


def both(root: Path, query: str) -> tuple[Snapshot, Snapshot]:
    """Return the whole state and that of a part; their answers are the same."""
    workspace = open_workspace(root)
    whole, part = take_snapshot(workspace), take_snapshot_of_part(workspace, partial(part_asked_about, query, NOW))
    found = [asked_runs(workspace, each.project, each.comparison_on_demand.runs, query) for each in (whole, part)]
    assert isinstance(found[0], tuple)
    assert isinstance(found[1], tuple)
    assert values(found[1]) == values(found[0])
    return whole, part


def test_each_class_of_a_real_project(toytext: Path) -> None:
    names = {run.class_name for run in take_snapshot(open_workspace(toytext)).store.runs}
    sizes: dict[str, int] = {}
    for name in names:
        whole, part = both(toytext, f"class == {name}")
        sizes[name] = len(whole.store.runs) - len(part.store.runs)
    assert any(sizes.values())


@pytest.mark.parametrize(
    "query",
    ["class <: huldra.Huldra", "is stale", "+Corpus", "class == Corpus or is failed", "not class == Corpus", ""],
)
def test_other_questions(toytext: Path, query: str) -> None:
    both(toytext, query)


def test_runs_that_were_moved_to_another_class(toytext: Path, tmp_path: Path) -> None:
    toytext = shutil.copytree(toytext, tmp_path / "copy", symlinks=True)
    store = open_workspace(toytext).store.path
    runs = take_snapshot(open_workspace(toytext)).store.runs
    names = sorted({run.class_name for run in runs})
    one = next(run for run in runs if run.class_name.endswith(".Corpus"))
    there = store / one.path
    elsewhere = there.parent.parent / "Elsewhere" / there.name
    elsewhere.parent.mkdir()
    shutil.move(there, elsewhere)
    for name in names:
        both(toytext, f"class == {name}")


def holding(internal: Path, class_name: str) -> None:
    """Let a run hold a config of a class."""
    said = metadata()
    said["huldra_obj"]["inner"] = {"__class__": class_name}
    replace(internal / "metadata.json", json.dumps(said))


def part_of(store: Path, cache: Path, *classes: str) -> list[str]:
    asked = Part(
        lambda place: place.path.rpartition("/")[2] in classes, lambda name: ("lab.Built",) * (name == "lab.Maker")
    )
    return sorted(run.path for run in read_indexed(store, cache, part=asked).store.runs)


def other(store: Path, name: str, number: int) -> Path:
    """Make a run in the directory of another class."""
    internal = make_good_run(store, digest=digest(number))
    place = store / "data" / "lab" / name / digest(number)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(internal.parent, place)
    said = json.loads((place / ".huldra" / "metadata.json").read_text())
    said["huldra_obj"]["__class__"] = f"lab.{name}"
    (place / ".huldra" / "metadata.json").write_text(json.dumps(said))
    return place / ".huldra"


@pytest.mark.usefixtures("settled")
def test_what_is_read_of_a_part(tmp_path: Path) -> None:
    store, cache = tmp_path / "store", tmp_path / "cache"
    holder = make_good_run(store, digest=digest(1))
    holding(holder, "lab.Held")
    held = other(store, "Held", 2)
    for number, name in enumerate(("Maker", "Built", "Other"), start=3):
        other(store, name, number)
    # Nothing is known yet: everything has changed.
    assert len(part_of(store, cache, "Train")) == 5
    read_indexed(store, cache)
    trained = f"data/my_project/train/Train/{digest(1)}"
    assert part_of(store, cache, "Train") == [f"data/lab/Held/{digest(2)}", trained]
    assert part_of(store, cache, "Maker") == [f"data/lab/Built/{digest(4)}", f"data/lab/Maker/{digest(3)}"]
    # A run of another class than its directory's may be what others hold.
    tick()
    other_class(held)
    replace(held / "metadata.json", (held / "metadata.json").read_text())
    read_indexed(store, cache)
    assert f"data/lab/Held/{digest(2)}" in part_of(store, cache, "Other")
    # What was not looked at is still kept, and still looked at when it is asked for.
    shutil.rmtree(held.parent.parent)
    assert len(read_indexed(store, cache).store.runs) == 4


@pytest.mark.usefixtures("settled")
def test_a_run_that_changed_is_seen_in_its_part(tmp_path: Path) -> None:
    store, cache = tmp_path / "store", tmp_path / "cache"
    internal = make_good_run(store, digest=digest(1))
    other(store, "Other", 2)
    read_indexed(store, cache)
    tick()
    said = json.loads((internal / "metadata.json").read_text()) | {"user": "somebody"}
    replace(internal / "metadata.json", json.dumps(said))
    asked = Part(lambda place: place.path.endswith("/Train"), lambda _: ())
    (run,) = read_indexed(store, cache, part=asked).store.runs
    assert run.provenance is not None
    assert run.provenance.user == "somebody"
    tick()
    new = other(store, "Other", 3)
    found = read_indexed(store, cache, part=asked).store.runs
    assert [run.hash for run in found if run.path.endswith(new.parent.name)] == [digest(3)]
