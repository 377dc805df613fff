"""Which Python files a project has, and which compiled modules, as root-relative names.

What cannot be entered or read is data, never an exception.

Knows names and directories, not what the files say.
"""

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from huldra.sources.code_rows import BUILD_OUTPUT, COMPILED_SUFFIXES, ENVIRONMENT_MARKER, NEVER_ENTERED
from huldra.sources.import_roots import BUILD_FILES
from huldra.sources.patterns import NameTest, compile_patterns
from huldra.sources.root import DEFAULT_STORES, holds_runs
from huldra.sources.settings import OWN_FILE, PYPROJECT_FILE, Settings
from huldra.sources.submodules import is_submodule

ProblemKind = Literal[
    "unreadable",
    "broken-symlink",
    "symlink-loop",
    "outside-root",
    "not-a-file",
    "not-utf8-name",
    "linked-directory",
    "nested-project",
    "nested-settings",
    "another-store",
]
_NOTES: frozenset[ProblemKind] = frozenset({"linked-directory", "nested-project", "nested-settings", "another-store"})


class DiscoveryProblem(Struct, frozen=True, order=True):
    """Something that was left out, and why. `name` is root-relative, `.` for the root itself."""

    name: str
    kind: ProblemKind
    message: str

    @property
    def is_note(self) -> bool:
        """Whether it is the rule that leaves it out, and nothing is wrong."""
        return self.kind in _NOTES


class Discovery(Struct, frozen=True):
    """The Python files of a project, and what was left out; both sorted.

    `projects` are the directories below the root that are projects themselves, as the members of a workspace are;
    `extensions` are the files that tell of modules which are compiled: their sources, stubs, and what is built.
    """

    files: tuple[str, ...]
    problems: tuple[DiscoveryProblem, ...]
    projects: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()


class _Walk(Struct, frozen=True):
    root: Path
    real_root: Path
    stores: frozenset[Path]
    is_excluded: NameTest
    files: list[str] = []
    problems: list[DiscoveryProblem] = []
    projects: list[str] = []
    extensions: list[str] = []

    def report(self, name: str, kind: ProblemKind, message: str) -> None:
        self.problems.append(DiscoveryProblem(_printable(name) or ".", kind, message))


def discover_files(root: Path, settings: Settings, stores: Iterable[Path] = ()) -> Discovery:
    """Return every Python file of the project at `root`.

    Not entered: hidden directories, virtual environments, build output, stores, directories that `exclude` names,
    repositories inside the project that are no submodules, and symlinked directories. A symlinked file counts if it
    leads to a file below the root.
    """
    walk = _Walk(root, _real(root), frozenset(map(_real, stores)), compile_patterns(settings.exclude))
    waiting = [""]
    while waiting:
        directory = waiting.pop()
        entries = _entries(walk, directory)
        if entries is not None and not _is_foreign(walk, directory, entries):
            if directory and not BUILD_FILES.isdisjoint(entries):
                walk.projects.append(directory)
            waiting.extend(_visit(walk, directory, entries))
    found = (walk.projects, walk.extensions)
    return Discovery(tuple(sorted(walk.files)), tuple(sorted(walk.problems)), *(tuple(sorted(each)) for each in found))


def _entries(walk: _Walk, directory: str) -> dict[str, os.DirEntry[str]] | None:
    try:
        with os.scandir(walk.root / directory) as found:
            return {entry.name: entry for entry in found}
    except OSError as error:
        walk.report(directory, "unreadable", f"directory cannot be read: {error.strerror}")
        return None


def _is_foreign(walk: _Walk, directory: str, entries: dict[str, os.DirEntry[str]]) -> bool:
    """Whether a directory turns out, by what lies in it, not to be the project's own code."""
    if not directory:
        return False
    if ".git" in entries and not is_submodule(f"{walk.root}/{directory}"):
        walk.report(directory, "nested-project", "a repository of its own; analyse it with --root")
        return True
    name = directory.rpartition("/")[2]
    if ENVIRONMENT_MARKER in entries or (name in BUILD_OUTPUT and "__init__.py" not in entries):
        return True
    if _has_settings(walk.root / directory, entries):
        walk.report(directory, "nested-settings", "has settings of its own, which do not count here")
    return False


