"""What an open document shows: lenses, problems and hovers, and what edits do to them."""

from pathlib import Path

import pytest

from tests.protocol.client import Client, texts

SITES = "toytext/experiments.py"


def titles(editor: Client, uri: str) -> dict[int, list[str]]:
    """The lenses of a document by line, from 0."""
    found: dict[int, list[str]] = {}
    lenses = editor.about("textDocument/codeLens", uri)
    assert isinstance(lenses, list)
    for lens in lenses:
        found.setdefault(lens["range"]["start"]["line"], []).append(lens["command"]["title"])
    return found


def insertion(line: int, character: int, text: str) -> dict[str, object]:
    at = {"line": line, "character": character}
    return {"range": {"start": at, "end": at}, "text": text}


def test_lenses_say_verdicts_and_what_can_be_done(editor: Client, project: Path) -> None:
    shown = titles(editor, editor.open(project / SITES))
    assert shown[10][0].startswith("✓ current · ")
    assert shown[10][1] == "Rerun"
    assert shown[25] == ["1/3 done · 2 stale", "Rerun 2 stale (< 1 min)"]
    assert shown[45] == ["○ missing", "Run"]
    assert "toytext.train.Averaged._create changed" in shown[22][0]


def test_lenses_move_with_the_text_and_stay_while_it_is_broken(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    before = titles(editor, uri)
    editor.change(uri, insertion(0, 0, "\n\n"))
    assert {line - 2: words for line, words in titles(editor, uri).items()}.keys() == before.keys()
    editor.change(uri, insertion(12, 0, "broken = (((\n"))
    editor.settle()
    moved = titles(editor, uri)
    assert set(moved) == {line + 2 + (line >= 10) for line in before}
    editor.change(uri, {"text": (project / SITES).read_text(encoding="utf-8")})
    editor.settle()
    assert titles(editor, uri) == before


@pytest.mark.parametrize(
    ("name", "whole", "broken"),
    [
        (SITES, "train_clean =", '"""train_clean ='),
        (SITES, "vocab =", "    vocab ="),
        (SITES, "import huldra", " import huldra"),
        (SITES, "endless =", "x = \0\nendless ="),
        (SITES, "endless =", 'x = "\ud800"\nendless ='),
        ("toytext/train.py", "class LogReg", "@\nclass LogReg"),
        ("toytext/train.py", "class LogReg", "(class LogReg"),
        ("toytext/train.py", "class LogReg", '"""class LogReg'),
        ("toytext/train.py", "class LogReg(TrainBase):", "class Log"),
    ],
)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_broken_file_keeps_all_its_lenses(
    editor: Client, project: Path, name: str, whole: str, broken: str, is_first: bool
) -> None:
    text = (project / name).read_text(encoding="utf-8")
    assert text.count(whole) == 1
    uri = editor.open(project / name)
    editor.settle()
    if not is_first:  # what has been edited is analysed with room between its statements
        editor.change(uri, {"text": f"\n{text}"})
        editor.settle()
        editor.change(uri, {"text": text})
        editor.settle()
    before = titles(editor, uri)
    editor.change(uri, {"text": text.replace(whole, broken)})
    editor.settle()
    line, more = text[: text.index(whole)].count("\n"), broken.count("\n")
    expected = {number + more * (number >= line): words for number, words in before.items()}
    if broken == "class Log":  # it may be another class by now
        expected[line] = [f"before this edit: {word}" for word in expected[line]]
    assert titles(editor, uri) == expected
    editor.change(uri, {"text": text})
    editor.settle()
    assert titles(editor, uri) == before


@pytest.mark.parametrize(
    ("whole", "broken"),
    [
        ("NoisyCorpus(noise=0.3)", "NoisyCorpus(noise=0.5, ()"),
        ("Endless(data=train_ids, epochs=50)", "Endless(data=train_ids, epo"),
        ("Vocab(clean=train_clean)", "Vocab(clean=test_clean"),
    ],
)
def test_a_line_that_has_changed_and_cannot_be_read_says_so(
    editor: Client, project: Path, whole: str, broken: str
) -> None:
    text = (project / SITES).read_text(encoding="utf-8")
    line = text[: text.index(whole)].count("\n")
    uri = editor.open(project / SITES)
    editor.notify("workspace/didChangeConfiguration", {"settings": {"huldra": {"inlayHints": True}}})
    editor.settle()
    before = titles(editor, uri)
    editor.change(uri, {"text": text.replace(whole, broken)})
    editor.settle()
    shown = titles(editor, uri)
    assert shown.pop(line) == [f"before this edit: {before[line][0]}"]
    assert shown == {number: words for number, words in before.items() if number != line}
    hover = editor.at("textDocument/hover", uri, line, text.splitlines()[line].index(whole) + 1)
    assert isinstance(hover, dict)
    assert hover["contents"]["value"].startswith("Before this edit, which cannot be read:")
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}
    hints = editor.about("textDocument/inlayHint", uri, range=everything)
    assert hints
    assert line not in {hint["position"]["line"] for hint in hints}
    place = {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 80}}
    actions = editor.about("textDocument/codeAction", uri, range=place, context={"diagnostics": []}) or []
    assert set(texts(actions, "command", "command")) <= {"huldra.showRun", "huldra.why"}


