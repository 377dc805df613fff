"""The problems that code of the sample projects really has; there are no others, so that each one reported is true."""

import subprocess
from pathlib import Path

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.project.places import Place

FIXTURES = Path(__file__).parents[2] / "fixtures"
OF_EXPERIMENTS = ("HUL10", "HUL405", "HUL50")


def problems(project: Path) -> list[tuple[str, str, str]]:
    """The problems of a project's experiments: code, file, and the text that is underlined."""
    snapshot = take_snapshot(open_workspace(project))
    found = [problem for problem in snapshot.experiments.problems if problem.code.startswith(OF_EXPERIMENTS)]
    assert snapshot.experiments.by_key
    return [(p.code, p.place.file, _text(project / p.place.file, p.place)) for p in found]


def _text(file: Path, place: Place) -> str:
    """The text of a place on one line, whose columns count from 1."""
    assert place.line == place.end_line
    return file.read_text(encoding="utf-8").splitlines()[place.line - 1][place.column - 1 : place.end_column - 1]


def test_zoo() -> None:
    assert problems(FIXTURES / "zoo") == []


def test_a_place_is_that_of_the_argument(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "lab.py").write_text(LAB, encoding="utf-8")
    assert problems(tmp_path) == [
        ("HUL502", "lab.py", "lr=0.1"),
        ("HUL103", "lab.py", "rate=1"),
        ("HUL104", "lab.py", "Needs()"),
        ("HUL107", "lab.py", 'size="big"'),
    ]


LAB = """
import huldra
from huldra import chz


class Train(huldra.Huldra[int]):
    lr: float = 0.1
    size: int = chz.field(default=1, validator=chz.validators.typecheck)

    def _create(self): return 1
    def _load(self): return 1


class Needs(Train):
    name: str


Train(lr=0.1)
Train(size=2)
try:
    Train(rate=1)
except TypeError:
    pass
try:
    Needs()
except TypeError:
    pass
Train(size="big")
"""


def test_toytext_at_each_of_its_commits(tmp_path: Path) -> None:
    project = tmp_path / "toytext"
    _git("clone", "-q", str(FIXTURES / "toytext" / "repo.bundle"), str(project))
    commits = _git("-C", str(project), "log", "--format=%H").split()
    assert len(commits) > 10
    for commit in commits:
        _git("-C", str(project), "checkout", "-q", commit)
        assert problems(project) == [], commit


def _git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout
