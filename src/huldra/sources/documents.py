"""The text of files: editor buffers over disk, each with the hash of its bytes. Bad files are data with a reason.

Knows encodings and the disk, not Python's grammar.
"""

import hashlib
import os
import stat
import time
from collections.abc import Mapping
from io import FileIO
from pathlib import Path

from msgspec import Struct

from huldra.sources.encodings import Text, Undecodable, check_text, decode_source
from huldra.sources.settings import DEFAULT_LIMITS

_HASH_BYTES = 16
# Within this span a second write may leave time and size as they are: clocks of file systems are that coarse.
_COARSEST_CLOCK_NS = 2_000_000_000


class Document(Struct, frozen=True):
    """A file's text. `content_hash` is of its bytes (BLAKE2b, 128 bits, hex), `size` in bytes."""

    text: str
    content_hash: str
    size: int
    encoding: str = "utf-8"
    has_bom: bool = False


class Unreadable(Struct, frozen=True):
    """A file that cannot be read. `is_gone`: there is none (any more)."""

    reason: str
    is_gone: bool = False


class TooLarge(Struct, frozen=True):
    """A file past the limit, which was not read. Both in bytes."""

    size: int
    limit: int

    @property
    def reason(self) -> str:
        """What is wrong, in words."""
        return f"the file is too large: {self.size} bytes, and limits.file-size is {self.limit}"


Reading = Document | Undecodable | Unreadable | TooLarge
_Signature = tuple[int, int, int]


def content_hash(data: bytes) -> str:
    """Return the hash that names a file's bytes."""
    return hashlib.blake2b(data, digest_size=_HASH_BYTES).hexdigest()


def read_document(path: Path, limit: int = DEFAULT_LIMITS.file_size) -> Reading:
    """Return the document that a file on disk holds, or why there is none."""
    return _read_signed(str(path), limit)[0]


def read_bytes_as_document(data: bytes, limit: int = DEFAULT_LIMITS.file_size) -> Reading:
    """Return the document that bytes make, wherever they come from, or why they make none."""
    return TooLarge(len(data), limit) if len(data) > limit else _document(data)


class Documents(Struct, frozen=True, eq=False):
    """The files below a root as the user sees them: an editor's buffers over what the disk holds.

    `overlays` maps root-relative names to the text of buffers. What was read from disk is kept as long as the file's
    time, size and inode stay, and `with_overlays` shares it.
    """

    root: Path
    overlays: Mapping[str, str] = {}
    limit: int = DEFAULT_LIMITS.file_size
    _kept: dict[str, tuple[_Signature, Reading]] = {}

    def read(self, name: str) -> Reading:
        """Return the document of a root-relative name, or why there is none."""
        overlay = self.overlays.get(name)
        if overlay is not None:
            return _from_buffer(overlay, self.limit)
        path = f"{self.root}/{name}"
        kept = self._kept.get(name)
        if kept is not None and _signature_on_disk(path) == kept[0]:
            return kept[1]
        reading, signature = _read_signed(path, self.limit)
        if signature is not None and time.time_ns() - signature[0] > _COARSEST_CLOCK_NS:
            self._kept[name] = (signature, reading)
        else:
            self._kept.pop(name, None)
        return reading

    def read_once(self, name: str) -> Reading:
        """Return the document of a root-relative name, or why there is none; nothing of it is kept."""
        overlay = self.overlays.get(name)
        if overlay is not None:
            return _from_buffer(overlay, self.limit)
        return _read_signed(f"{self.root}/{name}", self.limit)[0]

    def with_overlays(self, overlays: Mapping[str, str]) -> "Documents":
        """Return the same files below other buffers."""
        return Documents(self.root, overlays, self.limit, self._kept)


def _from_buffer(text: str, limit: int) -> Reading:
    fault = check_text(text)
    if fault is not None:
        return fault
    data = text.encode()
    if len(data) > limit:
        return TooLarge(len(data), limit)
    return Document(text.removeprefix("\ufeff"), content_hash(data), len(data), has_bom=text.startswith("\ufeff"))


def _signature(found: os.stat_result) -> _Signature:
    return found.st_mtime_ns, found.st_size, found.st_ino


def _signature_on_disk(path: str) -> _Signature | None:
    try:
        return _signature(os.stat(path))  # noqa: PTH116  # ten thousand times a run: a Path costs more than the call
    except OSError:
        return None


def _read_signed(path: str, limit: int) -> tuple[Reading, _Signature | None]:
    """Read a file, with what tells later whether it is still the same; None if that cannot be told."""
    try:
        found = os.stat(path)  # noqa: PTH116
        # A pipe would block the reader for ever.
        if not stat.S_ISREG(found.st_mode):
            return Unreadable("is a directory" if stat.S_ISDIR(found.st_mode) else "is a device or a pipe"), None
        if found.st_size > limit:
            return TooLarge(found.st_size, limit), _signature(found)
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            found = os.fstat(file.fileno())
            data = _read_up_to(file, limit + 1, found.st_size)
    except (FileNotFoundError, NotADirectoryError):
        reason = "is a broken symlink" if os.path.islink(path) else "there is no such file"  # noqa: PTH114
        return Unreadable(reason, is_gone=True), None
    except OSError as error:
        return Unreadable(f"cannot be read: {error.strerror}"), None
    except ValueError as error:  # a NUL in the name
        return Unreadable(f"cannot be read: {error}"), None
    if len(data) > limit:
        return TooLarge(max(found.st_size, len(data)), limit), None
    return _document(data), _signature(found)


def _read_up_to(file: FileIO, limit: int, expected: int) -> bytes:
    """Return what a file holds, at most `limit` bytes; to know its size beforehand saves most of the reads."""
    parts: list[bytes] = []
    size = 0
    while size < limit and (part := file.read(min(limit - size, max(expected + 1 - size, 65536)))):
        parts.append(part)
        size += len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _document(data: bytes) -> Document | Undecodable:
    decoded = decode_source(data)
    if not isinstance(decoded, Text):
        return decoded
    return Document(decoded.text, content_hash(data), len(data), decoded.encoding, decoded.has_bom)
