"""What a client can get wrong: malformed messages, wrong order, silence, death; and what changes behind its back."""

import json
import shutil
import time
from pathlib import Path

import pytest

from huldra.lsp.extensions import HANDLERS
from tests.protocol.client import PATIENCE_SECONDS, Client, FaultError, texts
from tests.protocol.test_documents import SITES, insertion, titles

PARSE_ERROR, INVALID_REQUEST, NO_SUCH_METHOD, INVALID_PARAMS = -32700, -32600, -32601, -32602
NOT_INITIALIZED, CANCELLED, CONTENT_MODIFIED = -32002, -32800, -32801


def code_of(client: Client, method: str, params: object = None) -> object:
    with pytest.raises(FaultError) as caught:
        client.request(method, params)
    return caught.value.code


def outcome(client: Client, number: int) -> object:
    """Whether a request was answered, or with which error."""
    try:
        client.result(number)
    except FaultError as fault:
        return fault.code
    return "an answer"


def test_wrong_order_and_unknown_methods(project: Path) -> None:
    with Client(project) as client:
        assert code_of(client, "huldra/status") == NOT_INITIALIZED
        client.notify("textDocument/didOpen", {})
        client.initialize(project)
        assert (
            code_of(client, "initialize", {"processId": None, "rootUri": None, "capabilities": {}}) == INVALID_REQUEST
        )
        assert code_of(client, "textDocument/nonsense", {}) == NO_SUCH_METHOD
        client.notify("huldra/nonsense", {"x": 1})
        client.notify("$/cancelRequest", {"id": 99})
        assert isinstance(client.request("huldra/status"), dict)
        client.request("shutdown")
        assert code_of(client, "huldra/status") == INVALID_REQUEST
        client.notify("exit")
        assert client.process.wait(30) == 0


def test_malformed_messages(editor: Client, project: Path) -> None:
    assert code_of(editor, "textDocument/hover", {"textDocument": 7, "position": "there"}) == INVALID_PARAMS
    assert code_of(editor, "textDocument/hover", []) == INVALID_PARAMS
    editor.notify("textDocument/didChange", {"textDocument": None})
    editor.notify("textDocument/didClose", 3)
    for body in (b"{", b"[]", b"null", b'"x"', b'{"jsonrpc": "2.0"}', b"\xff\xfe", b"[" * 5000):
        editor.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    uri = editor.open(project / SITES)
    assert titles(editor, uri)
    editor.notes = [note for note in editor.notes if "invalid" not in json.dumps(note).casefold()]
    editor.notes = [note for note in editor.notes if note["method"] != "window/logMessage"]


def test_parameters_may_be_left_out_and_headers_spelled_in_any_case(project: Path) -> None:
    with Client(project) as client:
        send_without_parameters(client, 70, "huldra/status")
        assert outcome(client, 70) == NOT_INITIALIZED
        client.initialize(project, {"experimental": {"huldraStatus": True}})
        # These can do without; the others say what they need.
        for number, method in enumerate(HANDLERS, 71):
            send_without_parameters(client, number, method)
            needs = method in {"huldra/form", "huldra/preview"}
            assert outcome(client, number) == (INVALID_PARAMS if needs else "an answer")
        send_without_parameters(client, 90, "huldra/nonsense")
        assert outcome(client, 90) == NO_SUCH_METHOD
        assert "params" not in client.wait_for("huldra/statusChanged")
        client.request("shutdown")
        for number, method in ((91, "huldra/status"), (92, "textDocument/hover")):
            send_without_parameters(client, number, method)
            assert outcome(client, number) == INVALID_REQUEST
        client.notify("exit")
        assert client.process.wait(30) == 0


def send_without_parameters(client: Client, number: int, method: str) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": number, "method": method}).encode()
    client.write(b"content-LENGTH:%d\r\nContent-Type: x\r\n\r\n%s" % (len(body), body))


