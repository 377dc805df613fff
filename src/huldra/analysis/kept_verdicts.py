"""Verdicts of runs as kept for the next process, with all that they follow from. Imports little: it has to be quick.

A verdict follows from the code, the repository and the like (`state_beside_runs`), from the run and those of the
classes that its class rests on (`resting`), and from the time as far as attempts under way do. Each directory of runs
has an *imprint* of all this, and names those of the other directories that its verdicts follow from. These are compared
before a verdict is given again, and no other run is looked at. `keeping_verdicts` writes what is read here.
"""

import os
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from huldra.analysis.disk_cache import Cache
from huldra.stored_runs.index.holding import Share
from huldra.stored_runs.index.marks import mark_text
from huldra.stored_runs.index.unchanged import Shelf, Unchanged
from huldra.stored_runs.liveness import Present, attempt_verdict

KIND = "verdicts"
EVIDENCE_FILES = ("metadata.json", "sources.json", "git.patch")
_DIGEST_BYTES = 20
_MARK_BYTES = 16
NUMBERS = "I"
"""The kind of an array that says of each run which judgement is its; 0 is none, 1 the first."""


class KeptPlace(msgspec.Struct, frozen=True, array_like=True):
    """Where a definition stands."""

    file: str
    line: int


class KeptReason(msgspec.Struct, frozen=True, array_like=True):
    """A reason as it is shown, without the evidence."""

    code: str
    message: str
    definition: str | None
    place: KeptPlace | None
    dependency: str | None
    certainty: Literal["certain", "likely"]


class KeptNote(msgspec.Struct, frozen=True, array_like=True):
    """A note as it is shown."""

    code: str
    message: str


class Judgement(msgspec.Struct, frozen=True, array_like=True):
    """What is said of a run, or of many: as in `ComparedRun`."""

    verdict: str
    certainty: str
    reasons: tuple[KeptReason, ...]
    notes: tuple[KeptNote, ...]
    is_referenced: bool
    dependencies: tuple[tuple[str, str], ...]


class KeptDirectory(msgspec.Struct, frozen=True, array_like=True):
    """The judgements of one directory's runs, in the order of their names, and what they follow from.

    Attributes:
        imprint: What `imprint_of` gave of the directory.
        edition: Another one whenever what was read of its runs' code is not what it was. Random.
        evidence: The marks of what of its runs was read for their code, by path of an internal directory below the
            store. It only grows in one edition.
        rests_on: The other directories whose runs the judgements follow from, each with its imprint and edition.
        numbers: Of each run which judgement is its; 0 is none, 1 the first. Empty where there is no judgement.
        judgements: What is said of runs.
    """

    imprint: bytes
    edition: bytes
    evidence: dict[str, bytes]
    rests_on: dict[str, tuple[bytes, bytes]]
    numbers: bytes
    judgements: tuple[Judgement, ...]


class KeptSurroundings(msgspec.Struct, frozen=True, array_like=True):
    """What all kept verdicts of a project have in common.

    Attributes:
        state: What `state_beside_runs` gave.
        saved_at: When it was written, in ns since 1970.
        store: Where the store is.
        store_name: How people are told of it.
        ancestors: Of each class of the code it and its ancestors, by name.
        data: What stood for each path that was looked at for what is no code, by root-relative name.
        edition: Another one whenever one of these is not what it was. Random.
    """

    state: bytes
    saved_at: int
    store: str
    store_name: str
    ancestors: dict[str, tuple[str, ...]]
    data: dict[str, str]
    edition: bytes

    @property
    def basis(self) -> bytes:
        """What all kept verdicts follow from, but for runs."""
        return self.state + self.edition


class JudgedShelf(Struct, frozen=True, dict=True):
    """The runs of one directory with what is kept of their verdicts; `kept` is None where nothing holds."""

    shelf: Shelf
    kept: KeptDirectory | None

    @cached_property
    def numbers(self) -> Sequence[int]:
        """Of each run which judgement is its; 0 is none."""
        numbers = b"" if self.kept is None else self.kept.numbers
        return array(NUMBERS, numbers or bytes(4 * len(self.shelf.runs)))

    def judgement(self, index: int) -> Judgement | None:
        """Return what is kept of one run's verdict."""
        number = self.numbers[index]
        return self.kept.judgements[number - 1] if self.kept is not None and number else None


_Value = TypeVar("_Value", KeptSurroundings, KeptDirectory)

encode = msgspec.msgpack.Encoder().encode