def test_problems_are_sent_to_an_editor_that_does_not_ask(editor: Client, project: Path) -> None:
    editor.open(project / SITES)
    params = editor.wait_for("textDocument/publishDiagnostics")["params"]
    assert isinstance(params, dict)
    assert set(texts(params["diagnostics"], "code")) == {"HUL201", "HUL202", "HUL204"}
    first = params["diagnostics"][0]
    assert first["severity"] == 4
    assert first["relatedInformation"][0]["location"]["uri"].endswith("toytext/train.py")
    page = first["codeDescription"]["href"].removeprefix("file://")
    assert "HUL201" in Path(page).read_text(encoding="utf-8")


def test_problems_are_not_sent_to_an_editor_that_asks(project: Path) -> None:
    with Client(project) as client:
        client.initialize(project, {"textDocument": {"diagnostic": {}}})
        uri = client.open(project / SITES)
        report = client.about("textDocument/diagnostic", uri)
        assert isinstance(report, dict)
        assert set(texts(report["items"], "code")) == {"HUL201", "HUL202", "HUL204"}
        again = client.about("textDocument/diagnostic", uri, previousResultId=report["resultId"])
        assert again == {"kind": "unchanged", "resultId": report["resultId"]}
        assert not [note for note in client.notes if note["method"] == "textDocument/publishDiagnostics"]
        assert client.leave() == 0


@pytest.mark.parametrize(
    ("file", "line", "character", "words"),
    [
        (
            SITES,
            10,
            15,
            ("**Clean** · ✓ current", "| casing | `Casing.LOWER` |", "7475a656a66cc1af67fa", "load_or_create()"),
        ),
        (SITES, 22, 12, ("≠ stale", "toytext.train.Averaged._create changed", "```diff", "+")),
        ("toytext/train.py", 12, 6, ("**TrainBase.epochs** · default `3`", "`3` \N{MULTIPLICATION SIGN}8")),
        ("toytext/train.py", 20, 9, ("stored runs depend on this", "stale")),
        ("toytext/train.py", 7, 8, ("abstract experiment class", "subclasses:", "LogReg", "| lr | `float` | `0.1` |")),
    ],
)
def test_hovers(editor: Client, project: Path, file: str, line: int, character: int, words: tuple[str, ...]) -> None:
    uri = editor.open(project / file)
    answer = editor.at("textDocument/hover", uri, line, character)
    assert isinstance(answer, dict)
    for word in words:
        assert word in answer["contents"]["value"]


def test_an_editor_that_shows_no_markdown_is_given_none(project: Path) -> None:
    with Client(project) as client:
        client.initialize(project, {"textDocument": {"hover": {"contentFormat": ["plaintext"]}}})
        uri = client.open(project / SITES)
        answer = client.at("textDocument/hover", uri, 10, 15)
        assert isinstance(answer, dict)
        assert answer["contents"]["kind"] == "plaintext"
        lines = answer["contents"]["value"].splitlines()
        assert lines[0].startswith("Clean · ✓ current")
        assert "casing  Casing.LOWER" in lines
        assert not any(mark in line for line in lines for mark in ("**", "`", "](", "|--"))
        assert client.leave() == 0


def test_nothing_is_said_of_what_we_do_not_know(editor: Client, project: Path) -> None:
    uri = editor.open(project / SITES)
    assert editor.at("textDocument/hover", uri, 0, 2) is None
    assert editor.at("textDocument/hover", "file:///elsewhere.py", 0, 2) is None
    assert editor.about("textDocument/codeLens", "untitled:Untitled-1") is None
