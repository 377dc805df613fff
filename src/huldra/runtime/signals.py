"""What happens when the process is told to end while runs are under way: all of them say so, then it ends.

Handlers are there from the first run of the main thread to its last, and then what was there before is there again.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Final

_EXIT_CODES: Final = {signal.SIGTERM: 143, signal.SIGINT: 130}
_Handler = Callable[[int, FrameType | None], object] | int | signal.Handlers | None
_under_way: dict[int, Callable[[int], None]] = {}
_replaced: dict[signal.Signals, _Handler] = {}
_installed_by: list[int] = []


@contextmanager
def preemptible(on_signal: Callable[[int], None]) -> Generator[None]:
    """Have `on_signal` called if SIGTERM or SIGINT arrives while this is open; the process ends after that.

    Runs inside runs are told first. Off the main thread no handler can be installed; the run is told if the main
    thread has one of its own under way.

    Effect: the outermost one of the main thread replaces the process's signal handlers, and restores them.
    """
    token = max(_under_way, default=0) + 1
    _under_way[token] = on_signal
    is_outermost = threading.current_thread() is threading.main_thread() and not _replaced
    if is_outermost:
        _install()
    try:
        yield
    finally:
        _under_way.pop(token, None)
        if is_outermost:
            _restore()


def _forget_runs_of_parent() -> None:
    _under_way.clear()
    _replaced.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_runs_of_parent)


def _install() -> None:
    _installed_by[:] = [os.getpid()]
    for number in _EXIT_CODES:
        before = signal.getsignal(number)
        # `nohup` and background jobs of a shell mean what they ignore; a handler of C code could not be put back.
        if before not in (signal.SIG_IGN, None):
            _replaced[number] = before
            signal.signal(number, _end)


def _restore() -> None:
    for number, before in _replaced.items():
        if signal.getsignal(number) is _end:  # else the user's own code installed another one meanwhile
            signal.signal(number, before)
    _replaced.clear()


def _end(number: int, _frame: FrameType | None) -> None:
    if os.getpid() not in _installed_by:
        _end_child(number)
        return
    for token in sorted(_under_way, reverse=True):
        # What cannot be recorded now is found out by the next process that looks.
        with contextlib.suppress(OSError, ValueError, KeyError):
            _under_way[token](number)
    os._exit(_EXIT_CODES[signal.Signals(number)])


def _end_child(number: int) -> None:
    """End a forked child as if this module were not there: the runs are its parent's."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
