"""While a definition is edited, it says what the edit makes stale: as much as `huldra check --since HEAD`."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.protocol.client import Client, texts

FILE = "toytext/tokenizer.py"
OLD, NEW = "sorted(kept)", "sorted(kept)[:7]"


def _effects(editor: Client, uri: str) -> list[str]:
    editor.settle()
    titles = texts(editor.about("textDocument/codeLens", uri), "command", "title")
    return [title for title in titles if title.startswith("this edit")]


def _at_stake(project: Path) -> int:
    words = [sys.executable, "-m", "huldra", "check", "--since", "HEAD", "--select", "HUL2", "--format", "json"]
    found = json.loads(subprocess.run(words, cwd=project, capture_output=True, text=True, check=False).stdout)
    return len({run["key"] for finding in found["findings"] for run in (*finding["runs"], *finding["downstream"])})


def test_an_unsaved_edit_and_its_undoing(editor: Client, project: Path) -> None:
    text = (project / FILE).read_text(encoding="utf-8")
    uri = editor.open(project / FILE)
    assert _effects(editor, uri) == []
    editor.change(uri, {"text": text.replace(OLD, NEW)})
    (effect,) = _effects(editor, uri)
    editor.change(uri, {"text": text})
    assert _effects(editor, uri) == []
    (project / FILE).write_text(text.replace(OLD, NEW), encoding="utf-8")
    found = re.search(r"makes (\d+) runs stale", effect)
    assert found is not None
    assert int(found[1]) == _at_stake(project)


def test_a_saved_edit_counts_until_it_is_committed(project: Path) -> None:
    path = project / FILE
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(OLD, NEW), encoding="utf-8")
    with Client(project) as client:
        client.initialize(project)
        uri = client.open(path)
        (effect,) = _effects(client, uri)
        assert effect.startswith(f"this edit makes {_at_stake(project)} runs stale")
        client.change(uri, {"text": text.replace(OLD, f"{NEW}  # seven")})
        assert _effects(client, uri) == [effect]
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *identity, "commit", "-qam", "seven"], cwd=project, check=True)
        client.change(uri, {"text": text.replace(OLD, NEW)})
        client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": uri, "type": 2}]})
        assert _effects(client, uri) == []
        assert client.leave() == 0
