"""What is known of a stored run once its files have been read, as plain data. Knows no disk and no source code."""

from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from huldra.formats.attempts import AttemptStatus
from huldra.formats.dialect import Dialect
from huldra.formats.json_values import JsonValue
from huldra.formats.layout import run_path
from huldra.stored_runs.roots import OWN_ROOTS, Root

TYPE_CHECKING = False  # as in `typing`: questions about an index that nothing has changed in need no records
if TYPE_CHECKING:
    from huldra.formats.config_values import ConfigValue
    from huldra.formats.records import MigrationRecord

RunResult = Literal["success", "failed", "incomplete", "absent", "migrated"]

StoreStatus = Literal["found", "empty", "missing", "not-a-directory", "unreadable"]
"""`empty`: a directory that holds no run, and nothing that kept us from looking. `missing` covers a broken symlink."""

ProblemCode = Literal[
    "unreadable-directory",
    "not-a-directory",
    "broken-symlink",
    "symlink-loop",
    "repeated-directory",
    "misplaced-internal-directory",
    "no-internal-directory",
    "undecodable-name",
    "missing-store",
]

NoteCode = Literal[
    "recorded-hash-differs",
    "recorded-class-differs",
    "metadata-missing",
    "success-from-marker",
    "success-marker-missing",
    "success-marker-ignored",
    "success-marker-of-other-attempt",
    "commit-not-recorded",
    "patch-not-recorded",
    "migration-record-missing",
    "events-damaged",
    "time-unreadable",
]


class StoreProblem(Struct, frozen=True):
    """Something in the store that could not be looked into; `path` is below the store, `/`-separated."""

    path: str
    code: ProblemCode
    message: str


class RunNote(Struct, frozen=True):
    """Something about one run that its reader should know and that does not make it unreadable."""

    code: NoteCode
    message: str


class RunDirectory:
    """Where a run lies: `path` below the store (`/`-separated), and what that path says.

    `root` is the name of the folder. `store` is the name of the further store that it lies in, to which the path leads
    from the store that the runtime uses (`../archive/data/...`); empty for a run that the runtime itself can find.
    """

    __slots__ = ()

    path: str
    root: str
    version_controlled: bool
    class_name: str
    hash: str
    dialect: Dialect
    store: str

    @property
    def store_path(self) -> str:
        """The path from the store that the runtime uses to the one that the run lies in; empty for that very one."""
        return self.path.rsplit("/", self.class_name.count(".") + 3)[0] if self.store else ""


class FoundRun(RunDirectory, Struct, frozen=True, kw_only=True):
    """A run's directory, of which nothing was read."""

    path: str
    root: str
    version_controlled: bool
    class_name: str
    hash: str
    dialect: Dialect
    store: str = ""

    def __hash__(self) -> int:
        return hash((self.path, self.root, self.version_controlled, self.class_name, self.hash, self.store))


class AttemptError(Struct, frozen=True):
    """What ended an attempt, as it was recorded."""

    type: str
    message: str
    traceback: str | None = None


