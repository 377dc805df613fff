"""Many runs of one directory as a few long texts, which cost little to load. Knows not what a run's bytes say."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from huldra.stored_runs.index.marks import FILES_MARK_LENGTH, MARK_LENGTH

Entry = tuple[str, bytes, bytes, bytes]
"""A run's name, the mark of its internal directory, that of its files, and the run as bytes, whose first is a flag."""

_BETWEEN = "/"  # in no name


@dataclass(frozen=True, slots=True)
class Segment:
    """Runs one after another: their names, marks and bytes. `ends` says where the bytes of each end.

    `flags` holds the first byte of each run, `data` the others.
    """

    names: str
    marks: bytes
    files: bytes
    flags: bytes
    ends: tuple[int, ...]
    data: memoryview

    def __len__(self) -> int:
        return len(self.ends)

    def each_name(self) -> list[str]:
        """Return the names of its runs."""
        return self.names.split(_BETWEEN) if self.ends else []

    def mark(self, index: int) -> bytes:
        """Return the mark of a run's internal directory."""
        return self.marks[index * MARK_LENGTH : (index + 1) * MARK_LENGTH]

    def files_mark(self, index: int) -> bytes:
        """Return the mark of a run's files."""
        return self.files[index * FILES_MARK_LENGTH : (index + 1) * FILES_MARK_LENGTH]

    def entry(self, index: int) -> memoryview:
        """Return the bytes of a run but for its flag."""
        return self.data[self.ends[index - 1] if index else 0 : self.ends[index]]

    def whole(self, index: int) -> bytes:
        """Return all bytes of a run."""
        return self.flags[index : index + 1] + bytes(self.entry(index))


def joined_names(names: Iterable[str]) -> str:
    """Return names as a segment holds them."""
    return _BETWEEN.join(names)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Segment).decode


def make_segment(entries: Sequence[Entry]) -> Segment:
    """Return runs as a segment."""
    ends: list[int] = []
    end = 0
    for _, _, _, data in entries:
        end += len(data) - 1
        ends.append(end)
    return Segment(
        joined_names(entry[0] for entry in entries),
        b"".join(entry[1] for entry in entries),
        b"".join(entry[2] for entry in entries),
        b"".join(entry[3][:1] for entry in entries),
        tuple(ends),
        memoryview(b"".join(entry[3][1:] for entry in entries)),
    )


def segment_bytes(segment: Segment) -> tuple[int, bytes]:
    """Return a segment as bytes, with a number by which damage shows."""
    body = _encode(segment)
    return zlib.crc32(body), body


def segment_from(check: int, body: bytes) -> Segment | None:
    """Return the segment that bytes hold; None if they are damaged."""
    if zlib.crc32(body) != check:
        return None
    try:
        return _decode(body)
    except msgspec.MsgspecError:
        return None
