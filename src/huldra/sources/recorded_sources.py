"""The code of a run as the run itself recorded it (sources.json). Knows records and the store's copies, not git."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from msgspec.structs import replace

from huldra.formats.loaded_sources import LoadedSources
from huldra.sources.code_files import NO_OTHER_FILES, Contents, FilesThen, files_identity, files_over
from huldra.sources.documents import Unreadable

_RECORDED = "sha256:"
_MOST_INDICES = 8

ReadCopy = Callable[[str], bytes | Unreadable]
"""From a recorded SHA-256 to the bytes that the store keeps of it."""


class KnownHashes(Protocol):
    """The SHA-256 of contents, by what else names them."""

    def get(self, key: str) -> str | None:
        """Return that of a content; None where nobody has told."""
        ...

    def put(self, key: str, value: str) -> None:
        """Take in that of a content."""
        ...


class RecordedSources:
    """Puts what runs recorded over the code of their commits. Of very many, most recorded what their commit says.

    Args:
        hashes: What is known of contents; more is put in.
    """

    def __init__(self, hashes: KnownHashes) -> None:
        self._hashes = hashes
        self._by_base: dict[str, Mapping[str, list[str]]] = {}

    def files(self, record: LoadedSources, read_copy: ReadCopy, unloaded: FilesThen | None = None) -> FilesThen:
        """Return the code that a run recorded: the files that were loaded, over those of its commit that were not.

        What is doubtful about the commit is not taken over: those files did nothing in the run.

        Effect: reads those of the commit, to see which of them are what was loaded.
        """
        doubts = tuple(_doubts(record, is_alone=unloaded is None))
        if unloaded is None:
            alone = {name: _RECORDED + digest for name, digest in record.files.items() if name.endswith(".py")}
            alone = dict(sorted(alone.items()))
            return FilesThen(files_identity(alone), alone, _over(read_copy, _nothing), doubts, others=NO_OTHER_FILES)
        place = self._place(record.files, unloaded)
        over: dict[str, str | None] = {}
        for path, digest in record.files.items():
            name = _placed(path, place)
            if name is not None and name.endswith(".py"):
                committed = unloaded.files.get(name)
                is_same = committed is not None and self._hash(committed, unloaded.contents) == digest
                over[name] = committed if is_same else _RECORDED + digest
        # What is no code is not recorded: it is what the commit says, and the patch beside it.
        below = replace(unloaded, doubts=doubts, follows_links=False, extensions=())
        return files_over(below, over, _over(read_copy, unloaded.contents))

    def _hash(self, content: str, read: Contents) -> str | None:
        """Return the SHA-256 of a content; None where it cannot be read."""
        found = self._hashes.get(content)
        if found is None:
            data = read(content)
            if isinstance(data, Unreadable):
                return None
            found = hashlib.sha256(data).hexdigest()
            self._hashes.put(content, found)
        return found

    def _place(self, recorded: Collection[str], unloaded: FilesThen) -> str:
        """Return what leads from the analysed root to the recorded one: empty, or a directory that ends in `/`.

        A place that begins with `-` is cut from the recorded names, for the recorded root lies above the analysed one.
        """
        names = unloaded.files
        if all(path in names for path in recorded):
            return ""  # no other place has more votes than there are names
        by_base = self._names_by_base(unloaded)
        votes = Counter(
            place
            for path in recorded
            for name in by_base.get(path.rpartition("/")[2], ())
            if (place := _between(path, name)) is not None
        )
        return max(votes, key=lambda place: (votes[place], place == "", place), default="")

    def _names_by_base(self, unloaded: FilesThen) -> Mapping[str, list[str]]:
        found = self._by_base.get(unloaded.identity)
        if found is None:
            by_base: dict[str, list[str]] = defaultdict(list)
            for name in unloaded.files:
                by_base[name.rpartition("/")[2]].append(name)
            if len(self._by_base) >= _MOST_INDICES:
                self._by_base.clear()
            found = self._by_base[unloaded.identity] = by_base
        return found


def _between(recorded: str, name: str) -> str | None:
    if name == recorded:
        return ""
    if name.endswith(f"/{recorded}"):
        return name.removesuffix(recorded)
    return f"-{recorded.removesuffix(name)}" if recorded.endswith(f"/{name}") else None


def _placed(path: str, place: str) -> str | None:
    if place.startswith("-"):
        return path.removeprefix(place[1:]) if path.startswith(place[1:]) else None
    return place + path


def _doubts(record: LoadedSources, *, is_alone: bool) -> list[str]:
    doubts = [f"{path} was modified after the process had started" for path in record.changed_since_start]
    if is_alone:
        doubts.append("only files that were loaded are recorded, and the commit they belong to cannot be read")
    return doubts


def _over(read_copy: ReadCopy, below: Contents) -> Contents:
    def read(identity: str) -> bytes | Unreadable:
        if identity.startswith(_RECORDED):
            return read_copy(identity.removeprefix(_RECORDED))
        return below(identity)

    return read


def _nothing(identity: str) -> Unreadable:
    return Unreadable(f"there is no content {identity[:12]}")
