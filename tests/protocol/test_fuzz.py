"""Random edits with requests in between; once the texts are restored, all answers are the first ones again.

Short here; `make fuzz EDITS=20000` takes its time, and prints what the server holds in memory.
"""

import os
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.protocol.client import Client, FaultError
from tests.protocol.fuzz_edits import Edited, is_inside, position, random_edit, random_offset, replaced

EDITS = int(os.environ.get("HULDRA_FUZZ_EDITS", "60"))
SEED = int(os.environ.get("HULDRA_FUZZ_SEED", "7"))
FILES = ("toytext/experiments.py", "toytext/train.py", "toytext/preprocess.py", "toytext/evaluate.py")
AT_POSITION = ("hover", "definition", "completion", "prepareTypeHierarchy", "references", "rename")
OF_DOCUMENT = ("codeLens", "documentSymbol", "documentLink", "codeAction", "inlayHint")
_CONTEXTS = {"references": {"includeDeclaration": False}, "codeAction": {"diagnostics": []}}
EXPECTED = {-32801, -32800}
REFUSED = -32803
"""Nothing was renamed, with the reason."""
_AGO = re.compile(r"(<1s|\d+[ydhms]|just now)( ago)?")
_MOST_KEPT = 20
_GROWTH = 1.25
_ENOUGH = max(EDITS // 10, 500)
"""Edits: what a server needs until it has seen everything once."""


@dataclass(slots=True)
class Document:
    """A file in the editor; `undo` are the edits that lead back, the last one last."""

    path: Path
    original: str
    text: str
    uri: str
    undo: list[tuple[str, dict[str, object]]] = field(default_factory=list[tuple[str, dict[str, object]]])


class Fuzzer:
    """One editor, its documents, and what is done to them."""

    def __init__(self, editor: Client, project: Path, seed: int) -> None:
        self.editor, self.random = editor, random.Random(seed)
        self.documents: list[Document] = []
        for name in FILES:
            text = (project / name).read_text(encoding="utf-8")
            self.documents.append(Document(project / name, text, text, editor.open(project / name)))

    def step(self, number: int) -> None:
        document = self.random.choice(self.documents)
        if document.undo and self.random.random() < 0.2:
            document.text, change = document.undo.pop()
            self.editor.change(document.uri, change)
        else:
            self._edit(document)
        if number % 5 == 0:
            self._ask(document)
        if number % 40 == 39:
            self.editor.notify("textDocument/didClose", {"textDocument": {"uri": document.uri}})
            self.editor.open(document.path, document.text)
        if number % 500 == 399:
            self._rename_file(document)
        if number % 50 == 49 or len(document.text) > 4 * len(document.original):
            self.restore(document)

    def restore(self, document: Document) -> None:
        document.text = document.original
        document.undo.clear()
        self.editor.change(document.uri, {"text": document.text})

    def _edit(self, document: Document) -> None:
        other = self.random.choice(self.documents).text
        if self.random.random() < 0.02:
            line_end = self.random.choice(("\r\n", "\r", "\n"))
            edited: Edited = replaced(document.text, 0, len(document.text), line_end.join(document.text.splitlines()))
        else:
            edited = random_edit(document.text, other, self.random)
        document.undo.append((document.text, edited.undo))
        del document.undo[:-_MOST_KEPT]
        document.text = edited.text
        self.editor.change(document.uri, edited.change)

    def _rename_file(self, document: Document) -> None:
        """The file gets another name and its own again, as a person who thinks better of it does it."""
        other = document.path.with_name(f"other_{document.path.name}")
        for source, target in ((document.path, other), (other, document.path)):
            self.editor.notify("textDocument/didClose", {"textDocument": {"uri": source.as_uri()}})
            source.rename(target)
            self.editor.open(target, document.text)
            kinds = [{"uri": source.as_uri(), "type": 3}, {"uri": target.as_uri(), "type": 1}]
            self.editor.notify("workspace/didChangeWatchedFiles", {"changes": kinds})
            self._ask(Document(target, document.original, document.text, target.as_uri()))

    def _ask(self, document: Document) -> None:
        name, text = self.random.choice((*AT_POSITION, *OF_DOCUMENT)), document.text
        here = position(text, random_offset(text, self.random))
        params: dict[str, object] = {"textDocument": {"uri": document.uri}, "position": here}
        params |= {"range": {"start": here, "end": here}, "newName": "other"}
        params |= {"context": _CONTEXTS[name]} if name in _CONTEXTS else {}
        number = self.editor.begin(f"textDocument/{name}", params)
        if self.random.random() < 0.3:
            self.editor.notify("$/cancelRequest", {"id": number})
        try:
            answer = self.editor.result(number)
        except FaultError as fault:
            if fault.code not in EXPECTED and not (name == "rename" and fault.code == REFUSED):
                raise
            return
        self._check(name, answer, document.uri)

    def _check(self, name: str, answer: object, uri: str) -> None:
        """No answer is for a place that is not in the text."""
        texts = {document.uri: document.text for document in self.documents}
        found = answer if isinstance(answer, list) else [answer]
        for item in found:
            if isinstance(item, dict) and "range" in item and item.get("uri", uri) in texts:
                assert is_inside(texts[item.get("uri", uri)], item["range"]), (name, item)


def resident_megabytes(process: int) -> float:
    """What a process holds in memory; 0 where that cannot be told."""
    try:
        text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    found = re.search(r"VmRSS:\s+(\d+) kB", text)
    return 0.0 if found is None else int(found[1]) / 1024


def answers(fuzzer: Fuzzer) -> list[str]:
    """Everything that is asked of the documents at rest, without how long ago things were."""
    editor, found = fuzzer.editor, list[object]()
    editor.settle()
    for document in fuzzer.documents:
        everything = {"start": {"line": 0, "character": 0}, "end": position(document.text, len(document.text))}
        more = {"range": everything, "context": {"diagnostics": []}}
        found += [editor.about(f"textDocument/{name}", document.uri, **more) for name in OF_DOCUMENT]
        found += [editor.at("textDocument/hover", document.uri, line, 15) for line in (10, 22, 25)]
    return [re.sub(r"'version': \d+", "", _AGO.sub("", repr(answer))) for answer in found]


def test_random_edits_leave_no_trace(editor: Client, project: Path) -> None:
    fuzzer = Fuzzer(editor, project, SEED)
    first = answers(fuzzer)
    sizes: list[float] = []
    for number in range(EDITS):
        fuzzer.step(number)
        if number % _ENOUGH == _ENOUGH - 1:
            editor.settle()
            sizes.append(resident_megabytes(editor.process.pid))
    for document in fuzzer.documents:
        fuzzer.restore(document)
    assert answers(fuzzer) == first
    if len(sizes) > 1:
        print("megabytes after each", _ENOUGH, "edits:", *(f"{size:.0f}" for size in sizes))
        assert max(sizes) <= _GROWTH * max(sizes[0], 1.0)
