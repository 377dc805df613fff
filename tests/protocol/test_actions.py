"""What code actions do: those that are edits, and the commands behind the others."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.protocol.client import FULL, Client, texts
from tests.protocol.test_requests import execute

SITES, TRAIN = "toytext/experiments.py", "toytext/train.py"
EDITING = {**FULL, "workspace": {**FULL["workspace"], "applyEdit": True}}


def actions(editor: Client, uri: str, line: int, character: int, **context: object) -> Sequence[Mapping[str, object]]:
    at = {"line": line, "character": character}
    found = editor.about(
        "textDocument/codeAction", uri, range={"start": at, "end": at}, context={"diagnostics": [], **context}
    )
    assert isinstance(found, list)
    return found


def titled(found: Sequence[Mapping[str, object]], beginning: str) -> Mapping[str, object]:
    return next(action for action in found if str(action["title"]).startswith(beginning))


def run(editor: Client, action: Mapping[str, object]) -> Mapping[str, object]:
    command = action["command"]
    assert isinstance(command, dict)
    return execute(editor, command["command"], *command["arguments"])


def edit_of(editor: Client) -> Mapping[str, Sequence[Mapping[str, object]]]:
    """The edit that the server has asked for last."""
    asked = [message for message in editor.asked if message["method"] == "workspace/applyEdit"][-1]
    params = asked["params"]
    assert isinstance(params, dict)
    return params["edit"]["changes"]


def test_a_sweep_over_the_field_at_the_cursor(project: Path) -> None:
    with Client(project) as client:
        client.initialize(project, EDITING)
        client.answers["workspace/applyEdit"] = {"applied": True}
        uri = client.open(project / SITES)
        found = actions(client, uri, 24, 36)  # endless = Endless(data=train_ids, epochs=50)
        sweep = titled(found, "Sweep over epochs of Endless")
        assert str(sweep["title"]).endswith(": 50, 49")  # a run of another time has 49
        answer = run(client, sweep)
        assert answer["done"], answer
        assert "for epochs in (50, 49)" in "".join(texts(edit_of(client)[uri], "newText"))
        assert not [a for a in actions(client, uri, 24, 2) if str(a["title"]).startswith("Sweep")]
        nested = titled(actions(client, uri, 26, 22), "Sweep over model of Evaluate")  # of whole configs
        assert len(str(nested["title"])) < 130
        assert str(nested["title"]).endswith("…")
        like = run(client, titled(found, "New experiment like Endless"))
        assert like["done"], like
        assert "epochs=50" in "".join(texts(edit_of(client)[uri], "newText"))
        assert client.leave() == 0


def test_log_and_directory_of_a_run(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    found = actions(editor, uri, 10, 15)
    assert run(editor, titled(found, "Open the log of Clean"))["done"]
    answer = run(editor, titled(found, "Open the directory of Clean"))
    assert Path(str(answer["uri"]).removeprefix("file://")).is_dir()
    shown = [message["params"] for message in editor.asked if message["method"] == "window/showDocument"]
    assert isinstance(shown[-1], dict)
    assert shown[-1]["external"]


def codes_of(editor: Client, uri: str) -> dict[int, list[str]]:
    """The codes that were sent last for a document, by line."""
    editor.settle()
    sent = [note["params"] for note in editor.notes if note["method"] == "textDocument/publishDiagnostics"]
    found: dict[int, list[str]] = {}
    last = [params for params in sent if isinstance(params, dict) and params["uri"] == uri][-1]
    for diagnostic in last["diagnostics"]:
        found.setdefault(diagnostic["range"]["start"]["line"], []).append(diagnostic["code"])
    return found


def test_what_is_said_of_runs_is_ignored_at_their_class(editor: Client, project: Path) -> None:
    uri, train = editor.open(project / SITES), editor.open(project / TRAIN)
    editor.settle()
    params = editor.wait_for("textDocument/publishDiagnostics")["params"]
    assert isinstance(params, dict)
    assert codes_of(editor, uri)[22] == ["HUL201"]  # averaged = Averaged(…)
    sent = [note["params"] for note in editor.notes if note["method"] == "textDocument/publishDiagnostics"]
    diagnostics = [d for p in sent if isinstance(p, dict) and p["uri"] == uri for d in p["diagnostics"]]
    diagnostic = next(d for d in diagnostics if d["range"]["start"]["line"] == 22)
    found = actions(editor, uri, 22, 0, diagnostics=[diagnostic], only=["quickfix"])
    action = titled(found, "Ignore HUL201 for all runs of Averaged")
    assert texts(action["diagnostics"], "code") == ["HUL201"]
    edit = action["edit"]
    assert isinstance(edit, dict)
    (insertion,) = edit["changes"][train]
    assert insertion["newText"] == "  # huldra: ignore[HUL201]"
    editor.change(train, {"range": insertion["range"], "text": insertion["newText"]})
    assert 22 not in codes_of(editor, uri)


def test_a_problem_of_the_code_is_ignored_on_its_line(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    text = (project / SITES).read_text(encoding="utf-8")
    editor.change(uri, {"text": text.replace("epochs=50)", "epochs=50, lrr=1)")})
    assert "HUL103" in codes_of(editor, uri)[24]
    place = {"start": {"line": 24, "character": 10}, "end": {"line": 24, "character": 30}}
    diagnostic = {"range": place, "message": "x", "source": "huldra", "code": "HUL103"}
    action = titled(actions(editor, uri, 24, 12, diagnostics=[diagnostic]), "Ignore HUL103 here")
    edit = action["edit"]
    assert isinstance(edit, dict)
    (insertion,) = edit["changes"][uri]
    editor.change(uri, {"range": insertion["range"], "text": insertion["newText"]})
    assert 24 not in codes_of(editor, uri)
    editor.change(uri, {"text": text.replace("epochs=50)", "epochs=50)  # huldra: ignore[HUL103]")})
    assert codes_of(editor, uri)[24] == ["HUL204", "HUL901"]


def test_the_settings_choose_what_is_shown(project: Path) -> None:
    (project / "huldra.toml").write_text('ignore = ["HUL201"]\n', encoding="utf-8")
    with Client(project) as client:
        client.initialize(project)
        uri = client.open(project / SITES)
        codes = {code for found in codes_of(client, uri).values() for code in found}
        assert codes == {"HUL202", "HUL204"}
        assert client.leave() == 0


def test_a_default_that_stored_runs_fit(editor: Client, project: Path) -> None:
    uri = editor.open(project / TRAIN)
    text = (project / TRAIN).read_text(encoding="utf-8")
    editor.change(uri, {"text": text.replace("epochs: int = 3\n", "epochs: int = 3\n    warmup: int\n")})
    editor.settle()
    action = titled(actions(editor, uri, 13, 6), "Give warmup the default 0, so that ")
    assert action["kind"] == "quickfix"
    edit = action["edit"]
    assert isinstance(edit, dict)
    (insertion,) = edit["changes"][uri]
    assert insertion["newText"] == " = 0"
    assert insertion["range"]["start"] == {"line": 13, "character": 15}
    at = {"line": 12, "character": 6}
    context = {"diagnostics": []}
    assert editor.about("textDocument/codeAction", uri, range={"start": at, "end": at}, context=context) is None


def test_an_experiment_is_added_to_a_manifest(manifest: Path, project: Path) -> None:
    with Client(project) as client:
        client.initialize(project, EDITING)
        client.answers["workspace/applyEdit"] = {"applied": True}
        uri = client.open(project / SITES)
        action = titled(actions(client, uri, 24, 2), "Add Endless")
        answer = run(client, action)
        assert answer["done"], answer
        (edit,) = edit_of(client)[manifest.as_uri()]
        opened = client.open(manifest)
        client.change(opened, {"range": edit["range"], "text": edit["newText"]})
        client.settle()
        again = run(client, action)
        assert not again["done"]
        assert "there already" in str(again["message"])
        symbols = client.about("textDocument/documentSymbol", opened)
        assert {"LogReg", "Endless"} <= {name.partition("(")[0] for name in texts(symbols, "name")}
        assert client.leave() == 0


@pytest.mark.parametrize("reply", [None, {}, [], "yes", {"failureReason": "x"}, {"applied": None}])
def test_a_reply_that_does_not_fit_is_none(project: Path, reply: object) -> None:
    with Client(project) as client:
        client.initialize(project, EDITING)
        client.answers["workspace/applyEdit"] = reply
        uri = client.open(project / SITES)
        found = actions(client, uri, 24, 2)
        answer = run(client, titled(found, "New experiment like Endless"))
        assert not answer["done"], answer
        client.answers["window/showMessageRequest"] = {"title": {}} if isinstance(reply, dict) else reply
        answer = run(client, titled(found, "Rerun Endless"))
        assert answer["message"] == "not wanted"
        assert client.leave() == 0


@pytest.mark.usefixtures("manifest")
def test_what_needs_edits_is_not_offered_to_an_editor_that_makes_none(editor: Client, project: Path) -> None:
    found = [str(action["title"]) for action in actions(editor, editor.open(project / SITES), 24, 36)]
    assert any(title.startswith("Rerun Endless") for title in found)
    assert not [title for title in found if title.startswith(("New experiment", "Sweep over", "Add "))]


SHARED = """from toytext.data import Corpus

