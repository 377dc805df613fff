"""Which packages a run was made with in another version than the one that is installed now. Only on request."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from huldra.sources.installed import installed_versions, normal_name
from huldra.sources.settings import Settings
from huldra.stored_runs.code_record import read_code_record
from huldra.stored_runs.model import StoredRun


class PackageChanges:
    """Compares what runs recorded of the packages they had loaded with what is installed.

    Args:
        root: The project.
        store: The store.
        settings: Which packages count, and which environment is the project's.
    """

    def __init__(self, root: Path, store: Path, settings: Settings) -> None:
        self._root = root
        self._store = store
        self._python = settings.run.python
        wanted = settings.fingerprint.packages
        self._is_asked_for = bool(wanted)
        self._named = None if isinstance(wanted, bool) else frozenset(map(normal_name, wanted))

    def __call__(self, run: StoredRun) -> tuple[str, ...]:
        """Return what has changed, one package each: `numpy 1.26.4 is 2.1.0 now`. Nothing where nobody asked.

        Effect: reads the run's record, and once what is installed.
        """
        if not self._is_asked_for:
            return ()
        sources = read_code_record(self._store, run).sources
        recorded = {} if sources is None else sources.distributions
        versions = {normal_name(name): version for name, version in recorded.items()}
        counts = sorted(versions if self._named is None else versions.keys() & self._named)
        return tuple(self._words(name, versions[name]) for name in counts if self._now.get(name) != versions[name])

    def _words(self, name: str, version: str) -> str:
        now = self._now.get(name)
        return f"{name} {version} is not installed now" if now is None else f"{name} {version} is {now} now"

    @cached_property
    def _now(self) -> Mapping[str, str]:
        return installed_versions(self._root, self._python)
