"""The code outside a project that is installed from where it lies: members of its workspace, and paths it names.

As uv, poetry, pdm, hatch and the direct references of the packaging standards write them. Knows build settings only.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from huldra.sources.installed import normal_name
from huldra.sources.settings import PYPROJECT_FILE
from huldra.sources.toml_files import (
    SettingsError,
    TomlTable,
    TomlValue,
    parse_toml,
    read_toml_text,
    table_at,
    value_at,
)

_DIRECT = re.compile(r"(?:^-e\s+|@\s*)(?P<url>(?:file:|\{root:|\$\{PROJECT_ROOT\}|\.\.?/)[^\s;#]*)")
"""A requirement that names a place: `lib @ file:///home/me/lib`, `-e file:///${PROJECT_ROOT}/../lib#egg=lib`."""
_HERE = re.compile(r"\$\{PROJECT_ROOT\}|\{root(?P<up>(?::parent)*)(?::uri|:real)*\}")
_MOST = 100


def path_dependencies(root: Path) -> tuple[Path, ...]:
    """Return the directories outside a project from which it, or what it needs, is installed.

    One may lie around the project. What is wrong with the settings of any of them is told where it is the project.

    Effect: reads their `pyproject.toml`, and those of the directories above.
    """
    root = root.resolve()
    found: dict[Path, None] = {}
    waiting = [root]
    while waiting and len(found) < _MOST:
        for place in _named_by(waiting.pop()):
            if place not in found and place.is_dir() and not place.is_relative_to(root):
                found[place] = None
                waiting.append(place)
    return tuple(found)


def _named_by(directory: Path) -> Iterator[Path]:
    pyproject = _pyproject(directory)
    sources = table_at(pyproject, ("tool", "uv", "sources"))
    for name, source in sources.items():
        for each in source if isinstance(source, list) else [source]:
            if isinstance(each, dict):
                yield from _of_uv_source(directory, name, each)
    for table in _poetry_tables(pyproject):
        for source in table.values():
            for each in source if isinstance(source, list) else [source]:
                if isinstance(each, dict) and isinstance(path := each.get("path"), str):
                    yield _resolved(directory, path)
    for requirement in _requirements(pyproject):
        direct = _DIRECT.search(requirement)
        if direct is not None:
            yield _of_url(directory, direct["url"])


def _of_uv_source(directory: Path, name: str, source: Mapping[str, TomlValue]) -> Iterator[Path]:
    if isinstance(path := source.get("path"), str):
        yield _resolved(directory, path)
    elif source.get("workspace") is True:
        above = next((place for place in (directory, *directory.parents) if next(_members(place), None)), None)
        for member in () if above is None else _members(above):
            told = value_at(_pyproject(member), ("project", "name"))
            if isinstance(told, str) and normal_name(told) == normal_name(name):
                yield member


def _members(above: Path) -> Iterator[Path]:
    """Yield the members of the workspace that a directory is the root of, as uv has it."""
    workspace = table_at(_pyproject(above), ("tool", "uv", "workspace"))
    patterns = workspace.get("members")
    for pattern in patterns if isinstance(patterns, list) else ():
        if isinstance(pattern, str) and pattern and not pattern.startswith("/"):
            yield from (place.resolve() for place in sorted(above.glob(pattern)) if (place / PYPROJECT_FILE).is_file())


def _poetry_tables(pyproject: TomlTable) -> Iterator[TomlTable]:
    yield table_at(pyproject, ("tool", "poetry", "dependencies"))
    yield table_at(pyproject, ("tool", "poetry", "dev-dependencies"))
    for group in table_at(pyproject, ("tool", "poetry", "group")).values():
        if isinstance(group, dict):
            yield table_at(group, ("dependencies",))


def _requirements(pyproject: TomlTable) -> Iterator[str]:
    lists: list[TomlValue | None] = [value_at(pyproject, ("project", "dependencies"))]
    for keys in (
        ("project", "optional-dependencies"),
        ("dependency-groups",),
        ("tool", "pdm", "dev-dependencies"),
    ):
        lists.extend(table_at(pyproject, keys).values())
    for found in lists:
        yield from (each for each in (found if isinstance(found, list) else ()) if isinstance(each, str))


def _of_url(directory: Path, url: str) -> Path:
    def here(found: re.Match[str]) -> str:
        return str(directory.joinpath(*[".."] * (found["up"] or "").count(":parent")))

    path = _HERE.sub(here, url.removeprefix("file://").removeprefix("file:").partition("#")[0])
    return _resolved(directory, unquote(re.sub(r"^/+", "/", path)))


def _resolved(directory: Path, path: str) -> Path:
    return (directory / path).resolve()


def _pyproject(directory: Path) -> TomlTable:
    path = directory / PYPROJECT_FILE
    try:
        text = read_toml_text(path)
        return {} if text is None else parse_toml(text, path)
    except SettingsError:
        return {}
