"""What is taken from the protocol's types is nothing that they use: they are made, compared and read as before."""

import subprocess
import sys

SCRIPT = """
import builtins, dis, linecache
from lsprotocol import converters, types
from huldra.lsp.lean_types import _codes, _written_methods, let_go_of_copies

def used():
    for method in _written_methods():
        steps = (step for code in _codes(method.__code__) for step in dis.get_instructions(code))
        for name in {step.argval for step in steps if step.opname == "LOAD_GLOBAL"}:
            yield method.__qualname__, name, id(method.__globals__.get(name, vars(builtins).get(name, used)))

before = sorted(used())
assert len(before) > 1000 and all(number != id(used) for _, _, number in before)
let_go_of_copies()
assert sorted(used()) == before
let_go_of_copies()  # once more
assert sorted(used()) == before
assert max(len(method.__globals__) for method in _written_methods()) < 150
assert not any("attrs generated methods lsprotocol" in name for name in linecache.cache)

place = types.Position(3, 4)
assert place == types.Position(line=3, character=4) != types.Position(3, 5)
assert repr(types.Range(place, place)) == "3:4-3:4"
assert "changes={'a': []}" in repr(types.WorkspaceEdit({"a": []}))
for wrong in ("x", -1):
    try:
        types.Position(wrong, 0)
    except (TypeError, ValueError):
        pass
    else:
        raise AssertionError(wrong)
converter = converters.get_converter()
said = {"textDocument": {"uri": "file:///a.py", "version": 2}, "contentChanges": [{"text": "x"}]}
message = {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": said}
read = converter.structure(message, types.DidChangeTextDocumentNotification)
assert list(read.params.content_changes) == [types.TextDocumentContentChangeWholeDocument("x")]
assert converter.unstructure(read) == message
"""
"""In a process of its own, since the types are everybody's."""


def test_types_are_as_they_were() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
