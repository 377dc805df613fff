"""Many runs of one directory as a few long texts, which cost little to load. Knows not what a run's bytes say."""

import zlib
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from huldra.stored_runs.index.marks import FILES_MARK_LENGTH, MARK_LENGTH

Entry = tuple[str, bytes, bytes, bytes]
"""A run's name, the mark of its internal directory, that of its files, and the run as bytes (`entry_bytes`)."""

_BETWEEN = "/"  # in no name
_TIME_LENGTH = 8
_LENGTH = 4
_HEAD = 2 + _TIME_LENGTH + _LENGTH


@dataclass(frozen=True, slots=True)
class Segment:
    """Runs one after another: their names, marks and bytes. `ends` and `config_ends` say where those of each end.

    What is asked of very many runs at once stands side by side: `flags` and `results` hold a byte of each run, `times`
    one number each, `configs` the texts of their configs. `data` is all else that they say.
    """

    names: str
    marks: bytes
    files: bytes
    flags: bytes
    results: bytes
    times: bytes
    ends: tuple[int, ...]
    data: memoryview
    config_ends: tuple[int, ...]
    configs: memoryview

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

    def said(self, index: int) -> memoryview:
        """Return what a run says, but for its config."""
        return self.data[self.ends[index - 1] if index else 0 : self.ends[index]]

    def config(self, index: int) -> memoryview:
        """Return the text of a run's config."""
        return self.configs[self.config_ends[index - 1] if index else 0 : self.config_ends[index]]

    def each_time(self) -> Sequence[float]:
        """Return the numbers that stand for a time of each run."""
        return array("d", self.times)

    def whole(self, index: int) -> bytes:
        """Return all bytes of a run."""
        said, time = self.said(index), self.times[index * _TIME_LENGTH : (index + 1) * _TIME_LENGTH]
        head = self.flags[index : index + 1] + self.results[index : index + 1] + time
        return b"".join((head, len(said).to_bytes(_LENGTH, "big"), said, self.config(index)))


def entry_bytes(flag: bytes, result: bytes, time: bytes, said: bytes, config: bytes) -> bytes:
    """Return a run as bytes: a byte each of what kind it is and of its result, a time (a double), and two texts."""
    return b"".join((flag, result, time, len(said).to_bytes(_LENGTH, "big"), said, config))


def joined_names(names: Iterable[str]) -> str:
    """Return names as a segment holds them."""
    return _BETWEEN.join(names)


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Segment).decode


def make_segment(entries: Sequence[Entry]) -> Segment:
    """Return runs as a segment."""
    said, configs, ends, config_ends = list[bytes](), list[bytes](), list[int](), list[int]()
    end = config_end = 0
    for entry in entries:
        data = entry[3]
        begin = _HEAD + int.from_bytes(data[_HEAD - _LENGTH : _HEAD], "big")
        said.append(data[_HEAD:begin])
        configs.append(data[begin:])
        end += begin - _HEAD
        config_end += len(data) - begin
        ends.append(end)
        config_ends.append(config_end)
    return Segment(
        names=joined_names(entry[0] for entry in entries),
        marks=b"".join(entry[1] for entry in entries),
        files=b"".join(entry[2] for entry in entries),
        flags=b"".join(entry[3][:1] for entry in entries),
        results=b"".join(entry[3][1:2] for entry in entries),
        times=b"".join(entry[3][2 : 2 + _TIME_LENGTH] for entry in entries),
        ends=tuple(ends),
        data=memoryview(b"".join(said)),
        config_ends=tuple(config_ends),
        configs=memoryview(b"".join(configs)),
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
