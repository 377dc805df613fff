"""From which directories of a project imports begin. Knows file names and build settings, not what the files import."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from huldra.sources.settings import PYPROJECT_FILE, Settings, SettingsError
from huldra.sources.toml_files import TomlTable, parse_toml, read_toml_text, table_at, texts_at, value_at

BUILD_FILES = frozenset({PYPROJECT_FILE, "setup.py", "setup.cfg"})
"""By each of these a directory says that it is to be installed, and so where imports of it begin."""
_SRC = "src"
_DIRECTORY_KEYS = (
    ("tool", "setuptools", "packages", "find", "where"),
    ("tool", "hatch", "build", "dev-mode-dirs"),
    ("tool", "pdm", "build", "package-dir"),
    ("tool", "uv", "build-backend", "module-root"),
    ("tool", "maturin", "python-source"),
)
_PACKAGE_KEYS = (
    ("tool", "hatch", "build", "packages"),
    ("tool", "hatch", "build", "targets", "wheel", "packages"),
    ("tool", "scikit-build", "wheel", "packages"),
)
_SOURCE_KEYS = (
    ("tool", "hatch", "build", "sources"),
    ("tool", "hatch", "build", "targets", "wheel", "sources"),
)


def find_import_roots(
    root: Path, settings: Settings, files: Iterable[str], projects: Iterable[str] = ()
) -> tuple[str, ...]:
    """Return the import roots of a project, `''` for its root, in order of precedence: the longest first.

    So `src/pkg/a.py` is `pkg.a`. They are what `src` of the settings says; else what the build backend says and `src/`,
    as far as they hold files. The root itself is always one. Behind it come those of projects inside this one.

    Args:
        root: The root.
        settings: The settings.
        files: The Python files, by root-relative name.
        projects: The directories below the root that have build settings of their own.

    Raises:
        SettingsError: `pyproject.toml` cannot be read.
    """
    if settings.src is not None:
        return _ordered(settings.src)
    names = sorted(files)
    path = root / PYPROJECT_FILE
    text = read_toml_text(path)
    told = () if text is None else tuple(_told_by_backend(parse_toml(text, path)))
    inner = [place for directory in projects for place in _of_inner_project(root, directory, names)]
    found = dict.fromkeys((*_ordered((*told, *_guessed(names, ""))), *_ordered(inner)))
    return tuple(place for place in found if not place or _holds_any(names, f"{place}/"))


def empty_roots(settings: Settings, files: Iterable[str]) -> tuple[str, ...]:
    """Return the directories that `src` of the settings names and that hold no Python file: misspelt, most likely."""
    named = tuple(name for name in _ordered(settings.src or ()) if name)
    names = tuple(files) if named else ()
    return tuple(name for name in named if not any(file.startswith(f"{name}/") for file in names))


def _guessed(names: Sequence[str], directory: str) -> Iterator[str]:
    # `src/__init__.py` makes `src` a package: its code is imported as `src.model`.
    if not _holds(names, f"{directory}{_SRC}/__init__.py"):
        yield f"{directory}{_SRC}"


def _of_inner_project(root: Path, directory: str, names: Sequence[str]) -> Iterator[str]:
    """Yield the import roots of a project inside the project: it is installed beside it, as members of workspaces are.

    Its own directory is one where the package that it is named after lies there: in any other directory with build
    settings, those of a tool say, code may as well be imported by the path from the root.
    """
    path = root / directory / PYPROJECT_FILE
    try:
        text = read_toml_text(path)
        pyproject = {} if text is None else parse_toml(text, path)
    except SettingsError:
        pyproject = {}  # what is wrong with it is told where it is the project
    prefix = f"{directory}/"
    for place in _told_by_backend(pyproject):
        inner = _clean(place)
        if inner is not None:
            yield f"{prefix}{inner}" if inner else directory
    yield from _guessed(names, prefix)
    named = (value_at(pyproject, keys) for keys in (("project", "name"), ("tool", "poetry", "name")))
    for name in (directory.rpartition("/")[2], *(name for name in named if isinstance(name, str))):
        package = re.sub(r"[-.]+", "_", name)
        for spelled in dict.fromkeys((package, package.lower())):
            if _holds(names, f"{prefix}{spelled}.py") or _holds_any(names, f"{prefix}{spelled}/"):
                yield directory


def _holds(names: Sequence[str], name: str) -> bool:
    index = bisect_left(names, name)
    return index < len(names) and names[index] == name


def _holds_any(names: Sequence[str], prefix: str) -> bool:
    """Whether any of some sorted names begins so."""
    index = bisect_left(names, prefix)
    return index < len(names) and names[index].startswith(prefix)


def script_root(file: str) -> str:
    """Return the import root that Python adds when it runs a file directly: the directory of the file."""
    return file.rpartition("/")[0]


def _ordered(directories: Iterable[str]) -> tuple[str, ...]:
    """Return clean names of directories below the root, each once, longest first; equals keep their order."""
    names = {name: name.count("/") for directory in directories if (name := _clean(directory))}
    return (*sorted(names, key=lambda name: -names[name]), "")


def _clean(directory: str) -> str | None:
    path = PurePosixPath(directory.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts:
        return None
    return "" if path == PurePosixPath() else str(path)


def _told_by_backend(pyproject: TomlTable) -> Iterator[str]:
    for keys in _DIRECTORY_KEYS:
        yield from texts_at(pyproject, keys)
    for keys in _PACKAGE_KEYS:
        yield from (_parent(package) for package in texts_at(pyproject, keys))
    for keys in _SOURCE_KEYS:
        yield from _stripped_sources(pyproject, keys)
    yield from _setuptools_package_dir(pyproject)
    yield from _poetry_from(pyproject)


def _stripped_sources(pyproject: TomlTable, keys: tuple[str, ...]) -> Iterator[str]:
    """Yield hatch's `sources = ["src"]`, and of `{"src/foo" = "bar"}` what only takes the beginning away."""
    yield from texts_at(pyproject, keys)
    for source, installed in table_at(pyproject, keys).items():
        if isinstance(installed, str):
            yield from _without_package(source, installed)


def _setuptools_package_dir(pyproject: TomlTable) -> Iterator[str]:
    for package, directory in table_at(pyproject, ("tool", "setuptools", "package-dir")).items():
        if isinstance(directory, str):
            yield from _without_package(directory, package.replace(".", "/"))


def _without_package(directory: str, package: str) -> Iterator[str]:
    """Yield the root that makes a directory the package; none if their names differ, for then no root does."""
    if not package:
        yield directory
    elif directory == package or directory.endswith(f"/{package}"):
        yield directory.removesuffix(package).rstrip("/")


def _poetry_from(pyproject: TomlTable) -> Iterator[str]:
    packages = value_at(pyproject, ("tool", "poetry", "packages"))
    for package in packages if isinstance(packages, list) else ():
        if isinstance(package, dict):
            yield from texts_at(package, ("from",))


def _parent(package: str) -> str:
    return package.rstrip("/").rpartition("/")[0]
