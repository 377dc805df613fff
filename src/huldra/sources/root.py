"""Where the project begins, and where its results lie. Says which rule decided; reads nothing inside either."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from huldra.formats.dialect import DIALECTS, HULDRA
from huldra.sources.file_names import DEFAULT_STORES
from huldra.sources.settings import OWN_FILE, PYPROJECT_FILE, Settings
from huldra.sources.toml_files import SettingsError

ROOT_MARKERS = (PYPROJECT_FILE, OWN_FILE, ".git")
STORE_VARIABLE = HULDRA.store_variable


class RootChoice(Struct, frozen=True):
    """The project's root, absolute. `start`: no parent has a marker, so the place itself was taken."""

    path: Path
    origin: Literal["option", "marker", "start"]

    @property
    def is_project(self) -> bool:
        """Whether the root was asked for or has a marker; if not, the face says that no project was found."""
        return self.origin != "start"


class StoreChoice(Struct, frozen=True):
    """The store's directory, absolute; it need not exist. `other-name`: the default of the library's other names."""

    path: Path
    origin: Literal["option", "environment", "settings", "default", "other-name"]


def find_root(start: Path, explicit: Path | None = None) -> RootChoice:
    """Return the nearest directory, from `start` upwards, that has a marker; else `start` itself.

    Raises:
        SettingsError: `explicit` is no directory.
    """
    if explicit is not None:
        path = _absolute(explicit, "--root")
        if not path.is_dir():
            raise SettingsError(f"--root {explicit}: {'not a directory' if path.exists() else 'no such directory'}")
        return RootChoice(path, "option")
    path = _absolute(start, "the start directory")
    if not path.is_dir():
        path = path.parent
    for directory in (path, *path.parents):
        if any(os.path.lexists(directory / marker) for marker in ROOT_MARKERS):
            return RootChoice(directory, "marker")
    return RootChoice(path, "start")


def find_store(
    settings: Settings, root: Path, explicit: Path | None = None, environ: Mapping[str, str] | None = None
) -> StoreChoice:
    """Return where the results lie: option, environment, settings, default, default of another name of the library.

    What the option and the environment say is relative to the working directory, what the settings say to the root.

    Raises:
        SettingsError: a path begins with `~name`, and there is no such user.
    """
    if explicit is not None:
        return StoreChoice(_absolute(explicit, "--store"), "option")
    variable = (environ or {}).get(STORE_VARIABLE)
    if variable:
        return StoreChoice(_absolute(Path(variable), STORE_VARIABLE), "environment")
    if settings.store:
        return StoreChoice(_absolute(root / _expanded(Path(settings.store), "store"), "store"), "settings")
    default = root / HULDRA.default_store
    if not os.path.lexists(default):
        for name in DEFAULT_STORES:
            if (root / name).is_dir():
                return StoreChoice(_absolute(root / name, name), "other-name")
    return StoreChoice(_absolute(default, HULDRA.default_store), "default")


def holds_runs(directory: Path) -> bool:
    """Return whether a directory has one of the folders that a store keeps runs in."""
    return any((directory / folder).is_dir() for dialect in DIALECTS for folder in dialect.roots)


def find_further_stores(
    settings: Settings, root: Path, store: Path, explicit: tuple[Path, ...] | None = None
) -> tuple[Path, ...]:
    """Return the stores that are looked at beside the one that the runtime uses; they need not exist.

    Args:
        settings: They name stores relative to the root.
        root: The root.
        store: The store that the runtime uses.
        explicit: Those that the command line names, relative to the working directory, in the stead of the settings'.

    Raises:
        SettingsError: a path cannot be followed.
    """
    if explicit is not None:
        found = [_absolute(path, "--store") for path in explicit]
    else:
        said_by = "further-stores"
        found = [_absolute(root / _expanded(Path(name), said_by), said_by) for name in settings.further_stores]
    return tuple(path for path in dict.fromkeys(found) if path != store)


def shown_path(path: Path, root: Path) -> str:
    """Return a path relative to the root where it lies below it, `/`-separated."""
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.as_posix()


def _expanded(path: Path, said_by: str) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise SettingsError(f"{said_by}: the home directory in {str(path)!r} cannot be found") from error


def _absolute(path: Path, said_by: str) -> Path:
    try:
        return _expanded(path, said_by).resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError is what a symlink loop raises before Python 3.13.
        raise SettingsError(f"{said_by}: {str(path)!r} cannot be followed: it is a symlink loop") from error
