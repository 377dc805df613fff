"""What has changed in the code beside a project that is installed from where it lies: in its path dependencies.

It is no part of the project, and is not followed. Whether it is what it was when a run was made can be told all the
same where both lie in one repository: a workspace with several members, or a library with its experiments beside it.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from huldra.analysis.observing import tell_beside
from huldra.comparison.code_reasons import BesideChanges
from huldra.project.modules import build_module_table
from huldra.sources.code_files import FilesThen, NoFilesThen
from huldra.sources.discover import discover_files
from huldra.sources.editable import editable_installs
from huldra.sources.git_objects import blob_id
from huldra.sources.import_roots import find_import_roots
from huldra.sources.path_dependencies import path_dependencies
from huldra.sources.path_rows import listing_row, signature
from huldra.sources.repository import Repository
from huldra.sources.revision_files import commit_files
from huldra.sources.root import shown_path
from huldra.sources.selection import project_files
from huldra.sources.settings import Settings
from huldra.stored_runs.code_record import CodeRecord, read_code_record
from huldra.stored_runs.model import StoredRun

_NOT_IMPORTED = frozenset({"conftest", "docs", "examples", "noxfile", "setup", "test", "tests"})
"""What lies beside the packages of a project and is not installed with it."""
_FEW = 3
_NO_CONTENT = frozenset[str]()


class _Neighbour(Struct, frozen=True):
    """A project beside ours: what is imported from it by which names, and those that it needs itself."""

    directory: Path
    repository: Repository | NoFilesThen
    names: frozenset[str]
    needs: frozenset[Path]

    def code(self, files: Iterable[str]) -> list[str]:
        """Return those of some files, by their names in it, that may be imported from it."""
        names = tuple(files)
        modules = build_module_table(names, find_import_roots(self.directory, Settings(), names)).module_of
        return [name for name in names if modules.get(name, "tests").partition(".")[0] not in _NOT_IMPORTED]


class Neighbours:
    """Compares path dependencies as they were with what they are. Looks at what is asked for, once.

    So one of them stands for one moment; `has_changed` tells whether it is time for another.

    Args:
        root: The project.
        store: The store.
        open_git: Gives the repository that a directory lies in.
        python: The setting `run.python`.
    """

    def __init__(
        self,
        root: Path,
        store: Path,
        open_git: Callable[[Path], Repository | NoFilesThen],
        python: str | None = None,
    ) -> None:
        self._root = root.resolve()
        self._python = python
        self._is_asked = False
        self._known: dict[Path, _Neighbour] = {}
        self._watched: Mapping[Path, str] = {}
        self._store = store
        self._open_git = open_git
        self._then: dict[tuple[Path, str, bytes], Mapping[str, str] | str] = {}
        self._now: dict[Path, Mapping[str, frozenset[str]]] = {}
        self._looked: dict[Path, Mapping[str, object]] = {}

    @cached_property
    def _declared(self) -> tuple[Path, ...]:
        return path_dependencies(self._root)

    @cached_property
    def _installed(self) -> Mapping[Path, frozenset[str]]:
        """The names of what is installed to be edited, and not declared."""
        found = editable_installs(self._root, self._python)
        self._watched = {place: _listing(place) for place in found.watched}
        return {each.directory: each.names for each in found.installed if each.directory not in self._declared}

    def _of(self, directory: Path) -> _Neighbour:
        if directory not in self._known:
            self._known[directory] = self._neighbour(directory, (*self._declared, *self._installed))
        return self._known[directory]

    @property
    def names(self) -> frozenset[str]:
        """The top-level names that are imported from a neighbour.

        Effect: the first time, reads build settings and looks at the neighbours' files.
        """
        return self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        """Of what is installed only the top is looked at: who imports nothing of it pays nothing for the rest."""
        declared = (self._of(directory).names for directory in self._declared)
        names = frozenset(name for found in (*declared, *self._installed.values()) for name in found)
        return names - _NOT_IMPORTED

    def rows(self, before_ns: int) -> Mapping[str, str] | None:
        """Return how the environment looked, as `rows_hold` reads it, where nothing said so far follows from more.

        None where it does, or where something changed after a moment, in ns since 1970.
        """
        if self._declared or self._is_asked:
            return None
        _ = self._installed
        states = {place: _state(place) for place in self._watched}
        if any(
            found is not None and max(found.st_mtime_ns, found.st_ctime_ns) >= before_ns for found in states.values()
        ):
            return None
        return {f"{os.path.relpath(place, self._root)}/": row for place, row in self._watched.items()}

    def looked_at_again(self) -> "Neighbours":
        """Return what stands for the next moment; what they were when runs were made is known already."""
        found = Neighbours(self._root, self._store, self._open_git, self._python)
        found._then = self._then
        return found

    def has_changed(self) -> bool:
        """Effect: look. Return whether a neighbour is not what it was when it was asked for."""
        return any(_listing(place) != row for place, row in tuple(self._watched.items())) or any(
            self._signatures(directory) != looked for directory, looked in tuple(self._looked.items())
        )

    def __call__(self, run: StoredRun, names: Iterable[str]) -> BesideChanges:
        """Return what is told of the neighbours by whose names a run's code has imported something.

        Effect: reads the run's record and their files, and asks git.
        """
        self._is_asked = True
        tell_beside()
        wanted = frozenset(names)
        known = {**{directory: self._of(directory).names for directory in self._declared}, **self._installed}
        reached = {directory: self._of(directory) for directory, found in known.items() if wanted & found}
        for each in tuple(reached.values()):
            reached |= {directory: self._of(directory) for directory in each.needs if directory in known}
        changed: list[str] = []
        doubts: list[str] = []
        for each in reached.values():
            then = self._files_then(run, each)
            if isinstance(then, str):
                doubts.append(f"{self._shown(each)} is not of this project, and it cannot be told what it was: {then}")
                continue
            now = self._files_now(each)
            differing = sorted(name for name in {**then, **now} if then.get(name) not in now.get(name, _NO_CONTENT))
            if differing:
                more = f" and {len(differing) - _FEW} more" if len(differing) > _FEW else ""
                files = f"{', '.join(differing[:_FEW])}{more}"
                changed.append(f"{files} of {self._shown(each)} changed, which is not of this project: {self._way_out}")
        return BesideChanges(tuple(changed), tuple(doubts))

    @property
    def _way_out(self) -> str:
        repository = self._open_git(self._root)
        top = "" if isinstance(repository, NoFilesThen) else "../" * repository.prefix.count("/")
        store = shown_path(self._store, self._root)
        return f"`--root {top.rstrip('/')} --store {store}` compares it" if top else "it is not compared"

    def _shown(self, neighbour: _Neighbour) -> str:
        return f"{' and '.join(sorted(neighbour.names)[:_FEW])} ({os.path.relpath(neighbour.directory, self._root)})"

    def _neighbour(self, directory: Path, all_of_them: Iterable[Path]) -> _Neighbour:
        found = _Neighbour(directory, self._open_git(directory), frozenset(), frozenset())
        files = found.code(self._files(directory))
        roots = find_import_roots(directory, Settings(), files)
        names = build_module_table(files, roots).top_level() - _NOT_IMPORTED
        needs = frozenset(path_dependencies(directory)).intersection(all_of_them)
        return _Neighbour(directory, found.repository, names, needs)

    def _files(self, directory: Path) -> list[str]:
        files = discover_files(directory, Settings()).files
        return [name for name in files if self._is_beside(directory, name)]

    def _is_beside(self, directory: Path, name: str) -> bool:
        return not self._root.is_relative_to(directory) or not (directory / name).is_relative_to(self._root)

    def _signatures(self, directory: Path) -> Mapping[str, object]:
        found: dict[str, object] = {}
        for name in self._files(directory):
            try:
                found[name] = signature((directory / name).stat())
            except OSError:
                found[name] = None
        return found

    def _files_now(self, neighbour: _Neighbour) -> Mapping[str, frozenset[str]]:
        """Return what may name the content of each file in git, which may keep other line ends than the disk."""
        directory, repository = neighbour.directory, neighbour.repository
        if directory not in self._now:
            self._looked[directory] = self._signatures(directory)
            length = 40 if isinstance(repository, NoFilesThen) else repository.id_length
            found: dict[str, frozenset[str]] = {}
            for name in neighbour.code(self._looked[directory]):
                try:
                    data = (directory / name).read_bytes()
                except OSError:
                    found[name] = _NO_CONTENT
                else:
                    found[name] = frozenset(blob_id(each, length) for each in (data, data.replace(b"\r\n", b"\n")))
            self._now[directory] = found
        return self._now[directory]

    def _files_then(self, run: StoredRun, neighbour: _Neighbour) -> Mapping[str, str] | str:
        """Return what names the content of each file that a neighbour had, or why that cannot be told."""
        ours, theirs = self._open_git(self._root), neighbour.repository
        if isinstance(ours, NoFilesThen) or isinstance(theirs, NoFilesThen):
            return "it lies in no repository"
        if ours.git_directory != theirs.git_directory:
            return "it lies in another repository"
        record = read_code_record(self._store, run)
        if record.commit is None or record.damage is not None or record.patch_missing is not None:
            return record.patch_missing or "no commit was recorded"
        key = (neighbour.directory, record.commit, hashlib.sha256((record.patch or "").encode()).digest())
        if key not in self._then:
            self._then[key] = self._found_then(neighbour, theirs, record)
        return self._then[key]

    def _found_then(self, neighbour: _Neighbour, repository: Repository, record: CodeRecord) -> Mapping[str, str] | str:
        found = commit_files(repository, record.commit or "", record.patch or "")
        if isinstance(found, NoFilesThen):
            return found.message
        if found.doubts:
            return found.doubts[0]
        selected: FilesThen = project_files(found, Settings(), ())
        names = [name for name in selected.files if self._is_beside(neighbour.directory, name)]
        return {name: selected.files[name] for name in neighbour.code(names)}


def _listing(place: Path) -> str:
    return listing_row(_state(place))


def _state(place: Path) -> os.stat_result | None:
    try:
        return place.stat()
    except OSError:
        return None
