"""Which distributions are installed where a project's experiments run: by their metadata, nothing is run."""

import os
import re
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path

_FOLDERS = ("lib/python*/site-packages", "Lib/site-packages")


def installed_versions(root: Path, chosen: str | None) -> Mapping[str, str]:
    """Return the versions of the distributions in the project's environment, by normalised name.

    Effect: reads the metadata of each.

    Args:
        root: The project.
        chosen: The setting `run.python`: an interpreter or its environment, relative to the root.
    """
    return _versions(package_folders(root, chosen)[0])


def package_folders(root: Path, chosen: str | None) -> tuple[list[Path], tuple[Path, ...]]:
    """Return the folders that the project's environment keeps packages in, and the environments that were looked at.

    Effect: looks for them.

    Args:
        root: The project.
        chosen: The setting `run.python`.
    """
    looked_at: list[Path] = []
    for environment in _environments(root, chosen):
        looked_at.append(environment)
        folders = [folder for pattern in _FOLDERS for folder in sorted(environment.glob(pattern))]
        if folders:
            return folders, tuple(looked_at)
    return [Path(sysconfig.get_path("purelib"))], tuple(looked_at)


def normal_name(name: str) -> str:
    """Return the name of a distribution as all of its spellings have it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _environments(root: Path, chosen: str | None) -> Iterator[Path]:
    if chosen:
        path = root / Path(chosen).expanduser()
        yield path
        yield path.parent.parent  # of the interpreter in its folder bin
    if os.environ.get("VIRTUAL_ENV"):
        yield Path(os.environ["VIRTUAL_ENV"])
    yield root / ".venv"
    yield root / "venv"
    for variable in ("UV_PROJECT_ENVIRONMENT", "CONDA_PREFIX"):
        if os.environ.get(variable):
            yield root / os.environ[variable]


def _versions(folders: list[Path]) -> dict[str, str]:
    from importlib.metadata import distributions  # noqa: PLC0415  # takes long, and few ask for versions

    found: dict[str, str] = {}
    for distribution in distributions(path=[str(folder) for folder in folders]):
        # Metadata that cannot be read gives no name, whatever its type says.
        name: str | None = distribution.metadata["Name"]
        if name:
            found.setdefault(normal_name(name), distribution.version)
    return found
