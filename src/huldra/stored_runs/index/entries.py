"""A run as bytes, and as a value that reads them when it is asked. Data only: reading them cannot run anything."""

import json
import math
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from huldra.formats.dialect import DIALECTS, Dialect
from huldra.formats.json_values import JsonValue
from huldra.stored_runs.find import RunGroup
from huldra.stored_runs.index.segments import Segment, entry_bytes
from huldra.stored_runs.json_texts import from_json
from huldra.stored_runs.model import (
    HASHED,
    Attempt,
    Provenance,
    ReadRun,
    RunNote,
    RunRecord,
    RunResult,
    StoredRun,
    UnreadableRun,
)
from huldra.stored_runs.times import moment_from_text

TYPE_CHECKING = False  # as in `typing`: most questions need no record of these
if TYPE_CHECKING:
    from huldra.formats.config_values import ConfigValue
    from huldra.formats.records import MigrationRecord
    from huldra.stored_runs.record_files import Damaged

_ENDED, _ACTIVE = b"e", b"a"
UNREADABLE_FLAG = b"u"
_ENDED_OTHER, _ACTIVE_OTHER = b"o", b"b"  # so is a run marked whose config is of another class than its directory
AT_REST = _ENDED + _ENDED_OTHER
"""The flags of runs that could be read, and whose latest attempt is not recorded as under way."""

_OTHER = _ENDED_OTHER + _ACTIVE_OTHER
RESULTS: tuple[RunResult, ...] = get_args(RunResult)
"""A run's byte of `Segment.results` is its result's place in this list; damaged ones have another."""

_RESULT_BYTES = {result: bytes([number]) for number, result in enumerate(RESULTS)}
_NO_RESULT = bytes([len(RESULTS)])
_time_bytes = struct.Struct("=d").pack
_NO_TIME = _time_bytes(math.nan)


class _InShort(msgspec.Struct, frozen=True, array_like=True):
    """The part of what a run says that most questions are about, which to read costs a tenth of the whole."""

    result: RunResult
    attempts: int
    created_at: str | None
    duration_s: float | None
    has_success_marker: bool
    recorded_hash: str | None


class _Said(_InShort, frozen=True, array_like=True):
    """What the files of a run say, but for its config. As bytes it begins with what it is in short."""

    attempt: Attempt | None
    provenance: Provenance | None
    has_sources: bool
    notes: tuple[RunNote, ...]
    migration: str | None


class Place(Struct, frozen=True):
    """What the directory of runs says of all of them: its path below the store, and what follows from that."""

    path: str
    root: str
    version_controlled: bool
    class_name: str
    store: str


_encode = msgspec.msgpack.Encoder().encode
_decode_said = msgspec.msgpack.Decoder(_Said).decode
_decode_in_short = msgspec.msgpack.Decoder(_InShort).decode
_IN_SHORT = _InShort.__struct_fields__
_SAID = _Said.__struct_fields__[:-1]  # a migration is a text there
_said_by = attrgetter(*_SAID)
_INDEXES = tuple(range(1000))
"""The numbers of runs, each of which many segments have: otherwise each run would hold its own."""


def place_of(group: RunGroup) -> Place:
    """Return where the runs of a group lie."""
    root = group.root
    return Place(group.path, root.name, root.version_controlled, ".".join(root.parts_of(group.path)), root.store)


def encode_record(record: RunRecord, class_name: str, config: bytes | None) -> bytes | None:
    """Return a run as bytes; None if they would not give the very same run back (a config that holds a NaN, say).

    Args:
        record: What its files say.
        class_name: The class that its directory says it is of.
        config: The text that its config was read from, if it is plain JSON.
    """
    migration = None if record.migration is None else record.migration.model_dump_json()
    is_other = record.config_class is not None and record.config_class != class_name
    if record.attempt is not None and record.attempt.is_active:
        flag = _ACTIVE_OTHER if is_other else _ACTIVE
    else:
        flag = _ENDED_OTHER if is_other else _ENDED
    try:
        if record.config_class is None:
            config = b""
        elif config is None:
            config = _config_text(record.document)
            if config is None:
                return None
        said = _encode((*_said_by(record), migration))
    except (ValueError, OverflowError, RecursionError):
        return None
    made = None if record.created_at is None else moment_from_text(record.created_at)
    time = _NO_TIME if made is None else _time_bytes(made.timestamp())
    return entry_bytes(flag, _RESULT_BYTES[record.result], time, said, config)


