"""Stores with a few runs, whatever may happen to them, and what an index must say of them then."""

import json
import shutil
import time

from huldra.stored_runs.index.refresh import read_indexed
from huldra.stored_runs.model import ReadRun, UnreadableRun
from huldra.stored_runs.read import read_store
from tests.unit.test_stored_runs_builder import attempt, event, make_good_run, metadata, state

LATER_NS = 60_000_000_000


def tick():
    time.sleep(0.02)


def digest(number):
    return f"{number:020x}"


def fill(store, count=6):
    for number in range(count):
        make_good_run(store, ("huldra", "gren", "furu")[number % 3], digest=digest(number))


def values(run):
    kind = UnreadableRun if isinstance(run, UnreadableRun) else ReadRun
    return {name: getattr(run, name) for name in kind.__struct_fields__}


def assert_same(store, cache):
    found, plain = read_indexed(store, cache), read_store(store)
    assert (found.store.status, found.store.problems) == (plain.status, plain.problems)
    assert found.store.unreadable == plain.unreadable
    assert [values(run) for run in found.store.runs] == [values(run) for run in plain.runs]
    return found


def only_file(cache):
    """Return the file of the only index that a cache holds."""
    (file,) = cache.glob("*.sqlite")
    return file


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
