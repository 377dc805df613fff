"""Starting work from an editor: a question first, and no answer means no."""

import sys
from collections.abc import Mapping
from pathlib import Path

from tests.protocol.client import Client

SITES = "toytext/experiments.py"
SWEEP = 25  # three Evaluates, two of them stale
NOISY = 32  # NoisyCorpus(), stale; it depends on nothing


def rerun_lens(editor: Client, uri: str, line: int) -> Mapping[str, object]:
    lenses = editor.about("textDocument/codeLens", uri)
    assert isinstance(lenses, list)
    return next(
        lens["command"]
        for lens in lenses
        if lens["range"]["start"]["line"] == line and "un" in lens["command"]["title"]
    )


def execute(editor: Client, command: Mapping[str, object]) -> Mapping[str, object]:
    answer = editor.request("workspace/executeCommand", {name: command[name] for name in ("command", "arguments")})
    assert isinstance(answer, dict)
    return answer


def test_no_answer_means_no(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    answer = execute(editor, rerun_lens(editor, uri, NOISY))
    assert not answer["done"]
    asked = next(message for message in editor.asked if message["method"] == "window/showMessageRequest")
    params = asked["params"]
    assert isinstance(params, dict)
    titles = [action["title"] for action in params["actions"]]
    assert titles[0] == "Cancel"
    assert titles[1].startswith("Run 1 experiment, ")
    assert "huldra rerun toytext.data.NoisyCorpus/" in params["message"]


def test_of_a_sweep_the_stale_are_made_again(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    command = rerun_lens(editor, uri, SWEEP)
    assert str(command["title"]).startswith("Rerun 2 stale")
    answer = execute(editor, command)
    assert str(answer["command"]).count("toytext.evaluate.Evaluate/") == 2
    buttons = editor.request("huldra/runnables", {"textDocument": {"uri": uri}})
    assert isinstance(buttons, list)
    words = [button["args"]["args"] for button in buttons if button["label"] == command["title"]]
    assert words == [["rerun", f"{SITES}:{SWEEP + 1}", "--stale"]]


def test_an_unsaved_text_is_not_run(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    command = rerun_lens(editor, uri, NOISY)
    editor.change(
        uri, {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "\n"}
    )
    answer = execute(editor, command)
    assert not answer["done"]
    assert f"save {SITES} first" in str(answer["message"])


def test_what_lies_on_disk_and_cannot_be_read_is_not_run(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    command = rerun_lens(editor, uri, NOISY)
    broken = (project / SITES).read_text(encoding="utf-8").replace("NoisyCorpus(),", "NoisyCorpus((),")
    (project / SITES).write_text(broken, encoding="utf-8")
    editor.change(uri, {"text": broken})
    editor.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    editor.settle()
    for name in ("huldra.rerun", "huldra.accept"):
        answer = execute(editor, {**command, "command": name})
        assert not answer["done"]
        assert f"{SITES} cannot be read as it stands" in str(answer["message"])


def test_a_rerun_makes_the_run_current(editor: Client, project: Path) -> None:
    editor.notify("workspace/didChangeConfiguration", {"settings": {"huldra": {"python": sys.executable}}})
    uri = editor.open(project / SITES)
    command = rerun_lens(editor, uri, NOISY)
    editor.answers["window/showMessageRequest"] = {"title": "no such answer"}
    assert not execute(editor, command)["done"]
    question = next(message for message in editor.asked if message["method"] == "window/showMessageRequest")["params"]
    assert isinstance(question, dict)
    editor.answers["window/showMessageRequest"] = question["actions"][1]
    answer = execute(editor, command)
    assert answer["done"], answer
    start = 0
    while True:
        note = editor.wait_for("$/progress", start)
        start = editor.notes.index(note) + 1
        params = note["params"]
        assert isinstance(params, dict)
        if str(params["token"]).startswith("huldra-job-") and params["value"]["kind"] == "end":
            break
    editor.settle()
    lenses = editor.about("textDocument/codeLens", uri)
    assert isinstance(lenses, list)
    here = [lens["command"]["title"] for lens in lenses if lens["range"]["start"]["line"] == NOISY]
    log = Path(str(answer["log"]).removeprefix("file://")).read_text(encoding="utf-8")
    assert here[0].startswith("✓ current"), log


def test_a_change_is_accepted_with_a_reason(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    actions = editor.about("textDocument/codeAction", uri, range=line_range(NOISY), context={"diagnostics": []})
    assert isinstance(actions, list)
    found = [action for action in actions if action["title"].startswith("Accept the change")]
    (command,) = (action["command"] for action in found)
    assert execute(editor, command)["message"] == "not wanted"
    assert not (project / "huldra-accepted.toml").exists()
    question = next(message for message in editor.asked if message["method"] == "window/showMessageRequest")["params"]
    assert isinstance(question, dict)
    assert question["message"].startswith("huldra: This makes 1 run stale: ")
    assert [action["title"] for action in question["actions"]][:2] == ["Cancel", "The results are the same"]
    editor.answers["window/showMessageRequest"] = {"title": "The results are the same"}
    assert execute(editor, command)["done"]
    ledger = (project / "huldra-accepted.toml").read_text(encoding="utf-8")
    assert 'class = "toytext.data.NoisyCorpus"' in ledger
    assert 'reason = "the results are the same"' in ledger
    editor.settle()
    lenses = editor.about("textDocument/codeLens", uri)
    assert isinstance(lenses, list)
    here = [lens["command"]["title"] for lens in lenses if lens["range"]["start"]["line"] == NOISY]
    assert here[0].startswith("✓ current"), here
    again = execute(editor, command)
    assert again["message"] == "there is nothing to accept: no run of this is stale"


def test_a_reason_of_the_clients_own_is_asked_about(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    about = {"uri": uri, "version": 1, "class": "toytext.data.NoisyCorpus", "hash": None, "selector": "class"}
    command = {"command": "huldra.accept", "arguments": [{**about, "reason": "a seed\nof another name"}]}
    editor.answers["window/showMessageRequest"] = {"title": "Accept"}
    assert execute(editor, command)["done"]
    assert 'reason = "a seed of another name"' in (project / "huldra-accepted.toml").read_text(encoding="utf-8")


def line_range(line: int) -> Mapping[str, object]:
    return {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 1}}


TWO_STEPS = """import time
from pathlib import Path

import huldra


class Below(huldra.Huldra[int]):
    def _create(self) -> int:
        return 1

    def _load(self) -> int:
        return 1


class Above(Below):
    below: Below

    def _create(self) -> int:
        while not Path("go_on").exists():
            time.sleep(0.02)
        return 2


above = Above(below=Below())
"""


def test_a_rerun_tells_how_many_of_its_steps_are_made(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "lab.py").write_text(TWO_STEPS)
    with Client(tmp_path) as editor:
        editor.initialize(tmp_path)
        editor.notify("workspace/didChangeConfiguration", {"settings": {"huldra": {"python": sys.executable}}})
        uri = editor.open(tmp_path / "lab.py")
        editor.settle()
        command = rerun_lens(editor, uri, TWO_STEPS.splitlines().index("above = Above(below=Below())"))
        assert not execute(editor, command)["done"]
        question = next(m for m in editor.asked if m["method"] == "window/showMessageRequest")["params"]
        assert isinstance(question, dict)
        editor.answers["window/showMessageRequest"] = question["actions"][1]
        assert execute(editor, command)["done"]
        told, start = [], 0
        while not told or told[-1]["kind"] != "end":
            note = editor.wait_for("$/progress", start)
            start = editor.notes.index(note) + 1
            params = note["params"]
            assert isinstance(params, dict)
            if str(params["token"]).startswith("huldra-job-"):
                told.append(params["value"])
                if params["value"].get("percentage") == 50:
                    (tmp_path / "go_on").touch()
        assert [value.get("percentage") for value in told[:2]] == [0, 50]
        assert told[1]["message"] == "1 of 2 made"
        assert editor.leave() == 0


def test_what_is_being_made_is_not_started_again(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "lab.py").write_text(TWO_STEPS)
    with Client(tmp_path) as editor:
        editor.initialize(tmp_path)
        editor.notify("workspace/didChangeConfiguration", {"settings": {"huldra": {"python": sys.executable}}})
        uri = editor.open(tmp_path / "lab.py")
        editor.settle()
        command = rerun_lens(editor, uri, TWO_STEPS.splitlines().index("above = Above(below=Below())"))
        params = {name: command[name] for name in ("command", "arguments")}
        editor.is_silent = True
        numbers = [editor.begin("workspace/executeCommand", params) for _ in range(2)]
        questions: list[Mapping[str, object]] = []
        while len(questions) < 2:
            editor.settle()
            questions = [m for m in editor.asked if m["method"] == "window/showMessageRequest"]
        editor.is_silent = False
        for question in questions:
            about = question["params"]
            assert isinstance(about, dict)
            editor.send({"jsonrpc": "2.0", "id": question["id"], "result": about["actions"][1]})
        answers = [editor.result(number) for number in numbers]
        (refused,) = [answer for answer in answers if isinstance(answer, dict) and not answer["done"]]
        (started,) = [answer for answer in answers if isinstance(answer, dict) and answer["done"]]
        again = execute(editor, command)
        for answer in (refused, again):
            assert str(answer["message"]).endswith(f"is running already: process {started['pid']}")
        assert len([m for m in editor.asked if m["method"] == "window/showMessageRequest"]) == 2
        assert str(again["message"]) in str(editor.notes)
        (tmp_path / "go_on").touch()
        start = 0
        while True:
            note = editor.wait_for("$/progress", start)
            start = editor.notes.index(note) + 1
            value = note["params"]
            assert isinstance(value, dict)
            if str(value["token"]).startswith("huldra-job-") and value["value"]["kind"] == "end":
                break
        editor.settle()
        # It has ended, and can be made again.
        assert execute(editor, command)["message"] == "not wanted"
        assert editor.leave() == 0