def encode_damage(dialect: Dialect, damage: "Damaged") -> bytes | None:
    """Return a damaged run as bytes; None if another reader, or a later moment, may find it undamaged."""
    text = str(damage)
    if text.startswith(f"{dialect.internal_directory}:") or ": cannot be read: " in text:
        return None
    return entry_bytes(UNREADABLE_FLAG, _NO_RESULT, _NO_TIME, text.encode(errors="surrogatepass"), b"")


def may_change_in_place(segment: Segment, index: int) -> bool:
    """Return whether a run's files must be looked at, since its directory shows no trace of a change.

    So is the heartbeat of an attempt under way renewed, and so does somebody mend a damaged file.
    """
    return segment.flags[index] not in AT_REST


def holds_other_classes(segment: Segment) -> bool:
    """Return whether some of its runs have a config of another class than their directory's."""
    return any(flag in segment.flags for flag in _OTHER)


def restless(segment: Segment) -> Iterator[int]:
    """Yield the indices of the runs whose files must be looked at."""
    if segment.flags.count(_ENDED) + segment.flags.count(_ENDED_OTHER) != len(segment):
        yield from (index for index in range(len(segment)) if may_change_in_place(segment, index))


def decode_runs(place: Place, numbers: Iterable[int], segment: Segment) -> Iterator[StoredRun | UnreadableRun]:
    """Yield all runs of a segment, whose numbers of dialects are given in order; as `decode_run` does."""
    indexes = _INDEXES[: len(segment)] if len(segment) <= len(_INDEXES) else range(len(segment))
    for index, number in zip(indexes, numbers, strict=True):
        yield decode_run(place, number, segment, index)


def decode_run(place: Place, number: int, segment: Segment, index: int) -> StoredRun | UnreadableRun:
    """Return a run of a segment; its bytes are read when it is asked for more than its directory.

    Args:
        place: Where it lies.
        number: The number of its dialect.
        segment: Holds the bytes.
        index: Which of the segment's runs it is.
    """
    if segment.flags[index] == UNREADABLE_FLAG[0]:
        name = segment.name(index)
        return UnreadableRun(
            path=f"{place.path}/{name}",
            root=place.root,
            version_controlled=place.version_controlled,
            store=place.store,
            class_name=place.class_name,
            hash=name,
            dialect=DIALECTS[number],
            reason=segment.said(index).decode(errors="surrogatepass"),
        )
    return IndexedRun(place, DIALECTS[number], segment, index)


def held_marks(run: StoredRun | UnreadableRun) -> tuple[bytes, bytes] | None:
    """Return the marks of a run's internal directory and files as it was read; None for one not made of bytes."""
    if not isinstance(run, IndexedRun):
        return None
    segment, index = run.segment, run.index
    return segment.mark(index), segment.files_mark(index)


def says_the_same(one: StoredRun | UnreadableRun, other: StoredRun | UnreadableRun) -> bool:
    """Return whether two runs are surely equal, which bytes tell without being read."""
    if not isinstance(one, IndexedRun) or not isinstance(other, IndexedRun):
        return isinstance(one, UnreadableRun) and one == other
    if one.path != other.path or one.dialect != other.dialect:
        return False
    (segment, index), (theirs, their_index) = (one.segment, one.index), (other.segment, other.index)
    is_flag_same = segment.flags[index] == theirs.flags[their_index]
    is_said_same = segment.said(index) == theirs.said(their_index)
    return is_flag_same and is_said_same and segment.config(index) == theirs.config(their_index)


