"""Which files are manifests: those that the settings name. Knows names, not what stands in them."""

from collections.abc import Iterable
from pathlib import Path

_WILD = frozenset("*?[")


def find_manifests(root: Path, names: Iterable[str]) -> tuple[str, ...]:
    """Return the root-relative names of the manifests that names or patterns (`experiments/*.json`) stand for.

    Effect: lists directories. A plain name is returned whether or not there is such a file.
    """
    found: set[str] = set()
    for name in names:
        if _WILD.isdisjoint(name):
            found.add(Path(name).as_posix())
        else:
            found.update(path.relative_to(root).as_posix() for path in root.glob(name) if path.is_file())
    return tuple(sorted(found))
