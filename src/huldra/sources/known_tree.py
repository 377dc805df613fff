"""What lies below a directory of a commit, as far as it is code. Asks nobody."""

from bisect import bisect_left
from collections.abc import Mapping

from msgspec import Struct

from huldra.sources.code_files import LateFiles
from huldra.sources.git_objects import TreeEntry


class Below(Struct, frozen=True):
    """What lies below a directory of a commit: Python files with the ids of their contents, links, submodules.

    Names are those from the root. `files` are those of the directory itself, and of the directories in it that have
    no place in `inner`, where others stand by name. `extensions` are the files that tell of compiled modules.
    """

    files: dict[str, str]
    inner: "dict[str, Below]"
    links: list[tuple[str, TreeEntry]]
    submodules: dict[str, str]
    extensions: list[str]


class ListedFiles(LateFiles):
    """The Python files of a commit.

    Args:
        below: What lies below the root.
        linked: The links to files, with what names the content of these.
    """

    def __init__(self, below: Below, linked: Mapping[str, str]) -> None:
        self._below = below
        self._linked = linked

    def find(self, name: str) -> str | None:
        """Return what names the content of a file; None where there is no such file."""
        place = self._below
        for directory in name.split("/")[:-1]:
            inner = place.inner.get(directory)
            if inner is None:
                break
            place = inner
        return self._linked.get(name) or place.files.get(name)

    def put_together(self) -> dict[str, str]:
        """Return all of them."""
        found: dict[str, str] = {}
        waiting = [self._below]
        while waiting:
            place = waiting.pop()
            found |= place.files
            waiting += place.inner.values()
        return dict(sorted((found | dict(self._linked)).items()))


class KnownTree(Struct, frozen=True):
    """What is known of a whole tree without one look into its directories: the names in it, sorted, and what they are.

    It has no links that lead to code, and no submodules.
    """

    tree: str
    files: Mapping[str, str]
    names: list[str]
    extensions: list[str]

    def below(self, prefix: str) -> Below:
        """Return what lies below a directory."""
        found = Below({}, {}, [], {}, [name for name in self.extensions if name.startswith(prefix)])
        for name in self.names[bisect_left(self.names, prefix) :]:
            if not name.startswith(prefix):
                break
            found.files[name] = self.files[name]
        return found