class IndexedRun(StoredRun):
    """A run that reads the rest of itself from bytes at the first question; equal to the run read from its files.

    `index` is its number in the segment that holds its bytes. All else that `StoredRun` has is below, in `_ANSWERS`:
    of a hundred thousand runs each holds no more than where to look. Another thread may let go of what was read.
    """

    __slots__ = ("_config", "_known", "dialect", "index", "place", "segment")

    def __init__(self, place: Place, dialect: Dialect, segment: Segment, index: int) -> None:
        self.place = place
        self.dialect = dialect
        self.segment = segment
        self.index = index
        self._known: _InShort | None = None
        self._config: ConfigValue | Literal[False] | None = False  # nobody has asked yet

    def let_go(self) -> None:
        """Forget what was read of the bytes, which is several times as large; it is read again when it is asked for."""
        self._known = None
        self._config = False

    @property
    def is_active(self) -> bool:
        """Whether its latest attempt was recorded as under way, which the index knows without reading it."""
        return self.segment.flags[self.index] not in AT_REST

    @property
    def content_hash(self) -> int:
        """As of any run, without reading the bytes."""
        segment, index = self.segment, self.index
        return hash((self.path, segment.flags[index], segment.said(index), segment.config(index)))

    @property
    def config_class(self) -> str:
        """The class that its config is of, which the index knows without reading it."""
        is_other = self.segment.flags[self.index] in _OTHER
        return super().config_class if is_other else self.class_name

    @property
    def config_document(self) -> JsonValue:
        """Its config as JSON, without the detour over its value; None where none was recorded."""
        text = self._config_text()
        return from_json(text) if text else None

    def may_hold(self, class_name: str) -> bool:
        """Return whether its config may hold one of a class, for which its text is not even parsed."""
        text = self._config_text()
        return class_name.encode(errors="replace") in text or b"\\" in text or not text.isascii()

    def _config_text(self) -> bytes:
        return self.segment.config(self.index)

    def in_short(self) -> _InShort:
        """Effect: read. Return the part that most questions are about."""
        known = self._known
        if known is None:
            known = self._known = _decode_in_short(self.segment.said(self.index))
        return known

    def in_full(self) -> _Said:
        """Effect: read. Return all that its files say, but for its config."""
        known = self._known
        if not isinstance(known, _Said):
            known = self._known = _decode_said(self.segment.said(self.index))
        return known

    def read_config(self) -> "ConfigValue | None":
        """Effect: read. Return its config."""
        config = self._config
        if config is False:
            text = self._config_text()
            config = self._config = _read_config(text) if text else None
        return config

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StoredRun):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in ReadRun.__struct_fields__)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in HASHED))


def _path(run: IndexedRun) -> str:
    segment, index = run.segment, run.index
    width = segment.width
    if not width:
        return f"{run.place.path}/{segment.name(index)}"
    # As `name` does: runs are found by path, seventeen questions for one of a hundred thousand.
    return f"{run.place.path}/{segment.names[index * width : index * width + width - 1]}"


def _name(run: IndexedRun) -> str:
    return run.segment.name(run.index)


def _result(run: IndexedRun) -> RunResult:
    return RESULTS[run.segment.results[run.index]]  # stands beside what is read, which most questions do not need then


def _migration_of(run: IndexedRun) -> "MigrationRecord | None":
    text = run.in_full().migration
    return None if text is None else _migration(text)


def _from(read: Callable[[IndexedRun], object], name: str) -> Callable[[IndexedRun], object]:
    value = attrgetter(name)
    return lambda run: value(read(run))


_ANSWERS: Mapping[str, Callable[[IndexedRun], object]] = {
    **{name: attrgetter(f"place.{name}") for name in ("root", "version_controlled", "class_name", "store")},
    **{name: _from(IndexedRun.in_short, name) for name in _IN_SHORT},
    **{name: _from(IndexedRun.in_full, name) for name in _SAID if name not in _IN_SHORT},
    "path": _path,
    "hash": _name,
    "result": _result,
    "config": IndexedRun.read_config,
    "migration": _migration_of,
}
for _each, _answer in _ANSWERS.items():
    setattr(IndexedRun, _each, property(_answer))


def _config_text(document: JsonValue) -> bytes | None:
    """Return a config as text; None where that would not give the very same config back."""
    from huldra.formats.config_documents import config_document, value_from_document  # noqa: PLC0415
    from huldra.formats.config_values import ConfigValue  # noqa: PLC0415

    value = value_from_document(document)
    if not isinstance(value, ConfigValue):
        return None
    config = json.dumps(config_document(value), separators=(",", ":")).encode()
    return config if _read_config(config) == value else None


@lru_cache(maxsize=64)
def _migration(text: str) -> "MigrationRecord":
    from huldra.formats.records import MigrationRecord  # noqa: PLC0415  # takes as long as all else here

    return MigrationRecord.model_validate_json(text)


def _read_config(text: bytes) -> "ConfigValue | None":
    from huldra.formats.config_documents import value_from_document  # noqa: PLC0415
    from huldra.formats.config_values import ConfigValue  # noqa: PLC0415

    document = from_json(text)
    value = value_from_document(document)
    return value if isinstance(value, ConfigValue) else None
