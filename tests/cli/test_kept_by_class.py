"""What is kept of one class holds by itself: for as long as nothing has changed that its verdicts follow from."""

import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from huldra.analysis import keeping_verdicts
from huldra.cli import kept_answers
from huldra.stored_runs.index import marks
from tests.cli.conftest import Huldra
from tests.cli.test_kept_runs import anew, fresh  # noqa: F401  a fixture
from tests.unit.changing_stores import LATER_NS, replace, tick
from tests.unit.test_code_verdicts import make_project
from tests.unit.test_stored_runs_builder import attempt, state

LAB = """import os

import huldra


class Data(huldra.Huldra[int]):
    size: int = 3

    def _create(self) -> int:
        return self.size

    def _load(self) -> int:
        return 1


class Fit(huldra.Huldra[float]):
    data: Data
    rate: float = 0.1

    def _create(self) -> float:
        return self.data.load_or_create() * self.rate

    def _load(self) -> float:
        return 0.5


class Report(huldra.Huldra[str]):
    fit: Fit

    def _create(self) -> str:
        return str(self.fit.load_or_create())

    def _load(self) -> str:
        return ""


class Built(huldra.Huldra[int]):
    size: int = 1

    def _create(self) -> int:
        return self.size

    def _load(self) -> int:
        return 1


class Maker(huldra.Huldra[int]):
    size: int = 2

    def _create(self) -> int:
        return Built(size=self.size).load_or_create()

    def _load(self) -> int:
        return 1


class Loose(huldra.Huldra[int]):
    way: str = "up"

    def _create(self) -> int:
        return len(self.way)

    def _load(self) -> int:
        return 1


FITS = [Fit(data=Data(size=size)) for size in (3, 4)]
REPORT = Report(fit=FITS[0])
MAKER = Maker()
LOOSE = Loose()
"""
MAKE = (
    "import lab; lab.REPORT.load_or_create(); lab.FITS[1].load_or_create(); lab.MAKER.load_or_create(); "
    "lab.LOOSE.load_or_create(); lab.Loose(way='down').load_or_create(); lab.Data(size=9).load_or_create(); "
    "lab.Fit(data=lab.Data(size=9)).load_or_create()"
)
CLASSES = ("Data", "Fit", "Report", "Built", "Maker", "Loose")
COLUMNS = ("--columns", "path,result,verdict,reason,note,certainty,referenced,depends_on")
EVERY = ("", *COLUMNS)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_project(tmp_path_factory.mktemp("by_class") / "project", {"lab.py": LAB}, MAKE)


