"""An editor as a test drives it: a real server process, messages written and read by hand."""

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

Json = dict[str, object]
PATIENCE_SECONDS = 60.0
FULL = {
    "textDocument": {
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "publishDiagnostics": {"relatedInformation": True},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
    },
    "workspace": {"codeLens": {"refreshSupport": True}, "workspaceFolders": True, "configuration": True},
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
}


class FaultError(Exception):
    """The server answered with an error."""

    def __init__(self, error: Mapping[str, object]) -> None:
        super().__init__(str(error.get("message")))
        self.code = error.get("code")


class Client:
    """One connection. What the server asks is answered from `answers`, by method; None is a valid answer."""

    def __init__(self, at: Path, *words: str) -> None:
        command = [sys.executable, "-c", "from huldra.cli.main import run; run()", "lsp", *words]
        self.process = subprocess.Popen(
            command, cwd=at, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.notes: list[Json] = []
        self.asked: list[Json] = []
        self.answers: dict[str, object] = {}
        self.is_silent = False
        self._id = 0
        self._versions: dict[str, int] = {}
        self._results: dict[object, Json] = {}
        self._arrived: queue.Queue[Json | None] = queue.Queue()
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.stderr: list[bytes] = []
        self._readers = (
            threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True),
            threading.Thread(target=self.stderr.extend, args=(self.process.stderr,), daemon=True),
        )
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        for reader in self._readers:
            reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            with suppress(OSError):  # what was not written yet
                if stream is not None:
                    stream.close()

    def write(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: object) -> None:
        body = json.dumps(message).encode()
        self.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    def notify(self, method: str, params: object = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def begin(self, method: str, params: object = None) -> int:
        """Send a request without waiting for its answer. Return its id."""
        self._id += 1
        self.send({"jsonrpc": "2.0", "id": self._id, "method": method, "params": params})
        return self._id

    def request(self, method: str, params: object = None) -> object:
        return self.result(self.begin(method, params))

    def result(self, number: object) -> object:
        """Wait for the answer of a request."""
        end = time.monotonic() + PATIENCE_SECONDS
        while number not in self._results:
            self._take(end)
        answer = self._results.pop(number)
        if "error" in answer:
            error = answer["error"]
            assert isinstance(error, dict)
            raise FaultError(error)
        return answer["result"]

    def wait_for(self, method: str, start: int = 0) -> Json:
        """Wait for a notification of the server; those before the start do not count."""
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            for note in self.notes[start:]:
                if note["method"] == method:
                    return note
            self._take(end)

    def initialize(self, folder: Path | None, capabilities: object = None, **more: object) -> object:
        folders = None if folder is None else [{"uri": folder.as_uri(), "name": folder.name}]
        params = {"processId": None, "rootUri": None, "capabilities": FULL if capabilities is None else capabilities}
        answer = self.request("initialize", {**params, "workspaceFolders": folders, **more})
        self.notify("initialized", {})
        return answer

    def open(self, path: Path, text: str | None = None) -> str:
        """Open a document. Return its URI."""
        uri = path.as_uri()
        self._versions[uri] = 1
        given = path.read_text(encoding="utf-8") if text is None else text
        self.notify(
            "textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "python", "version": 1, "text": given}}
        )
        return uri

    def change(self, uri: str, *changes: Json) -> None:
        self._versions[uri] += 1
        document = {"uri": uri, "version": self._versions[uri]}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)})

    def about(self, method: str, uri: str, **more: object) -> object:
        return self.request(method, {"textDocument": {"uri": uri}, **more})

    def at(self, method: str, uri: str, line: int, character: int, **more: object) -> object:
        """Ask about a position, from 0 as the protocol counts."""
        return self.about(method, uri, position={"line": line, "character": character}, **more)

    def settle(self) -> None:
        """Wait until the server has analysed all that it was told."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            status = self.request("huldra/status")
            assert isinstance(status, dict)
            if not status["busy"]:
                return
            time.sleep(0.02)
        raise AssertionError("the server does not come to rest")

    def leave(self) -> int:
        """Shut down and exit. Return the exit code."""
        self.request("shutdown")
        self.notify("exit")
        return self.process.wait(PATIENCE_SECONDS)

    def _take(self, end: float) -> None:
        left = end - time.monotonic()
        try:
            message = self._arrived.get(timeout=max(left, 0.001))
        except queue.Empty:
            raise AssertionError(f"no answer; stderr: {b''.join(self.stderr)[-2000:]!r}") from None
        if message is None:
            raise AssertionError(f"the server left; stderr: {b''.join(self.stderr)[-2000:]!r}")
        if "method" not in message:
            self._results[message["id"]] = message
        elif "id" in message:
            self.asked.append(message)
            if not self.is_silent:
                answer = self.answers.get(str(message["method"]))
                self.send({"jsonrpc": "2.0", "id": message["id"], "result": answer})
        else:
            self.notes.append(message)

    def _read(self, stream: IO[bytes]) -> None:
        while header := stream.readline():
            length = 0
            while header.strip():
                name, _, value = header.decode().partition(":")
                if name.lower() == "content-length":
                    length = int(value)
                header = stream.readline()
            self._arrived.put(json.loads(stream.read(length)))
        self._arrived.put(None)


def texts(items: object, *path: str) -> Sequence[str]:
    """Return one member of each of a list of objects."""
    assert isinstance(items, list)
    found: list[str] = []
    for item in items:
        value: object = item
        for name in path:
            assert isinstance(value, dict)
            value = value[name]
        found.append(str(value))
    return found
