"""Which installed distribution a top-level module belongs to, by directory names, and by files where those fail."""

import re
import sys
from functools import cache
from pathlib import Path

_INFO = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+?)(?:-py[\d.]+)?\.(?:dist|egg)-info")

OWN_DISTRIBUTION = "huldra-lab"


@cache
def own_version() -> str:
    """Return this library's version; `0+unknown` where its distribution is not installed (a vendored copy)."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  slow, and seldom asked for

    try:
        return version(OWN_DISTRIBUTION)
    except PackageNotFoundError:
        return "0+unknown"


def distribution_of(module: str, site_folder: str | None) -> tuple[str, str] | None:
    """Return the name and version of the distribution that a top-level module belongs to, or None.

    Args:
        module: The top-level name: `yaml`.
        site_folder: Where it lies; None for one that is installed in place, which only its name can tell.
    """
    if module == "huldra":
        return OWN_DISTRIBUTION, own_version()
    for folder in (site_folder,) if site_folder else tuple(sys.path):
        found = _by_name(folder).get(_normal(module)) or (_by_content(folder, module) if site_folder else None)
        if found is not None:
            return found
    return None


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def _infos(folder: str) -> tuple[tuple[Path, str, str], ...]:
    try:
        entries = sorted(Path(folder or ".").iterdir())
    except OSError:
        return ()
    matches = ((entry, _INFO.fullmatch(entry.name)) for entry in entries)
    return tuple((entry, _normal(match["name"]), match["version"]) for entry, match in matches if match)


@cache
def _by_name(folder: str) -> dict[str, tuple[str, str]]:
    return {name: (name, version) for _, name, version in _infos(folder)}


@cache
def _by_content(folder: str, module: str) -> tuple[str, str] | None:
    """Find `yaml` in PyYAML: by the list of top-level names, else by the list of files."""
    package, single = f"\n{module}/".encode(), f"\n{module}.".encode()
    for info, name, version in _infos(folder):
        try:
            if module in (info / "top_level.txt").read_text("utf-8").split():
                return name, version
            continue
        except (OSError, UnicodeDecodeError):
            pass
        try:
            files = b"\n" + (info / "RECORD").read_bytes()
        except OSError:
            continue
        if package in files or single in files:
            return name, version
    return None