def test_a_client_that_dies_takes_the_server_with_it(project: Path) -> None:
    with Client(project) as client:
        client.initialize(project)
        client.open(project / SITES)
        assert client.process.stdin is not None
        client.process.stdin.close()
        assert client.process.wait(30) in {0, 1}


def test_a_client_that_answers_nothing_is_served(project: Path) -> None:
    with Client(project) as client:
        client.is_silent = True
        client.initialize(project)
        uri = client.open(project / SITES)
        assert titles(client, uri)
        assert client.leave() == 0


def test_a_cancelled_request_is_answered_as_such(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    number = editor.begin("textDocument/codeLens", {"textDocument": {"uri": uri}})
    editor.notify("$/cancelRequest", {"id": number})
    assert outcome(editor, number) in {"an answer", CANCELLED}  # it may have been faster


def test_files_changed_outside_are_seen(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    before = titles(editor, uri)
    assert before[10][0].startswith("✓ current")
    path = project / "toytext" / "preprocess.py"
    path.write_text(
        path.read_text(encoding="utf-8").replace("is Casing.LOWER", "is not Casing.LOWER"), encoding="utf-8"
    )
    editor.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": 2}]})
    editor.settle()
    assert titles(editor, uri)[10][0].startswith("≠ stale")


def test_a_store_changed_outside_is_seen_without_being_told(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    assert titles(editor, uri)[10][0].startswith("✓ current")
    start = _wait_for_refresh(editor, 0)  # of the first analysis
    shutil.rmtree(project / "data-huldra" / "data" / "toytext" / "preprocess" / "Clean" / "7475a656a66cc1af67fa")
    _wait_for_refresh(editor, start)
    assert titles(editor, uri)[10] == ["○ missing", "Run"]


def test_unsaved_text_stands_over_the_file(editor: Client, project: Path) -> None:
    sites, code = editor.open(project / SITES), editor.open(project / "toytext" / "preprocess.py")
    text = (project / "toytext" / "preprocess.py").read_text(encoding="utf-8")
    editor.change(code, {"text": text.replace("is Casing.LOWER", "is not Casing.LOWER")})
    editor.settle()
    assert titles(editor, sites)[10][0].startswith("≠ stale")
    editor.notify("textDocument/didClose", {"textDocument": {"uri": code}})
    editor.settle()
    assert titles(editor, sites)[10][0].startswith("✓ current")


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 11), ("utf-16", 9), ("utf-32", 8)])
def test_positions_in_each_encoding(project: Path, encoding: str, column: int) -> None:
    path = project / "odd.py"
    path.write_text('from toytext.preprocess import Clean\r\nx=("😀", Clean())\r\n', encoding="utf-8", newline="")
    with Client(project) as client:
        answer = client.initialize(project, {"general": {"positionEncodings": [encoding]}})
        assert isinstance(answer, dict)
        assert answer["capabilities"]["positionEncoding"] == encoding
        lenses = client.about("textDocument/codeLens", client.open(path))
        assert isinstance(lenses, list)
        assert lenses[0]["range"]["start"] == {"line": 1, "character": column}
        assert client.leave() == 0


def test_two_folders_and_a_document_of_none(project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "pyproject.toml").touch()
    (other / "lab.py").write_text("import huldra\nclass A(huldra.Huldra[int]):\n    x: int = 1\n", encoding="utf-8")
    with Client(project) as client:
        client.initialize(project)
        event = {"added": [{"uri": other.as_uri(), "name": "other"}], "removed": []}
        client.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        assert "abstract" in titles(client, client.open(other / "lab.py"))[1][0]
        client.settle()
        status = client.request("huldra/status")
        assert isinstance(status, dict)
        assert set(texts(status["projects"], "root")) == {project.as_uri(), other.as_uri()}
        assert client.leave() == 0


