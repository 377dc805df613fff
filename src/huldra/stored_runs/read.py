"""The runs of a store, read: every run becomes plain data, also a damaged one. Opens files; never writes."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from huldra.formats import layout
from huldra.formats.config_documents import CLASS_MARKER, value_from_document
from huldra.formats.config_values import ConfigValue
from huldra.formats.dialect import Dialect
from huldra.formats.json_values import JsonValue
from huldra.stored_runs.attempts import attempt_of, duration_of, time_notes
from huldra.stored_runs.events_file import count_started
from huldra.stored_runs.find import find_runs, is_named
from huldra.stored_runs.model import (
    Attempt,
    ReadRun,
    RunDirectory,
    RunNote,
    RunRecord,
    StoredRun,
    StoredStore,
    UnreadableRun,
)
from huldra.stored_runs.outcome import decide_outcome
from huldra.stored_runs.provenance import provenance_notes, provenance_of
from huldra.stored_runs.record_files import Damaged, Seen, read_bytes
from huldra.stored_runs.record_shapes import (
    MetadataShape,
    Refusal,
    StateShape,
    SuccessShape,
    decode_state,
    decode_success,
    metadata_decoder,
    read_config,
)

TYPE_CHECKING = False  # as in `typing`: the strict models take long to import, and are rarely needed
if TYPE_CHECKING:
    from huldra.formats.records import MigrationRecord

_STATE, _SUCCESS, _METADATA, _MIGRATION, _EVENTS, _SOURCES = (
    os.fspath(file(Path()))
    for file in (
        layout.state_file,
        layout.success_file,
        layout.metadata_file,
        layout.migration_file,
        layout.events_file,
        layout.sources_file,
    )
)


class _Records(msgspec.Struct, frozen=True):
    """What the files of one run hold; None where there is no such file. `config` is what metadata holds of it."""

    state: StateShape | None
    marker: SuccessShape | None
    metadata: MetadataShape | None
    config: JsonValue
    migration: "MigrationRecord | None"


def read_store(store: Path) -> StoredStore:
    """Return every run of a store. A store that is missing, empty or no directory is an answer like any other."""
    listing = find_runs(store)
    runs: list[StoredRun] = []
    unreadable: list[UnreadableRun] = []
    for directory in listing.runs:
        match read_run(store, directory):
            case StoredRun() as run:
                runs.append(run)
            case UnreadableRun() as run:
                unreadable.append(run)
    return StoredStore(listing.status, tuple(runs), tuple(unreadable), listing.problems)


def read_run(store: Path, directory: RunDirectory) -> StoredRun | UnreadableRun:
    """Return what one run's directory holds. A damaged file makes the run unreadable; a missing one does not."""
    internal = f"{store}/{directory.path}/{directory.dialect.internal_directory}"
    record = read_internal(internal, directory.class_name, directory.hash, directory.dialect, Seen())
    return _unreadable(directory, record) if isinstance(record, Damaged) else _stored_run(directory, record)


def read_internal(internal: str, class_name: str, digest: str, dialect: Dialect, seen: Seen) -> RunRecord | Damaged:
    """Return what one run's directory holds.

    Args:
        internal: The run's internal directory on disk.
        class_name: The class that its path says it is of.
        digest: The hash that its path says it has.
        dialect: Whose internal directory it is.
        seen: Told how files looked that were opened; after damage not all of them.
    """
    records = _read_records(internal, dialect, seen)
    if isinstance(records, Damaged):
        return records
    config_class: str | None = None
    if records.metadata is not None:
        config_class = _class_of(records.config)
        if config_class is None:
            return Damaged(_METADATA, f"{dialect.metadata_prefix}_obj: is not an object with a __class__")
    return _run_record(internal, class_name, digest, dialect, records, config_class, seen)


def _class_of(document: JsonValue) -> str | None:
    """Return the class that a config is of; None for what is no config."""
    name = document.get(CLASS_MARKER) if isinstance(document, dict) else None
    return name if isinstance(name, str) else None


def _read_records(internal: str, dialect: Dialect, seen: Seen) -> _Records | Damaged:
    # The marker is written before the state: in this order a run that ends meanwhile is not seen as half a success.
    state = _read_state(f"{internal}/{_STATE}", seen)
    if isinstance(state, Damaged):
        return state
    marker = _read_success(f"{internal}/{_SUCCESS}", seen)
    if isinstance(marker, Damaged):
        return marker
    metadata = _read_metadata(f"{internal}/{_METADATA}", dialect.metadata_prefix, seen)
    if isinstance(metadata, Damaged):
        return metadata
    path = f"{internal}/{_MIGRATION}"
    migration = _read_migration(path, seen) if is_named(path) else None
    if isinstance(migration, Damaged):
        return migration
    if state is None or metadata is None:
        fault = _directory_fault(Path(internal))
        if fault is not None:
            return fault
    known, config = metadata or (None, None)
    return _Records(state, marker, known, config, migration)


def _read_state(path: str, seen: Seen) -> StateShape | Damaged | None:
    data = read_bytes(path, seen=seen)
    if not isinstance(data, bytes):
        return data
    try:
        return decode_state(data)
    except Refusal:
        from huldra.stored_runs.strict_records import strict_state  # noqa: PLC0415  # slow, and rarely needed

        return strict_state(path, data)


def _read_success(path: str, seen: Seen) -> SuccessShape | Damaged | None:
    data = read_bytes(path, seen=seen)
    if not isinstance(data, bytes):
        return data
    try:
        return decode_success(data)
    except Refusal:
        from huldra.stored_runs.strict_records import strict_success  # noqa: PLC0415  # slow, and rarely needed

        return strict_success(path, data)


