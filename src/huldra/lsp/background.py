"""One thread that analyses while the editor goes on: the newest wish only, a pause after the last keystroke."""

import threading
import time
from collections.abc import Callable

from msgspec import Struct


class _Wish(Struct):
    """Something to be done when its time has come, but not later than `latest` even if it is wished for again."""

    work: Callable[[], None]
    due: float
    latest: float


class Background:
    """Does one thing at a time. A wish replaces an older one of the same name, and begins after a pause.

    `after` is called, in this thread, when something has been done and nothing else has begun. `guard` calls a named
    piece of work and keeps its faults from ending the thread.
    """

    def __init__(self, after: Callable[[], None], guard: Callable[[str, Callable[[], None]], None]) -> None:
        self._after = after
        self._guard = guard
        self._wishes: dict[str, _Wish] = {}
        self._changed = threading.Condition()
        self._is_ended = False
        self._busy: str | None = None
        self._thread = threading.Thread(target=self._run, name="huldra-analysis", daemon=True)

    def start(self) -> None:
        """Effect: start the thread. It ends with the process."""
        self._thread.start()

    def end(self) -> None:
        """Effect: drop all wishes; what is being done is told to stop by `is_wanted`."""
        with self._changed:
            self._is_ended = True
            self._wishes.clear()
            self._changed.notify_all()

    def wait_for_end(self, patience: float) -> bool:
        """Wait until the thread has come to its end, so many seconds. Return whether it has."""
        self._thread.join(patience)
        return not self._thread.is_alive()

    def wish(self, name: str, work: Callable[[], None], pause: float, at_most: float = 1.0) -> None:
        """Effect: have work done after a pause (seconds), at most so much later than it was first wished for."""
        now = time.monotonic()
        with self._changed:
            older = self._wishes.get(name)
            latest = older.latest if older is not None else now + at_most
            self._wishes[name] = _Wish(work, min(now + pause, latest), latest)
            self._changed.notify_all()

    def has_wish(self, name: str) -> bool:
        """Whether work of this name waits to be done."""
        with self._changed:
            return name in self._wishes

    def is_busy(self, name: str) -> bool:
        """Whether work of this name waits or is being done."""
        with self._changed:
            return name in self._wishes or self._busy == name

    @property
    def is_ended(self) -> bool:
        """Whether nothing is wanted any more."""
        return self._is_ended

    def _run(self) -> None:
        while (wish := self._next()) is not None:
            self._guard(self._busy or "", wish.work)
            with self._changed:
                self._busy = None
            self._after()

    def _next(self) -> _Wish | None:
        """Wait for the next wish whose time has come; None at the end."""
        with self._changed:
            while not self._is_ended:
                name = min(self._wishes, key=lambda name: self._wishes[name].due, default=None)
                left = None if name is None else self._wishes[name].due - time.monotonic()
                if name is not None and left is not None and left <= 0:
                    self._busy = name
                    return self._wishes.pop(name)
                self._changed.wait(left)
            return None
