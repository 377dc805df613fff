"""The code of a run as the run itself recorded it (sources.json). Knows records and the store's copies, not git."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping

from huldra.formats.loaded_sources import LoadedSources
from huldra.sources.code_files import NO_OTHER_FILES, Contents, FilesThen
from huldra.sources.documents import Unreadable
from huldra.sources.revision_files import files_identity

_RECORDED = "sha256:"

ReadCopy = Callable[[str], bytes | Unreadable]
"""From a recorded SHA-256 to the bytes that the store keeps of it."""


def recorded_files(record: LoadedSources, read_copy: ReadCopy, unloaded: FilesThen | None = None) -> FilesThen:
    """Return the code that a run recorded: the files that were loaded, over those of its commit that were not.

    What is doubtful about the commit is not taken over: those files did nothing in the run.

    Effect: reads a file that was too large to be copied, to see whether the commit has it as it was.
    """
    place = _place(record.files, () if unloaded is None else unloaded.files)
    recorded = {
        name: _content_id(digest, name, unloaded) if path in record.not_copied else _RECORDED + digest
        for path, digest in record.files.items()
        if (name := _placed(path, place)) is not None and name.endswith(".py")
    }
    others: Mapping[str, str] = {} if unloaded is None else unloaded.files
    files = dict(sorted({**others, **recorded}.items()))
    below = _nothing if unloaded is None else unloaded.contents
    doubts = tuple(_doubts(record, is_alone=unloaded is None))
    # What is no code is not recorded: it is what the commit says, and the patch beside it.
    data = NO_OTHER_FILES if unloaded is None else unloaded.others
    return FilesThen(files_identity(files), files, _over(read_copy, below), doubts, others=data)


def _content_id(digest: str, name: str, committed: FilesThen | None) -> str:
    """Return what names the content of a file that the store keeps no copy of."""
    identity = None if committed is None else committed.files.get(name)
    if committed is None or identity is None:
        return _RECORDED + digest
    data = committed.contents(identity)
    is_same = not isinstance(data, Unreadable) and hashlib.sha256(data).hexdigest() == digest
    return identity if is_same else _RECORDED + digest


def _place(recorded: Iterable[str], names: Iterable[str]) -> str:
    """Return what leads from the analysed root to the recorded one: empty, or a directory that ends in `/`.

    A place that begins with `-` is cut from the recorded names, for the recorded root lies above the analysed one.
    """
    by_base: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_base[name.rpartition("/")[2]].append(name)
    votes = Counter(
        place
        for path in recorded
        for name in by_base.get(path.rpartition("/")[2], ())
        if (place := _between(path, name)) is not None
    )
    return max(votes, key=lambda place: (votes[place], place == "", place), default="")


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
