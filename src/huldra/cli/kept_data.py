"""What an answer followed from beside code and store: files that code names and that are no code, by size and time.

Imports next to nothing. What is written here is a cache: without it the answer is sought anew.
"""

from collections.abc import Mapping

from huldra.cli.sealed import read_sealed, sealed
from huldra.sources.path_rows import rows_hold

_MAGIC = b"huldra-data-1\n"
_BETWEEN = "\t"


def written_data(digest: bytes, rows: Mapping[str, str]) -> bytes | None:
    """Return what `data_stands` reads; None where names are such as nobody should have.

    Args:
        digest: What names the state of the disk that the answer was given in.
        rows: What stood for each path that was looked at, by root-relative name, as `state_row` says it.
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
    rows = dict(line.split(_BETWEEN, 1) for line in lines)
    return then == digest and rows_hold(root, rows)
