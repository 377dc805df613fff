"""What stands for the state of a path, by names, sizes and times, so that two moments can be compared.

Opens nothing, and imports next to nothing: it has to be quick.
"""

import os
import stat
from collections.abc import Mapping

Signature = tuple[int, int, int, int, int]
Row = tuple[str] | tuple[str, str] | tuple[str, int | None] | tuple[str, int, int, int, int, int]
FULL = 6
"""The length of a row with a name and a signature; the shorter ones name what is there, or why it cannot be seen."""


class CannotTellError(Exception):
    """There is something that sizes and times say too little about, a link to elsewhere say."""


def signature(found: os.stat_result) -> Signature:
    """Return what tells whether a file is still the same. The time of its last change of any kind cannot be set."""
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_mode


def row_of(path: str) -> Row:
    """Return what stands for a path, links followed."""
    try:
        return (path, *signature(os.stat(path)))  # noqa: PTH116  # pathlib would take a third of the time
    except OSError as error:
        return (path, error.errno)


def state_row(found: os.stat_result | None) -> str:
    """Return what tells one state of a path from another; of a directory only that it is one counts."""
    if found is not None and stat.S_ISREG(found.st_mode):
        return repr(signature(found))
    return "directory" if found is not None and stat.S_ISDIR(found.st_mode) else "nothing"


def listing_row(found: os.stat_result | None) -> str:
    """Return what tells one state of a directory from another in which files have come or gone."""
    return repr(signature(found)) if found is not None and stat.S_ISDIR(found.st_mode) else "nothing"


def rows_hold(root: str, rows: Mapping[str, str]) -> bool:
    """Return whether paths are as they were, by root-relative name.

    A name that ends with a slash is that of a directory, whose row is from `listing_row`; others are from `state_row`.

    Effect: looks.
    """
    return all(_row_now(f"{root}/{name}") == row for name, row in rows.items())


def _row_now(path: str) -> str:
    row = listing_row if path.endswith("/") else state_row
    try:
        return row(os.lstat(path))
    except (OSError, ValueError):
        return row(None)
