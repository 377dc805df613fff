"""Renaming a field: everywhere or nowhere, with what it does to stored runs."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.protocol.client import FULL, Client, FaultError

TRAIN, SITES = "toytext/train.py", "toytext/experiments.py"
LR = (11, 5)
REFUSED = -32803
CAPABLE = {
    "textDocument": {"rename": {"prepareSupport": True}},
    "workspace": {"workspaceEdit": {"documentChanges": True, "changeAnnotationSupport": {}}},
}


def rename(editor: Client, uri: str, place: tuple[int, int], name: str) -> Mapping[str, object]:
    answer = editor.at("textDocument/rename", uri, *place, newName=name)
    assert isinstance(answer, dict)
    return answer


def applied(text: str, edits: object) -> str:
    """A text with edits of single lines, the last one first."""
    assert isinstance(edits, list)
    lines = text.split("\n")
    for edit in sorted(edits, key=lambda edit: tuple(edit["range"]["start"].values()), reverse=True):
        start, end = edit["range"]["start"], edit["range"]["end"]
        assert start["line"] == end["line"]
        line = lines[start["line"]]
        lines[start["line"]] = line[: start["character"]] + edit["newText"] + line[end["character"] :]
    return "\n".join(lines)


def test_only_fields_of_experiment_classes(project: Path) -> None:
    with Client(project) as client:
        answer = client.initialize(project, CAPABLE)
        assert isinstance(answer, dict)
        assert answer["capabilities"]["renameProvider"] == {"prepareProvider": True}
        uri = client.open(project / TRAIN)
        found = client.at("textDocument/prepareRename", uri, *LR)
        assert found == {
            "range": {"start": {"line": 11, "character": 4}, "end": {"line": 11, "character": 6}},
            "placeholder": "lr",
        }
        assert client.at("textDocument/prepareRename", uri, 27, 48) is not None  # self.lr
        for place in ((7, 8), (20, 9), (21, 9), (0, 1)):
            assert client.at("textDocument/prepareRename", uri, *place) is None
            assert client.at("textDocument/rename", uri, *place, newName="other") is None
        assert client.leave() == 0


def test_the_edit_says_what_it_does_to_stored_runs(project: Path) -> None:
    with Client(project) as client:
        client.initialize(project, CAPABLE)
        uri = client.open(project / TRAIN)
        answer = rename(client, uri, LR, "rate")
        changes = answer["documentChanges"]
        assert isinstance(changes, list)
        assert {change["textDocument"]["uri"]: change["textDocument"]["version"] for change in changes} == {
            uri: 1,
            (project / SITES).as_uri(): None,
        }
        annotations = answer["changeAnnotations"]
        assert isinstance(annotations, dict)
        (annotation,) = annotations.values()
        assert annotation["needsConfirmation"]
        runs = client.request("huldra/runs")
        assert isinstance(runs, dict)
        assert re.match(r"\d+ stored runs hold lr \(.*\): their hashes change", annotation["description"])
        for change in changes:
            path = project / (TRAIN if change["textDocument"]["uri"] == uri else SITES)
            path.write_text(applied(path.read_text(encoding="utf-8"), change["edits"]), encoding="utf-8")
        assert "rate: float = 0.1" in (project / TRAIN).read_text(encoding="utf-8")
        assert "LogReg(data=train_ids, rate=lr) for lr in" in (project / SITES).read_text(encoding="utf-8")
        assert client.leave() == 0


def test_an_editor_without_annotations_is_told(editor: Client, project: Path) -> None:
    uri = editor.open(project / TRAIN)
    assert "documentChanges" not in FULL["workspace"]
    changes = rename(editor, uri, LR, "rate")["changes"]
    assert isinstance(changes, dict)
    assert set(changes) == {uri, (project / SITES).as_uri()}
    said = editor.wait_for("window/showMessage")["params"]
    assert isinstance(said, dict)
    assert "stored runs hold lr" in said["message"]


@pytest.mark.parametrize(
    ("name", "words"), [("epochs", "has a epochs already"), ("a b", "no name"), ("_load", "has a _load of its own")]
)
def test_a_name_that_cannot_be(editor: Client, project: Path, name: str, words: str) -> None:
    uri = editor.open(project / TRAIN)
    with pytest.raises(FaultError, match=words) as caught:
        rename(editor, uri, LR, name)
    assert caught.value.code == REFUSED


def test_a_use_that_cannot_be_told(editor: Client, project: Path) -> None:
    uri = editor.open(project / TRAIN)
    text = (project / TRAIN).read_text(encoding="utf-8")
    editor.change(uri, {"text": f"{text}\n\ndef report(run):\n    print(run.lr)\n"})
    with pytest.raises(FaultError, match=r"nothing was renamed.*toytext/train\.py:67"):
        rename(editor, uri, LR, "rate")


def test_a_value_that_would_no_longer_fit(editor: Client, project: Path) -> None:
    """The field is named by a text that leads into the config on a way that only evaluation follows."""
    uri, sites = editor.open(project / TRAIN), editor.open(project / SITES)
    text = (project / SITES).read_text(encoding="utf-8")
    more = '\n\nclass Kind:\n    def __init__(self, **values: float) -> None: ...\n\n\nnames = ["lr"]\n'
    editor.change(sites, {"text": f"{text}{more}other = LogReg(data=train_ids, **{{name: 0.5 for name in names}})\n"})
    with pytest.raises(FaultError, match="nothing was renamed"):
        rename(editor, uri, LR, "rate")


def test_manifests_are_renamed_too(manifest: Path, editor: Client, project: Path) -> None:
    uri = editor.open(project / TRAIN)
    changes = rename(editor, uri, LR, "rate")["changes"]
    assert isinstance(changes, dict)
    edits = changes[manifest.as_uri()]
    assert '"rate": 0.75' in applied(manifest.read_text(encoding="utf-8"), edits)


def test_nothing_is_renamed_while_a_file_that_has_the_field_is_broken(project: Path) -> None:
    with Client(project) as client:
        client.initialize(project, CAPABLE)
        train, sites = client.open(project / TRAIN), client.open(project / SITES)
        client.settle()
        text = (project / SITES).read_text(encoding="utf-8")
        # What the broken line says of the field is not known: the statement is analysed as it last was.
        client.change(sites, {"text": text.replace("lr=lr", "lr=(lr", 1)})
        client.settle()
        with pytest.raises(FaultError, match=f"{SITES} cannot be read in full: mend it first"):
            rename(client, train, LR, "rate")
        client.change(sites, {"text": text})
        assert rename(client, train, LR, "rate")["documentChanges"]
        assert client.leave() == 0
