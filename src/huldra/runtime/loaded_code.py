"""Which code this process has loaded: first-party files by content, everything else by distribution.

A file is read when it is first seen, at the latest when an attempt starts: what is edited later did not run.
"""

import hashlib
import os
import sys
import sysconfig
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from huldra.runtime.machine import STARTED

_SITE_FOLDERS: Final = ("site-packages", "dist-packages")
_MARKERS: Final = ("pyproject.toml", ".git")


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A file of this process's code as it was when it was first seen. `content` is None if it is not to be kept."""

    path: Path
    content_hash: str
    content: bytes | None
    not_kept: str | None
    is_changed_since_start: bool


@dataclass(frozen=True, slots=True)
class ProjectRoot:
    """The directory that first-party code lies below, and what made it so."""

    path: Path
    marker: str


_files: dict[str, str] = {}
"""Module name to the real path of its file."""
_read: dict[str, LoadedFile | None] = {}
"""Real path of a first-party file to what was read there, None if it could not be."""


@cache
def project_root(start: Path) -> ProjectRoot:
    """Return the nearest directory from `start` upward with a `pyproject.toml`, else with a `.git`, else the working
    directory.
    """
    for marker in _MARKERS:
        for folder in (start, *start.parents):
            if (folder / marker).exists():
                return ProjectRoot(folder, marker)
    return ProjectRoot(Path.cwd(), "none")


def note_loaded_code(root: ProjectRoot, largest: int) -> None:
    """Read the first-party files that were loaded since the last time.

    Effect: reads files.
    """
    for name, module in list(sys.modules.items()):
        if name in _files:
            continue
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and os.path.exists(file):  # noqa: PTH110  this runs for every module
            _files[name] = os.path.realpath(file)
        elif name != "__main__":
            _files[name] = ""
    for path in set(_files.values()) - _read.keys():
        if is_first_party(path, root):
            _read[path] = _read_file(Path(path), largest)


@cache
def is_first_party(path: str, root: ProjectRoot) -> bool:
    """Return whether a file belongs to the project: below its root, and installed by nobody."""
    return bool(path) and Path(path).is_relative_to(root.path) and not is_installed(path) and not is_standard(path)


@cache
def is_installed(path: str) -> bool:
    """Return whether a file lies where distributions are installed."""
    return any(folder in Path(path).parts for folder in _SITE_FOLDERS)


@cache
def is_standard(path: str) -> bool:
    """Return whether a file is part of Python itself."""
    return path.startswith(_standard_folders()) and not is_installed(path)


@cache
def _standard_folders() -> tuple[str, ...]:
    return tuple(os.path.realpath(sysconfig.get_path(name)) + os.sep for name in ("stdlib", "platstdlib"))


def _read_file(path: Path, largest: int) -> LoadedFile | None:
    try:
        found = path.stat()
        content = path.read_bytes()
    except OSError:
        return None
    not_kept = None
    if path.suffix != ".py":
        not_kept = "no Python source"
    elif len(content) > largest:
        not_kept = f"{len(content)} bytes, more than {largest}"
    digest = hashlib.sha256(content).hexdigest()
    return LoadedFile(path, digest, None if not_kept else content, not_kept, found.st_mtime > STARTED)


def first_party_files(root: ProjectRoot) -> dict[str, LoadedFile]:
    """Return the project's loaded files by their path below the root."""
    found = (file for file in _read.values() if file is not None and file.path.is_relative_to(root.path))
    return {file.path.relative_to(root.path).as_posix(): file for file in found}


def entry_script(root: ProjectRoot) -> str | None:
    """Return the path of the script that was started, if it is first-party."""
    path = _files.get("__main__")
    if not path or not is_first_party(path, root):
        return None
    return Path(path).relative_to(root.path).as_posix()


def foreign_modules() -> tuple[tuple[str, str], ...]:
    """Return top-level names, each with a file, of what is neither first-party nor Python's own."""
    found: dict[str, str] = {}
    for name, path in list(_files.items()):
        top = name.partition(".")[0]
        if not path or top in found or path in _read or is_standard(path):
            continue
        found[top] = path
    return tuple(found.items())


@cache
def site_folder_of(path: str) -> str | None:
    """Return the folder of installed distributions that a file lies in, or None."""
    parts = Path(path).parts
    at = max((index for index, part in enumerate(parts) if part in _SITE_FOLDERS), default=None)
    return None if at is None else str(Path(*parts[: at + 1]))
