"""What is installed from where it lies in the environment that a project's experiments run in: `pip install -e ../lib`.

Told by the metadata of what is installed (PEP 610), and by files that name a directory. Nothing is run or imported.
"""

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from huldra.formats.dialect import DIALECTS
from huldra.formats.json_values import JsonValue
from huldra.sources.code_rows import BUILD_OUTPUT, NEVER_ENTERED
from huldra.sources.import_roots import BUILD_FILES
from huldra.sources.installed import package_folders

_SOURCES = "src"
_ENVIRONMENTS = frozenset({"site-packages", "dist-packages"})
"""What the folders of other environments are called, which one may be put on top of."""
_LARGEST = 100_000
"""A file that names directories is not larger, in bytes."""


class Editable(Struct, frozen=True):
    """A directory that something is installed from, and the top-level names that may be imported from there."""

    directory: Path
    names: frozenset[str]


class Editables(Struct, frozen=True):
    """What is installed so from outside a project.

    `watched` are directories, not all of which need exist: where none of them has changed, this is all there is.
    """

    installed: tuple[Editable, ...]
    watched: tuple[Path, ...]


def editable_installs(root: Path, chosen: str | None) -> Editables:
    """Return what is installed in a project's environment from directories outside the project.

    The library itself is left out: whose version it is, results do not follow from.

    Effect: looks into the environment, and at the top of such directories.

    Args:
        root: The project.
        chosen: The setting `run.python`: an interpreter or its environment, relative to the root.
    """
    root = root.resolve()
    folders, looked_at = package_folders(root, chosen)
    roots: dict[Path, list[Path]] = {}
    named = [place for folder in folders for place in _told_by_pth(folder)]
    for place in (place for folder in folders for place in _told_by_metadata(folder)):
        roots.setdefault(place, [])
    for place in named:
        around = next((directory for directory in roots if place.is_relative_to(directory)), None)
        home = around or (place.parent if place.name == _SOURCES and _has_build_file(place.parent) else place)
        roots.setdefault(home, []).append(place)
    installed: list[Editable] = []
    watched: dict[Path, None] = dict.fromkeys((*looked_at, *folders))
    for directory, inner in roots.items():
        if directory.is_dir() and not directory.is_relative_to(root):
            places = tuple(dict.fromkeys((directory, directory / _SOURCES, *inner)))
            names = frozenset(name for place in places for name in _importable(place))
            if names.isdisjoint(dialect.name for dialect in DIALECTS):
                installed.append(Editable(directory, names))
                watched |= dict.fromkeys(places)
    return Editables(tuple(installed), tuple(watched))


def _told_by_metadata(folder: Path) -> Iterator[Path]:
    """Yield the directories that `direct_url.json` names as installed to be edited."""
    for name in _listed(folder):
        if name.endswith(".dist-info"):
            text = _text(folder / name / "direct_url.json")
            if "editable" in text:
                yield from _of_direct_url(text)


def _of_direct_url(text: str) -> Iterator[Path]:
    try:
        said: JsonValue = json.loads(text)
    except ValueError:
        return
    match said:
        case {"url": str(url), "dir_info": {"editable": True}} if url.startswith("file:"):
            path = unquote(urlsplit(url).path)
            # `file:///C:/lib` names `C:/lib`.
            yield Path(path[1:] if path[2:3] == ":" else path).resolve()
        case _:
            return


def _told_by_pth(folder: Path) -> Iterator[Path]:
    """Yield the directories that lines of `*.pth` and `*.egg-link` name."""
    for name in _listed(folder):
        if name.endswith((".pth", ".egg-link")):
            for line in _text(folder / name).splitlines():
                path = Path(line.strip())
                if path.is_absolute() and path.name not in _ENVIRONMENTS:
                    yield path.resolve()


def _importable(place: Path) -> Iterator[str]:
    for name in _listed(place):
        stem = name.removesuffix(".py")
        is_left_out = name in BUILD_OUTPUT or name in NEVER_ENTERED or name == _SOURCES
        if stem.isidentifier() and not is_left_out and (stem != name or (place / name).is_dir()):
            yield stem


def _has_build_file(directory: Path) -> bool:
    return not BUILD_FILES.isdisjoint(_listed(directory))


def _listed(directory: Path) -> Sequence[str]:
    try:
        return sorted(os.listdir(directory))  # noqa: PTH208  # names are all that is asked for
    except OSError:
        return ()


def _text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(_LARGEST)
    except OSError:
        return ""