one = Corpus(limit=1); two = Corpus(limit=2)
many = [Corpus(limit=3), Corpus(limit=4), Corpus(limit=5), Corpus(limit=6), Corpus(limit=7)]
"""


def test_sites_that_share_a_line_have_all_their_actions(editor: Client, project: Path) -> None:
    uri = editor.open(project / "toytext" / "shared.py", SHARED)
    editor.settle()
    lenses = editor.about("textDocument/codeLens", uri)
    assert isinstance(lenses, list)
    for line, sites in ((2, 2), (3, 5)):
        assert sum(lens["range"]["start"]["line"] == line for lens in lenses) <= 3
        runs = [action for action in actions(editor, uri, line, 0) if str(action["title"]).startswith("Run ")]
        assert len(runs) == sites
    # What stands at the cursor comes first.
    last = SHARED.splitlines()[3].index("Corpus(limit=7")
    at_cursor, at_start = actions(editor, uri, 3, last), actions(editor, uri, 3, 0)
    assert at_cursor[0] == next(action for action in at_start if str(action["title"]) == at_cursor[0]["title"])
    assert at_cursor[0]["title"] != at_start[0]["title"]
    buttons = editor.request("huldra/runnables", {"textDocument": {"uri": uri}})
    assert len(texts(buttons, "label")) == 7