def decode(data: bytes | None, kind: type[_Value]) -> _Value | None:
    """Return what was kept; None if that is nothing, or nothing that anybody can read."""
    try:
        return None if data is None else msgspec.msgpack.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeError):
        return None


def key_of(question: bytes, *words: str | bytes) -> bytes:
    """Return the key that something is kept under, for those who ask in the same surroundings."""
    return blake2b(repr((question, words)).encode(errors="surrogatepass"), digest_size=_DIGEST_BYTES).digest()


def directory_key(question: bytes, path: str) -> bytes:
    """Return the key of a directory's judgements."""
    return key_of(question, "directory", path)


def kept_directories(cache: Cache, paths: Mapping[bytes, str]) -> dict[str, KeptDirectory]:
    """Effect: read. Return what is kept of directories, whose keys are given, by path."""
    found = ((paths[key], decode(data, KeptDirectory)) for key, data in cache.get_all(KIND, tuple(paths)).items())
    return {path: directory for path, directory in found if directory is not None}


def surroundings_digest(state: bytes, directories: Iterable[str], odd: Iterable[str]) -> bytes:
    """Return what is equal if all is that the verdicts of all runs follow from.

    Args:
        state: What `state_beside_runs` gives.
        directories: All directories of the store that hold runs.
        odd: Those that hold runs of other classes.
    """
    return _digest((state, sorted(directories), sorted(odd)))


def imprint_of(surroundings: bytes, stamp: bytes, live: Sequence[tuple[int, str | None]]) -> bytes:
    """Return what is equal if all is that one directory adds to what verdicts follow from.

    Args:
        surroundings: What `surroundings_digest` gives.
        stamp: That of its runs.
        live: What attempts under way say now, by number of the run.
    """
    return _digest((surroundings, stamp, list(live)))


def _digest(said: object) -> bytes:
    return blake2b(repr(said).encode(errors="surrogatepass"), digest_size=_DIGEST_BYTES).digest()


def evidence_mark(store: str, internal: str) -> bytes:
    """Effect: look. Return the mark of what is read of a run when its code is sought."""
    found: list[bytes] = []
    for name in EVIDENCE_FILES:
        try:
            found.append(mark_text(os.stat(f"{store}/{internal}/{name}")))  # noqa: PTH116
        except OSError:
            found.append(b"")
    return blake2b(b"\0".join(found), digest_size=_MARK_BYTES).digest()


def judged_shelves(
    unchanged: Unchanged,
    paths: Collection[str],
    store: Path,
    cache: Cache,
    question: bytes,
    state: bytes,
    present: Present,
) -> dict[str, JudgedShelf] | None:
    """Effect: look at runs. Return those of some directories with the verdicts that still hold.

    None where one of them has changed.
    """
    shelves = unchanged.shelves(paths)
    if shelves is None:
        return None
    kept = _kept_of(cache, question, paths)
    further = {path for each in kept.values() for path in each.rests_on} - kept.keys()
    kept |= _kept_of(cache, question, further)
    beside = further - shelves.keys()
    more = unchanged.shelves(sorted(beside)) if beside <= unchanged.places.keys() else None
    around = surroundings_digest(state, unchanged.places, unchanged.odd)
    at = os.fspath(store)
    standing = {
        path: (kept[path].imprint, kept[path].edition)
        for path, shelf in (shelves | (more or {})).items()
        if path in kept and _is_as_it_was(kept[path], shelf, around, at, unchanged.share, present)
    }
    return {path: JudgedShelf(shelf, _holding(kept.get(path), path, standing)) for path, shelf in shelves.items()}


def _kept_of(cache: Cache, question: bytes, paths: Iterable[str]) -> dict[str, KeptDirectory]:
    return kept_directories(cache, {directory_key(question, path): path for path in paths})


def _is_as_it_was(kept: KeptDirectory, shelf: Shelf, around: bytes, store: str, share: Share, present: Present) -> bool:
    live = [(index, attempt_verdict(run, present)) for index, run in shelf.active()]
    return imprint_of(around, shelf.stamp, live) == kept.imprint and all(
        evidence_mark(store, internal) == mark
        for position, (internal, mark) in enumerate(kept.evidence.items())
        if share.holds(position)
    )


def _holding(
    kept: KeptDirectory | None, path: str, standing: Mapping[str, tuple[bytes, bytes]]
) -> KeptDirectory | None:
    if kept is None or path not in standing:
        return None
    return kept if all(standing.get(other) == then for other, then in kept.rests_on.items()) else None
