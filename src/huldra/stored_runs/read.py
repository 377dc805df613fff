"""The runs of a store, read: every run becomes plain data, also a damaged one. Opens files; never writes."""

import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from huldra.formats import layout
from huldra.formats.config_documents import value_from_document
from huldra.formats.config_values import ConfigValue
from huldra.formats.dialect import Dialect
from huldra.formats.records import (
    MetadataRecord,
    MigrationRecord,
    StateRecord,
    SuccessRecord,
)
from huldra.stored_runs.attempts import attempt_of, duration_of, time_notes
from huldra.stored_runs.find import find_runs
from huldra.stored_runs.model import (
    Attempt,
    RunDirectory,
    RunNote,
    StoredRun,
    StoredStore,
    UnreadableRun,
)
from huldra.stored_runs.outcome import decide_outcome
from huldra.stored_runs.provenance import provenance_notes, provenance_of
from huldra.stored_runs.record_files import Damaged, count_started, metadata_model, read_record


@dataclass(frozen=True, slots=True)
class _Records:
    """What the files of one run hold; None where there is no such file."""

    state: StateRecord | None
    marker: SuccessRecord | None
    metadata: MetadataRecord | None
    migration: MigrationRecord | None


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
    internal = layout.internal_directory(store / directory.path, directory.dialect)
    records = _read_records(internal, directory.dialect)
    if isinstance(records, Damaged):
        return _unreadable(directory, records)
    config: ConfigValue | None = None
    if records.metadata is not None:
        value = value_from_document(records.metadata.obj)
        if not isinstance(value, ConfigValue):
            problem = f"{directory.dialect.metadata_prefix}_obj: is not an object with a __class__"
            return _unreadable(directory, Damaged(layout.metadata_file(internal).name, problem))
        config = value
    return _stored_run(directory, internal, records, config)


def _read_records(internal: Path, dialect: Dialect) -> _Records | Damaged:
    # The marker is written before the state: in this order a run that ends meanwhile is not seen as half a success.
    state = read_record(layout.state_file(internal), StateRecord)
    if isinstance(state, Damaged):
        return state
    marker = read_record(layout.success_file(internal), SuccessRecord)
    if isinstance(marker, Damaged):
        return marker
    metadata = read_record(layout.metadata_file(internal), metadata_model(dialect.metadata_prefix))
    if isinstance(metadata, Damaged):
        return metadata
    migration = read_record(layout.migration_file(internal), MigrationRecord)
    if isinstance(migration, Damaged):
        return migration
    if state is None or metadata is None:
        fault = _directory_fault(internal)
        if fault is not None:
            return fault
    return _Records(state, marker, metadata, migration)


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


def _stored_run(directory: RunDirectory, internal: Path, records: _Records, config: ConfigValue | None) -> StoredRun:
    metadata = records.metadata
    outcome = decide_outcome(records.state, records.marker)
    attempt = _attempt(records.state, internal, directory.dialect)
    started, damaged_events = count_started(layout.events_file(internal))
    notes = [*outcome.notes, *_identity_notes(directory, metadata, config)]
    if metadata is not None:
        notes += provenance_notes(metadata)
    if outcome.result == "migrated" and records.migration is None:
        notes.append(RunNote("migration-record-missing", "the result lies elsewhere, and migration.json is missing"))
    if attempt is not None:
        notes += time_notes(attempt)
    if damaged_events is not None:
        notes.append(RunNote("events-damaged", str(damaged_events)))
    return StoredRun(
        path=directory.path,
        root=directory.root,
        version_controlled=directory.version_controlled,
        class_name=directory.class_name,
        hash=directory.hash,
        dialect=directory.dialect,
        result=outcome.result,
        attempt=attempt,
        attempts=max(started, attempt.number if attempt else 0),
        created_at=outcome.created_at,
        duration_s=duration_of(attempt, records.marker),
        has_success_marker=records.marker is not None,
        config=config,
        recorded_hash=metadata.hash if metadata else None,
        provenance=provenance_of(metadata) if metadata else None,
        migration=records.migration,
        notes=tuple(notes),
    )


def _attempt(state: StateRecord | None, internal: Path, dialect: Dialect) -> Attempt | None:
    record = state.attempt if state else None
    if record is None:
        return None
    if record.heartbeat_at is not None or record.status not in ("queued", "running"):
        return attempt_of(record)
    return attempt_of(record, _lock_moment(internal, dialect))


def _lock_moment(internal: Path, dialect: Dialect) -> datetime | None:
    """Return when the compute lock was last touched, which is the heartbeat of a library that records none."""
    for name in dialect.lock_files:
        if name.endswith("compute.lock"):
            try:
                return datetime.fromtimestamp((internal / name).stat().st_mtime, UTC)
            except (OSError, OverflowError, ValueError):
                continue
    return None


def _identity_notes(
    directory: RunDirectory, metadata: MetadataRecord | None, config: ConfigValue | None
) -> list[RunNote]:
    """Say where the recorded identity is missing, or is not that of the directory."""
    if metadata is None or config is None:
        return [RunNote("metadata-missing", "metadata.json is missing: config and code of the run are not known")]
    notes: list[RunNote] = []
    if metadata.hash != directory.hash:
        notes.append(RunNote("recorded-hash-differs", f"metadata.json records the hash {metadata.hash}"))
    if config.class_name != directory.class_name:
        notes.append(RunNote("recorded-class-differs", f"metadata.json records the class {config.class_name}"))
    return notes


def _unreadable(directory: RunDirectory, damage: Damaged) -> UnreadableRun:
    return UnreadableRun(
        path=directory.path,
        root=directory.root,
        version_controlled=directory.version_controlled,
        class_name=directory.class_name,
        hash=directory.hash,
        dialect=directory.dialect,
        reason=str(damage),
    )
