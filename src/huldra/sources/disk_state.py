"""One number for all that a directory of code, a store and a repository hold, so that two moments can be compared.

Looks at names, sizes and times, opens nothing that is large, and imports next to nothing: it has to be quick.
"""

import os
import stat
import struct
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from hashlib import blake2b

from huldra.sources.code_rows import code_lines
from huldra.sources.path_rows import FULL, CannotTellError, Row, row_of, signature
from huldra.sources.store_listing import HasLinkError, StoreListing

_GIT_FILES = ("HEAD", "index", "packed-refs", "config", "shallow", "info/exclude")
_COMMON_DIR = "commondir"
SOURCES = "sources"
"""The directory of a store that holds the sources that runs were made with."""

_pack = struct.Struct("<qqQQI").pack
_MOST = 0xFFFFFFFFFFFFFFFF


class DiskState:
    """The state of the disk at a moment.

    Attributes:
        digest: Equal at two moments if nothing has changed.
        newest: The time of the last change, in ns.
        around: Equal at two moments if nothing has changed but code.
        beside: Equal at two moments if nothing has changed but code and repository.
        beside_newest: The time of the last change that bears on `beside`, in ns.
        code: A line for each file and directory of code, in order, as `file_of_row` reads them.
    """

    def __init__(
        self, digest: bytes, newest: int, around: bytes, beside: bytes, beside_newest: int, code: list[str]
    ) -> None:
        self.digest = digest
        self.newest = newest
        self.around = around
        self.beside = beside
        self.beside_newest = beside_newest
        self.code = code


def file_of_row(row: str) -> tuple[str, str] | None:
    """Return the root-relative name and the mode of the file that a line of `code` stands for, None for others."""
    parts = row[1:-1].rsplit(", ", FULL - 1)
    name = parts[0][1:-1]
    # Names that are written with backslashes are somebody's joke.
    return (name, parts[-1]) if len(parts) == FULL and "\\" not in name else None


def disk_state(
    root: str, store: str, extras: Iterable[str] = (), listing: StoreListing | None = None, *, with_code: bool = True
) -> DiskState:
    """Return the state of the code below a root, of a store, of the repository around, and of further files.

    The store may lie below the root. What settings exclude is looked at too: it costs time only. Without the code that
    lies on disk, the repository stands for it. `listing` may know what lies in directories of the store.

    Raises:
        CannotTellError: no state stands for all that is there.
    """
    seen = _Seen()
    seen.add_text("store", *_store_rows(store, listing or StoreListing({})))
    seen.add("extras", (row_of(path) for path in extras))
    beside, beside_newest = seen.hash.digest(), seen.newest
    seen.add("git", _git_rows(root))
    around = seen.hash.digest()
    code = seen.add_code(root, store) if with_code else []
    return DiskState(seen.hash.digest(), seen.newest, around, beside, beside_newest, code)


def state_beside_runs(root: str, store: str, extras: Iterable[str] = ()) -> tuple[bytes, int]:
    """Return what is equal at two moments if nothing has changed but runs, and the time of the last change, in ns.

    That is: the code below a root, the repository around, further files, and the sources that a store keeps of runs.

    Raises:
        CannotTellError: no state stands for all that is there.
    """
    seen = _Seen()
    seen.add("extras", (row_of(path) for path in extras))
    seen.add_text("sources", *_store_rows(f"{store}/{SOURCES}", StoreListing({})))
    seen.add("git", _git_rows(root))
    seen.add_code(root, store)
    return seen.hash.digest(), seen.newest


@cache
def program_version() -> tuple[object, ...]:
    """Return what tells this program from another version of it, of Python, or of what it is built on.

    It is the one that runs, whatever has been put in its place since this was first asked.

    Raises:
        OSError: our own files cannot be seen.
    """
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    found: list[object] = []
    waiting = [package]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    if entry.name != "__pycache__":
                        waiting.append(entry.path)
                elif entry.name.endswith(".py"):
                    found.append((entry.path, *signature(entry.stat())))
    built_on = [(path, os.stat(path).st_mtime_ns) for path in sys.path if path.endswith("-packages")]  # noqa: PTH116
    return (sys.version, sys.flags, built_on, sorted(found, key=repr))


