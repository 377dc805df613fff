"""A run as bytes, and as a value that reads them when it is asked. Data only: reading them cannot run anything."""

import json
import zlib
from dataclasses import dataclass, fields

import msgspec

from huldra.formats.config_documents import config_document, value_from_document
from huldra.formats.config_values import ConfigValue
from huldra.formats.records import MigrationRecord
from huldra.stored_runs.model import Attempt, Provenance, RunDirectory, RunNote, RunResult, StoredRun, UnreadableRun

_CHECK_BYTES = 4
_ACTIVE, _ENDED, _UNREADABLE = b"a", b"e", b"u"


@dataclass(frozen=True, slots=True)
class _Said:
    """What the files of a run say, but for its config."""

    result: RunResult
    attempt: Attempt | None
    attempts: int
    created_at: str | None
    duration_s: float | None
    has_success_marker: bool
    recorded_hash: str | None
    provenance: Provenance | None
    notes: tuple[RunNote, ...]
    migration: str | None


@dataclass(frozen=True, slots=True)
class _Entry:
    said: msgspec.Raw
    config: str | None


_encode = msgspec.msgpack.Encoder().encode
_decode_said = msgspec.msgpack.Decoder(_Said).decode
_decode_entry = msgspec.msgpack.Decoder(_Entry).decode
_SAID = tuple(name.name for name in fields(_Said) if name.name != "migration")


def encode_run(run: StoredRun) -> bytes | None:
    """Return a run as bytes; None if they would not give the very same run back (a config that holds a NaN, say)."""
    migration = None if run.migration is None else run.migration.model_dump_json()
    said = _Said(**{name: getattr(run, name) for name in _SAID}, migration=migration)
    flag = _ACTIVE if run.attempt is not None and run.attempt.is_active else _ENDED
    try:
        config = None if run.config is None else json.dumps(config_document(run.config), separators=(",", ":"))
        if config is not None and _read_config(config) != run.config:
            return None
        data = flag + _encode(_Entry(msgspec.Raw(_encode(said)), config))
    except (ValueError, OverflowError, RecursionError):
        return None
    return zlib.crc32(data).to_bytes(_CHECK_BYTES, "big") + data


def encode_unreadable(run: UnreadableRun) -> bytes | None:
    """Return a damaged run as bytes; None if another reader, or a later moment, may find it undamaged."""
    text = run.reason
    if text.startswith(f"{run.dialect.internal_directory}:") or ": cannot be read: " in text:
        return None
    data = _UNREADABLE + text.encode(errors="surrogatepass")
    return zlib.crc32(data).to_bytes(_CHECK_BYTES, "big") + data


def is_whole(data: bytes) -> bool:
    """Return whether bytes are as `encode_run` gave them; what a run says of itself is read only then."""
    return int.from_bytes(data[:_CHECK_BYTES], "big") == zlib.crc32(memoryview(data)[_CHECK_BYTES:])


def may_change_in_place(data: bytes) -> bool:
    """Return whether a run's files must be looked at, since its directory shows no trace of a change.

    So is the heartbeat of an attempt under way renewed, and so does somebody mend a damaged file.
    """
    return not data.startswith(_ENDED, _CHECK_BYTES)


def decode_run(directory: RunDirectory, data: bytes) -> StoredRun | UnreadableRun:
    """Return the run that whole bytes hold; they are read when the run is asked for more than its directory."""
    if data.startswith(_UNREADABLE, _CHECK_BYTES):
        return UnreadableRun(
            path=directory.path,
            root=directory.root,
            version_controlled=directory.version_controlled,
            class_name=directory.class_name,
            hash=directory.hash,
            dialect=directory.dialect,
            reason=data[_CHECK_BYTES + 1 :].decode(errors="surrogatepass"),
        )
    run = object.__new__(_IndexedRun)
    put = object.__setattr__
    put(run, "path", directory.path)
    put(run, "root", directory.root)
    put(run, "version_controlled", directory.version_controlled)
    put(run, "class_name", directory.class_name)
    put(run, "hash", directory.hash)
    put(run, "dialect", directory.dialect)
    put(run, "_data", data)
    return run


class _IndexedRun(StoredRun):
    """A run that reads the rest of itself from bytes at the first question; equal to the run read from its files."""

    __slots__ = ("_data",)
    _data: bytes

    def __getattr__(self, name: str) -> object:
        # Python comes here only for a slot that is still empty.
        if name not in StoredRun.__dataclass_fields__:
            raise AttributeError(name)
        entry = _entry(self._data)
        if name == "config":
            object.__setattr__(self, "config", None if entry.config is None else _read_config(entry.config))
        else:
            said = _decode_said(entry.said)
            for each in _SAID:
                object.__setattr__(self, each, getattr(said, each))
            record = None if said.migration is None else MigrationRecord.model_validate_json(said.migration)
            object.__setattr__(self, "migration", record)
        return object.__getattribute__(self, name)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StoredRun):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in StoredRun.__dataclass_fields__)

    def __hash__(self) -> int:
        return StoredRun.__hash__(self)


def _entry(data: bytes) -> _Entry:
    return _decode_entry(memoryview(data)[_CHECK_BYTES + 1 :])


def _read_config(text: str) -> ConfigValue | None:
    value = value_from_document(json.loads(text))
    return value if isinstance(value, ConfigValue) else None
