"""A store in which nothing has changed since it was last read: its runs by directory, without a value for each of them.

What has changed is for `refresh` to read; here it only shows that something has. Reads no record.
"""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path, PurePosixPath

from msgspec import Struct

from huldra.formats.dialect import DIALECTS
from huldra.stored_runs.find import Contents, RunGroup, walk_store
from huldra.stored_runs.index.entries import (
    UNREADABLE_FLAG,
    Place,
    decode_run,
    held_marks,
    place_of,
    restless,
)
from huldra.stored_runs.index.file import IndexFile, Known
from huldra.stored_runs.index.holding import (
    Share,
    are_dialects_as_known,
    entries_of,
    kept_runs,
    segment_holds,
    share_of,
)
from huldra.stored_runs.index.marks import FILES_MARK_LENGTH, MARK_LENGTH, mark_of, mark_texts
from huldra.stored_runs.index.segments import Segment, joined_names, make_segment
from huldra.stored_runs.model import StoredRun, UnreadableRun

_STAMP_BYTES = 20
_NO_FILES = bytes(FILES_MARK_LENGTH)
_FIRST_INTERNAL = f"/{DIALECTS[0].internal_directory}"


class Shelf(Struct, frozen=True):
    """The runs of one directory, in the order of their names, as they were read.

    Attributes:
        place: What the directory says of all of them.
        runs: Of each its name and the number of its dialect.
        segment: Holds what they say, in this order.
        stamp: Equal for runs that say the same, as `stamp_of_runs` gives it.
    """

    place: Place
    runs: tuple[tuple[str, int], ...]
    segment: Segment
    stamp: bytes

    def run(self, index: int) -> StoredRun | UnreadableRun:
        """Return one of the runs."""
        return decode_run(self.place, self.runs[index][1], self.segment, index)

    def active(self) -> Iterable[tuple[int, StoredRun]]:
        """Yield the runs whose latest attempt was recorded as under way, with their numbers."""
        for index in restless(self.segment):
            run = self.run(index)
            if isinstance(run, StoredRun):
                yield index, run


class Unchanged(Struct, frozen=True):
    """A store of which every directory holds what it held. Whether runs are as they were, `shelves` looks.

    `places` are the directories with runs, by path, in path order; `odd` those whose runs are of other classes too.
    """

    places: Mapping[str, Place]
    odd: frozenset[str]
    share: Share
    _file: IndexFile
    _known: Known
    _groups: Mapping[str, RunGroup]

    def shelves(self, paths: Collection[str]) -> dict[str, Shelf] | None:
        """Effect: look at runs. Return those of some directories; None where one has changed or was never kept.

        What they say is read when it is asked for, and may be gone then: `NotKeptError`.
        """
        missing = [path for path in paths if path not in self._known.segments]
        self._file.load_heads(self._known, missing)
        # Where much happens, this shows it soonest.
        if any(self._has_stirred(path) for path in paths):
            return None
        found: dict[str, Shelf] = {}
        for path in paths:
            shelf = self._shelf(path)
            if shelf is None:
                return None
            found[path] = shelf
        return found

    def _has_stirred(self, path: str) -> bool:
        """Whether one of the attempts that were under way has been written about since it was read last."""
        segments = self._known.segments.get(path, ())
        if not segments:
            return False
        real, segment = self._groups[path].real, segments[-1][1]  # of what several hold the last counts
        dialects = dict(self._groups[path].runs)
        names = segment.each_name()
        runs = [(index, names[index]) for index in restless(segment) if names[index] in dialects]
        internals = [f"{name}/{DIALECTS[dialects[name]].internal_directory}" for _, name in runs]
        marks = mark_texts(real, internals)
        return any(mark != segment.mark(index) for (index, _), mark in zip(runs, marks, strict=True))

    def _shelf(self, path: str) -> Shelf | None:
        group, segments = self._groups[path], self._known.segments.get(path, ())
        each_name, numbers = zip(*group.runs, strict=True)
        names = joined_names(each_name)
        if len(segments) == 1 and segments[0][1].names == names:
            segment = segments[0][1]
        else:
            kept = kept_runs(segments)
            if not all(name in kept for name, _ in group.runs):
                return None
            segment = make_segment(entries_of([kept[name] for name, _ in group.runs]))
        if any(numbers):
            internals = [f"{name}/{DIALECTS[number].internal_directory}" for name, number in group.runs]
        else:  # nearly always, of very many
            internals = [name + _FIRST_INTERNAL for name in each_name]
        marks = mark_texts(group.real, internals)
        if not segment_holds(segment, marks, group.real, internals, self.share):
            return None
        return Shelf(place_of(group), group.runs, segment, _stamp_of_segment(names, bytes(numbers), segment))


