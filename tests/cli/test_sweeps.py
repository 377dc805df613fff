"""Sweeps in `huldra analyze`: one line each, a table with -v, and their members in the JSON."""

import json
from pathlib import Path

import pytest

CODE = """\
import huldra

class Train(huldra.Huldra[float]):
    lr: float = 0.1
    seed: int = 0
    def _create(self): return 1.0
    def _load(self): return 1.0

runs = [Train(lr=lr) for lr in (0.3, 0.1, 0.2)]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'p'\n")
    (tmp_path / "code.py").write_text(CODE)
    return tmp_path


def test_a_sweep_is_one_line(huldra, project):
    lines = [line.split() for line in huldra("analyze", at=project).out.splitlines()]
    assert ["code.py:9", "Train", "0/3", "done", "·", "3", "missing", "over", "lr"] in lines
    assert not any(line[1:] == ["missing", "0.3"] for line in lines)


def test_verbose_shows_the_members_in_order(huldra, project):
    lines = [line.split() for line in huldra("analyze", "-v", at=project).out.splitlines()]
    assert [line[2] for line in lines if line[1:2] == ["missing"] and len(line) == 3] == ["0.3", "0.1", "0.2"]


def test_the_json_has_members_and_fields(huldra, project):
    analysis = json.loads(huldra("analyze", "--format", "json", at=project).out)
    (sweep,) = analysis["sweeps"]
    configs = {f"{e['class']}/{e['hash']}": e["config"]["lr"] for e in analysis["experiments"]}
    assert [configs[key] for key in sweep["members"]] == [0.3, 0.1, 0.2]
    assert (sweep["line"], sweep["fields"], sweep["done"], sweep["dynamic"]) == (9, ["lr"], 0, 0)


def test_hints_are_shown_when_asked_for(huldra, project):
    (project / "code.py").rename(project / "lab.py")
    (project / "more.py").write_text("from lab import Train\n\nsame = Train(lr=0.1)\n")
    assert "HUL502" not in huldra("analyze", at=project).out
    assert "more.py:3:14 HUL502" in huldra("analyze", "-v", at=project).out
    assert "more.py:3:14 HUL502" in huldra("analyze", "--select", "HUL502", at=project).out
    problems = json.loads(huldra("analyze", "--format", "json", at=project).out)["problems"]
    assert [(p["code"], p["severity"], p["column"], p["end_column"]) for p in problems] == [("HUL502", "hint", 14, 20)]
