"""Many runs of one directory as a few long texts, which cost little to load. Knows not what a run's bytes say."""

import re
import sys
import zlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import msgspec
from msgspec import Struct

from huldra.stored_runs.index.marks import FILES_MARK_LENGTH, MARK_LENGTH

Entry = tuple[str, bytes, bytes, bytes]
"""A run's name, the mark of its internal directory, that of its files, and the run as bytes (`entry_bytes`)."""

_BETWEEN = "/"  # in no name
_TIME_LENGTH = 8
_LENGTH = 4
_HEAD = 2 + _TIME_LENGTH + _LENGTH
_IN_A_BLOCK = 16
"""So many runs are packed together: to unpack them costs about what it does to decode one, and they take a fifth."""

_FASTEST = 1
_UNPACKED = 64

ODD_NUMBER = rb"-?(?:[0-9.]++(?:[eE]|(?<=[0-9.]{16}))|0\.0000)"
"""How a number is written that may be equal to one that is written otherwise, or is none."""

_ODD_VALUE = re.compile(rb"\\|:" + ODD_NUMBER)


class NotKeptError(Exception):
    """Asked was for what is not kept, or not any more."""


class Body(Struct, frozen=True):
    """What runs say, one after another: `configs` are the texts of their configs, all else is in `blocks`, packed.

    Most of what runs say is what others say, too, and a server holds it of all of them. `ends` and `config_ends` are
    numbers: where in its block, and in `configs`, what a run says ends.
    """

    ends: bytes
    blocks: tuple[bytes, ...]
    config_ends: bytes
    configs: bytes

    @property
    def known(self) -> "Body":
        """Itself."""
        return self

    def said(self, index: int) -> bytes:
        """Return what a run says, but for its config."""
        data = _unpacked(self.blocks[index // _IN_A_BLOCK])
        return data[_number(self.ends, index - 1) if index % _IN_A_BLOCK else 0 : _number(self.ends, index)]


class LateBody:
    """A body that is read when it is first asked for, which of very many runs it is for a few. For one thread."""

    __slots__ = ("_check", "_known", "_read")

    def __init__(self, check: int, read: Callable[[], bytes | None]) -> None:
        """Take what reads it as bytes, and the number by which it shows whether they are these; None for no bytes."""
        self._check = check
        self._read = read
        self._known: Body | None = None

    @property
    def known(self) -> Body:
        """Effect: read. Return the body.

        Raises:
            NotKeptError: it is damaged, or another process has put another one in its place.
        """
        if self._known is None:
            found = self._read()
            body = None if found is None else body_from(self._check, found)
            if body is None:
                raise NotKeptError
            self._known = body
        return self._known


class Segment(Struct, frozen=True):
    """Runs one after another: their names and marks, and in a body that may be read later all that they say.

    What is asked of very many runs at once stands side by side: `flags` and `results` hold a byte of each run, `times`
    one number each. `is_plain`: in the texts of the configs no value of a key is written as another might be that is
    equal to it. `width`: as long are each name and what stands between two; 0 where not all are of one length.
    """

    names: str
    width: int
    marks: bytes
    files: bytes
    flags: bytes
    results: bytes
    times: bytes
    is_plain: bool
    body: Body | LateBody

    def __len__(self) -> int:
        return len(self.flags)

    @property
    def configs(self) -> bytes:
        """The texts of all configs."""
        return self.body.known.configs

    @property
    def config_ends(self) -> Sequence[int]:
        """Where the text of each run's config ends."""
        return array(_NUMBER, self.body.known.config_ends)

    def each_name(self) -> list[str]:
        """Return the names of its runs."""
        return self.names.split(_BETWEEN) if self.flags else []

    def name(self, index: int) -> str:
        """Return the name of a run."""
        if not self.width:
            return self.each_name()[index]
        return self.names[index * self.width : (index + 1) * self.width - len(_BETWEEN)]

    def mark(self, index: int) -> bytes:
        """Return the mark of a run's internal directory."""
        return self.marks[index * MARK_LENGTH : (index + 1) * MARK_LENGTH]

    def files_mark(self, index: int) -> bytes:
        """Return the mark of a run's files."""
        return self.files[index * FILES_MARK_LENGTH : (index + 1) * FILES_MARK_LENGTH]

    def said(self, index: int) -> bytes:
        """Return what a run says, but for its config."""
        return self.body.known.said(index)

    def config(self, index: int) -> bytes:
        """Return the text of a run's config."""
        body = self.body.known
        return body.configs[_number(body.config_ends, index - 1) if index else 0 : _number(body.config_ends, index)]

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


@lru_cache(maxsize=_UNPACKED)  # runs are most often asked one after another
def _unpacked(block: bytes) -> bytes:
    return zlib.decompress(block)


def _number(numbers: bytes, index: int) -> int:
    return int.from_bytes(numbers[index * _LENGTH : (index + 1) * _LENGTH], sys.byteorder)


_NUMBER = "I"
_Head = tuple[str, int, bytes, bytes, bytes, bytes, bytes, bool]
_encode = msgspec.msgpack.Encoder().encode
_decode_head = msgspec.msgpack.Decoder(_Head).decode
_decode_body = msgspec.msgpack.Decoder(Body).decode


def make_segment(entries: Sequence[Entry]) -> Segment:
    """Return runs as a segment."""
    blocks, configs, ends, config_ends = list[bytes](), list[bytes](), array(_NUMBER), array(_NUMBER)
    config_end = 0
    for start in range(0, len(entries), _IN_A_BLOCK):
        said, end = list[bytes](), 0
        for entry in entries[start : start + _IN_A_BLOCK]:
            data = entry[3]
            begin = _HEAD + int.from_bytes(data[_HEAD - _LENGTH : _HEAD], "big")
            said.append(data[_HEAD:begin])
            configs.append(data[begin:])
            end += begin - _HEAD
            config_end += len(data) - begin
            ends.append(end)
            config_ends.append(config_end)
        blocks.append(zlib.compress(b"".join(said), _FASTEST))
    texts = b"".join(configs)
    return Segment(
        names=joined_names(entry[0] for entry in entries),
        width=_width_of(entries),
        marks=b"".join(entry[1] for entry in entries),
        files=b"".join(entry[2] for entry in entries),
        flags=b"".join(entry[3][:1] for entry in entries),
        results=b"".join(entry[3][1:2] for entry in entries),
        times=b"".join(entry[3][2 : 2 + _TIME_LENGTH] for entry in entries),
        is_plain=_ODD_VALUE.search(texts) is None,
        body=Body(ends.tobytes(), tuple(blocks), config_ends.tobytes(), texts),
    )


def _width_of(entries: Sequence[Entry]) -> int:
    lengths = {len(entry[0]) for entry in entries}
    return lengths.pop() + len(_BETWEEN) if len(lengths) == 1 else 0


def segment_bytes(segment: Segment) -> tuple[int, int, bytes, bytes]:
    """Return a segment as bytes, all but its body first; before them for each a number by which damage shows."""
    head: _Head = (
        segment.names,
        segment.width,
        segment.marks,
        segment.files,
        segment.flags,
        segment.results,
        segment.times,
        segment.is_plain,
    )
    parts = _encode(head), _encode(segment.body.known)
    return zlib.crc32(parts[0]), zlib.crc32(parts[1]), *parts


def segment_from(check: int, head: bytes, body: Body | LateBody) -> Segment | None:
    """Return the segment of which bytes hold all but the body; None if they are damaged."""
    if zlib.crc32(head) != check:
        return None
    try:
        return Segment(*_decode_head(head), body)
    except msgspec.MsgspecError:
        return None


def body_from(check: int, data: bytes) -> Body | None:
    """Return the body that bytes hold; None if they are damaged."""
    if zlib.crc32(data) != check:
        return None
    try:
        return _decode_body(data)
    except msgspec.MsgspecError:
        return None
