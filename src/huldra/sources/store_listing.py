"""What lay in each directory of a store when it was last looked at, so that a directory at rest need not be read again.

Names come to a directory, and go, only as its times change. Knows no runs, and imports next to nothing: it has to be
quick. Deleting what is kept loses nothing but time.
"""

import os
import stat
import time
from collections.abc import Mapping
from hashlib import blake2b

_MAGIC = b"huldra-listing-1\n"
_MOST_BYTES = 32_000_000
# Within this span a second change may leave times as they are: clocks of file systems are that coarse.
_COARSEST_CLOCK_NS = 2_000_000_000
_INTERNAL = frozenset({".huldra", ".gren", ".furu"})
_HEX_DIGITS = frozenset("0123456789abcdef")


class HasLinkError(Exception):
    """There is a link, which sizes and times say too little about."""


class StoreListing:
    """Gives the names in directories; of those it knows only the times are looked at.

    Args:
        known: By directory its times, the directories in it and the files in it, as this class writes them.
    """

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        self._began = time.time_ns()
        self._seen: dict[str, str] = {}

    def inside(self, directory: str) -> tuple[list[str], list[str]]:
        """Return the names of the directories and of the files in a directory that count.

        Inside a run, which is named by its hash, nothing but its records is looked at by anybody.

        Effect: looks.

        Raises:
            HasLinkError: one of them is a link.
            OSError: it cannot be looked into.
        """
        found = os.stat(directory)  # noqa: PTH116  # pathlib would take a third of the time
        times = f"{found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino} {found.st_dev}\0"
        row = self._known.get(directory, "")
        if row.startswith(times) and stat.S_ISDIR(found.st_mode):
            self._seen[directory] = row
            _, directories, files = row.split("\0")
            return directories.split("/") if directories else [], files.split("/") if files else []
        names = _listed(directory)
        # What changes just after it was looked at may leave it the same times.
        if self._began - max(found.st_mtime_ns, found.st_ctime_ns) > _COARSEST_CLOCK_NS:
            self._seen[directory] = f"{times}{'/'.join(names[0])}\0{'/'.join(names[1])}"
        return names

    def save(self, file: str) -> None:
        """Effect: write down what was seen, for other processes, if that is not what was known.

        Raises:
            OSError: that cannot be done.
        """
        if self._seen == self._known:
            return
        rows = [f"{directory}\0{row}" for directory, row in self._seen.items()]
        if any("\n" in row for row in rows):
            return
        data = "\n".join((str(time.time_ns()), *rows)).encode(errors="surrogateescape")
        if len(data) > _MOST_BYTES:
            return
        draft = f"{file}.{os.getpid()}.draft"
        with open(draft, "wb") as opened:  # noqa: PTH123
            opened.write(_MAGIC + blake2b(data, digest_size=20).hexdigest().encode() + b"\n" + data)
        os.replace(draft, file)  # noqa: PTH105


def read_listing(file: str) -> StoreListing:
    """Return what is known of directories; nothing if that is damaged, or was written down later than now.

    Effect: reads the file.
    """
    try:
        with open(file, "rb") as opened:  # noqa: PTH123
            said = opened.read(_MOST_BYTES * 2)
    except OSError:
        return StoreListing({})
    digest, _, data = said.removeprefix(_MAGIC).partition(b"\n")
    if not said.startswith(_MAGIC) or blake2b(data, digest_size=20).hexdigest().encode() != digest:
        return StoreListing({})
    saved_at, *rows = data.decode(errors="surrogateescape").split("\n")
    if time.time_ns() < int(saved_at):
        return StoreListing({})
    return StoreListing({name: row for name, _, row in (each.partition("\0") for each in rows)})


def _listed(directory: str) -> tuple[list[str], list[str]]:
    with os.scandir(directory) as entries:
        found = list(entries)
    is_run = _HEX_DIGITS.issuperset(directory.rpartition("/")[2])
    internal = [entry for entry in found if is_run and entry.name in _INTERNAL]
    names: tuple[list[str], list[str]] = [], []
    for entry in internal or found:
        if entry.is_symlink():
            raise HasLinkError(entry.path)
        names[0 if entry.is_dir(follow_symlinks=False) else 1].append(entry.name)
    for each in names:
        each.sort()
    return names
