"""The language server against an empty one and its neighbours: start to answer; lenses of 50 sites; edit to new lenses.

`python benchmarks/editor.py`; prints ratios and medians. Servers that are not installed are left out.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5
EMPTY = """
from pygls.lsp.server import LanguageServer
LanguageServer("empty", "1").start_io()
"""
BIN = Path(sys.executable).parent
SERVERS = {
    "empty pygls": [sys.executable, "-c", EMPTY],
    "huldra": [sys.executable, "-c", "from huldra.cli.main import run; run()", "lsp"],
    "jedi-language-server": [str(BIN / "jedi-language-server")],
    "ruff": [str(BIN / "ruff"), "server"],
    "ty": [str(BIN / "ty"), "server"],
}


class Client:
    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self.number = 0

    def send(self, **message: object) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def request(self, method: str, params: object) -> object:
        self.number += 1
        self.send(id=self.number, method=method, params=params)
        stream = self.process.stdout
        while True:
            length = 0
            while header := stream.readline().strip():
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            message = json.loads(stream.read(length))
            if message.get("id") == self.number and "method" not in message:
                return message.get("result")

    def initialize(self, root: Path) -> None:
        folders = [{"uri": root.as_uri(), "name": "bench"}]
        params = {"processId": None, "rootUri": root.as_uri(), "capabilities": {}, "workspaceFolders": folders}
        self.request("initialize", params)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def seconds_to_answer(command: list[str], root: Path) -> float:
    start = time.perf_counter()
    client = Client(command)
    client.initialize(root)
    taken = time.perf_counter() - start
    client.end()
    return taken


def project(root: Path) -> Path:
    """A file of 1,000 lines with 50 sites."""
    (root / "pyproject.toml").touch()
    lines = ["import huldra", "", "class Train(huldra.Huldra[float]):", "    lr: float = 0.1"]
    lines += ["    def _create(self): return 1", "    def _load(self): return 1"]
    lines += [f"run_{number} = Train(lr={number}.5)" for number in range(50)]
    while len(lines) < 1000:
        lines += [f"def helper_{len(lines)}(x):", "    y = x + 1", "    return [y for _ in range(3)]", ""]
    path = root / "lab.py"
    path.write_text("\n".join(lines) + "\n")
    return path


def settle(client: Client) -> None:
    while True:
        status = client.request("huldra/status", None)
        if not status["busy"]:
            return
        time.sleep(0.005)


def editing(root: Path) -> tuple[list[float], list[float]]:
    """Seconds for lenses from a warm state, and from an edit to the state that knows it (with its pause of 0.15 s)."""
    path = project(root)
    client = Client(SERVERS["huldra"])
    client.initialize(root)
    client.send(method="initialized", params={})
    uri = path.as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": path.read_text()}
    client.send(method="textDocument/didOpen", params={"textDocument": document})
    about = {"textDocument": {"uri": uri}}
    client.request("textDocument/codeLens", about)
    settle(client)
    lenses, edits = [], []
    for number in range(30):
        start = time.perf_counter()
        client.request("textDocument/codeLens", about)
        lenses.append(time.perf_counter() - start)
        at = {"line": 6 + number, "character": 15}
        change = {"textDocument": {"uri": uri, "version": number + 2}}
        start = time.perf_counter()
        changes = [{"range": {"start": at, "end": at}, "text": "1"}]
        client.send(method="textDocument/didChange", params={**change, "contentChanges": changes})
        settle(client)
        edits.append(time.perf_counter() - start)
    client.end()
    return lenses, edits


def main() -> None:
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        times: dict[str, list[float]] = {name: [] for name, words in SERVERS.items() if Path(words[0]).exists()}
        for _ in range(ROUNDS):
            for name, found in times.items():
                found.append(seconds_to_answer(SERVERS[name], root))
        empty = statistics.median(times["empty pygls"])
        for name, found in times.items():
            middle = statistics.median(found)
            print(f"{name:22} start to answer {middle:6.2f} s   {middle / empty:5.2f} x empty pygls")
        lenses, edits = editing(root)
        print(f"lenses of 50 sites     median {statistics.median(lenses) * 1000:6.1f} ms")
        print(
            f"edit to new state      median {statistics.median(edits) * 1000:6.1f} ms, worst {max(edits) * 1000:.1f} ms"
        )


if __name__ == "__main__":
    main()
