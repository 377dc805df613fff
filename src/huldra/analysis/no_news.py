"""Whether what is staged can be told to change nothing that anything found follows from, by the files it changes alone.

Where an evaluation of one state of the code is known by its trace, and what the code of all runs reached in it, two
other states of which each differs from it in nothing but what it did not look at find the very same, and one of them
brings nothing new to the other. It may be that nothing can be told; never that something is told which is not so.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from msgspec import Struct

from huldra.facts.scan import import_lines, may_suppress
from huldra.sources.commit_difference import Change, head_difference, index_difference
from huldra.sources.git_objects import GitObject, ObjectReader
from huldra.sources.plain_files import is_plain

_MOST_CHANGED = 50
"""With more files than that, one of them will count."""
_GONE = Change("", "")


class Standing(Struct, frozen=True):
    """What is known of one state of the code, that of an index.

    Attributes:
        commit: The commit that it was staged upon.
        staged: Of each file that differs from the commit what names its content, in both.
        limit: Files past so many bytes are not read.
        words: The words that were looked for in all files.
        counting: The files that were looked at for more than imports and words.
        evidence: What they were looked at for, as `encode_looked_at` writes it.
        data: The names of files that are no code which were asked for, and of directories that there were none of.
    """

    commit: str
    staged: Mapping[str, Change]
    limit: int
    words: Collection[str]
    counting: Collection[str]
    evidence: bytes
    data: Collection[str] = ()


def brings_nothing(standing: Standing, root: Path) -> bool:
    """Return whether the index is known to bring nothing new to HEAD.

    Effect: asks git; may parse what has changed, and keep what that gave.

    Args:
        standing: What is known of an earlier state.
        root: The root of the project.
    """
    commit, data = standing.commit, standing.data
    differing = [differ(root, commit, data) for differ in (head_difference, index_difference)]
    pairs: set[tuple[str, Change]] = set()
    for changes in differing:
        found = None if changes is None else _since(standing.staged, changes)
        if found is None:
            return False
        pairs.update(found.items())
    if len(pairs) > _MOST_CHANGED:
        return False
    objects = ObjectReader(root)
    try:
        edits = [
            (name, _blob(objects, change.before, standing.limit), _blob(objects, change.after, standing.limit))
            for name, change in pairs
        ]
    finally:
        objects.close()
    counting: list[tuple[str, str, str]] = []
    for name, before, after in edits:
        if before is None or after is None or not _looks_alike(before, after, standing.words):
            return False
        if name in standing.counting:
            counting.append((name, before.decode(), after.decode()))
    return not counting or _are_unaffected(standing, root, counting)


def _since(staged: Mapping[str, Change], changes: Mapping[str, Change]) -> dict[str, Change] | None:
    """Return how files differ from what was staged, given how both differ from a commit; None if files came or went."""
    found: dict[str, Change] = {}
    for name in {**staged, **changes}:
        then, now = staged.get(name, _GONE), changes.get(name, _GONE)
        before = then.after if name in staged else now.before
        after = now.after if name in changes else then.before
        if before != after:
            if not before or not after:
                return None
            found[name] = Change(before, after)
    return found


def _blob(objects: ObjectReader, identity: str, limit: int) -> bytes | None:
    """Return the bytes of a text that is read as it stands."""
    found = objects.read(identity)
    if not isinstance(found, GitObject) or found.type != "blob":
        return None
    data = found.data
    return data if len(data) <= limit and is_plain(data) and b"\r" not in data else None


def _looks_alike(before: bytes, after: bytes, words: Collection[str]) -> bool:
    """Whether a look at a file that reads no more than imports and words tells the same of two states."""
    if may_suppress(before) or may_suppress(after) or import_lines(before) != import_lines(after):
        return False
    return all((word in before) == (word in after) for word in map(str.encode, words))


def _are_unaffected(standing: Standing, root: Path, edits: Collection[tuple[str, str, str]]) -> bool:
    """Effect: read what is kept, parse what is not. Whether edits of files that count are not where it counts."""
    # What reads facts takes ten times as long to import as all that has been asked up to here.
    from huldra.analysis.disk_cache import DiskCache  # noqa: PLC0415
    from huldra.analysis.kept_facts import KeptFacts  # noqa: PLC0415
    from huldra.analysis.looked_at import decode_looked_at, stands_after  # noqa: PLC0415

    looked_at = decode_looked_at(standing.evidence)
    if looked_at is None:
        return False
    kept = KeptFacts(DiskCache(root))
    try:
        return all(stands_after(looked_at, name, before, after, kept.text) for name, before, after in edits)
    finally:
        kept.save()
        kept.close()
