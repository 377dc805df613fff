"""What the last process knew of each file: by which time and size it was read, and what a cheap look at it told.

A file that is as it was is neither opened nor scanned. Holds no facts and no texts; knows nothing of what follows.
"""

import os
import time
from collections.abc import Callable, Container, Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import blake2b

import msgspec

from huldra.analysis.disk_cache import Cache, NoCache
from huldra.facts import scan
from huldra.project import relevance
from huldra.sources import documents, encodings, plain_files

_TABLE, _IMPORTS, _CHOICE = "files", "imports", "choice"
# Within this span a second write may leave time and size as they are: clocks of file systems are that coarse.
_COARSEST_CLOCK_NS = 2_000_000_000
_DIGEST_BYTES = 16
_FEW = 1000
"""One of so many."""

Mark = tuple[int, int, int, int, int] | str
"""What tells whether a file is as it was: times, size and inode, or the name of its content."""


class FileRecord(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A file as it was read.

    Attributes:
        mark: What tells that it is as it was.
        imports: The digest of the lines that its imports stand in.
        holds: What was sought and is there, as bits.
    """

    mark: Mark
    imports: bytes
    holds: int


class Choice(msgspec.Struct, frozen=True, array_like=True):
    """Which files can see an experiment class, and the directories of scripts that import their neighbours."""

    relevant: tuple[str, ...]
    script_roots: tuple[str, ...]


class _Table(msgspec.Struct, frozen=True, array_like=True):
    saved_at: int
    records: dict[str, FileRecord]
    contents: dict[str, str]


_tables = msgspec.msgpack.Decoder(_Table)
_lines = msgspec.msgpack.Decoder(dict[str, bytes])
_choices = msgspec.msgpack.Decoder(Choice)


class FileTable:
    """The records of the last process, and those of this one. Used by one thread.

    Args:
        disk: Where they are kept; None for nowhere.
        words: The words that are sought in the imports of every file.
        settings: What else a record follows from.
    """

    def __init__(self, disk: Cache | None, words: tuple[str, ...], settings: object) -> None:
        self._disk = disk or NoCache()
        self._key = blake2b(repr((words, settings, _own_version())).encode(), digest_size=_DIGEST_BYTES).digest()
        self._old, self._contents = self._kept_table()
        self._old_imports: Mapping[str, bytes] | None = None
        self._new: dict[str, FileRecord] = {}
        self._read = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing is known from before."""
        return not self._old

    def unchanged(self, name: str, mark: Mark) -> FileRecord | None:
        """Return the record of a file that is as it was."""
        record = self._old.get(name)
        if record is None or record.mark != mark:
            return None
        self._new[name] = record
        return record

    def all_unchanged(
        self, names: Iterable[str], mark_of: Callable[[str], Mark | None]
    ) -> tuple[dict[str, FileRecord], list[str]]:
        """Effect: look at all files. Return the records of those that are as they were, and the others, in order."""
        old = self._old
        if not old:
            return {}, list(names)
        found: dict[str, FileRecord] = {}
        others: list[str] = []
        for name in names:
            record = old.get(name)
            if record is not None and record.mark == mark_of(name):
                found[name] = record
            else:
                others.append(name)
        self._new.update(found)
        return found, others

    def contents_of(self, names: Container[str]) -> dict[str, str]:
        """Return the hashes of the bytes of files that are as they were, of those for which they were asked for."""
        return {name: content for name, content in self._contents.items() if name in names}

    def content(self, name: str) -> str | None:
        """Return the hash of the bytes of a file that is as it was, if that was ever asked for."""
        return self._contents.get(name)

    def note(self, name: str, record: FileRecord) -> None:
        """Take in a file that was read; one that was changed a moment ago is read again the next time."""
        self._read += 1
        if isinstance(record.mark, str) or not is_young(record.mark):
            self._new[name] = record

    def imports(self, name: str) -> bytes | None:
        """Return the lines that the imports of a file of the last process's table stand in; None if not kept."""
        if self._old_imports is None:
            self._old_imports = {}
            kept = self._disk.get(_IMPORTS, self._key)
            if kept is not None:
                with suppress(msgspec.DecodeError):
                    self._old_imports = _lines.decode(kept)
        return self._old_imports.get(name)

    def let_go(self) -> None:
        """Effect: hold the lines of imports no longer; they are loaded again for who asks."""
        self._old_imports = None

    def choice(self, key: bytes) -> Choice | None:
        """Return the choice that was made for a key."""
        kept = self._disk.get(_CHOICE, self._key)
        if kept is None or not kept.startswith(key):
            return None
        with suppress(msgspec.DecodeError):
            return _choices.decode(kept[len(key) :])
        return None

    def keep_choice(self, key: bytes, choice: Choice) -> None:
        """Keep a choice; the one before is forgotten."""
        self._disk.put(_CHOICE, self._key, key + msgspec.msgpack.encode(choice))

    def keep(self, contents: Mapping[str, str], imports: Mapping[str, bytes] | None) -> None:
        """Keep the records of this process, unless few are new: to read these again costs less than to write all.

        Args:
            contents: The hashes of the bytes of files, as far as they are known.
            imports: The lines that imports stand in; None where nobody had to know, since none has changed that.
        """
        few = len(self._old) // _FEW
        if self._read > few or len(self._old.keys() - self._new.keys()) > few:
            known = {name: content for name, content in contents.items() if name in self._new}
            self._disk.put(_TABLE, self._key, msgspec.msgpack.encode(_Table(time.time_ns(), self._new, known)))
        if imports is not None:
            self._disk.put(_IMPORTS, self._key, msgspec.msgpack.encode(imports))

    def _kept_table(self) -> tuple[dict[str, FileRecord], dict[str, str]]:
        kept = self._disk.get(_TABLE, self._key)
        if kept is not None:
            with suppress(msgspec.DecodeError):
                table = _table(kept)
                # After a clock has gone back, a time says nothing about what is older.
                if table.saved_at <= time.time_ns():
                    return table.records, table.contents
        return {}, {}


@lru_cache(maxsize=1)
def _table(data: bytes) -> _Table:
    """Two states that are compared look into the same table, which nobody changes."""
    return _tables.decode(data)


def is_young(mark: tuple[int, int, int, int, int]) -> bool:
    """Whether a file was changed a moment ago, so that its times may not tell if it is once more."""
    return time.time_ns() - max(mark[0], mark[1]) <= _COARSEST_CLOCK_NS


def _own_version() -> object:
    # Whoever works on these must not be answered with what they said before.
    looked = (os.stat(str(module.__file__)) for module in (encodings, documents, plain_files, scan, relevance))  # noqa: PTH116
    return [(found.st_mtime_ns, found.st_size) for found in looked]
