"""The process that parses for another one: texts come in, rows of the cache go out. Reads no file of the project.

Run by `parsing`; what it cannot do, the other process does itself.
"""

import gc
import sys
from collections.abc import Sequence

import msgspec

from huldra.analysis.kept_facts import KeptFacts
from huldra.facts.collect import collect_piece
from huldra.stored_runs.own_processes import receive, send

Row = tuple[str, bytes, bytes]


class Rows:
    """A cache in memory that remembers what was put into it."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bytes], bytes] = {}
        self._fresh: list[Row] = []

    def get(self, kind: str, key: bytes) -> bytes | None:
        """Return what was put under a key."""
        return self._known.get((kind, key))

    def get_all(self, kind: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return what was put under some keys."""
        return {key: self._known[kind, key] for key in keys if (kind, key) in self._known}

    def put(self, kind: str, key: bytes, value: bytes) -> None:
        """Take in a value."""
        self._known[kind, key] = value
        self._fresh.append((kind, key, value))

    def save(self) -> None:
        """Do nothing: what is here goes to the other process."""

    def close(self) -> None:
        """Do nothing."""

    def taken(self) -> list[Row]:
        """Return what was put since the last time."""
        found, self._fresh = self._fresh, []
        return found


def serve() -> None:
    """Effect: parse what comes on stdin until it ends, and write the rows to stdout."""
    # Trees have no cycles, and looking for some takes a third of the time.
    gc.disable()
    collect_piece("")  # imports the parser, while the other process still reads
    rows = Rows()
    facts = KeptFacts(rows)
    while (data := receive(sys.stdin.buffer)) is not None:
        for text in msgspec.msgpack.decode(data, type=list[bytes]):
            facts.file(text.decode(errors="surrogatepass"), lambda piece: facts.piece(piece, collect_piece))
        send(sys.stdout.buffer, msgspec.msgpack.encode(rows.taken()))
