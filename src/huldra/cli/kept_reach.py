"""Which files of the code an answer does not follow from, so that it still stands when these are edited.

Imports next to nothing. What is written here is a cache: without it the answer is sought anew.
"""

from collections.abc import Iterable, Mapping
from hashlib import blake2b

from huldra.cli.sealed import read_sealed, sealed
from huldra.sources.disk_state import DiskState, file_of_row
from huldra.sources.plain_msgspec import import_msgspec

_MAGIC = b"huldra-reach-2\n"
_HASH_BYTES = 20
_MOST_CHANGED = 50
"""With more than that, to seek the answer anew is not much slower, and the next time is faster."""
_NEVER_READ, _SEEN = "-", "="


class Reach:
    """What an answer followed from, of the code on disk.

    Attributes:
        limit: Files past so many bytes are not read.
        library: The words that name the library in imports.
        words: Words that every file was searched for.
        files: The files of the project, by root-relative name.
        looks: Of each file of which that can tell something, the digest of the lines that its imports stand in.
        seen: Of those that counted, what names their text, and which of the words they hold.
        evidence: What was looked at in these.
    """

    def __init__(  # plain data, of a module that imports nothing
        self,
        limit: int,
        library: Iterable[str],
        words: Iterable[str],
        files: Iterable[str],
        looks: Mapping[str, bytes],
        seen: Mapping[str, tuple[bytes, tuple[str, ...]]],
        evidence: bytes,
    ) -> None:
        self.limit = limit
        self.library = tuple(library)
        self.words = tuple(words)
        self.files = frozenset(files)
        self.looks = looks
        self.seen = seen
        self.evidence = evidence


def written_reach(before: DiskState, reach: Reach) -> bytes:
    """Return what an answer followed from, with the disk as it then was, as `still_stands` reads it."""
    words = (" ".join(("library", *reach.library)), " ".join(("words", *reach.words)))
    evidence = blake2b(reach.evidence, digest_size=_HASH_BYTES).hexdigest()
    head = "\n".join((before.digest.hex(), before.around.hex(), str(reach.limit), *words, evidence))
    rows = "\n".join(f"{row}\t{_look_then(reach, row)}" for row in before.code)
    rest = f"{head}\n\n{rows}".encode(errors="surrogateescape")
    return sealed(_MAGIC, rest)


def still_stands(path: str, seen_path: str, root: str, digest: str, now: DiskState) -> bool:
    """Effect: look at the files that have changed. Return whether none of them is one that an answer follows from.

    Args:
        path: Where that was written down.
        seen_path: Where it was written down what was looked at in files that count.
        root: The root of the project.
        digest: The state of the disk that the answer was given in.
        now: The state that it is in now.
    """
    rest = read_sealed(path, _MAGIC)
    if rest is None:
        return False
    head, _, rows = rest.decode(errors="surrogateescape").partition("\n\n")
    then, around, limit, library, words, evidence = head.split("\n")
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
    sought = library.split()[1:], words.split()[1:]
    edits: list[tuple[str, bytes, str]] = []
    for file, look in old.items():
        if file is None or not look:
            return False
        data = None if look == _NEVER_READ else _read(f"{root}/{file[0]}", int(limit))
        if look != _NEVER_READ and (data is None or not _is_alike(look, data, *sought)):
            return False
        if look.startswith(_SEEN) and data is not None:
            edits.append((file[0], bytes.fromhex(look[1:].split(" ")[1]), data.decode()))
    return not edits or _stands_with(seen_path, evidence, root, edits)


def _stands_with(seen_path: str, digest: str, root: str, edits: list[tuple[str, bytes, str]]) -> bool:
    """Effect: read. Whether edits of files that count leave the answer as it is, as far as can be told from text."""
    from pathlib import Path  # noqa: PLC0415

    import_msgspec()
    from huldra.analysis.still_there import stands_with  # noqa: PLC0415

    try:
        evidence = Path(seen_path).read_bytes()
    except OSError:
        return False
    is_that = blake2b(evidence, digest_size=_HASH_BYTES).hexdigest() == digest
    return is_that and stands_with(evidence, Path(root), edits)


def _look_then(reach: Reach, row: str) -> str:
    file = file_of_row(row)
    if file is None or not file[0].endswith(".py"):
        return ""
    if file[0] not in reach.files:
        return _NEVER_READ
    look, seen = reach.looks.get(file[0]), reach.seen.get(file[0])
    if look is None or seen is None:
        return "" if look is None else look.hex()
    key, words = seen
    return " ".join((f"{_SEEN}{look.hex()}", key.hex(), *words))


def _read(path: str, limit: int) -> bytes | None:
    # For a project at rest this need not be imported.
    from huldra.sources.plain_files import read_plain  # noqa: PLC0415

    plain = read_plain(path, limit)
    return None if plain is None else plain[0]


def _is_alike(look: str, data: bytes, library: list[str], words: list[str]) -> bool:
    """Whether a look at a file that reads no more than imports and words tells what it told."""
    from huldra.facts.scan import holds_any, import_lines, lines_digest, may_suppress  # noqa: PLC0415

    lines = import_lines(data)
    if may_suppress(data):
        return False
    held = [word for word in words if word.encode() in data]
    if look.startswith(_SEEN):
        imports, _, *then = look[1:].split(" ")
        return lines_digest(lines).hex() == imports and sorted(held) == sorted(then)
    is_idle = not held and not holds_any(lines, (word.encode() for word in library))
    return is_idle and lines_digest(lines).hex() == look
