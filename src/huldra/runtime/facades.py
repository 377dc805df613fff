"""The reference's manager classes, as names for functions that lie elsewhere. Nothing here does any work."""

from collections.abc import Callable, Mapping
from pathlib import Path

from huldra.formats import layout
from huldra.formats.json_values import JsonObject, parse_json_object
from huldra.formats.records import StateRecord
from huldra.runtime import git, metadata, reconcile, scheduler, store
from huldra.runtime.config import HULDRA_CONFIG
from huldra.runtime.documents import to_json_document
from huldra.runtime.source_text import to_python
from huldra.runtime.values import identity_of


class StateManager:
    """The state of a run, by its directory. `absent` means: never computed, or invalidated."""

    @staticmethod
    def get_internal_dir(directory: Path) -> Path:
        """Return the library's own directory inside a run."""
        return store.internal(directory)

    @staticmethod
    def get_state_path(directory: Path) -> Path:
        """Return where the state is recorded."""
        return layout.state_file(store.internal(directory))

    @staticmethod
    def get_success_marker_path(directory: Path) -> Path:
        """Return the marker that exists once `_create` has returned."""
        return layout.success_file(store.internal(directory))

    @staticmethod
    def get_events_path(directory: Path) -> Path:
        """Return the history of attempts."""
        return layout.events_file(store.internal(directory))

    @staticmethod
    def success_marker_exists(directory: Path) -> bool:
        """Return whether there is a success marker."""
        return layout.success_file(store.internal(directory)).exists()

    @staticmethod
    def read_state(directory: Path) -> StateRecord:
        """See `store.read_state`."""
        return store.read_state(directory)

    @staticmethod
    def update_state(directory: Path, change: Callable[[StateRecord], StateRecord]) -> StateRecord:
        """See `store.update_state`."""
        return store.update_state(directory, change)

    @staticmethod
    def reconcile(directory: Path, *, submitit_probe: reconcile.Probe | None = None) -> StateRecord:
        """See `reconcile.reconcile`."""
        return reconcile.reconcile(directory, submitit_probe=submitit_probe)


class MetadataManager:
    """The metadata of a run, by its directory."""

    @staticmethod
    def get_metadata_path(directory: Path) -> Path:
        """Return where config, code version and environment are recorded."""
        return layout.metadata_file(store.internal(directory))

    @staticmethod
    def run_git_command(args: list[str]) -> str:
        """See `git.run_git_command`."""
        return git.run_git_command(*args)

    @staticmethod
    def collect_git_info(ignore_diff: bool = False) -> metadata.GitInfo:  # noqa: FBT001, FBT002  the contract's
        """See `metadata.git_info`."""
        return metadata.git_info(ignore_diff=ignore_diff)[0]

    @staticmethod
    def collect_environment_info() -> metadata.EnvironmentInfo:
        """See `metadata.environment_info`."""
        return metadata.environment_info()

    @staticmethod
    def create_metadata(
        obj: object,
        directory: Path,
        ignore_diff: bool = False,  # noqa: FBT001, FBT002  the contract's
    ) -> metadata.HuldraMetadata:
        """Return the metadata that an attempt of this process would write."""
        return metadata.compose_metadata(
            python_def=to_python(obj, multiline=False),
            document=to_json_document(obj),
            digest=identity_of(obj),
            directory=directory,
            git=metadata.git_info(ignore_diff=ignore_diff or HULDRA_CONFIG.ignore_git_diff)[0],
        )

    @staticmethod
    def write_metadata(found: metadata.HuldraMetadata, directory: Path) -> None:
        """See `metadata.write_metadata`."""
        metadata.write_metadata(found, directory)

    @staticmethod
    def read_metadata(directory: Path) -> metadata.HuldraMetadata:
        """See `metadata.read_metadata`."""
        return metadata.read_metadata(directory)

    @staticmethod
    def read_metadata_raw(directory: Path) -> JsonObject:
        """Return metadata.json as it is; raise FileNotFoundError if there is none."""
        return parse_json_object(layout.metadata_file(store.internal(directory)).read_bytes())


class SubmititAdapter:
    """A batch system's executor, and what is asked of it. Imports no submitit."""

    JOB_PICKLE = "job.pkl"

    def __init__(self, executor: object) -> None:
        self.executor = executor

    @staticmethod
    def load_job(directory: Path) -> object | None:
        """See `scheduler.load_job`."""
        return scheduler.load_job(directory)

    @staticmethod
    def pickle_job(job: object, directory: Path) -> None:
        """See `scheduler.save_job`."""
        scheduler.save_job(directory, job)

    @staticmethod
    def classify_scheduler_state(state: str | None) -> str | None:
        """See `scheduler.status_of_word`."""
        return None if state is None else scheduler.status_of_word(state)

    @staticmethod
    def probe(directory: Path) -> Mapping[str, object]:
        """See `scheduler.probe_job`."""
        return scheduler.probe_job(directory)
