"""What an answer followed from beside code and store: files that code names and that are no code, by size and time.

Imports next to nothing. What is written here is a cache: without it the answer is sought anew.
"""

import os
import stat
from collections.abc import Mapping

from huldra.cli.sealed import read_sealed, sealed
from huldra.sources.disk_state import signature

_MAGIC = b"huldra-data-1\n"
_BETWEEN = "\t"
_DIRECTORY, _NOTHING = "directory", "nothing"


def written_data(digest: bytes, rows: Mapping[str, str]) -> bytes | None:
    """Return what `data_stands` reads; None where names are such as nobody should have.

    Args:
        digest: What names the state of the disk that the answer was given in.
        rows: What stood for each path that was looked at, by root-relative name, as `row_of_state` says it.
    """
    if any(_BETWEEN in name or "\n" in name for name in rows):
        return None
    lines = [digest.hex(), *(f"{name}{_BETWEEN}{row}" for name, row in sorted(rows.items()))]
    return sealed(_MAGIC, "\n".join(lines).encode(errors="surrogateescape"))


def data_stands(path: str, root: str, digest: str) -> bool:
    """Effect: look. Return whether all that was looked at is as it was.

    Args:
        path: Where that was written down.
        root: The root of the project.
        digest: What names the state of the disk that the answer was given in, in hex.
    """
    content = read_sealed(path, _MAGIC)
    if content is None:
        return False
    then, *lines = content.decode(errors="surrogateescape").split("\n")
    pairs = (line.split(_BETWEEN) for line in lines)
    return then == digest and all(_row(f"{root}/{name}") == row for name, row in pairs)


def row_of_state(found: os.stat_result | None) -> str:
    """Return what tells one state of a path from another; of a directory only that it is one counts."""
    if found is not None and stat.S_ISREG(found.st_mode):
        return repr(signature(found))
    return _DIRECTORY if found is not None and stat.S_ISDIR(found.st_mode) else _NOTHING


def _row(path: str) -> str:
    try:
        return row_of_state(os.lstat(path))
    except (OSError, ValueError):
        return _NOTHING