class _Seen:
    def __init__(self) -> None:
        self.hash = blake2b(digest_size=20)
        self.newest = 0

    def add(self, kind: str, rows: Iterable[Row]) -> None:
        """Take in rows; their order does not count."""
        found: list[str] = []
        newest = 0
        for row in rows:
            found.append(repr(row))
            if len(row) == FULL:
                newest = max(newest, row[1], row[2])
        found.sort()
        self.add_text(kind, found, newest=newest)

    def add_code(self, root: str, store: str) -> list[str]:
        """Take in the code below a root. Return a line for each file and directory, sorted."""
        lines, newest = code_lines(root, os.path.realpath(store))
        self.add_text("code", lines, newest=newest)
        return lines

    def add_text(self, kind: str, rows: Iterable[str], states: Iterable[bytes] = (), newest: int = 0) -> None:
        """Take in rows in their order, and states; `newest` is the time of the last change that they tell of."""
        self.newest = max(self.newest, newest)
        self.hash.update("\n".join((kind, *rows)).encode(errors="surrogatepass"))
        self.hash.update(b"".join(states))


def _store_rows(store: str, listing: StoreListing) -> tuple[list[str], list[bytes], int]:
    """Return what stands for a store's records: names, the states of the files, and the time of the last change, in ns.

    What runs have written beside them is never read. Always in the same order; packed at once, for there are many.
    """
    names, states, newest, waiting, look = list[str](), list[bytes](), 0, [store], os.lstat
    if os.path.islink(store):  # noqa: PTH114
        names.append(os.path.realpath(store))
    while waiting:
        directory = waiting.pop()
        try:
            directories, files = listing.inside(directory)
        except HasLinkError as error:
            raise CannotTellError(directory) from error
        except OSError as error:
            names.append(f"{directory}\0\0{error.errno}")
            continue
        names.append(f"{directory}\0{'/'.join(files)}")
        waiting += [f"{directory}/{name}" for name in directories]
        for name in files:
            found = look(f"{directory}/{name}")
            modified, changed = found.st_mtime_ns, found.st_ctime_ns
            if modified > newest or changed > newest:
                newest = max(modified, changed)
            states.append(_pack(modified, changed, found.st_ino & _MOST, found.st_size, found.st_mode))
    return names, states, newest


def _git_rows(root: str) -> Iterator[Row]:
    """Yield what stands for the index, the references and the objects of the repository that a root lies in."""
    git = git_directory(root)
    if git is None:
        return
    yield (git,)
    index = os.environ.get("GIT_INDEX_FILE")
    if index:
        yield row_of(os.path.abspath(index))  # noqa: PTH100
    for place in dict.fromkeys((git, _common_directory(git))):
        if os.path.lexists(f"{place}/objects/info/alternates"):
            raise CannotTellError(place)  # what it lacks lies in another repository
        yield from (row_of(f"{place}/{name}") for name in _GIT_FILES)
        yield from _refs(f"{place}/refs")
        for objects in (f"{place}/objects", f"{place}/objects/pack"):
            yield from _directory_rows(objects)


def git_directory(root: str) -> str | None:
    """Return where git keeps the repository that a directory lies in, None if it lies in none.

    Raises:
        CannotTellError: that cannot be told.
    """
    place = root
    while True:
        git = f"{place}/.git"
        if os.path.isdir(git):  # noqa: PTH112
            return git
        if os.path.lexists(git):
            said = _first_line(git)
            if not said.startswith("gitdir: "):
                raise CannotTellError(git)
            return os.path.join(place, said.removeprefix("gitdir: "))  # noqa: PTH118
        above = os.path.dirname(place)  # noqa: PTH120
        if above == place:
            return None
        place = above


def _common_directory(git: str) -> str:
    file = f"{git}/{_COMMON_DIR}"
    return os.path.join(git, _first_line(file)) if os.path.lexists(file) else git  # noqa: PTH118


def _first_line(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123
            return file.readline().strip()
    except OSError as error:
        raise CannotTellError(path) from error


def _refs(directory: str) -> Iterator[Row]:
    waiting = [directory]
    while waiting:
        for row in _directory_rows(waiting.pop()):
            if len(row) == FULL and stat.S_ISDIR(row[5]):
                waiting.append(row[0])
            else:
                yield row


def _directory_rows(directory: str) -> Iterator[Row]:
    try:
        with os.scandir(directory) as entries:
            for entry in entries:
                yield row_of(entry.path)
    except OSError as error:
        yield directory, error.errno
