"""What was computed once, kept across processes by what it is a function of. Deleting it loses nothing but time.

A cache that is damaged, of another version, locked, on a full disk or of another user behaves as an empty one.
"""

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol, TypeVar

CACHE_DIRECTORY = ".huldra_cache"
_FORMAT = 2
_IGNORE_FILE = "*\n"
_WAIT_S = 2.0
_MOST_BYTES = 400_000_000
_MOST_KEYS = 500
"""SQLite takes up to 999 words in a statement, where it is old."""
_T = TypeVar("_T")


class Cache(Protocol):
    """Values by kind and key."""

    def get(self, kind: str, key: bytes) -> bytes | None:
        """Return what was kept under a key."""
        ...

    def get_all(self, kind: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return what was kept under some keys."""
        ...

    def put(self, kind: str, key: bytes, value: bytes) -> None:
        """Keep a value."""
        ...

    def save(self) -> None:
        """Effect: write down what was kept, where that is needed."""
        ...

    def close(self) -> None:
        """Effect: let go of whatever values are kept in, if anything."""
        ...


class DiskCache:
    """Values by kind and key, in one SQLite file below the root. Nothing is made before the first value is kept.

    Used by one thread at a time; several processes may use the same file.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._directory = root / CACHE_DIRECTORY
        self._file = self._directory / f"kept-v{_FORMAT}.sqlite"
        self._connection: sqlite3.Connection | None = None
        self._is_broken = False
        self._was_missing = False
        self._unsaved: dict[tuple[str, bytes], bytes] = {}

    def get(self, kind: str, key: bytes) -> bytes | None:
        """Effect: read. Return what was kept under a key."""
        waiting = self._unsaved.get((kind, key))
        if waiting is not None:
            return waiting

        def read(connection: sqlite3.Connection) -> bytes | None:
            rows: list[tuple[bytes]] = connection.execute(
                "SELECT value FROM kept WHERE kind = ? AND key = ?", (kind, key)
            ).fetchall()
            return rows[0][0] if rows else None

        return self._try(read, None) if self._may_hold_something() else None

    def get_all(self, kind: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Effect: read. Return what was kept under some keys: to ask once costs a fraction of asking for each."""
        found = {key: value for key in keys if (value := self._unsaved.get((kind, key))) is not None}
        missing = [key for key in keys if key not in found]

        def read(connection: sqlite3.Connection) -> list[tuple[bytes, bytes]]:
            rows: list[tuple[bytes, bytes]] = []
            for begin in range(0, len(missing), _MOST_KEYS):
                part = missing[begin : begin + _MOST_KEYS]
                marks = ",".join("?" * len(part))
                statement = f"SELECT key, value FROM kept WHERE kind = ? AND key IN ({marks})"  # noqa: S608  # marks
                rows += connection.execute(statement, (kind, *part)).fetchall()
            return rows

        if missing and self._may_hold_something():
            found.update(self._try(read, []))
        return found

    def put(self, kind: str, key: bytes, value: bytes) -> None:
        """Keep a value until `save` writes it down."""
        self._unsaved[kind, key] = value

    def save(self) -> None:
        """Effect: write what was kept since the last time, all of it or nothing."""
        if not self._unsaved:
            return
        rows = [(kind, key, value) for (kind, key), value in self._unsaved.items()]
        self._unsaved = {}

        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)
            if self._file.stat().st_size > _MOST_BYTES:
                # What is still of use comes back with the next run; to know what that is would cost each of them.
                with connection:
                    connection.execute("DELETE FROM kept")
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

        self._try(write, None)

    def close(self) -> None:
        """Effect: close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _may_hold_something(self) -> bool:
        # Asked once for a file that is missing: a system call at each miss has the other threads of this process wait
        # for as long as we go on. Python lets go of its lock for it and takes it back before any of them is awake, and
        # none of them may insist before it has waited for 5 ms without such a gap.
        if self._connection is None and not self._was_missing:
            self._was_missing = not os.path.exists(self._file)  # noqa: PTH110  # false where nobody may look, too
        return self._connection is not None or not self._was_missing

    def _try(self, work: Callable[[sqlite3.Connection], _T], otherwise: _T) -> _T:
        if self._is_broken:
            return otherwise
        try:
            if self._connection is None:
                self._connection = self._open()
            return work(self._connection)
        except sqlite3.DatabaseError as error:
            self.close()
            if isinstance(error, sqlite3.OperationalError) and "locked" in str(error):
                return otherwise
            self._is_broken = True
            if not isinstance(error, sqlite3.OperationalError):
                self._remove()
            return otherwise
        except OSError:
            self._is_broken = True
            return otherwise

    def _open(self) -> sqlite3.Connection:
        self._directory.mkdir(exist_ok=True)
        ignore = self._directory / ".gitignore"
        if not ignore.exists():
            ignore.write_text(_IGNORE_FILE)
        if not self._file.exists():
            self._remove_older()
        self._was_missing = False
        connection = sqlite3.connect(self._file, timeout=_WAIT_S, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        # The index holds keys alone: `WITHOUT ROWID` each step of a search would read a value, megabytes of it, whole.
        connection.execute("CREATE TABLE IF NOT EXISTS kept (kind TEXT, key BLOB, value BLOB, PRIMARY KEY (kind, key))")
        return connection

    def _remove_older(self) -> None:
        """What an older version has kept is of no use to this one; that one makes it anew if it is used again."""
        for number in range(1, _FORMAT):
            for old in self._directory.glob(f"kept-v{number}.sqlite*"):
                old.unlink(missing_ok=True)

    def _remove(self) -> None:
        """A damaged file helps nobody; the next process begins anew."""
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)


class NoCache:
    """Keeps nothing."""

    def get(self, kind: str, key: bytes) -> bytes | None:
        """Return None."""

    def get_all(self, kind: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:  # noqa: ARG002
        """Return nothing."""
        return {}

    def put(self, kind: str, key: bytes, value: bytes) -> None:
        """Do nothing."""

    def save(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""