def find_unchanged(store: Path, cache: Path) -> Unchanged | None:
    """Effect: look at the directories of a store. Return it; None where one has changed, or is out of the ordinary.

    Args:
        store: The store.
        cache: The directory of the caches.
    """
    file = IndexFile(cache, store)
    known = file.load_directories()
    has_changed = False

    def look(path: str, real: str) -> Contents:
        nonlocal has_changed
        kept = known.directories.get(path)
        if kept is None or mark_of(os.stat(real)).text != kept[0] or not are_dialects_as_known(kept[1], real):  # noqa: PTH116
            has_changed = True
            return Contents()
        return kept[1]

    found = walk_store(store, look)
    # In this order their runs come in the order of their own paths.
    groups = {group.path: group for group in sorted(found.groups, key=lambda group: f"{group.path}/")}
    is_plain = found.status == "found" and not found.problems and not found.has_links
    if has_changed or not is_plain or len(groups) < len(found.groups) or _are_mixed(groups):
        return None
    places = {path: place_of(group) for path, group in groups.items()}
    return Unchanged(places, frozenset(known.odd), share_of(known), file, known, groups)


def _are_mixed(paths: Collection[str]) -> bool:
    """Whether runs of one directory may lie between those of another in the order of their paths."""
    return any(str(above) in paths for path in paths for above in PurePosixPath(path).parents)


def stamp_of_runs(runs: Sequence[StoredRun | UnreadableRun]) -> bytes | None:
    """Return what runs of one directory, in the order of their names, say in short; None where marks don't tell."""
    held = [_damage_mark(run) if isinstance(run, UnreadableRun) else held_marks(run) for run in runs]
    marks = [each for each in held if each is not None]
    if len(marks) < len(held):
        return None
    numbers = bytes(DIALECTS.index(run.dialect) for run in runs)
    names = joined_names(run.hash for run in runs)
    return _stamp(names, numbers, b"".join(mark for mark, _ in marks), b"".join(files for _, files in marks))


def _stamp_of_segment(names: str, numbers: bytes, segment: Segment) -> bytes:
    if UNREADABLE_FLAG not in segment.flags:
        return _stamp(names, numbers, segment.marks, segment.files)
    marks, files = list[bytes](), list[bytes]()
    for index in range(len(segment)):
        is_damaged = segment.flags[index] == UNREADABLE_FLAG[0]
        marks.append(_mark_of_reason(segment.said(index)) if is_damaged else segment.mark(index))
        files.append(_NO_FILES if is_damaged else segment.files_mark(index))
    return _stamp(names, numbers, b"".join(marks), b"".join(files))


def _damage_mark(run: UnreadableRun) -> tuple[bytes, bytes]:
    # A damaged run is nothing but the reason why it cannot be read.
    return _mark_of_reason(run.reason.encode(errors="surrogatepass")), _NO_FILES


def _mark_of_reason(reason: bytes) -> bytes:
    return blake2b(reason, digest_size=MARK_LENGTH).digest()


def _stamp(names: str, numbers: bytes, marks: bytes, files: bytes) -> bytes:
    digest = blake2b(names.encode(errors="surrogatepass"), digest_size=_STAMP_BYTES)
    for part in (numbers, marks, files):
        digest.update(b"\0")
        digest.update(part)
    return digest.digest()
