"""A manifest in the editor: its entries are sites like those in the code, also while it is edited."""

from pathlib import Path

from tests.protocol.client import Client, texts
from tests.protocol.test_documents import titles

ENTRY, CLASS, LR = (2, 4), (4, 20), (6, 9)


def test_entries_have_lenses_that_move_with_the_text(manifest: Path, editor: Client) -> None:
    uri = editor.open(manifest)
    assert titles(editor, uri)[ENTRY[0]] == ["○ missing", "Run"]
    editor.change(
        uri, {"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "\n"}
    )
    assert titles(editor, uri)[ENTRY[0] + 1] == ["○ missing", "Run"]
    editor.settle()
    assert titles(editor, uri)[ENTRY[0] + 1] == ["○ missing", "Run"]


def test_what_is_not_saved_counts(manifest: Path, editor: Client) -> None:
    uri = editor.open(manifest)
    before = editor.at("textDocument/hover", uri, *ENTRY)
    text = manifest.read_text(encoding="utf-8")
    editor.change(uri, {"text": text.replace("0.75", "0.2")})
    editor.settle()
    after = editor.at("textDocument/hover", uri, *ENTRY)
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert "| lr | `0.75` |" in before["contents"]["value"]
    assert "| lr | `0.2` |" in after["contents"]["value"]
    assert titles(editor, uri)[ENTRY[0]][0].startswith(("✓", "≠"))


def test_from_an_entry_to_its_class_and_field(manifest: Path, editor: Client, project: Path) -> None:
    uri = editor.open(manifest)
    field = editor.at("textDocument/hover", uri, *LR)
    assert isinstance(field, dict)
    assert "**LogReg.lr** · default `0.1`" in field["contents"]["value"]
    declared = editor.at("textDocument/definition", uri, *LR)
    assert isinstance(declared, list)
    assert declared[0]["uri"] == (project / "toytext/train.py").as_uri()
    class_ = editor.at("textDocument/definition", uri, *CLASS)
    assert isinstance(class_, list)
    assert class_[0]["range"]["start"]["line"] == 32
    code = editor.open(project / "toytext/train.py")
    found = editor.at("textDocument/references", code, 32, 8, context={"includeDeclaration": False})
    assert isinstance(found, list)
    assert uri in {item["uri"] for item in found}


def test_a_hash_in_notes(editor: Client, project: Path) -> None:
    notes = project / "notes.md"
    uri = editor.open(notes, "see\n\u0001 7475a656a66cc1af67fa\n")
    hover = editor.at("textDocument/hover", uri, 1, 8)
    assert isinstance(hover, dict)
    assert "**Clean** · ✓ current" in hover["contents"]["value"]
    assert editor.at("textDocument/definition", uri, 1, 8) is not None
    assert editor.at("textDocument/hover", uri, 0, 1) is None


def offered(editor: Client, uri: str, text: str) -> list[str]:
    """What is offered at the mark in a text."""
    before = text.partition("|")[0]
    editor.change(uri, {"text": text.replace("|", "")})
    found = editor.at("textDocument/completion", uri, before.count("\n"), len(before) - before.rfind("\n") - 1)
    return [] if found is None else list(texts(found["items"], "label"))  # pyright: ignore[reportIndexIssue]


def test_completion_in_a_manifest(manifest: Path, editor: Client) -> None:
    uri = editor.open(manifest)
    entry = '{"experiments": [{"name": "x", %s}]}'
    assert offered(editor, uri, entry % "|") == ["class", "config", "tags"]
    assert offered(editor, uri, entry % '"|", "config": {}') == ["class", "tags"]
    assert "toytext.train.LogReg" in offered(editor, uri, entry % '"class": |')
    assert "toytext.train.TrainBase" not in offered(editor, uri, entry % '"class": "|"')
    config = entry % '"class": "toytext.train.LogReg", "config": {"lr": 0.5, |}'
    assert offered(editor, uri, config) == ["data", "epochs"]
    assert offered(editor, uri, entry % '"config": {|}, "class": "toytext.preprocess.Clean"') == ["corpus", "casing"]
    values = offered(editor, uri, entry % '"class": "toytext.train.LogReg", "config": {"epochs": |}')
    assert values[0].startswith("3 \N{MULTIPLICATION SIGN}")
    nested = '"config": {"data": {"__class__": "toytext.tokenizer.Tokenized", "|": 1}}'
    assert offered(editor, uri, entry % nested) == ["clean", "vocab"]
    assert offered(editor, uri, "[{|}]") == ["name", "class", "config", "tags"]
    assert offered(editor, uri, '{"experiments": [|]}') == []


def test_a_directory_of_a_run_is_a_link_as_a_whole(editor: Client, project: Path) -> None:
    path = "data/toytext/preprocess/Clean/7475a656a66cc1af67fa"
    uri = editor.open(project / "notes.md", f"see `data-huldra/{path}`, or 7475a656a66cc1af67fa\n")
    links = editor.about("textDocument/documentLink", uri)
    assert isinstance(links, list)
    columns = [(link["range"]["start"]["character"], link["range"]["end"]["character"]) for link in links]
    assert columns == [(5, 5 + len("data-huldra/") + len(path)), (5 + 12 + len(path) + 6, 5 + 12 + len(path) + 26)]
    assert all(link["target"] == (project / "data-huldra" / path).as_uri() for link in links)
