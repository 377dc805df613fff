"""Whether what an index keeps of runs still holds: told by times, for few of them by their files. Reads no record."""

import os
from collections.abc import Sequence

from msgspec import Struct

from huldra.stored_runs.find import Contents, internal_number
from huldra.stored_runs.index.entries import may_change_in_place, restless
from huldra.stored_runs.index.file import Known
from huldra.stored_runs.index.marks import files_mark
from huldra.stored_runs.index.segments import Entry, Segment

_LOOKED_INTO_EACH_TIME = 2500
"""So many runs have also their files looked at, not only their directories: an edit by hand shows in a small store at
once, in a large one after a while. All files of a hundred thousand runs cost half a walk over the store."""

Kept = tuple[int, Segment, int]
"""Where a run is kept: a segment with its number, and the run's place in it."""


class Share(Struct, frozen=True):
    """The runs whose files are looked at this time: every one of `parts`, beginning with number `part`."""

    parts: int
    part: int

    def holds(self, position: int) -> bool:
        """Return whether the run with a number is one of them."""
        return position % self.parts == self.part


def share_of(known: Known) -> Share:
    """Return the runs whose files are looked at this time: another share each time, all of a small store."""
    count = sum(len(contents.runs) for _, contents in known.directories.values())
    parts = max(1, -(-count // _LOOKED_INTO_EACH_TIME))
    return Share(parts, _random_below(parts))


def _random_below(limit: int) -> int:
    return int.from_bytes(os.urandom(8)) % limit  # `random` and `secrets` take long to import


def are_dialects_as_known(contents: Contents, real: str) -> bool:
    """Return whether runs are still of the same dialects, which the times of the directory above do not show.

    Those of the first dialect are looked at anyway.
    """
    try:
        return all(internal_number(f"{real}/{name}") == number for name, number in contents.runs if number != 0)
    except OSError:
        return False


def segment_holds(segment: Segment, marks: Sequence[bytes], real: str, internals: Sequence[str], share: Share) -> bool:
    """Return whether all runs of a segment are as they were, which in a large store nearly all are.

    Args:
        segment: What is kept of the runs.
        marks: The marks of their internal directories, as they are now.
        real: The directory that the runs lie in.
        internals: The internal directories, by path below it.
        share: Whose files are looked at.
    """
    if b"".join(marks) != segment.marks:
        return False
    looked_into = {*range(share.part, len(segment), share.parts), *restless(segment)}
    return all(
        run_holds(segment, index, marks[index], f"{real}/{internals[index]}", is_looked_into=True)
        for index in looked_into
    )


def run_holds(segment: Segment, index: int, mark_now: bytes, internal: str, *, is_looked_into: bool) -> bool:
    """Return whether a run is as it was."""
    if mark_now != segment.mark(index):
        return False
    may_change = may_change_in_place(segment, index)
    if not (is_looked_into or may_change):
        return True
    return files_mark(internal, with_locks=may_change).text == segment.files_mark(index)


def kept_runs(segments: Sequence[tuple[int, Segment]]) -> dict[str, Kept]:
    """Return where the runs of a directory are kept, by name."""
    return {
        name: (number, segment, index) for number, segment in segments for index, name in enumerate(segment.each_name())
    }


def entries_of(kept: Sequence[Kept]) -> list[Entry]:
    """Return runs that are kept in several places, to be put together."""
    names = {number: segment.each_name() for number, segment, _ in kept}
    return [
        (names[number][index], segment.mark(index), segment.files_mark(index), segment.whole(index))
        for number, segment, index in kept
    ]
