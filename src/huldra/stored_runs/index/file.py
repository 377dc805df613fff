"""The SQLite file of an index. One that is damaged, locked or on a full disk is an empty one."""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from huldra.stored_runs.find import Contents
from huldra.stored_runs.index.entries import holds_other_classes
from huldra.stored_runs.index.segments import LateBody, Segment, body_from, segment_bytes, segment_from

INDEX_VERSION = 10
"""Raised whenever a run may be read as another value than before, or the tables change."""

_WAIT_S = 2.0
_IGNORE_FILE = "*\n"
_TABLES = (
    "CREATE TABLE IF NOT EXISTS directories (path TEXT PRIMARY KEY, mark BLOB, contents BLOB) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS segments
    (id INTEGER PRIMARY KEY AUTOINCREMENT, directory TEXT, odd INTEGER, head_check INTEGER, body_check INTEGER,
    head BLOB, body BLOB)""",  # of a row no more is read than up to the last column that is asked for
    "CREATE INDEX IF NOT EXISTS segments_of ON segments (directory)",
)
_HEADS = "SELECT id, head_check, body_check, head FROM segments WHERE directory = ? ORDER BY id"
_SEGMENTS = "SELECT id, directory, head_check, body_check, head, body FROM segments"
_BODY = "SELECT body FROM segments WHERE id = ?"
_INSERT = "INSERT INTO segments (directory, odd, head_check, body_check, head, body) VALUES (?, ?, ?, ?, ?, ?)"
_T = TypeVar("_T")
_decode_contents = msgspec.msgpack.Decoder(Contents).decode
_encode_contents = msgspec.msgpack.Encoder().encode


class Known(Struct):
    """What an index remembers: contents of directories with their marks, and runs by directory.

    Of a run that several segments of a directory hold the last counts. Segments have numbers, also damaged ones.
    `odd` are the directories with runs whose configs are of other classes than theirs.
    """

    directories: dict[str, tuple[bytes, Contents]] = {}
    segments: dict[str, list[tuple[int, Segment]]] = {}
    damaged: list[int] = []
    odd: set[str] = set()


class IndexFile:
    """The file of the index of a store, or of several that are looked at together.

    Nothing is made before something is kept. Used by one thread at a time.
    """

    def __init__(self, cache: Path, store: Path, further: Iterable[Path] = ()) -> None:
        real = b"\0".join(os.fsencode(os.path.realpath(each)) for each in (store, *further))
        name = hashlib.sha256(real).hexdigest()[:16]
        self._file = cache / f"runs-v{INDEX_VERSION}-{name}.sqlite"
        self._is_broken = False
        self._reading: sqlite3.Connection | None = None

    def load(self) -> Known:
        """Effect: read. Return all that is kept, as of one moment."""
        return self._try(_load, Known()) if self._is_there() else Known()

    def load_directories(self) -> Known:
        """Effect: read. Return what is kept but for the runs."""
        return self._try(_load_directories, Known()) if self._is_there() else Known()

    def load_runs(self, known: Known, directories: Iterable[str]) -> None:
        """Effect: read. Add the runs of some directories to what is known."""

        def load(connection: sqlite3.Connection) -> None:
            for directory in directories:
                _add_segments(known, connection.execute(f"{_SEGMENTS} WHERE directory = ? ORDER BY id", (directory,)))

        if self._is_there():
            self._try(load, None)

    def load_heads(self, known: Known, directories: Iterable[str]) -> None:
        """Effect: read. Add the runs of some directories to what is known; what they say is read when it is asked."""

        def load(connection: sqlite3.Connection) -> None:
            for directory in directories:
                for number, check, body_check, head in connection.execute(_HEADS, (directory,)):
                    body = LateBody(body_check, partial(self._read_body, number))
                    _add_segment(known, number, directory, segment_from(check, head, body))

        if self._is_there():
            self._try(load, None)

    def _read_body(self, number: int) -> bytes | None:
        """Effect: read. Return the body of a segment; None if it is not there any more."""
        try:
            if self._reading is None:
                self._reading = self._open()  # to open the file for each of very many would cost as much as they do
            found: tuple[bytes] | None = self._reading.execute(_BODY, (number,)).fetchone()
        except (sqlite3.Error, OSError):
            return None
        return None if found is None else found[0]

    def keep_segments(self, segments: Iterable[tuple[str, Segment]], instead: Iterable[int] = ()) -> None:
        """Effect: write segments with their directories, and drop those with the numbers given. All or nothing."""
        rows = [(directory, holds_other_classes(segment), *segment_bytes(segment)) for directory, segment in segments]
        numbers = [(number,) for number in instead]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany(_INSERT, rows)
            connection.executemany("DELETE FROM segments WHERE id = ?", numbers)

        if rows or numbers:
            self._try(write, None)

    def keep_directories(self, directories: Iterable[tuple[str, bytes, Contents]]) -> None:
        """Effect: write what directories hold."""
        rows = [(path, mark, _encode_contents(contents)) for path, mark, contents in directories]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO directories VALUES (?, ?, ?)", rows)

        if rows:
            self._try(write, None)

    def forget_directories(self, directories: Iterable[str]) -> None:
        """Effect: write. Drop directories that are not in the store any more."""
        paths = [(path,) for path in directories]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("DELETE FROM directories WHERE path = ?", paths)

        if paths:
            self._try(write, None)

    def _is_there(self) -> bool:
        return os.path.exists(self._file)  # noqa: PTH110  # `Path.exists` raises where nobody may look

    def _try(self, work: Callable[[sqlite3.Connection], _T], otherwise: _T) -> _T:
        if self._is_broken:
            return otherwise
        try:
            connection = self._open()
        except (sqlite3.Error, OSError) as error:
            self._give_up(error)
            return otherwise
        try:
            with connection:
                return work(connection)
        except (sqlite3.Error, OSError, msgspec.DecodeError, UnicodeError) as error:
            connection.close()
            self._give_up(error)
            return otherwise
        finally:
            connection.close()

    def _open(self) -> sqlite3.Connection:
        directory = self._file.parent
        directory.mkdir(exist_ok=True)
        ignore = directory / ".gitignore"
        if not ignore.exists():
            ignore.write_text(_IGNORE_FILE)
        if not self._file.exists():
            self._remove_older()
        connection = sqlite3.connect(self._file, timeout=_WAIT_S)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            for table in _TABLES:
                connection.execute(table)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _remove_older(self) -> None:
        """Effect: remove what former versions kept of this store; a newer one, which somebody else may use, stays."""
        name = self._file.name.rpartition("-")[2]
        for file in self._file.parent.glob(f"runs-v*-{name}*"):
            version = file.name.removeprefix("runs-v").partition("-")[0]
            if version.isdecimal() and int(version) < INDEX_VERSION:
                with suppress(OSError):
                    file.unlink()

    def _give_up(self, error: Exception) -> None:
        """Effect: remove a file that can be of no use to anybody, so that the next process begins anew."""
        self._is_broken = True
        if isinstance(error, sqlite3.OperationalError | OSError):  # locked, read-only, full: not the file's fault
            return
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)


def _load(connection: sqlite3.Connection) -> Known:
    connection.execute("BEGIN")
    known = _load_directories(connection)
    _add_segments(known, connection.execute(f"{_SEGMENTS} ORDER BY id"))
    return known


def _load_directories(connection: sqlite3.Connection) -> Known:
    known = Known()
    for path, mark, contents in connection.execute("SELECT path, mark, contents FROM directories"):
        known.directories[path] = (mark, _decode_contents(contents))
    known.odd.update(path for (path,) in connection.execute("SELECT directory FROM segments WHERE odd"))
    return known


def _add_segments(known: Known, rows: Iterable[tuple[int, str, int, int, bytes, bytes]]) -> None:
    for number, directory, check, body_check, head, data in rows:
        body = body_from(body_check, data)
        _add_segment(known, number, directory, None if body is None else segment_from(check, head, body))


def _add_segment(known: Known, number: int, directory: str, segment: Segment | None) -> None:
    if segment is None:
        known.damaged.append(number)
    else:
        known.segments.setdefault(directory, []).append((number, segment))
