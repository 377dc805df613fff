"""What `check --staged` says where nothing is new, kept with what is known of the state that it was last said of.

Imports next to nothing. What is written here is a cache: without it the answer is sought anew.
"""

import time
from pathlib import Path

from huldra.analysis.no_news import Standing, brings_nothing
from huldra.cli.sealed import read_sealed, sealed
from huldra.sources.commit_difference import Change

_MAGIC = b"huldra-news-2\n"
_BETWEEN, _END = "\t", b"\0"
_NUMBERS = 4


class NoNews:
    """An answer that says that nothing is new, and when it may be said again.

    Attributes:
        store: Where the store is.
        extras: Further files that it followed from.
        beside: What stands for these as they were.
    """

    def __init__(
        self, store: str, extras: tuple[str, ...], beside: bytes, out: bytes, err: bytes, standing: Standing
    ) -> None:
        self.store = store
        self.extras = extras
        self.beside = beside
        self.out = out
        self.err = err
        self.standing = standing

    def may_be_said(self, root: str) -> bool:
        """Effect: ask git. Whether nothing is known to be new now, where all that lies beside the code is as it was."""
        return brings_nothing(self.standing, Path(root))


def written_news(news: NoNews) -> bytes | None:
    """Return what `read_news` reads; None where names are such as nobody should have."""
    standing = news.standing
    staged = [part for name, change in standing.staged.items() for part in (name, *change)]
    lists = (news.extras, staged, sorted(standing.words), sorted(standing.counting), sorted(standing.data))
    texts = (news.store, *(text for texts in lists for text in texts))
    if any(_BETWEEN in text or "\n" in text for text in texts):
        return None
    numbers = (time.time_ns(), standing.limit, len(news.out), len(news.err))
    fields = [*map(str, numbers), news.beside.hex(), standing.commit, news.store, *map(_BETWEEN.join, lists)]
    head = "\n".join(fields).encode(errors="surrogateescape")
    rest = head + _END + news.out + news.err + standing.evidence
    return sealed(_MAGIC, rest)


def read_news(path: str) -> NoNews | None:
    """Effect: read. Return what was written down; None where nothing was, or before the clock was set back."""
    rest = read_sealed(path, _MAGIC)
    if rest is None:
        return None
    head, _, said = rest.partition(_END)
    fields = head.decode(errors="surrogateescape").split("\n")
    saved_at, limit, out, err = map(int, fields[:_NUMBERS])
    beside, commit, store, *lists = fields[_NUMBERS:]
    if time.time_ns() < saved_at:
        return None
    extras, staged, words, counting, data = (tuple(text.split(_BETWEEN)) if text else () for text in lists)
    changes = {staged[at]: Change(*staged[at + 1 : at + 3]) for at in range(0, len(staged), 3)}
    evidence = said[out + err :]
    standing = Standing(commit, changes, limit, words, frozenset(counting), evidence, frozenset(data))
    return NoNews(store, extras, bytes.fromhex(beside), said[:out], said[out : out + err], standing)