# A hundred thousand of each of the next three are made, and written down, when a store is first read: as structs they
# cost a tenth of what dataclasses do.
class Attempt(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The latest attempt at a run. Times are ISO text as recorded.

    Where the library kept its heartbeat as the age of the compute lock, `heartbeat_at` and `lease_expires_at` are
    those that follow from the lock.
    """

    id: str
    number: int
    status: AttemptStatus
    backend: str
    started_at: str
    heartbeat_at: str | None
    lease_expires_at: str
    ended_at: str | None = None
    host: str | None = None
    pid: int | None = None
    user: str | None = None
    command: str | None = None
    error: AttemptError | None = None
    reason: str | None = None

    @property
    def is_active(self) -> bool:
        """Whether it was recorded as waiting or running; whether it still does is for `liveness` to say."""
        return self.status in ("queued", "running")


class Provenance(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What a run was made with. A git text is None where the library recorded none (no repository).

    The patch itself is not kept: `code_record` reads it again when it is asked for.
    """

    commit: str | None
    branch: str | None
    remote: str | None
    submodules: tuple[tuple[str, str], ...]
    recorded_at: str
    command: str
    user: str
    host: str
    python_version: str
    executable: str
    platform: str
    is_dirty: bool | None
    """Whether a patch with changes was recorded; None where none was recorded (diff ignored, no repository)."""


class RunRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What the files of a run say, wherever it lies: as in `StoredRun`, but for its config, which is still JSON.

    `config_class` is the class that the config is of; both are None where none was recorded.
    """

    result: RunResult
    attempt: Attempt | None
    attempts: int
    created_at: str | None
    duration_s: float | None
    has_success_marker: bool
    document: JsonValue
    config_class: str | None
    recorded_hash: str | None
    provenance: Provenance | None
    has_sources: bool
    migration: "MigrationRecord | None"
    notes: tuple[RunNote, ...]


class StoredRun(RunDirectory):
    """A run whose files could all be read. It holds nothing itself, so that one of very many may hold little.

    `result` is the one that counts (`outcome` says how it follows from two files); `attempt` is as recorded.
    `created_at` belongs to a success, `duration_s` (seconds) to an attempt that has ended. `attempts` is how many were
    started. `has_sources`: it recorded the sources that it was made with.
    """

    __slots__ = ()

    result: RunResult
    attempt: Attempt | None
    attempts: int
    created_at: str | None
    duration_s: float | None
    has_success_marker: bool
    config: "ConfigValue | None"
    recorded_hash: str | None
    provenance: Provenance | None
    has_sources: bool
    migration: "MigrationRecord | None"
    notes: tuple[RunNote, ...]

    @property
    def is_active(self) -> bool:
        """Whether its latest attempt was recorded as waiting or running."""
        return self.attempt is not None and self.attempt.is_active

    @property
    def config_class(self) -> str:
        """The class that its config is of as recorded; that of its directory where no config was recorded."""
        return self.class_name if self.config is None else self.config.class_name

    def may_hold(self, class_name: str) -> bool:
        """Return whether its config may hold one of a class; False is certain."""
        return self.config is not None and bool(class_name)

    @property
    def config_document(self) -> JsonValue:
        """Its config as JSON; None where none was recorded."""
        from huldra.formats.config_documents import config_document  # noqa: PLC0415

        return None if self.config is None else config_document(self.config)

    @property
    def content_hash(self) -> int:
        """A number that is another one, in this process, when its files say something else."""
        return hash(self)

    @property
    def payload_path(self) -> str:
        """The directory below the store that holds the run's files: another run's, if this one is an alias of it."""
        record = self.migration
        if record is None or record.kind != "alias" or record.overwritten_at is not None:
            return self.path
        path = run_path(record.from_root, record.from_namespace, record.from_hash)
        return f"{self.store_path}/{path}" if self.store else path


class ReadRun(FoundRun, StoredRun, frozen=True, kw_only=True):
    """A run that holds all that its files say."""

    result: RunResult
    attempt: Attempt | None
    attempts: int
    created_at: str | None
    duration_s: float | None
    has_success_marker: bool
    config: "ConfigValue | None"
    recorded_hash: str | None
    provenance: Provenance | None
    has_sources: bool = False
    migration: "MigrationRecord | None" = None
    notes: tuple[RunNote, ...] = ()

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in HASHED))


HASHED = tuple(name for name in ReadRun.__struct_fields__ if name not in {"dialect", "migration"})
"""What the hash of any run is of: the dialect is told by its root, and a migration's record cannot be hashed."""


class UnreadableRun(FoundRun, frozen=True, kw_only=True):
    """A run with a damaged file; `reason` names the file and what is wrong in it."""

    reason: str

    def __hash__(self) -> int:
        return hash((super().__hash__(), self.reason))


class StoreListing(Struct, frozen=True):
    """The runs' directories of a store, sorted by path; nothing in them has been read."""

    status: StoreStatus
    runs: tuple[RunDirectory, ...] = ()
    problems: tuple[StoreProblem, ...] = ()


class Looked(Struct, frozen=True):
    """What a look through an index saw beside the runs.

    Attributes:
        directories: All directories with runs, by path below the store, also those that were not asked about.
        odd: Those of them that the index knew to hold runs whose configs are of other classes.
        unsettled: Runs that may have changed since within the same tick of a clock, by path.
    """

    directories: frozenset[str]
    odd: frozenset[str]
    unsettled: frozenset[str]


class StoredStore(Struct, frozen=True, eq=False):
    """Every run of a store, each list sorted by path; those of further stores among them, if some are looked at."""

    status: StoreStatus
    runs: tuple[StoredRun, ...] = ()
    unreadable: tuple[UnreadableRun, ...] = ()
    problems: tuple[StoreProblem, ...] = ()
    roots: tuple[Root, ...] = OWN_ROOTS
    looked: Looked | None = None
    """None for a store that was read without an index."""

    @property
    def _said(self) -> tuple[object, ...]:
        return self.status, self.runs, self.unreadable, self.problems, self.roots

    def __eq__(self, other: object) -> bool:
        return isinstance(other, StoredStore) and self._said == other._said

    def __hash__(self) -> int:
        return hash(self._said)

    @property
    def further(self) -> tuple[str, ...]:
        """The names of the further stores that were looked at."""
        return tuple(dict.fromkeys(root.store for root in self.roots if root.store))


_AnyRun = TypeVar("_AnyRun", StoredRun, UnreadableRun)


def run_at(runs: Sequence[_AnyRun], path: str, likely: int = -1) -> _AnyRun | None:
    """Return the run at a path below the store, of runs sorted by path.

    Args:
        runs: The runs.
        path: The path.
        likely: Where among them it may well be, or would be: to find it among very many takes many looks at others.
    """
    is_place = 0 <= likely <= len(runs) and (
        (likely == 0 or runs[likely - 1].path < path) and (likely == len(runs) or path <= runs[likely].path)
    )
    index = likely if is_place else bisect_left(runs, path, key=_path_of)
    return runs[index] if index < len(runs) and runs[index].path == path else None


_path_of = attrgetter("path")