def _has_settings(directory: Path, entries: dict[str, os.DirEntry[str]]) -> bool:
    try:
        return OWN_FILE in entries or (
            PYPROJECT_FILE in entries and b"[tool.huldra" in (directory / PYPROJECT_FILE).read_bytes()
        )
    except OSError:
        return False


def _visit(walk: _Walk, directory: str, entries: dict[str, os.DirEntry[str]]) -> Iterator[str]:
    """Keep a directory's Python files and yield the directories to enter."""
    for base, entry in entries.items():
        name = f"{directory}/{base}" if directory else base
        try:
            if entry.is_symlink():
                _visit_symlink(walk, name, entry)
            elif entry.is_dir(follow_symlinks=False):
                if not _is_left_out(walk, name, is_directory=True):
                    yield name
                elif base in DEFAULT_STORES:
                    _report_store(walk, name)
            elif base.endswith(".py") and not _is_left_out(walk, name, is_directory=False):
                _keep(walk, name, is_file=entry.is_file(follow_symlinks=False))
            elif base.endswith(COMPILED_SUFFIXES) and not _is_left_out(walk, name, is_directory=False):
                walk.extensions.append(name)
        except OSError as error:
            walk.report(name, "unreadable", f"cannot be looked at: {error.strerror}")


def _is_left_out(walk: _Walk, name: str, *, is_directory: bool) -> bool:
    base = name.rpartition("/")[2]
    # Hidden files are editors' and file managers' (`.#train.py` is a lock, and a broken symlink); none can be imported.
    if base.startswith(".") or walk.is_excluded(name, is_directory):
        return True
    if not is_directory:
        return False
    if base in NEVER_ENTERED or base in DEFAULT_STORES:
        return True
    return walk.real_root / name in walk.stores


def _report_store(walk: _Walk, name: str) -> None:
    """Tell of a store that nobody asks about: who runs a script from elsewhere than the root makes one there."""
    if walk.real_root / name not in walk.stores and holds_runs(walk.root / name):
        walk.report(name, "another-store", "a store, but not the one that is looked at; name it with --store")


def _keep(walk: _Walk, name: str, *, is_file: bool) -> None:
    if not is_file:
        walk.report(name, "not-a-file", "a device, a pipe or a socket")
    elif _printable(name) != name:
        walk.report(name, "not-utf8-name", "the name is not valid UTF-8, so nothing can refer to it")
    else:
        walk.files.append(name)


def _visit_symlink(walk: _Walk, name: str, entry: os.DirEntry[str]) -> None:
    is_python = name.endswith(".py")
    try:
        is_directory = stat.S_ISDIR(entry.stat().st_mode)
    except OSError as error:
        if _is_left_out(walk, name, is_directory=False):
            return
        if error.errno == errno.ELOOP:
            walk.report(name, "symlink-loop", "the symlink leads back to itself")
        elif is_python and error.errno in {errno.ENOENT, errno.ENOTDIR}:
            walk.report(name, "broken-symlink", "the symlink leads to nothing")
        elif is_python:
            raise
        return
    if _is_left_out(walk, name, is_directory=is_directory):
        return
    if name.endswith(COMPILED_SUFFIXES) and not is_directory:
        walk.extensions.append(name)
        return
    target = _real(Path(entry.path))
    if is_directory and target not in walk.stores:
        # A followed directory would give its files two names, and may lead back to one of its parents.
        walk.report(name, "linked-directory", "a symlink to a directory is not followed")
    elif is_python and not is_directory:
        if target.is_relative_to(walk.real_root):
            _keep(walk, name, is_file=entry.is_file())
        else:
            walk.report(name, "outside-root", "the symlink leads out of the project")


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _printable(name: str) -> str:
    return os.fsencode(name).decode(errors="replace")
