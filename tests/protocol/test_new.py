"""New experiments over the wire: a form, what would be built, and the edit that the editor is asked to make."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from tests.protocol.client import FULL, Client, FaultError
from tests.protocol.test_requests import execute

SITES = "toytext/experiments.py"
EDITS: Mapping[str, object] = {"documentChanges": True, "resourceOperations": ["create", "rename", "delete"]}


def _capabilities(edits: Mapping[str, object]) -> Mapping[str, object]:
    workspace = FULL["workspace"]
    assert isinstance(workspace, dict)
    return {**FULL, "workspace": {**workspace, "applyEdit": True, "workspaceEdit": edits}}


@pytest.fixture
def writer(project: Path) -> Iterator[Client]:
    """An editor that makes edits, files included."""
    with Client(project) as client:
        client.answers["workspace/applyEdit"] = {"applied": True}
        client.initialize(project, _capabilities(EDITS))
        yield client
        assert client.leave() == 0


def _mapping(value: object) -> Mapping[str, object]:
    assert isinstance(value, dict)
    return value


def _list(value: object) -> Sequence[Mapping[str, object]]:
    assert isinstance(value, list)
    return value


def _changes(editor: Client) -> Sequence[Mapping[str, object]]:
    asked = [message for message in editor.asked if message["method"] == "workspace/applyEdit"]
    return _list(_mapping(_mapping(asked[-1]["params"])["edit"])["documentChanges"])


def test_the_form_has_every_field_and_what_runs_hold(editor: Client, project: Path) -> None:
    form = _mapping(editor.request("huldra/form", {"uri": project.as_uri(), "class": "LogReg"}))
    assert (form["class"], form["short"], form["home"]) == ("toytext.train.LogReg", "LogReg", SITES)
    fields = {field["name"]: field for field in _list(form["fields"])}
    assert fields["data"]["required"]
    assert fields["lr"]["default"] == "0.1"
    assert "0.2" in [held["value"] for held in _list(fields["lr"]["held"])]
    with pytest.raises(FaultError, match="LogReg"):
        editor.request("huldra/form", {"uri": project.as_uri(), "class": "LogRag"})


def test_a_preview_builds_nothing_and_changes_nothing(editor: Client, project: Path) -> None:
    before = editor.request("huldra/runs")
    order = {"uri": project.as_uri(), "class": "LogReg", "values": {"data": "train_ids", "lr": "0.1, 0.7"}}
    shown = _mapping(editor.request("huldra/preview", order))
    assert [row["verdict"] for row in _list(shown["experiments"])] == ["current", "missing"]
    assert "for lr in (0.1, 0.7)" in str(shown["code"])
    assert (shown["file"], shown["new"], shown["problems"]) == (SITES, False, [])
    assert "log_reg" not in (project / SITES).read_text(encoding="utf-8")
    editor.settle()
    assert editor.request("huldra/runs") == before


def test_a_preview_counts_the_buffer_not_the_file(editor: Client, project: Path) -> None:
    text = (project / SITES).read_text(encoding="utf-8")
    editor.open(project / SITES, f"{text}\nlog_reg = 1\nbase = LogReg(data=train_ids)\n")
    order = {"uri": project.as_uri(), "class": "Evaluate", "values": {"model": "base", "test": "test_ids"}}
    shown = _mapping(editor.request("huldra/preview", order))
    assert shown["code"] == "evaluate = Evaluate(model=base, test=test_ids)"
    assert len(_list(shown["experiments"])) == 1


@pytest.mark.parametrize(
    ("order", "words"),
    [
        ({"values": {"lrr": "1"}}, "did you mean lr"),
        ({"values": {}}, "needs a value for data"),
        ({"values": {"data": "train_ids", "lr": "("}}, "no Python value"),
        ({"values": {"data": "train_ids"}, "into": "file:///elsewhere/x.py"}, "no file of"),
    ],
)
def test_a_preview_says_why_nothing_can_be_written(
    editor: Client, project: Path, order: Mapping[str, object], words: str
) -> None:
    shown = _mapping(editor.request("huldra/preview", {"uri": project.as_uri(), "class": "LogReg", **order}))
    assert shown["code"] == ""
    assert words in str(shown["problems"])


def test_an_experiment_is_written_by_the_editor(writer: Client, project: Path) -> None:
    uri = writer.open(project / SITES)
    text = (project / SITES).read_text(encoding="utf-8")
    order = {"uri": uri, "class": "LogReg", "values": {"data": "train_ids", "lr": "0.7"}, "into": uri, "name": "hot"}
    answer = execute(writer, "huldra.new", order)
    assert answer["done"]
    (change,) = _changes(writer)
    assert _mapping(change["textDocument"]) == {"uri": uri, "version": 1}
    (edit,) = _list(change["edits"])
    assert edit["newText"] == "\n\nhot = LogReg(data=train_ids, lr=0.7)\n"
    start = _mapping(_mapping(edit["range"])["start"])
    assert start == {"line": len(text.splitlines()), "character": 0}
    assert (project / SITES).read_text(encoding="utf-8") == text
    writer.change(uri, {"text": f"{text}{edit['newText']}"})
    writer.settle()
    runs = _mapping(writer.request("huldra/runs"))
    built = [row for row in _list(_list(runs["projects"])[0]["runs"]) if f"{row['class']}/{row['hash']}" in str(answer)]
    assert [row["verdict"] for row in built] == ["missing"]


def test_a_sweep_goes_into_a_new_file(writer: Client, project: Path) -> None:
    into = (project / "sweeps" / "lr.py").as_uri()
    values = {"data": "toytext.experiments.train_ids", "lr": "*[0.5, 0.6]"}
    answer = execute(
        writer, "huldra.sweep", {"uri": project.as_uri(), "class": "LogReg", "values": values, "into": into}
    )
    assert answer["done"], answer
    create, change = _changes(writer)
    assert (create["kind"], create["uri"]) == ("create", into)
    (edit,) = _list(change["edits"])
    assert str(edit["newText"]).startswith(
        "from toytext.experiments import train_ids\nfrom toytext.train import LogReg\n"
    )
    assert not (project / "sweeps").exists()


def test_an_editor_that_cannot_is_told_how(project: Path) -> None:
    order = {"uri": project.as_uri(), "class": "LogReg", "values": {"data": "toytext.experiments.train_ids"}}
    with Client(project) as client:
        client.initialize(project, _capabilities({}))
        into = (project / "new.py").as_uri()
        answer = execute(client, "huldra.new", {**order, "into": into})
        assert not answer["done"]
        assert "huldra new" in str(answer["message"])
        client.answers["workspace/applyEdit"] = {"applied": False}
        assert not execute(client, "huldra.new", order)["done"]
        assert client.leave() == 0


def test_the_graph_page_and_changes_of_status(project: Path) -> None:
    with Client(project) as client:
        client.initialize(project, {**FULL, "experimental": {"huldraStatus": True}})
        client.settle()
        answer = _mapping(client.request("huldra/dag", {"level": "page", "focus": "LogReg"}))
        graph = _mapping(_list(answer["projects"])[0]["graph"])
        assert set(graph) == {"level", "focus", "classes", "nodes", "edges", "classEdges"}
        assert "toytext.train.LogReg" in [row["name"] for row in _list(graph["classes"])]
        with pytest.raises(FaultError, match="level"):
            client.request("huldra/dag", {"level": ["classes"]})
        seen = len(client.notes)
        uri = client.open(project / SITES)
        text = (project / SITES).read_text(encoding="utf-8")
        client.change(uri, {"text": f"{text}\nmore = Clean(corpus=Corpus(limit=7))\n"})
        client.wait_for("huldra/statusChanged", seen)
        assert client.leave() == 0
