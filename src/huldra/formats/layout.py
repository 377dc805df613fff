"""Where everything of a run lies: one function for each stored file. Paths only; nothing here touches the disk."""

import os
from pathlib import Path

from huldra.formats.dialect import Dialect


def run_path(root: str, class_name: str, digest: str) -> str:
    """Return a run's path below the store, `/`-separated: `data/my_project/train/Train/<hash>`."""
    return "/".join((root, *class_name.split("."), digest))


def directory_at(store: Path, path: str) -> Path:
    """Return the directory at a path below a store, which leads out of it for runs of further stores.

    The store itself need not be there.
    """
    return Path(os.path.normpath(store / path)) if path.startswith("../") else store / path


def root_name(dialect: Dialect, *, version_controlled: bool) -> str:
    """Return the folder of the store in which new runs of a class lie."""
    return next(name for name, controlled in dialect.roots.items() if controlled is version_controlled)


def internal_directory(run: Path, dialect: Dialect) -> Path:
    """The library's own directory inside a run."""
    return run / dialect.internal_directory


def state_file(internal: Path) -> Path:
    """Where the result and the latest attempt are recorded."""
    return internal / "state.json"


def metadata_file(internal: Path) -> Path:
    """Where config, code version and environment are recorded."""
    return internal / "metadata.json"


def success_file(internal: Path) -> Path:
    """The marker that exists once `_create` has returned."""
    return internal / "SUCCESS.json"


def events_file(internal: Path) -> Path:
    """The append-only history of attempts."""
    return internal / "events.jsonl"


def sources_file(internal: Path) -> Path:
    """Which first-party files and distributions the run was made with."""
    return internal / "sources.json"


def source_text_file(store: Path, content_hash: str) -> Path:
    """The text of a recorded source file, gzip-compressed, once for each SHA-256 of its content."""
    return store / "sources" / content_hash[:2] / f"{content_hash[2:]}.gz"


def patch_file(internal: Path) -> Path:
    """A patch that is too long for metadata.json."""
    return internal / "git.patch"


def previous_directory(internal: Path) -> Path:
    """An earlier result that is set aside while its experiment is computed again."""
    return internal / "previous"


def migration_file(internal: Path) -> Path:
    """How this run came from another one."""
    return internal / "migration.json"


def log_file(internal: Path, dialect: Dialect) -> Path:
    """The log of this run."""
    return internal / dialect.log_file


def job_file(internal: Path) -> Path:
    """The pickled handle of a batch job."""
    return internal / "job.pkl"


def compute_lock_file(internal: Path) -> Path:
    """Held while `_create` runs."""
    return internal / ".compute.lock"


def submit_lock_file(internal: Path) -> Path:
    """Held while a batch job is submitted."""
    return internal / ".submit.lock"


def state_lock_file(internal: Path) -> Path:
    """Held while the state is rewritten."""
    return internal / ".state.lock"
