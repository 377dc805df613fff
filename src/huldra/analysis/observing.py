"""Which states of the code somebody's work followed from: told to whoever wants to know what he may forget again."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from msgspec import Struct

from huldra.analysis.data_content import DataNow
from huldra.analysis.no_news import Standing
from huldra.analysis.scanned import ScannedFiles

StandingOf = Callable[[], Standing | None]
SeenOf = Callable[[], "SeenCode | None"]


class ObservedCode(Struct, frozen=True):
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
        return {name: look for name, look in self.scanned.looks.items() if name not in counting}


class SeenCode(Struct, frozen=True):
    """What was seen of the code on disk beyond a cheap look.

    Attributes:
        evidence: What was looked at, as `encode_looked_at` writes it.
        files: The files that were looked at.
        texts: What names the text of each of them that has one, by which its facts are kept.
        words: Those of the words that were looked for in all files which each of these holds.
    """

    evidence: bytes
    files: frozenset[str]
    texts: Mapping[str, bytes]
    words: Mapping[str, tuple[str, ...]]


class SaidOfChanges(Struct, frozen=True):
    """How an answer says whether the working tree differs from the commit, and would say the contrary.

    Attributes:
        is_dirty: What it says.
        if_clean: The words that it has where nothing differs.
        if_dirty: The words that it has where something does. Both are empty if it does not say it.
    """

    is_dirty: bool
    if_clean: str
    if_dirty: str


class Observed(Struct, frozen=True):
    """What was told.

    Attributes:
        codes: Each state of the code that was read from disk.
        seen: For each state that was judged what gives what was seen of it.
        data: For each state of the disk that was judged the files in it that are no code.
        standings: For each index that was found to bring nothing new what gives what is known of it.
        changes: What is said of whether the working tree differs from the commit.
        beside: An entry for each time that something followed from code beside the project.
    """

    codes: list[ObservedCode] = []
    seen: list[SeenOf] = []
    data: list[DataNow] = []
    standings: list[StandingOf] = []
    changes: list[SaidOfChanges] = []
    beside: list[None] = []


_observed: ContextVar[Observed | None] = ContextVar("observed", default=None)


@contextmanager
def observing() -> Generator[Observed]:
    """Give what grows with all that is told until the end of the block."""
    found = Observed()
    token = _observed.set(found)
    try:
        yield found
    finally:
        _observed.reset(token)


def tell(code: ObservedCode) -> None:
    """Effect: tell whoever observes that code was read from disk."""
    observed = _observed.get()
    if observed is not None:
        observed.codes.append(code)


def tell_data(data: DataNow) -> None:
    """Effect: tell whoever observes which files on disk that are no code may come to be looked at."""
    observed = _observed.get()
    if observed is not None:
        observed.data.append(data)


def tell_standing(standing: StandingOf) -> None:
    """Effect: tell whoever observes that an index was found to bring nothing new to HEAD, whatever was looked for."""
    observed = _observed.get()
    if observed is not None:
        observed.standings.append(standing)


def tell_beside() -> None:
    """Effect: tell whoever observes that something follows from code beside the project."""
    observed = _observed.get()
    if observed is not None:
        observed.beside.append(None)


def tell_changes(said: SaidOfChanges) -> None:
    """Effect: tell whoever observes how it is said whether the working tree differs from the commit."""
    observed = _observed.get()
    if observed is not None:
        observed.changes.append(said)


def tell_seen(seen: SeenOf) -> None:
    """Effect: tell whoever observes how to know what was seen of a state of the code, when all has been asked of it."""
    observed = _observed.get()
    if observed is not None:
        observed.seen.append(seen)
