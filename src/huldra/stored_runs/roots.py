"""The folders that hold runs: of a store, and of the further stores that are looked at beside it. Opens no file."""

import os
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from huldra.formats.dialect import DIALECTS


class FurtherStore(Struct, frozen=True):
    """A store that is looked at beside the one that the runtime uses. `name` is how people are told of it."""

    name: str
    path: Path


class Root(Struct, frozen=True):
    """A folder that holds runs.

    Attributes:
        path: Its path below the store that the runtime uses: `data`, `../archive/data`.
        name: Its own name.
        version_controlled: Whether the runs in it are.
        store: The name of the further store that it belongs to; empty for the one that the runtime uses.
    """

    path: str
    name: str
    version_controlled: bool
    store: str = ""

    def depth_of(self, path: str) -> int:
        """Return how many parts lead from its store to a path in it; its own has one."""
        return path.count("/") - self.path.count("/") + 1

    def parts_of(self, path: str) -> list[str]:
        """Return the parts of a path below it."""
        return path.split("/")[self.path.count("/") + 1 :]


_FOLDERS = {name: controlled for dialect in DIALECTS for name, controlled in dialect.roots.items()}
OWN_ROOTS = tuple(Root(name, name, controlled) for name, controlled in sorted(_FOLDERS.items()))
"""Each folder of a store that holds runs, under any name of the library, in path order."""


def roots_of(store: Path, further: Iterable[FurtherStore] = ()) -> tuple[Root, ...]:
    """Return the folders that may hold runs: the store's own first, then those of further stores, in path order."""
    real = os.path.realpath(store)
    leading = sorted((leading_to(real, each.path), each.name) for each in further)
    return (
        *OWN_ROOTS,
        *(
            Root(f"{path}/{root.name}", root.name, root.version_controlled, name)
            for path, name in leading
            for root in OWN_ROOTS
        ),
    )


def leading_to(store: str, other: Path) -> str:
    """Return the path from one store, whose real path is given, to another: `../archive`."""
    real = os.path.realpath(other)
    try:
        found = os.path.relpath(real, store)
    except ValueError:  # on another drive
        found = real
    return found.replace(os.sep, "/")


def root_of(path: str, roots: Iterable[Root]) -> Root:
    """Return the one of the folders that a path leads into, or to."""
    fitting = (root for root in roots if path == root.path or path.startswith(f"{root.path}/"))
    return max(fitting, key=lambda root: len(root.path))
