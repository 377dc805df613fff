"""Which files of the code somebody's work followed from: told to whoever wants to know what he may forget again."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from huldra.analysis.scanned import ScannedFiles


@dataclass(frozen=True, slots=True)
class ObservedCode:
    """The code on disk as it was read.

    Attributes:
        scanned: The files after a cheap look.
        files: The names of all of them.
        library: The words that name the library in imports.
        limit: Files past so many bytes are not read.
    """

    scanned: ScannedFiles
    files: tuple[str, ...]
    library: tuple[str, ...]
    limit: int

    def idle_looks(self) -> Mapping[str, bytes]:
        """Return, of each file that nothing has followed from up to now, what a look at it told."""
        texts, relevant = self.scanned.texts, frozenset(self.scanned.relevant)
        counting = relevant | texts.asked_for
        return {name: look for name, look in self.scanned.idle_looks.items() if name not in counting}


_observed: ContextVar[list[ObservedCode] | None] = ContextVar("observed", default=None)


@contextmanager
def observing() -> Generator[list[ObservedCode]]:
    """Give the list that grows with each state of the code that is read from disk until the end of the block."""
    found: list[ObservedCode] = []
    token = _observed.set(found)
    try:
        yield found
    finally:
        _observed.reset(token)


def tell(code: ObservedCode) -> None:
    """Effect: tell whoever observes that code was read from disk."""
    observed = _observed.get()
    if observed is not None:
        observed.append(code)
