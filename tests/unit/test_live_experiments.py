"""The first state in an editor takes what the code builds from what any process kept, where that holds."""

import gc
import weakref
from pathlib import Path

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.live import LiveProject
from huldra.experiments.evaluation import Evaluation
from huldra.experiments.model import Experiments

METHODS = "    def _create(self) -> int:\n        return 0\n\n    def _load(self) -> int:\n        return 0\n\n"
FILES = {
    "pyproject.toml": "",
    "lib.py": f"import huldra\n\nclass Train(huldra.Huldra[int]):\n    lr: float = 0.5\n\n{METHODS}",
    "uses.py": "from lib import Train\n\none = Train(lr=1.5)\n",
    "other.py": "from lib import Train\n\ntwo = Train(lr=2.5)\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[frozenset[str]]:
    """The files that were evaluated, each time that something was."""
    found: list[frozenset[str]] = []
    real = Evaluation.experiments
    monkeypatch.setattr(
        Evaluation, "experiments", lambda self, *words: found.append(frozenset(words[0].relevant)) or real(self, *words)
    )
    return found


def as_a_command(root: Path) -> Experiments:
    snapshot = take_snapshot(open_workspace(root))
    found = snapshot.experiments
    snapshot.inputs.keep()
    return found


def in_an_editor(live: LiveProject, buffers: dict[str, str]) -> Experiments:
    state = live.take_state(buffers)
    live.finish(state)
    return state.snapshot.experiments


def rates(experiments: Experiments) -> list[object]:
    return sorted(str(experiment.config.get("lr")) for experiment in experiments.by_key.values())


def test_what_a_command_kept_is_not_evaluated(project: Path, evaluated: list[frozenset[str]]) -> None:
    kept = as_a_command(project)
    evaluated.clear()
    live = LiveProject(project)
    assert in_an_editor(live, {"uses.py": FILES["uses.py"]}) == kept
    assert evaluated == []
    assert live.is_behind
    found = in_an_editor(live, {"uses.py": FILES["uses.py"].replace("1.5", "3.5")})
    assert rates(found) == ["2.5", "3.5"]
    live.catch_up(lambda: None)
    assert not live.is_behind
    assert rates(in_an_editor(live, {"uses.py": FILES["uses.py"].replace("1.5", "4.5")})) == ["2.5", "4.5"]


def test_what_an_editor_kept_is_not_evaluated(project: Path, evaluated: list[frozenset[str]]) -> None:
    kept = in_an_editor(LiveProject(project), {"uses.py": FILES["uses.py"]})
    evaluated.clear()
    assert as_a_command(project) == kept
    assert in_an_editor(LiveProject(project), {}) == kept
    assert evaluated == []


def test_what_is_typed_is_evaluated_and_not_kept(project: Path, evaluated: list[frozenset[str]]) -> None:
    as_a_command(project)
    evaluated.clear()
    typed = {"uses.py": FILES["uses.py"].replace("1.5", "3.5")}
    assert rates(in_an_editor(LiveProject(project), typed)) == ["2.5", "3.5"]
    assert evaluated
    evaluated.clear()
    assert rates(as_a_command(project)) == ["1.5", "2.5"]
    assert evaluated == [], "what was kept of the files still is"


def test_what_cannot_be_parsed_is_not_taken_for_what_lies_there(project: Path) -> None:
    broken = {"uses.py": FILES["uses.py"] + "three = Train(lr=\n"}
    assert rates(in_an_editor(LiveProject(project), broken)) == ["1.5", "2.5"]
    (project / "uses.py").write_text(broken["uses.py"])
    assert rates(in_an_editor(LiveProject(project), broken)) == ["1.5", "2.5"]
    (project / "uses.py").write_text(FILES["uses.py"] + "three = Train(lr=3.5)\n")
    assert rates(in_an_editor(LiveProject(project), {})) == ["1.5", "2.5", "3.5"]


def test_files_that_changed_meanwhile_are_evaluated(project: Path, evaluated: list[frozenset[str]]) -> None:
    as_a_command(project)
    (project / "uses.py").write_text(FILES["uses.py"].replace("1.5", "3.5"))
    evaluated.clear()
    live = LiveProject(project)
    assert rates(in_an_editor(live, {})) == ["2.5", "3.5"]
    assert evaluated
    (project / "new.py").write_text("from lib import Train\n\nfour = Train(lr=4.5)\n")
    assert rates(in_an_editor(LiveProject(project), {})) == ["2.5", "3.5", "4.5"]
    live.forget_files()
    assert rates(in_an_editor(live, {})) == ["2.5", "3.5", "4.5"]


def test_a_manifest_is_read_each_time(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.huldra]\nmanifests = ["runs.json"]\n')
    entry = '{{"experiments": [{{"name": "x", "class": "lib.Train", "config": {{"lr": {}}}}}]}}'
    (project / "runs.json").write_text(entry.format("5.5"))
    as_a_command(project)
    assert rates(in_an_editor(LiveProject(project), {})) == rates(as_a_command(project))
    (project / "runs.json").write_text(entry.format("6.5"))
    assert rates(in_an_editor(LiveProject(project), {})) == rates(as_a_command(project))


def test_comments_that_silence_problems_come_and_go(project: Path) -> None:
    live = LiveProject(project)
    silent = FILES["uses.py"] + "# huldra: ignore-file\n"
    for buffers, expected in (
        ({}, []),
        ({"uses.py": silent}, ["uses.py"]),
        ({"uses.py": silent, "other.py": silent}, ["other.py", "uses.py"]),
        ({"uses.py": FILES["uses.py"], "other.py": silent}, ["other.py"]),
        ({"new.py": silent}, ["new.py"]),
        ({}, []),
    ):
        inputs = live.take_state(buffers).snapshot.inputs
        assert sorted(inputs.files_naming("huldra:")) == expected
        assert list(inputs.files_naming("huldra:")) == [name for name in inputs.texts if name in expected]
        assert list(inputs.files_naming("Train")) == [n for n, text in inputs.texts.items() if "Train" in text]


def test_a_state_that_nobody_holds_is_gone_without_being_looked_for(project: Path) -> None:
    live = LiveProject(project)
    gc.collect()
    gc.disable()
    try:
        gone = []
        for number in range(4):
            state = live.take_state({"uses.py": FILES["uses.py"].replace("1.5", f"{number}.25")})
            live.finish(state)
            assert not state.snapshot.verdicts
            assert state.snapshot.code.identity == "now"
            gone.append(weakref.ref(state.snapshot))
        del state
        assert [each() is None for each in gone] == [True, True, True, False]
    finally:
        gc.enable()