def _read_metadata(path: str, prefix: str, seen: Seen) -> tuple[MetadataShape, JsonValue] | Damaged | None:
    data = read_bytes(path, seen=seen)
    if not isinstance(data, bytes):
        return data
    try:
        metadata = metadata_decoder(prefix)(data)
        seen.config, config = read_config(metadata.obj)
    except Refusal:
        from huldra.stored_runs.strict_records import strict_metadata  # noqa: PLC0415  # slow, and rarely needed

        return strict_metadata(path, data, prefix)
    return metadata, config


def _read_migration(path: str, seen: Seen) -> "MigrationRecord | Damaged | None":
    data = read_bytes(path, seen=seen)
    if not isinstance(data, bytes):
        return data
    from huldra.stored_runs.strict_records import strict_migration  # noqa: PLC0415  # slow, and rarely needed

    return strict_migration(path, data)


def _directory_fault(internal: Path) -> Damaged | None:
    """Return why files may seem missing: the directory itself went away, or is none."""
    try:
        mode = internal.stat().st_mode
    except FileNotFoundError:
        problem = "is a broken symlink" if internal.is_symlink() else "vanished while the store was read"
        return Damaged(internal.name, problem)
    except OSError as error:
        return Damaged(internal.name, f"cannot be read: {error.strerror}")
    return None if stat.S_ISDIR(mode) else Damaged(internal.name, "is a file, not a directory")


def _run_record(
    internal: str,
    class_name: str,
    digest: str,
    dialect: Dialect,
    records: _Records,
    config_class: str | None,
    seen: Seen,
) -> RunRecord:
    metadata = records.metadata
    outcome = decide_outcome(records.state, records.marker)
    attempt = _attempt(records.state, internal, dialect)
    started, damaged_events = count_started(f"{internal}/{_EVENTS}", seen)
    notes = [*outcome.notes, *_identity_notes(class_name, digest, metadata, config_class)]
    if metadata is not None:
        notes += provenance_notes(metadata)
    if outcome.result == "migrated" and records.migration is None:
        notes.append(RunNote("migration-record-missing", "the result lies elsewhere, and migration.json is missing"))
    if attempt is not None:
        notes += time_notes(attempt)
    if damaged_events is not None:
        notes.append(RunNote("events-damaged", str(damaged_events)))
    return RunRecord(
        result=outcome.result,
        attempt=attempt,
        attempts=max(started, attempt.number if attempt else 0),
        created_at=outcome.created_at,
        duration_s=duration_of(attempt, records.marker),
        has_success_marker=records.marker is not None,
        document=None if metadata is None else records.config,
        config_class=config_class,
        recorded_hash=metadata.hash if metadata else None,
        provenance=provenance_of(metadata) if metadata else None,
        has_sources=is_named(f"{internal}/{_SOURCES}"),
        migration=records.migration,
        notes=tuple(notes),
    )


def _stored_run(directory: RunDirectory, record: RunRecord) -> StoredRun:
    config = value_from_document(record.document)
    return ReadRun(
        path=directory.path,
        root=directory.root,
        version_controlled=directory.version_controlled,
        store=directory.store,
        class_name=directory.class_name,
        hash=directory.hash,
        dialect=directory.dialect,
        result=record.result,
        attempt=record.attempt,
        attempts=record.attempts,
        created_at=record.created_at,
        duration_s=record.duration_s,
        has_success_marker=record.has_success_marker,
        config=config if isinstance(config, ConfigValue) else None,
        recorded_hash=record.recorded_hash,
        provenance=record.provenance,
        has_sources=record.has_sources,
        migration=record.migration,
        notes=record.notes,
    )


def _attempt(state: StateShape | None, internal: str, dialect: Dialect) -> Attempt | None:
    record = state.attempt if state else None
    if record is None:
        return None
    if record.heartbeat_at is not None or not record.is_active:
        return attempt_of(record)
    return attempt_of(record, _lock_moment(internal, dialect))


def _lock_moment(internal: str, dialect: Dialect) -> datetime | None:
    """Return when the compute lock was last touched, which is the heartbeat of a library that records none."""
    for name in dialect.lock_files:
        if name.endswith("compute.lock"):
            try:
                return datetime.fromtimestamp(Path(internal, name).stat().st_mtime, UTC)
            except (OSError, OverflowError, ValueError):
                continue
    return None


def _identity_notes(
    class_name: str, digest: str, metadata: MetadataShape | None, config_class: str | None
) -> list[RunNote]:
    """Say where the recorded identity is missing, or is not that of the directory."""
    if metadata is None:
        return [RunNote("metadata-missing", "metadata.json is missing: config and code of the run are not known")]
    notes: list[RunNote] = []
    if metadata.hash != digest:
        notes.append(RunNote("recorded-hash-differs", f"metadata.json records the hash {metadata.hash}"))
    if config_class != class_name:
        notes.append(RunNote("recorded-class-differs", f"metadata.json records the class {config_class}"))
    return notes


def _unreadable(directory: RunDirectory, damage: Damaged) -> UnreadableRun:
    return UnreadableRun(
        path=directory.path,
        root=directory.root,
        version_controlled=directory.version_controlled,
        store=directory.store,
        class_name=directory.class_name,
        hash=directory.hash,
        dialect=directory.dialect,
        reason=str(damage),
    )
