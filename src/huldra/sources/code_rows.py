"""A line for each file and directory of code below a root, by which two moments can be compared.

Ten thousand files are most of what it costs to give a kept answer, so where there are many directories two processes
look at them.
"""

import os
import stat
from collections.abc import Iterable, Iterator

from huldra.sources.path_rows import FULL, CannotTellError, Row, row_of
from huldra.sources.submodules import is_submodule
from huldra.sources.two_processes import MOST_NUMBERS, shared

NEVER_ENTERED = frozenset({"__pycache__", "node_modules", "site-packages"})
# What a build leaves behind, unless it is a package that somebody named so.
BUILD_OUTPUT = frozenset({"build", "dist"})
ENVIRONMENT_MARKER = "pyvenv.cfg"

_SUFFIXES = (".py", ".toml")
COMPILED_SUFFIXES = (".pyx", ".so", ".pyd", ".pyi")
"""How files end that tell of a module which is compiled. Only that they are there counts, not what they hold."""
_MANY_DIRECTORIES = 300
"""With fewer that wait at a time, one process is as fast: a copy of it takes two milliseconds."""
_TIME_BYTES = 8


def code_lines(root: str, store: str) -> tuple[list[str], int]:
    """Return a line for each thing that discovery could look at, sorted, and the time of the last change, in ns.

    Args:
        root: Where to begin.
        store: The real path of a directory that is left out.

    Raises:
        CannotTellError: sizes and times say too little about something.
    """
    found, waiting = _Listing(root, store), [""]
    while waiting and len(waiting) < _MANY_DIRECTORIES:
        waiting += found.look_into(waiting.pop(0))

    count = min(len(waiting), MOST_NUMBERS)

    def look_below(numbers: Iterable[int]) -> bytes:
        part = _Listing(root, store)
        for number in numbers:
            for directory in waiting[number::count]:
                part.look_below(directory)
        return part.packed()

    both = shared(count, look_below) if len(waiting) >= _MANY_DIRECTORIES else None
    for part in both or (look_below(range(count)),):
        found.add(part)
    found.lines.sort()
    return found.lines, found.newest


class _Listing:
    def __init__(self, root: str, store: str) -> None:
        self.lines: list[str] = []
        self.newest = 0
        self._root = root
        self._store = store

    def look_below(self, directory: str) -> None:
        """Effect: take in a directory, and all below it."""
        waiting = [directory]
        while waiting:
            waiting += self.look_into(waiting.pop())

    def look_into(self, directory: str) -> list[str]:
        """Effect: take in what stands for the entries of a directory. Return the directories in it.

        What stands for a directory are the files that discovery could look at, and the names by which it decides.
        """
        root = self._root
        try:
            with os.scandir(f"{root}/{directory}") as entries:
                found = list(entries)
        except OSError as error:
            self._add((directory, error.errno))
            return []
        names = {entry.name for entry in found}
        if directory and ".git" in names:
            if is_submodule(f"{root}/{directory}"):
                raise CannotTellError(directory)  # its commits lie in a repository of its own
            self._add((f"{directory}/.git",))
            return []
        if directory and ENVIRONMENT_MARKER in names:
            self._add((f"{directory}/{ENVIRONMENT_MARKER}",))
            return []
        if directory.rpartition("/")[2] in BUILD_OUTPUT and "__init__.py" not in names:
            return []
        return self._take_in(directory, found)

    def _take_in(self, directory: str, found: list[os.DirEntry[str]]) -> list[str]:
        lines, newest, below = self.lines, self.newest, list[str]()
        for entry in found:
            base = entry.name
            if base.startswith(".") or base in NEVER_ENTERED:
                continue
            name = f"{directory}/{base}" if directory else base
            if entry.is_symlink():
                for row in _link_rows(name, entry):
                    self._add(row)
            elif entry.is_dir(follow_symlinks=False):
                if f"{self._root}/{name}" != self._store:
                    below.append(name)
                lines.append(repr((name,)))
            elif base.endswith(_SUFFIXES):
                seen = entry.stat(follow_symlinks=False)
                modified, changed = seen.st_mtime_ns, seen.st_ctime_ns
                if modified > newest or changed > newest:
                    newest = max(modified, changed)
                # As `repr` writes a row, in half of the time.
                lines.append(f"({name!r}, {modified}, {changed}, {seen.st_size}, {seen.st_ino}, {seen.st_mode})")
            elif base.endswith(COMPILED_SUFFIXES):
                lines.append(repr((name,)))
        self.newest = max(newest, self.newest)
        return below

    def _add(self, row: Row) -> None:
        self.lines.append(repr(row))
        if len(row) == FULL:
            self.newest = max(self.newest, row[1], row[2])

    def packed(self) -> bytes:
        """Return it as bytes, for `add`."""
        return self.newest.to_bytes(_TIME_BYTES, "big") + "\n".join(self.lines).encode(errors="surrogatepass")

    def add(self, data: bytes) -> None:
        """Effect: take in what another one has, by what `packed` gives of it."""
        lines = data[_TIME_BYTES:].decode(errors="surrogatepass")
        self.lines += lines.split("\n") if lines else ()
        self.newest = max(self.newest, int.from_bytes(data[:_TIME_BYTES], "big"))


def _link_rows(name: str, entry: os.DirEntry[str]) -> Iterator[Row]:
    """Yield where a link leads, and the state of a file there; directories are not followed, here as in discovery."""
    yield name, os.path.realpath(entry.path)
    row = row_of(entry.path)
    if len(row) == FULL and not stat.S_ISDIR(row[5]):
        yield (f"{name} ->", *row[1:])
