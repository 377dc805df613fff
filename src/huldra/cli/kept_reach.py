"""Which files of the code an answer does not follow from, so that it still stands when these are edited.

Imports next to nothing. What is written here is a cache: without it the answer is sought anew.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from huldra.sources.disk_state import DiskState, file_of_row

_MAGIC = b"huldra-reach-1\n"
_HASH_BYTES = 20
_MOST_CHANGED = 50
"""With more than that, to seek the answer anew is not much slower, and the next time is faster."""
_NEVER_READ = "-"


class Reach:
    """What an answer followed from, of the code on disk.

    Attributes:
        limit: Files past so many bytes are not read.
        library: The words that name the library in imports.
        words: Words that every file was searched for.
        files: The files of the project, by root-relative name.
        looks: Of each file that did not count, the digest of the lines that its imports stand in.
    """

    def __init__(
        self, limit: int, library: Iterable[str], words: Iterable[str], files: Iterable[str], looks: Mapping[str, bytes]
    ) -> None:
        self.limit = limit
        self.library = tuple(library)
        self.words = tuple(words)
        self.files = frozenset(files)
        self.looks = looks


def written_reach(before: DiskState, reach: Reach) -> bytes:
    """Return what an answer followed from, with the disk as it then was, as `still_stands` reads it."""
    words = (" ".join(("library", *reach.library)), " ".join(("words", *reach.words)))
    head = "\n".join((before.digest.hex(), before.around.hex(), str(reach.limit), *words))
    rows = "\n".join(f"{row}\t{_look_then(reach, row)}" for row in before.code)
    rest = f"{head}\n\n{rows}".encode(errors="surrogateescape")
    return _MAGIC + blake2b(rest, digest_size=_HASH_BYTES).digest() + rest


def still_stands(path: str, root: str, digest: str, now: DiskState) -> bool:
    """Effect: look at the files that have changed. Return whether none of them is one that an answer follows from.

    Args:
        path: Where that was written down.
        root: The root of the project.
        digest: The state of the disk that the answer was given in.
        now: The state that it is in now.
    """
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read()
    except OSError:
        return False
    begin = len(_MAGIC) + _HASH_BYTES
    rest = data[begin:]
    if data[:begin] != _MAGIC + blake2b(rest, digest_size=_HASH_BYTES).digest():
        return False
    head, _, rows = rest.decode(errors="surrogateescape").partition("\n\n")
    then, around, limit, library, words = head.split("\n")
    if then != digest or around != now.around.hex():
        return False
    looks = dict(row.split("\t") for row in rows.split("\n") if row)
    new = [row for row in now.code if row not in looks]
    if not new:
        return False
    present = frozenset(now.code)
    old = {file_of_row(row): look for row, look in looks.items() if row not in present}
    # Times aside, the same files must be there: a name alone may change what imports mean.
    if len(new) > _MOST_CHANGED or None in old or {file_of_row(row) for row in new} != old.keys():
        return False
    return all(
        file is not None
        and (
            look == _NEVER_READ
            or (look and look == _look_now(f"{root}/{file[0]}", int(limit), library.split()[1:], words.split()[1:]))
        )
        for file, look in old.items()
    )


def _look_then(reach: Reach, row: str) -> str:
    file = file_of_row(row)
    if file is None or not file[0].endswith(".py"):
        return ""
    if file[0] not in reach.files:
        return _NEVER_READ
    look = reach.looks.get(file[0])
    return "" if look is None else look.hex()


def _look_now(path: str, limit: int, library: list[str], words: list[str]) -> str | None:
    """Return the digest of the lines that a file's imports stand in; None if more than that counts."""
    # For a project at rest these need not be imported.
    from huldra.facts.scan import holds_any, import_lines, lines_digest, may_suppress  # noqa: PLC0415
    from huldra.sources.plain_files import read_plain  # noqa: PLC0415

    plain = read_plain(path, limit)
    if plain is None:
        return None
    data = plain[0]
    lines = import_lines(data)
    counts = (
        may_suppress(data)
        or holds_any(lines, (word.encode() for word in library))
        or holds_any(data, (word.encode() for word in words))
    )
    return None if counts else lines_digest(lines).hex()
