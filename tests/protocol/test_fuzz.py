"""Random edits with requests in between; once the text is restored, all answers are the first ones again.

Short here; `make fuzz EDITS=20000` takes its time.
"""

import os
import random
import re
from pathlib import Path

from tests.protocol.client import Client, FaultError

EDITS = int(os.environ.get("HULDRA_FUZZ_EDITS", "60"))
SEED = int(os.environ.get("HULDRA_FUZZ_SEED", "7"))
SITES = "toytext/experiments.py"
PIECES = (
    "(",
    ")",
    '"""',
    "'",
    "\n",
    "\r\n",
    "\t",
    "é",
    "😀",
    "漢字",
    "\ufeff",
    "class X(",
    "lr=",
    "#",
    "    ",
    "\\",
    "x = 1\n",
    "\0",
)
AT_POSITION = ("hover", "definition", "completion", "prepareTypeHierarchy", "references")
OF_DOCUMENT = ("codeLens", "documentSymbol", "documentLink")
EXPECTED = {-32801, -32800}
_AGO = re.compile(r"(<1s|\d+[ydhms]|just now)( ago)?")


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def random_place(text: str, random_: random.Random) -> tuple[int, dict[str, int]]:
    """An offset, and the position that the protocol gives it."""
    offset = random_.randrange(len(text) + 1)
    if text[offset - 1 : offset + 1] == "\r\n":
        offset += 1
    before = re.split(r"\r\n|\n|\r", text[:offset])
    return offset, {"line": len(before) - 1, "character": units(before[-1])}


def edited(text: str, random_: random.Random) -> tuple[str, dict[str, object]]:
    """A text with a random edit, and the edit as a change event."""
    (first, start), (second, end) = sorted((random_place(text, random_) for _ in range(2)), key=lambda pair: pair[0])
    if random_.random() < 0.6:
        second, end = first, start
    elif second - first > 40:
        return edited(text, random_)
    written = random_.choice(PIECES) if random_.random() < 0.8 else text[first : first + random_.randrange(60)]
    change = {"range": {"start": start, "end": end}, "text": written}
    return text[:first] + written + text[second:], change


def answers(editor: Client, uri: str) -> list[str]:
    """Everything that is asked of a document at rest, without how long ago things were."""
    editor.settle()
    found = [editor.about(f"textDocument/{name}", uri) for name in OF_DOCUMENT]
    found += [editor.at("textDocument/hover", uri, line, 15) for line in (10, 22, 25)]
    return [re.sub(r"'version': \d+", "", _AGO.sub("", repr(answer))) for answer in found]


def ask_something(editor: Client, uri: str, text: str, random_: random.Random) -> None:
    _, position = random_place(text, random_)
    name = random_.choice((*AT_POSITION, *OF_DOCUMENT))
    params = {"textDocument": {"uri": uri}, "position": position}
    params |= {"context": {"includeDeclaration": False}} if name == "references" else {}
    number = editor.begin(f"textDocument/{name}", params)
    if random_.random() < 0.3:
        editor.notify("$/cancelRequest", {"id": number})
    try:
        answer = editor.result(number)
    except FaultError as fault:
        if fault.code not in EXPECTED:
            raise
        return
    if name == "codeLens":
        lines = len(re.split(r"\r\n|\n|\r", text))
        assert isinstance(answer, list)
        assert all(lens["range"]["start"]["line"] < lines for lens in answer)


def test_random_edits_leave_no_trace(editor: Client, project: Path) -> None:
    random_ = random.Random(SEED)
    uri = editor.open(project / SITES)
    original = text = (project / SITES).read_text(encoding="utf-8")
    first = answers(editor, uri)
    for number in range(EDITS):
        text, change = edited(text, random_)
        editor.change(uri, change)
        if number % 5 == 0:
            ask_something(editor, uri, text, random_)
        if number % 40 == 39:
            editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
            editor.open(project / SITES, text)
        if len(text) > 4 * len(original) or number % 50 == 49:
            text = original
            editor.change(uri, {"text": text})
    editor.change(uri, {"text": original})
    assert answers(editor, uri) == first
