"""What becomes of a run whose upstream is stale or gone, and of one that nobody is seen to build."""

import shutil
from pathlib import Path

import pytest

from tests.unit.test_code_verdicts import make_project, verdicts

LAB = """import huldra
from huldra import chz


def put(run, value):
    (run.huldra_dir / "value").write_text(repr(value))
    return value


class Part(huldra.Huldra[int]):
    size: int = 1

    def _create(self) -> int:
        return put(self, self.size * 3)

    def _load(self) -> int:
        return int((self.huldra_dir / "value").read_text())


@chz.chz
class Settings:
    part: Part = chz.field(default_factory=Part)
    rate: float = 0.1


class Deep(huldra.Huldra[float]):
    settings: tuple[Settings, ...] = (Settings(),)

    def _create(self) -> float:
        return put(self, self.settings[0].part.load_or_create() + self.settings[0].rate)

    def _load(self) -> float:
        return 0.5


class Maker(huldra.Huldra[int]):
    size: int = 2

    def _create(self) -> int:
        config = Part(size=7)
        if open("/dev/null").read():
            Part(size=8).load_or_create()
        return put(self, Part(size=self.size).load_or_create() + config.size)

    def _load(self) -> int:
        return 1


class Loader(huldra.Huldra[int]):
    note: str = "of another"

    def _create(self) -> int:
        return put(self, 1)

    def _load(self) -> int:
        return Part(size=9).load_or_create()


class Reader(huldra.Huldra[int]):
    loader: Loader = chz.field(default_factory=Loader)

    def _create(self) -> int:
        self.loader.load_or_create()
        return put(self, self.loader.load_or_create())

    def _load(self) -> int:
        return 1


READER = Reader()
DEEP = Deep()
MAKER = Maker()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    command = "import lab; lab.DEEP.load_or_create(); lab.MAKER.load_or_create(); lab.READER.load_or_create()"
    return make_project(tmp_path_factory.mktemp("lab") / "project", {"lab.py": LAB}, command)


def test_what_a_plain_config_holds_is_upstream(made: Path) -> None:
    assert verdicts(made)["Deep"].verdict == "current"
    found = verdicts(made, lab=LAB.replace("self.size * 3", "self.size * 4"))["Deep"]
    assert (found.verdict, [reason.code for reason in found.reasons]) == ("stale", ["upstream-stale"])
    assert "(field settings[0].part)" in found.reasons[0].message
    assert [via.name for _, via in found.dependencies] == ["field settings[0].part"]


def test_what_the_load_of_a_dependency_loads_is_upstream_of_who_loads_it(made: Path) -> None:
    """Not of the dependency: it loads the other one anew each time."""
    assert {name: verdicts(made)[name].verdict for name in ("Loader", "Reader")} == dict.fromkeys(
        ("Loader", "Reader"), "current"
    )
    found = verdicts(made, lab=LAB.replace("self.size * 3", "self.size * 4"))
    assert (found["Loader"].verdict, found["Reader"].verdict) == ("current", "stale")
    (reason,) = found["Reader"].reasons
    assert (reason.code, "(method _load of Loader)" in reason.message) == ("upstream-stale", True)


def test_what_is_certainly_asked_for_and_gone_is_missing(made: Path, tmp_path: Path) -> None:
    """Not what is only built, nor what is asked for under a condition that is not known."""
    root = tmp_path / "project"
    shutil.copytree(made, root)
    assert verdicts(root)["Maker"].verdict == "current"
    for run in (root / "store" / "data" / "lab" / "Part").iterdir():
        shutil.rmtree(run)
    found = verdicts(root)
    for name in ("Maker", "Deep"):
        assert (found[name].verdict, found[name].certainty) == ("stale", "likely")
        assert [reason.code for reason in found[name].reasons] == ["upstream-missing"]
    assert found["Maker"].reasons[0].message == "Part (method _create) has no run in the store"


@pytest.mark.parametrize(
    "edit",
    [
        ("MAKER = Maker()\n", "MAKER = Maker((\n"),  # a statement that cannot be parsed
        ("MAKER = Maker()\n", "def bases():\n    return (Maker,)\n\n\nclass Other(*bases()):\n    pass\n"),
    ],
)
def test_where_not_all_could_be_followed_it_is_likely_that_nobody_builds_a_run(
    made: Path, edit: tuple[str, str]
) -> None:
    found = verdicts(made, lab=LAB.replace(*edit))["Maker"]
    assert (found.verdict, found.certainty) == ("orphan", "likely")
    gone = verdicts(made, lab=LAB.replace("MAKER = Maker()\n", ""))["Maker"]
    assert (gone.verdict, gone.certainty) == ("orphan", "certain")
