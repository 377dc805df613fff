"""The language server against an empty one and its neighbours: start to answer, memory, lenses, an edit.

`python benchmarks/editor.py [ROUNDS]` installs the neighbours into an environment of their own, `benchmarks/.peers`,
and prints ratios and medians, by the clock and in processor time: the latter hardly minds what else the machine does.
"""

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROUNDS = 7
PEERS = Path(__file__).parent / ".peers"
PEER_PACKAGES = ("jedi-language-server", "basedpyright", "ty", "ruff")
EMPTY = """
from pygls.lsp.server import LanguageServer
LanguageServer("empty", "1").start_io()
"""
SERVERS = {
    "empty pygls": [sys.executable, "-c", EMPTY],
    "huldra": [sys.executable, "-c", "from huldra.cli.main import run; run()", "lsp"],
    "jedi-language-server": [str(PEERS / "bin" / "jedi-language-server")],
    "basedpyright": [str(PEERS / "bin" / "basedpyright-langserver"), "--stdio"],
    "ty": [str(PEERS / "bin" / "ty"), "server"],
    "ruff server": [str(PEERS / "bin" / "ruff"), "server"],
}


class Client:
    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
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
            if "id" in message and "method" in message:  # the server asks, and is told nothing
                empty = [None] if message["method"] == "workspace/configuration" else None
                self.send(id=message["id"], result=empty)

    def initialize(self, root: Path) -> None:
        folders = [{"uri": root.as_uri(), "name": "bench"}]
        params = {"processId": None, "rootUri": root.as_uri(), "capabilities": {}, "workspaceFolders": folders}
        self.request("initialize", params)

    def open(self, path: Path) -> str:
        self.send(method="initialized", params={})
        document = {"uri": path.as_uri(), "languageId": "python", "version": 1, "text": path.read_text()}
        self.send(method="textDocument/didOpen", params={"textDocument": document})
        return path.as_uri()

    def megabytes(self) -> float:
        """What the server and its children hold."""
        found = [self.process.pid, *children(self.process.pid)]
        return sum(resident_megabytes(pid) for pid in found)

    def end(self) -> float:
        """End the server and its children. Return the processor time that they took."""
        taken = sum(processor_seconds(pid) for pid in (self.process.pid, *children(self.process.pid)))
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        return taken


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    below = [int(word) for path in Path(f"/proc/{pid}/task").glob("*/children") for word in path.read_text().split()]
    return [*below, *(inner for child in below for inner in children(child))]


def resident_megabytes(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def seconds_to_answer(command: list[str], root: Path) -> tuple[float, float]:
    """Seconds from the start to the answer of initialize, by the clock and in processor time."""
    start = time.perf_counter()
    client = Client(command)
    client.initialize(root)
    taken = time.perf_counter() - start
    return taken, client.end()


def memory(command: list[str], root: Path, path: Path) -> float:
    """Megabytes once a file is open and has been asked about."""
    client = Client(command)
    client.initialize(root)
    uri = client.open(path)
    about = {"textDocument": {"uri": uri}, "position": {"line": 7, "character": 10}}
    for _ in range(3):
        client.request("textDocument/hover", about)
        time.sleep(1)
    held = client.megabytes()
    client.end()
    return held


def install_peers() -> None:
    if not (PEERS / "bin" / "ty").exists():
        venv.create(PEERS, with_pip=True)
        command = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", *PEER_PACKAGES]
        subprocess.run(command, check=True)


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
    uri = client.open(path)
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
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    install_peers()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        path = project(root)
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in SERVERS}
        for _ in range(rounds):
            for name, found in times.items():
                found.append(seconds_to_answer(SERVERS[name], root))
        clock, processor = (statistics.median(t[kind] for t in times["empty pygls"]) for kind in (0, 1))
        print(f"{'':22} start to answer              to empty pygls        a file of 1,000 lines open")
        for name, found in times.items():
            by_clock, by_processor = (statistics.median(t[kind] for t in found) for kind in (0, 1))
            # An empty server answers no hover.
            held = f"{memory(SERVERS[name], root, path):6.0f} MB" if name != "empty pygls" else ""
            print(
                f"{name:22} {by_clock:6.2f} s ({by_processor:5.2f} s)"
                f"          {by_clock / clock:5.2f} ({by_processor / processor:5.2f})         {held}"
            )
        lenses, edits = ([seconds * 1000 for seconds in found] for found in editing(root))
        print(f"lenses of 50 sites     median {statistics.median(lenses):6.1f} ms, worst {max(lenses):.1f} ms")
        print(f"edit to new state      median {statistics.median(edits):6.1f} ms, worst {max(edits):.1f} ms")


if __name__ == "__main__":
    main()
