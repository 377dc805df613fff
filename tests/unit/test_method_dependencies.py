"""What methods build, as the graphs show it: edges between classes and experiments, and runs that count as built."""

import json
from pathlib import Path

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.exports.analysis_json import analysis_json
from huldra.features.dependency_graph import DependencyGraph, dependency_graph
from huldra.features.picture import whole_picture

CODE = """\
import huldra

class Base(huldra.Huldra[int]):
    def _load(self): return 1

class Data(Base):
    name: str
    def _create(self): return 1

class Train(Base):
    corpus: str
    def _create(self):
        return Data(name=self.corpus).load_or_create()

class Unbuilt(Base):
    corpus: str
    def _create(self):
        return Data(name=self.corpus).load_or_create()

run = Train(corpus="wiki")
"""


@pytest.fixture
def snapshot(tmp_path: Path):
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'p'\n")
    (tmp_path / "code.py").write_text(CODE)
    return take_snapshot(open_workspace(tmp_path, root=tmp_path, stores=(tmp_path / "store",)))


def test_the_analysis_holds_both_kinds_of_edges(snapshot):
    analysis = json.loads(analysis_json(whole_picture(snapshot)))
    data = next(e for e in analysis["experiments"] if e["class"] == "code.Data")
    train = next(e for e in analysis["experiments"] if e["class"] == "code.Train")
    key = f"code.Data/{data['hash']}"
    assert train["depends_on"] == [key]
    assert data["sites"] == [
        {"file": "code.py", "line": 13, "column": 16, "end_line": 13, "end_column": 38}
        | {"kind": "dependency", "conditional": False}
    ]
    edge = {"from": f"code.Train/{train['hash']}", "to": key, "via": "method _create, line 13"}
    assert edge in analysis["edges"]["experiments"]
    assert analysis["edges"]["classes"] == [
        {"from": "code.Train", "to": "code.Data", "via": "method _create, line 13"},
        {"from": "code.Unbuilt", "to": "code.Data", "via": "method _create, line 18"},
    ]


def test_the_graph_of_classes_has_the_edge(snapshot):
    graph = dependency_graph(snapshot, whole_picture(snapshot))
    assert isinstance(graph, DependencyGraph)
    assert [(edge.start, edge.end, edge.via, edge.source) for edge in graph.edges] == [
        ("code.Train", "code.Data", ("method _create, line 13",), "code"),
        ("code.Unbuilt", "code.Data", ("method _create, line 18",), "code"),
    ]
