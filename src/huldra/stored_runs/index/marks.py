"""By what an index tells that a directory or file has not changed since it was read. Knows no run.

A directory's times change when a file in it is made, removed or replaced; not when a file is rewritten in place, which
is what `files_mark` is for. A time that was young when the file was read says nothing: another change may have followed
within the same tick of the file system's clock.
"""

import os
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

import msgspec

from huldra.formats.dialect import DIALECTS

SETTLED_AFTER_NS = 2_000_000_000
"""No file system that is still in use counts times in coarser steps than two seconds."""

_FILES = ("state.json", "SUCCESS.json", "metadata.json", "migration.json", "events.jsonl")
_LOCKS = tuple(name for name in DIALECTS[0].lock_files if name.endswith("compute.lock"))
MARK_LENGTH = 32
FILES_MARK_LENGTH = 16
_pack = struct.Struct("<qqQQ").pack
_ABSENT = _pack(0, 0, 0, 0)
_MOST = 0xFFFFFFFFFFFFFFFF
_AT_ONCE = 1000
_POSIX = sys.platform != "win32"


class Mark(msgspec.Struct, frozen=True):
    """What a path looked like: equal marks mean no change. `changed_ns` is the latest of the times in it."""

    text: bytes
    changed_ns: int

    def is_settled(self, now_ns: int) -> bool:
        """Return whether the mark can be trusted, if what it stands for was read right after the moment given."""
        return now_ns - self.changed_ns > SETTLED_AFTER_NS


def mark_of(found: os.stat_result) -> Mark:
    """Return the mark of a path that has been looked at."""
    return Mark(mark_text(found), _changed(found))


def mark_text(found: os.stat_result) -> bytes:
    """Return only the text of a mark."""
    return _pack(found.st_mtime_ns, found.st_ctime_ns, found.st_ino & _MOST, found.st_size)


def mark_texts(directory: str, paths: Sequence[str]) -> list[bytes]:
    """Effect: look. Return the texts of marks of paths below a directory; empty for one that cannot be looked at."""
    try:
        # Once for every one of a hundred thousand runs: calls of our own would cost as much as the looks do.
        return [
            _pack(f.st_mtime_ns, f.st_ctime_ns, f.st_ino & _MOST, f.st_size)
            for looks in _looks(directory, paths)
            for f in looks
        ]
    except OSError:
        return [_mark_text_or_none(path) for path in _below(directory, paths)]


def _looks(directory: str, paths: Sequence[str]) -> Iterator[list[os.stat_result]]:
    """Effect: look at paths below a directory, from there where the system can; some at a time. Raise OSError.

    One look right after the other costs a fifth less than with other work between them.
    """
    parts = (paths[start : start + _AT_ONCE] for start in range(0, len(paths), _AT_ONCE))
    look = os.stat
    if look not in os.supports_dir_fd:
        yield from (list(map(look, _below(directory, part))) for part in parts)
        return
    opened = os.open(directory, os.O_RDONLY)  # to go there anew for each path costs a quarter more
    try:
        for part in parts:
            yield [look(path, dir_fd=opened) for path in part]
    finally:
        os.close(opened)


def _below(directory: str, paths: Iterable[str]) -> Iterator[str]:
    return (f"{directory}/{path}" for path in paths)


def _mark_text_or_none(path: str) -> bytes:
    try:
        return mark_text(os.stat(path))  # noqa: PTH116
    except OSError:
        return b""


def files_mark(internal: str, *, with_locks: bool) -> Mark:
    """Effect: look. Return the mark of the files of a run that are read, whether they are there or not.

    The locks are read of runs under way only.
    """
    found: list[os.stat_result | None] = []
    for name in (*_FILES, *_LOCKS) if with_locks else _FILES:
        try:
            found.append(os.stat(f"{internal}/{name}"))  # noqa: PTH116  once for every file of very many runs
        except OSError:
            found.append(None)
    return _mark_of_files(found)


def seen_mark(internal: str, looks: Mapping[str | Path, os.stat_result]) -> Mark:
    """Return the mark of files as they looked when they were opened; those that are not named were not there."""
    return _mark_of_files([looks.get(f"{internal}/{name}") for name in _FILES])


def _mark_of_files(files: Sequence[os.stat_result | None]) -> Mark:
    parts, changed = list[bytes](), 0
    for found in files:  # of a hundred thousand runs: generators, and calls of our own, would cost as much again
        if found is None:
            parts.append(_ABSENT)
        else:
            latest = found.st_ctime_ns
            parts.append(_pack(found.st_mtime_ns, latest, found.st_ino & _MOST, found.st_size))
            if not _POSIX:
                latest = _changed(found)
            if latest > changed:  # noqa: PLR1730  `max` takes longer
                changed = latest
    text = b"".join(parts)
    return Mark(blake2b(text, digest_size=FILES_MARK_LENGTH).digest(), changed)


def _changed(found: os.stat_result) -> int:
    # `utime` can set the time of modification back, and not that of the change; Windows has no such time.
    return found.st_ctime_ns if _POSIX else max(found.st_mtime_ns, found.st_ctime_ns)
