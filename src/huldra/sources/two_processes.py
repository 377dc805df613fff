"""Work that two processors share: this process does a part of it, and a copy of it (a fork) the rest.

For what reads and counts only. Nothing follows from whether there was a copy, nor from what became of it.
"""

import os
import sys
from collections.abc import Callable, Iterator

_NUMBER_BYTES = 2
MOST_NUMBERS = 2_000
"""As many as surely fit into a pipe."""


def shared(count: int, work: Callable[[Iterator[int]], bytes]) -> tuple[bytes, bytes] | None:
    """Return what two processes find that take the numbers below a count, each the next one as soon as it is free.

    None where there is one processor only, the system knows no copies, other threads run (a copy would have what they
    held, and not them), or the copy has not come to its end: then who asks does all of it.

    Args:
        count: How many numbers, `MOST_NUMBERS` at most.
        work: Takes numbers until there are none left. What it raises here is raised, in the copy it means None.
    """
    if not hasattr(os, "fork") or _processors() < 2 or _other_threads_run():
        return None
    numbers, (out, into) = _filled_pipe(count), os.pipe()
    try:
        copy = os.fork()
    except OSError:
        for end in (numbers, out, into):
            os.close(end)
        return None
    if copy == 0:
        _find_and_leave(into, lambda: work(_taken(numbers)))
    os.close(into)
    try:
        with open(out, "rb") as answer:  # noqa: PTH123  # once it is closed the copy ends, whatever it is about to say
            own, other = work(_taken(numbers)), answer.read()
    finally:
        os.close(numbers)
        _, status = os.waitpid(copy, 0)
    return None if status else (own, other)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _other_threads_run() -> bool:
    return len(sys._current_frames()) > 1  # pyright: ignore[reportPrivateUsage]  # `threading` takes long to import


def _filled_pipe(count: int) -> int:
    """Return the end of a pipe from which each number below a count can be read once, by whoever is first."""
    out, into = os.pipe()
    os.write(into, b"".join(number.to_bytes(_NUMBER_BYTES, "big") for number in range(count)))
    os.close(into)
    return out


def _taken(numbers: int) -> Iterator[int]:
    while token := os.read(numbers, _NUMBER_BYTES):
        yield int.from_bytes(token, "big")


def _find_and_leave(end: int, find: Callable[[], bytes]) -> None:
    """Effect: write what is found; end the copy as if it had never been: nothing is flushed, nobody is told."""
    status = 1
    try:
        with open(end, "wb") as file:
            file.write(find())
        status = 0
    finally:
        os._exit(status)