@pytest.fixture
def project(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed project with runs of several classes, old enough to be trusted at once."""
    monkeypatch.setattr(kept_answers, "COARSEST_CLOCK_NS", -LATER_NS)
    monkeypatch.setattr(marks, "SETTLED_AFTER_NS", -LATER_NS)
    monkeypatch.setattr(keeping_verdicts, "SETTLED_AFTER_NS", -LATER_NS)
    return shutil.copytree(made, tmp_path / "project", symlinks=True)


def about(name: str) -> tuple[str, ...]:
    return (f"class == {name}", *COLUMNS)


def internals(project: Path, name: str) -> list[Path]:
    return sorted(project.glob(f"store/data/lab/{name}/*/.huldra"))


def fail(internal: Path) -> None:
    replace(internal / "state.json", json.dumps(state("failed", attempt("failed"))))
    (internal / "SUCCESS.json").unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("changed", "looked_at"),
    [
        ("Data", {"Data", "Fit", "Report"}),
        ("Fit", {"Fit", "Report"}),
        ("Report", {"Report"}),
        ("Built", {"Built", "Maker"}),
        ("Loose", {"Loose"}),
    ],
)
def test_a_run_that_changes_bears_on_its_class_and_those_that_rest_on_it(
    huldra: Huldra,
    project: Path,
    anew: list[object],  # noqa: F811
    changed: str,
    looked_at: set[str],
) -> None:
    huldra("runs", *EVERY, at=project)
    huldra("runs", *EVERY, at=project)
    assert len(anew) == 1
    tick()
    fail(internals(project, changed)[0])
    found: set[str] = set()
    for name in sorted(CLASSES, key=lambda name: name in looked_at):  # what is looked at anew is known afterwards
        known = len(anew)
        answer = huldra("runs", *about(name), at=project)
        found |= {name} if len(anew) > known else set()
        assert answer == fresh(huldra, project, about(name))
    assert found == looked_at
    known = len(anew)
    answers = [huldra("runs", *about(name), at=project) for name in CLASSES]
    assert len(anew) == known
    assert [fresh(huldra, project, about(name)) for name in CLASSES] == answers


@pytest.mark.parametrize("first", ["Data", "Fit"])
def test_what_was_recorded_of_the_code_of_a_run_that_others_rest_on(huldra: Huldra, project: Path, first: str) -> None:
    """No directory shows a trace of it, and whoever is asked about first keeps what it is now."""
    before = {name: huldra("runs", *about(name), at=project) for name in CLASSES}
    huldra("runs", *EVERY, at=project)
    tick()
    for internal in internals(project, "Data"):
        (internal / "sources.json").write_text("{")
    names = [first, *(name for name in CLASSES if name != first)]
    after = {name: huldra("runs", *about(name), at=project) for name in names}
    assert {name: fresh(huldra, project, about(name)) for name in names} == after
    assert {name for name in CLASSES if after[name] != before[name]} == {"Data", "Fit", "Report"}


def test_a_site_that_may_build_runs_bears_on_what_they_hold(
    huldra: Huldra,
    project: Path,
    anew: list[object],  # noqa: F811
) -> None:
    """The run that is held is no orphan for as long as another one holds it."""
    with (project / "lab.py").open("a") as file:
        file.write('\nANY = Fit(data=eval(os.environ["DATA"]))\n')
    huldra("runs", *EVERY, at=project)
    before = huldra("runs", *about("Data"), at=project)
    assert len(anew) == 1
    assert "orphan" not in before.out
    tick()
    holder = next(each for each in internals(project, "Fit") if '"size": 9' in (each / "metadata.json").read_text())
    said = json.loads((holder / "metadata.json").read_text())
    said["huldra_obj"]["data"]["size"] = 3
    replace(holder / "metadata.json", json.dumps(said))
    after = huldra("runs", *about("Data"), at=project)
    assert "orphan" in after.out
    assert fresh(huldra, project, about("Data")) == after


def any_run(project: Path, generator: random.Random) -> Path:
    return generator.choice([each for name in CLASSES for each in internals(project, name)])


def fail_any(project: Path, generator: random.Random) -> None:
    fail(any_run(project, generator))


def make_again(project: Path, generator: random.Random) -> None:
    internal = any_run(project, generator)
    moment = f"2999-01-01T00:00:{generator.randrange(60):02}+00:00"
    said = state("success")
    said["result"]["created_at"] = moment
    replace(internal / "state.json", json.dumps(said))
    replace(internal / "SUCCESS.json", json.dumps({"attempt_id": "a", "created_at": moment}))


def edit_in_place(project: Path, generator: random.Random) -> None:
    (any_run(project, generator) / "state.json").write_text(json.dumps(state("failed", attempt("failed"))))


def damage_sources(project: Path, generator: random.Random) -> None:
    (any_run(project, generator) / "sources.json").write_text(generator.choice(["{", "", "null"]))


def remove_run(project: Path, generator: random.Random) -> None:
    shutil.rmtree(any_run(project, generator).parent)


def remove_class(project: Path, generator: random.Random) -> None:
    shutil.rmtree(any_run(project, generator).parent.parent)


def misplace(project: Path, generator: random.Random) -> None:
    """A run comes to lie in the directory of another class."""
    internal = any_run(project, generator)
    target = project / "store/data/lab" / generator.choice(CLASSES) / internal.parent.name
    if not target.exists():
        target.parent.mkdir(exist_ok=True)
        internal.parent.rename(target)


def copy_to_git(project: Path, generator: random.Random) -> None:
    internal = any_run(project, generator)
    target = project / "store/git" / internal.parent.relative_to(project / "store/data")
    if not target.exists():
        shutil.copytree(internal.parent, target)


def edit_code(project: Path, generator: random.Random) -> None:
    file = project / "lab.py"
    lines = file.read_text().splitlines(keepends=True)
    at = generator.choice([number for number, line in enumerate(lines) if line.startswith("        return ")])
    lines[at] = lines[at].rstrip("\n") + " or 1\n"
    file.write_text("".join(lines))


def drop_class(project: Path, generator: random.Random) -> None:
    file = project / "lab.py"
    name = generator.choice(["Built", "Loose", "Report"])
    file.write_text(file.read_text().replace(f"class {name}(huldra.Huldra", f"class {name}Now(huldra.Huldra"))


DATA_UNKNOWN = ('Data(size=int(os.environ["SIZE"]))', 'eval(os.environ["DATA"])')


def let_sites_be_dynamic(project: Path, generator: random.Random) -> None:
    with (project / "lab.py").open("a") as file:
        file.write(f"\nANY_{generator.randrange(99)} = Fit(data={generator.choice(DATA_UNKNOWN)})\n")


def move_store(project: Path, generator: random.Random) -> None:
    """Another store comes to lie where it lay, of which nothing differs but one run."""
    there = project / "elsewhere"
    if there.exists():
        shutil.rmtree(there)
    shutil.copytree(project / "store", there)
    (project / "store").rename(project / "former")
    there.rename(project / "store")
    shutil.rmtree(project / "former")
    fail_any(project, generator)


CHANGES: tuple[Callable[[Path, random.Random], None], ...] = (
    *(fail_any, make_again, edit_in_place, damage_sources, remove_run, misplace, copy_to_git, edit_code),
    *(drop_class, let_sites_be_dynamic, move_store, remove_class),
)


@pytest.mark.parametrize("seed", range(int(os.environ.get("HULDRA_KEPT_SEEDS", "3"))))
def test_after_any_changes_what_is_kept_of_a_class_is_what_is_found_anew(
    huldra: Huldra,
    project: Path,
    anew: list[object],  # noqa: F811
    seed: int,
) -> None:
    generator = random.Random(seed)
    questions = (EVERY, ("is stale", *COLUMNS), *map(about, CLASSES), *(("class == Data or class == Maker", *COLUMNS),))
    recalled = 0
    for _ in range(5):
        huldra("runs", *generator.choice(questions[:2]), at=project)
        huldra("runs", *generator.choice(questions), at=project)
        tick()
        generator.choice(CHANGES)(project, generator)
        for words in generator.sample(questions, 3):
            known = len(anew)
            answer = huldra("runs", *words, at=project)
            recalled += len(anew) == known
            assert answer == fresh(huldra, project, words), words
    assert recalled
