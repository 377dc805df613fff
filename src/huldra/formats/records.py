"""The records that lie beside a result, one model for each file. Strict: an unknown key or a wrong type is an error.

The shapes are section 8 of the library's contract; the variants of its later names are section 14.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

STATE_SCHEMA_VERSION = 1


class Record(BaseModel):
    """A strict, immutable record."""

    # Built when first used: most processes need few of these, and building all takes longer than importing the rest.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


class OwnerRecord(Record):
    """The process that made an attempt. `host` and `hostname` mirror each other."""

    pid: int | None = None
    host: str | None = None
    hostname: str | None = None
    user: str | None = None
    command: str | None = None
    timestamp: str | None = None
    python_version: str | None = None
    executable: str | None = None
    platform: str | None = None


class ErrorRecord(Record):
    """Why an attempt ended badly."""

    type: str
    message: str
    traceback: str | None = None


class AbsentResult(Record):
    """Never computed, or invalidated."""

    status: Literal["absent"] = "absent"


class IncompleteResult(Record):
    """An attempt was started and gave no verdict."""

    status: Literal["incomplete"] = "incomplete"


class FailedResult(Record):
    """`_create` raised."""

    status: Literal["failed"] = "failed"


class SuccessResult(Record):
    """`_create` returned."""

    status: Literal["success"] = "success"
    created_at: str


class MigratedResult(Record):
    """The payload lies elsewhere (see migration.json)."""

    status: Literal["migrated"] = "migrated"


ResultRecord = Annotated[
    AbsentResult | IncompleteResult | FailedResult | SuccessResult | MigratedResult,
    Field(discriminator="status"),
]


class _Attempt(Record):
    id: str
    number: int
    backend: str
    started_at: str
    heartbeat_at: str | None = None
    lease_duration_sec: float
    lease_expires_at: str
    owner: OwnerRecord
    scheduler: dict[str, JsonValue] = Field(default_factory=dict)


class ActiveAttempt(_Attempt):
    """An attempt that waits for a machine, or runs."""

    status: Literal["queued", "running"]


class SuccessAttempt(_Attempt):
    """An attempt that ended well."""

    status: Literal["success"]
    ended_at: str
    reason: str | None = None


class FailedAttempt(_Attempt):
    """An attempt in which `_create` raised."""

    status: Literal["failed"]
    ended_at: str
    error: ErrorRecord
    reason: str | None = None


class StoppedAttempt(_Attempt):
    """An attempt that was ended from outside."""

    status: Literal["cancelled", "preempted", "crashed"]
    ended_at: str
    error: ErrorRecord | None = None
    reason: str | None = None


AttemptRecord = Annotated[
    ActiveAttempt | SuccessAttempt | FailedAttempt | StoppedAttempt, Field(discriminator="status")
]


class StateRecord(Record):
    """state.json: the result, and the latest attempt."""

    schema_version: Literal[1]
    result: ResultRecord
    attempt: AttemptRecord | None = None
    updated_at: str | None = None


class SuccessRecord(Record):
    """SUCCESS.json."""

    attempt_id: str
    created_at: str


class MetadataRecord(Record):
    """metadata.json, with the library's name cut from the keys (`huldra_hash` is `hash`)."""

    python_def: str
    obj: JsonValue
    hash: str
    path: str
    git_commit: str | None
    git_branch: str | None
    git_remote: str | None
    git_patch: str | None
    git_submodules: dict[str, str]
    timestamp: str
    command: str
    python_version: str
    executable: str
    platform: str
    hostname: str
    user: str
    pid: int


class MigrationRecord(Record):
    """migration.json: how a run came from another one."""

    kind: Literal["alias", "moved", "copied", "migrated"]
    policy: Literal["alias", "move", "copy"]
    from_namespace: str
    from_hash: str
    from_root: str
    to_namespace: str
    to_hash: str
    to_root: str
    migrated_at: str
    overwritten_at: str | None = None
    default_values: dict[str, JsonValue] | None = None
    origin: str | None = None
    note: str | None = None


class SourcesRecord(Record):
    """sources.json: the code that was loaded in the process when the run succeeded.

    Paths are relative to the project's root and `/`-separated; hashes are SHA-256 of the files' bytes.
    """

    schema_version: Literal[1] = 1
    python: str
    """The version of Python: `3.12.1`."""
    root_marker: str
    """What made a directory the root: `pyproject.toml`, `.git`, or `none` (the working directory then)."""
    entry: str | None
    """The script that was started, if it lies below the root."""
    files: dict[str, str]
    """First-party files: path to content hash."""
    distributions: dict[str, str]
    """Installed distributions of which something was loaded: name to version."""
    not_copied: dict[str, str] = Field(default_factory=dict)
    """Files whose content is not kept in the store: path to reason."""
    changed_since_start: tuple[str, ...] = Field(default=(), strict=False)
    """Files that were modified after the process started and before they were read: the code that ran may differ."""
    outside: tuple[str, ...] = Field(default=(), strict=False)
    """Modules that lie neither below the root nor in a distribution: nothing is recorded of them."""


class EventRecord(BaseModel):
    """One line of events.jsonl. Kinds differ in their keys, so unknown ones are kept."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True, defer_build=True)

    ts: str
    pid: int
    host: str
    type: str


class LockRecord(Record):
    """The one line of a lock file."""

    pid: int
    host: str
    created_at: str
    lock_id: str
