"""Work that calls for other work of its kind, as deep as code calls functions: deeper than Python lets functions call.

Where it is too deep, it is given up, what it wanted is done by itself, and it is begun again: by then that is known.
"""

from collections.abc import Callable
from typing import TypeVar

MOST_DEEP = 8
"""So many pieces of work in each other are done at once. Each takes some twenty to sixty calls of Python's thousand."""

T = TypeVar("T")


class TooDeepError(Exception):
    """A piece of work that is to be done by itself first.

    Args:
        work: Does it, and keeps what it finds.
        begin: Keeps what stands for it, while it is not done, for whoever asks for it.
        forget: Takes that away.
    """

    def __init__(self, work: Callable[[], object], begin: Callable[[], None], forget: Callable[[], None]) -> None:
        super().__init__()
        self.work = work
        self.begin = begin
        self.forget = forget


def done_in_parts(work: Callable[[], T]) -> T:
    """Return what a piece of work finds, however deep it goes.

    Each piece that is put off is another one, since those that wait are taken as begun; so it comes to an end.
    """
    waiting: list[TooDeepError] = []
    try:
        while True:
            try:
                if not waiting:
                    return work()
                waiting[-1].work()
            except TooDeepError as deeper:
                if waiting:
                    waiting[-1].begin()
                waiting.append(deeper)
            else:
                waiting.pop()
                if waiting:
                    waiting[-1].forget()
    finally:  # what ends with an error leaves nothing behind that only stood for what was to come
        for begun in waiting[:-1]:
            begun.forget()
