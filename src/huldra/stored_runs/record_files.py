"""One stored file at a time, as bytes. Damage is data that names the file and the fault."""

import os
import stat
from pathlib import Path

from msgspec import Struct

MAX_RECORD_BYTES = 100 * 1024 * 1024
_READ_AT_ONCE = 1024 * 1024
_READ: int = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A pipe must not make us wait."""

_open_at_once = os.open


class Damaged(Struct, frozen=True):
    """A file that is there and cannot be used."""

    file: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}"


class Seen:
    """How the files of a run looked when they were read; and the text of its config, if that is plain JSON."""

    __slots__ = ("config", "files")

    def __init__(self) -> None:
        """Begin with nothing seen."""
        self.files: dict[str | Path, os.stat_result] = {}
        self.config: bytes | None = None


def read_bytes(path: str | Path, limit: int = MAX_RECORD_BYTES, seen: Seen | None = None) -> bytes | Damaged | None:
    """Return a file's bytes, or None if there is no such file (any more). A file past the limit is not read.

    Args:
        path: The file.
        limit: How many bytes it may have.
        seen: Told how the file looked when it was opened.
    """
    try:
        opened = _open_at_once(path, _READ)  # before it is looked at, which saves a look at each of very many files
    except (FileNotFoundError, NotADirectoryError):
        return Damaged(name_of(path), "is a broken symlink") if os.path.islink(path) else None  # noqa: PTH114
    except IsADirectoryError:
        return Damaged(name_of(path), "is a directory, not a file")
    except OSError as error:
        return _unreadable(path, error)
    try:
        found = os.fstat(opened)
        if seen is not None:
            seen.files[path] = found
        if not stat.S_ISREG(found.st_mode):
            is_directory = stat.S_ISDIR(found.st_mode)
            return Damaged(
                name_of(path), "is a directory, not a file" if is_directory else "is a device or a pipe, not a file"
            )
        if found.st_size > limit:
            return Damaged(name_of(path), f"is too large ({found.st_size} bytes, limit {limit})")
        size = found.st_size
        data = os.read(opened, size + 1) if size < _READ_AT_ONCE else b""
        if len(data) == size < _READ_AT_ONCE:
            return data  # nearly always; a single read may give fewer, and a file may grow
        data = _read_rest(opened, data, limit + 1)
    except OSError as error:
        return _unreadable(path, error)
    finally:
        os.close(opened)
    return data if len(data) <= limit else Damaged(name_of(path), f"is too large (limit {limit} bytes)")


def name_of(path: str | Path) -> str:
    """Return the name of a file without its directories."""
    return os.path.basename(path)  # noqa: PTH119  once for every file of a hundred thousand runs


def _unreadable(path: str | Path, error: OSError) -> Damaged:
    return Damaged(name_of(path), f"cannot be read: {error.strerror}")


def _read_rest(opened: int, data: bytes, limit: int) -> bytes:
    """Return the bytes of a file of which some have been read, at most so many."""
    parts = [data]
    limit -= len(data)
    while limit > 0 and (part := os.read(opened, min(limit, _READ_AT_ONCE))):
        parts.append(part)
        limit -= len(part)
    return b"".join(parts)
