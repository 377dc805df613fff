"""All that an editor shows of a file that has grown under its hands names the lines that stand there."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fixtures.demo import unpack
from huldra.analysis.live import LiveProject
from huldra.exports.editor_json import run_rows
from huldra.exports.graph_json import graph_json
from huldra.exports.reports import class_report, dynamic_report, experiment_report
from huldra.features.dependency_graph import DependencyGraph, Level, dependency_graph
from huldra.features.editor_problems import file_findings
from huldra.features.explanation import explain
from huldra.features.hover import hover_text
from huldra.features.lenses import file_lenses
from huldra.features.project_view import ProjectView
from huldra.features.standing import ClassThere, HashThere
from huldra.features.symbols import file_symbols
from huldra.project.places import start_of_file

NAMES = ("toytext/experiments.py", "toytext/tokenizer.py")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
ADDED = """

class Late(huldra.Huldra[int]):
    size: int

    def _create(self) -> int:
        return Early(size=self.size).load_or_create()

    def _load(self) -> int:
        return self.size


class Early(huldra.Huldra[int]):
    size: int

    def _create(self) -> int:
        return self.size

    def _load(self) -> int:
        return self.size


LIST = [Early(size=1), Early(size=2), Early(size=1), Late(size=3), Late(size=len(open("x").read()))]
if len(open("x").read()):
    LATER = 5
print(Early(size=LATER))
"""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "toytext"
    unpack(folder)
    path = folder / NAMES[0]
    path.write_text(path.read_text(encoding="utf-8") + ADDED, encoding="utf-8")
    return folder


def view_of(live: LiveProject, buffers: dict[str, str]) -> ProjectView:
    state = live.take_state(buffers)
    live.finish(state)
    view = ProjectView(state.workspace, state.snapshot)
    view.prepare()
    return view


def everything(view: ProjectView) -> dict[str, object]:
    """What is shown of a state, by where."""
    snapshot = view.snapshot
    found: dict[str, object] = {"rows": run_rows(view)}
    levels: tuple[Level, ...] = ("classes", "experiments")
    for level in levels:
        graph = dependency_graph(snapshot, view.picture, level)
        assert isinstance(graph, DependencyGraph)
        found[f"graph of {level}"] = json.loads(graph_json(graph))
    for name in view.classes:
        found[f"class {name}"] = (
            class_report(view, name, NOW),
            hover_text(view, ClassThere(name, start_of_file("")), NOW),
        )
        found[f"dynamic {name}"] = [dynamic_report(view, name, file) for file in NAMES]
    for key in {*view.runs, *view.experiments}:
        run = view.runs.get(key)
        why = None if run is None else explain(run, view.runs, snapshot.inputs.evidence)
        found[f"page of {key}"] = experiment_report(view, key, NOW, why)
        found[f"hover of {key}"] = hover_text(
            view, HashThere(key.rpartition("/")[2], (key,), start_of_file("")), NOW, why
        )
        found[f"diff of {key}"] = None if why is None else [(cause.diff, cause.last_change) for cause in why.causes]
    for file in NAMES:
        found[f"problems of {file}"] = [(view.shown(f.place), f.code, f.message) for f in file_findings(view, file)]
        found[f"lenses of {file}"] = [(view.shown(lens.place), lens.title) for lens in file_lenses(view, file, NOW)]
        found[f"symbols of {file}"] = [(view.shown(s.place), s.name) for s in file_symbols(view, file)]
    return found


def test_lines_are_those_of_the_text_that_is_there(sample: Path) -> None:
    texts = {name: (sample / name).read_text(encoding="utf-8") for name in NAMES}
    live = LiveProject(sample)
    view_of(live, texts)
    for step in range(3):
        texts = {
            name: text.replace("\n    def _create(self)", f"\n    # {step}\n\n    def _create(self)").replace(
                "        return self.size", f"        x = {step}\n        return self.size"
            )
            for name, text in texts.items()
        }
        texts[NAMES[1]] = texts[NAMES[1]].replace("return counts\n", "counts = dict(counts)\n    return counts\n")
        going_on = view_of(live, texts)
        assert going_on.text(NAMES[0]) != texts[NAMES[0]]
        anew = view_of(LiveProject(sample), texts)
        assert anew.text(NAMES[0]) == texts[NAMES[0]]
        ours, theirs = everything(going_on), everything(anew)
        assert ours.keys() == theirs.keys()
        for where, said in theirs.items():
            assert ours[where] == said, where
        assert "stands at line" in repr(ours[f"problems of {NAMES[0]}"])