def test_a_folder_that_is_closed_takes_its_project_with_it(project: Path, tmp_path: Path) -> None:
    other, inner = tmp_path / "other", tmp_path / "other" / "lab"
    inner.mkdir(parents=True)
    (other / "pyproject.toml").touch()
    with Client(project) as client:
        client.initialize(project)
        # Its project begins above it.
        event = {"added": [{"uri": inner.as_uri(), "name": "lab"}], "removed": []}
        client.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        assert roots_of(client) == {project.as_uri(), other.as_uri()}
        event = {"added": [], "removed": [{"uri": inner.as_uri(), "name": "lab"}]}
        client.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        assert roots_of(client) == {project.as_uri()}
        # Of two folders of one project that goes with the last.
        below = [{"uri": (project / name).as_uri(), "name": name} for name in ("toytext", "tests")]
        (project / "tests").mkdir(exist_ok=True)
        client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": below, "removed": []}})
        client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": below[:1]}})
        whole = {"uri": project.as_uri(), "name": "project"}
        client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": [whole]}})
        assert roots_of(client) == {project.as_uri()}
        client.notify("workspace/didChangeWorkspaceFolders", {"event": {"added": [], "removed": below[1:]}})
        assert roots_of(client) == set()
        assert client.leave() == 0


def roots_of(client: Client) -> set[str]:
    status = client.request("huldra/status")
    assert isinstance(status, dict)
    return set(texts(status["projects"], "root"))


@pytest.mark.parametrize("opens_folder", [True, False])
def test_files_are_named_by_the_link_that_led_to_their_project(
    project: Path, tmp_path: Path, opens_folder: bool
) -> None:
    linked = tmp_path / "linked"
    linked.symlink_to(project, target_is_directory=True)
    with Client(project) as client:
        client.initialize(linked if opens_folder else None)
        uri = client.open(linked / SITES)
        found = client.at("textDocument/definition", uri, 24, 35)  # a field, in a file that is not open
        assert texts(found, "uri") == [(linked / "toytext" / "train.py").as_uri()]
        assert client.leave() == 0


def test_wrong_settings_are_said_once_and_mended(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    assert titles(editor, uri)
    (project / "pyproject.toml").write_text("[tool.huldra]\nstoer = 1\n", encoding="utf-8")
    editor.request("workspace/executeCommand", {"command": "huldra.refresh"})
    editor.request("workspace/executeCommand", {"command": "huldra.refresh"})
    said = [note for note in editor.notes if note["method"] == "window/showMessage"]
    assert len(said) == 1
    assert "stoer" in json.dumps(said[0])
    assert titles(editor, uri)
    (project / "pyproject.toml").write_text("", encoding="utf-8")
    editor.request("workspace/executeCommand", {"command": "huldra.refresh"})
    status = editor.request("huldra/status")
    assert isinstance(status, dict)
    assert status["projects"][0]["failure"] is None


def test_an_edit_between_question_and_answer(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    number = editor.begin("textDocument/codeLens", {"textDocument": {"uri": uri}})
    editor.change(uri, insertion(0, 0, "#\n"))
    assert outcome(editor, number) in {"an answer", CONTENT_MODIFIED}
    assert min(titles(editor, uri)) == 11


def _wait_for_refresh(editor: Client, start: int) -> int:
    """Wait until the server has asked for new lenses. Return how much it has asked for until then."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not any(message["method"] == "workspace/codeLens/refresh" for message in editor.asked[start:]):
        assert time.monotonic() < end, "no refresh"
        editor.settle()
    return len(editor.asked)


def test_settings_that_choose_an_unknown_code_are_named_once(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.huldra]\nselect = ["HUL1", "HUL77"]\n', encoding="utf-8")
    with Client(project) as editor:
        editor.initialize(project)
        uri = editor.open(project / SITES)
        editor.settle()
        editor.change(uri, {"text": "x = 1\n"})
        editor.settle()
        said = [note["params"] for note in editor.notes if note["method"] == "window/showMessage"]
        assert len(said) == 1
        assert isinstance(said[0], dict)
        file = project / "pyproject.toml"
        assert str(said[0]["message"]).startswith(f"huldra: {file}:2: there is no problem code 'HUL77'; did you mean")
        assert editor.leave() == 0
