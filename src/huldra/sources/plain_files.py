"""Files whose bytes are their text in UTF-8 as they stand: nearly all. Reads them, and imports next to nothing.

For ten thousand files a run: nothing is built, decoded or hashed.
"""

import codecs
import os
import stat

# A pipe would block the reader for ever.
_READ_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_plain(path: str, limit: int) -> tuple[bytes, os.stat_result] | None:
    """Return what a file on disk holds, and its state before that was read; None unless it is plain UTF-8 of its text.

    Whoever gets None asks `documents`, which says why.
    """
    try:
        file = os.open(path, _READ_FLAGS)
    except (OSError, ValueError):
        return None
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode) or found.st_size > limit:
            return None
        data = os.read(file, found.st_size + 1)
    except OSError:
        return None
    finally:
        os.close(file)
    return (data, found) if len(data) == found.st_size and is_plain(data) else None


def is_plain(data: bytes) -> bool:
    """Whether bytes are the UTF-8 of their text as they stand; most are, and need no decoding to know what they say."""
    if not data.isascii():
        if data.startswith(codecs.BOM_UTF8):
            return False
        try:
            data.decode()
        except UnicodeDecodeError:
            return False
    if b"\0" in data:
        return False
    second_end = data.find(b"\n", data.find(b"\n") + 1)
    return data.find(b"coding", 0, second_end if second_end >= 0 else len(data)) < 0
