"""Parsing on all processors: files that are not known yet are shared with processes of our own.

Nothing follows from how many there are, nor from whether they live: what they do not do is done here.
"""

import gc
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import contextmanager
from typing import IO, Self

import msgspec

from huldra.analysis.disk_cache import Cache
from huldra.analysis.kept import Kept
from huldra.analysis.parse_worker import Row
from huldra.stored_runs.own_processes import processors, receive, send, start_process

_MOST_WORKERS = 3
MANY_FILES = 200
"""From so many on, to start processes before it is known what there is to parse pays."""
_LEAST_BYTES = 150_000
"""Less than this is parsed before a process has started."""
_BATCH_BYTES = 6_000
_BATCHES_AHEAD = 1
"""What a process has to do while its last answer waits for us, who hold Python's lock."""
_FIT_INTO_A_PIPE = 16_000
"""Bytes that can be sent to whoever does not read, on every system."""

_ready: list["subprocess.Popen[bytes]"] = []
_rows = msgspec.msgpack.Decoder(list[Row])


@contextmanager
def _without_collector() -> Generator[None]:
    """Effect: look for no garbage in cycles meanwhile: trees have none, and are many objects."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def get_ready() -> None:
    """Effect: start the processes that the next one to parse will ask; if nobody does, they end as this one does."""
    while len(_ready) < min(processors() - 1, _MOST_WORKERS):
        process = start_process("huldra.analysis.parse_worker")
        if process is None:
            return
        _ready.append(process)


class Parsing:
    """Texts that wait to be parsed, and the processes that take some of them; a fault inside `with` ends these.

    Args:
        cache: What the processes give goes in here, and nowhere else.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._waiting: deque[tuple[str, str]] = deque()
        self._bytes = 0
        self._given: list[list[Row]] = []
        self._workers: list[tuple[threading.Thread, subprocess.Popen[bytes]]] = []
        self._is_complete = threading.Event()
        self._is_more = threading.Condition()

    def start(self) -> None:
        """Effect: start the processes, so that they are ready when there is something to do."""
        get_ready()
        while _ready:
            process = _ready.pop()
            thread = threading.Thread(target=self._feed, args=(process,), daemon=True)
            self._workers.append((thread, process))
            thread.start()

    def add(self, name: str, text: str) -> None:
        """Take in a file that must be parsed."""
        with self._is_more:
            self._waiting.append((name, text))
            self._bytes += len(text)
            self._is_more.notify()

    @property
    def waiting(self) -> int:
        """How many texts nobody has begun with."""
        return len(self._waiting)

    def finish(self, parse: Callable[[str, str], object]) -> None:
        """Effect: see to it that all texts are parsed, some of them here; end the processes.

        Args:
            parse: Parses a text here, and puts what it gives into the cache.
        """
        self._is_complete.set()
        if not self._workers and self._bytes > _LEAST_BYTES:
            self.start()
        with self._is_more:
            self._is_more.notify_all()
        with _without_collector():
            while batch := self._batch(from_end=True, size=1):
                self._take_in()
                parse(*batch[0])
        for thread, process in self._workers:
            thread.join()
            process.wait()
        self._take_in()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            self._stop()

    def _stop(self) -> None:
        """Effect: end the processes at once; nobody wants their answers any more."""
        for _, process in self._workers:
            process.kill()
            process.wait()

    def _take_in(self) -> None:
        given, self._given = self._given, []
        for rows in given:
            for kind, key, value in rows:
                self._cache.put(kind, key, value)

    def _batch(self, *, from_end: bool, size: int) -> list[tuple[str, str]]:
        batch: list[tuple[str, str]] = []
        found = 0
        with self._is_more:
            while self._waiting and found < size:
                file = self._waiting.pop() if from_end else self._waiting.popleft()
                batch.append(file)
                found += len(file[1]) + 1
        return batch

    def _feed(self, process: "subprocess.Popen[bytes]") -> None:
        """Give texts to a process one batch after another; when it dies, what it had is left to the others."""
        to, back = process.stdin, process.stdout
        if to is None or back is None:
            return
        waiting = 0
        try:
            with to, back:
                while batch := self._next_batch():
                    data = msgspec.msgpack.encode([text.encode(errors="surrogatepass") for _, text in batch])
                    if waiting and len(data) > _FIT_INTO_A_PIPE:
                        # Else each might wait for the other to read: its answer does not fit into a pipe either.
                        self._take_answer(back)
                        waiting -= 1
                    send(to, data)
                    waiting += 1
                    if waiting > _BATCHES_AHEAD:
                        self._take_answer(back)
                        waiting -= 1
                for _ in range(waiting):
                    self._take_answer(back)
        except (OSError, ValueError, EOFError, msgspec.DecodeError):
            return

    def _next_batch(self) -> list[tuple[str, str]]:
        """Wait until there is something to parse, and return some of it; nothing once all of it is shared out."""
        with self._is_more:
            self._is_more.wait_for(lambda: bool(self._waiting) or self._is_complete.is_set())
        return self._batch(from_end=False, size=_BATCH_BYTES)

    def _take_answer(self, back: IO[bytes]) -> None:
        """Effect: wait for what a process says next, and take it in.

        Raises:
            EOFError: the process has died.
            msgspec.DecodeError: it says what it should not.
        """
        data = receive(back)
        if data is None:
            raise EOFError
        self._given.append(_rows.decode(data))


def parse_together(
    kept: Kept, texts: Mapping[str, str], names: Collection[str], told: Callable[[int, int], None]
) -> None:
    """Effect: parse what is not known of some files, if that is kept where other processes can add to it.

    Args:
        kept: What is known.
        texts: The texts of the files.
        names: The files.
        told: Told of how many files somebody has begun with, and of how many there are.

    Raises:
        Cancelled: as `kept` decides.
    """
    if kept.cache is None:
        return
    with Parsing(kept.cache) as parsing:

        def parse(name: str, text: str) -> None:
            kept.facts(name, text)
            told(len(names) - parsing.waiting, len(names))

        kept.look_up(texts, names)
        for name in names:
            if not kept.knows(text := texts[name]):
                parsing.add(name, text)
        parsing.finish(parse)
