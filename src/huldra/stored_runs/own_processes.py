"""Processes of our own that work for this one: messages in on stdin, messages out on stdout. Knows no message."""

import os
import subprocess
import sys
from typing import IO

_LENGTH_BYTES = 8
_MOST_BYTES = 1 << 28
_SCRIPT = "import sys; sys.path[:] = {path!r}; from {module} import serve; serve(); import gc; gc.freeze()"
"""At the end garbage would be looked for in all that is left, while the other process waits."""


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def start_process(module: str) -> "subprocess.Popen[bytes] | None":
    """Effect: start a process that runs `serve()` of a module. Return None where that cannot be done."""
    # Neither the directory that we stand in nor what is there may be imported: it is somebody else's code. Nor is our
    # own main module, as `multiprocessing` would do.
    here = os.path.realpath(os.getcwd())  # noqa: PTH109
    path = [place for place in sys.path if os.path.isabs(place) and os.path.realpath(place) != here]  # noqa: PTH117
    try:
        return subprocess.Popen(  # noqa: S603  # ourselves
            [sys.executable, "-P", "-c", _SCRIPT.format(path=path, module=module)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return None


def send(stream: IO[bytes], data: bytes) -> None:
    """Effect: write a message."""
    stream.write(len(data).to_bytes(_LENGTH_BYTES) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Effect: read a message. Return None at the end of the stream."""
    head = stream.read(_LENGTH_BYTES)
    if len(head) < _LENGTH_BYTES:
        return None
    length = int.from_bytes(head)
    if length > _MOST_BYTES:
        return None  # nothing of ours
    data = stream.read(length)
    return data if len(data) == length else None
