"""What lies below a directory of a commit, as far as it is code. Asks nobody."""

from bisect import bisect_left
from collections.abc import Mapping

from msgspec import Struct

from huldra.sources.git_objects import TreeEntry


class Below(Struct, frozen=True):
    """What lies below a directory of a commit: Python files with the ids of their contents, links, submodules.

    `extensions` are the files that tell of compiled modules.
    """

    files: dict[str, str]
    links: list[tuple[str, TreeEntry]]
    submodules: dict[str, str]
    extensions: list[str]


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
        found = Below({}, [], {}, [name for name in self.extensions if name.startswith(prefix)])
        for name in self.names[bisect_left(self.names, prefix) :]:
            if not name.startswith(prefix):
                break
            found.files[name] = self.files[name]
        return found
