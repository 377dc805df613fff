"""Runs read by this process and others at once. Nothing follows from how many there are, nor from whether they live."""

import gc
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO

import msgspec

from huldra.stored_runs.index.reading_here import Reading, Task, read_task
from huldra.stored_runs.own_processes import receive, send, start_process

Readings = list[list[Reading | None]]
"""What was read of the runs of each task."""

_encode = msgspec.msgpack.Encoder().encode
_decode_tasks = msgspec.msgpack.Decoder(list[Task]).decode
_decode_readings = msgspec.msgpack.Decoder(Readings).decode
_Process = subprocess.Popen[bytes]


def read_together(chunks: Sequence[Sequence[Task]], helpers: int) -> Iterator[tuple[int, Readings]]:
    """Yield the number of each chunk of tasks with what was read of it, in any order.

    Effect: reads; starts processes, and ends them.
    """
    shared = _Shared(chunks)
    processes = [process for _ in range(helpers) if (process := start_process(__name__)) is not None]
    threads = [threading.Thread(target=shared.feed, args=(process,), daemon=True) for process in processes]
    try:
        for thread in threads:
            thread.start()
        while (found := shared.next_done()) is not None:
            yield found
    finally:
        for process in processes:
            process.kill()
            process.wait()
        for thread in threads:
            thread.join()


class _Shared:
    """Chunks that wait to be read, those that others are at, and what was read; for several threads."""

    def __init__(self, chunks: Sequence[Sequence[Task]]) -> None:
        self._chunks = chunks
        self._waiting = deque(range(len(chunks)))
        self._away = 0
        self._done: deque[tuple[int, Readings]] = deque()
        self._changed = threading.Condition()

    def next_done(self) -> tuple[int, Readings] | None:
        """Effect: read a chunk here, unless another process has one ready. Return it; None when all were given."""
        with self._changed:
            self._changed.wait_for(lambda: self._done or self._waiting or not self._away)
            if self._done:
                return self._done.popleft()
            if not self._waiting:
                return None
            chunk = self._waiting.pop()
        return chunk, [read_task(task) for task in self._chunks[chunk]]

    def feed(self, process: _Process) -> None:
        """Give chunks to a process one after another; when it dies, what it had is left to the others."""
        to, back = process.stdin, process.stdout
        if to is None or back is None:
            return
        with suppress(OSError), to, back:  # to close what leads to a dead process may fail
            while (chunk := self._taken()) is not None:
                readings = _answer(to, back, self._chunks[chunk])
                with self._changed:
                    self._away -= 1
                    if readings is None:
                        self._waiting.append(chunk)
                    else:
                        self._done.append((chunk, readings))
                    self._changed.notify_all()
                if readings is None:
                    return

    def _taken(self) -> int | None:
        with self._changed:
            if not self._waiting:
                return None
            self._away += 1
            return self._waiting.popleft()


def _answer(to: IO[bytes], back: IO[bytes], tasks: Sequence[Task]) -> Readings | None:
    """Effect: let a process read. Return what it says; None where it cannot be asked, or talks nonsense."""
    try:
        send(to, _encode(tasks))
        data = receive(back)
        readings = None if data is None else _decode_readings(data)
    except (OSError, ValueError, msgspec.DecodeError):
        return None
    is_whole = readings is not None and [*map(len, readings)] == [len(runs) for _, _, runs in tasks]
    return readings if is_whole else None


def serve() -> None:
    """Effect: read the runs of the tasks that come on stdin until it ends, and write what was read to stdout."""
    gc.disable()  # nothing that is read hangs together
    while (data := receive(sys.stdin.buffer)) is not None:
        send(sys.stdout.buffer, _encode([read_task(task) for task in _decode_tasks(data)]))
