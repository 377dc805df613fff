"""Verdicts of runs as kept for the next process, with all that they follow from. Imports little: it has to be quick.

A verdict follows from the code, the repository and the like (`state_beside_runs`), from the runs that were looked at
together (a *basis*: those of some directories, or of all), and from the time as far as attempts under way do. All of it
is compared before a verdict is given again. `keeping_verdicts` writes what is read here.
"""

import os
from array import array
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from huldra.analysis.disk_cache import Cache
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

    `basis_key` is where the basis is kept that they were found with, `basis` its digest at that time.
    """

    basis_key: bytes
    basis: bytes
    numbers: bytes
    judgements: tuple[Judgement, ...]


class KeptBasis(msgspec.Struct, frozen=True, array_like=True):
    """Runs that were looked at together: those of some directories, or all (None).

    `evidence` are the marks of what else of runs was read, by path of the run's internal directory below the store.
    """

    digest: bytes
    paths: tuple[str, ...] | None
    evidence: dict[str, bytes]


class KeptSurroundings(msgspec.Struct, frozen=True, array_like=True):
    """What all kept verdicts of a project have in common.

    Attributes:
        state: What `state_beside_runs` gave.
        saved_at: When it was written, in ns since 1970.
        store: Where the store is.
        store_name: How people are told of it.
        ancestors: Of each class of the code it and its ancestors, by name.
    """

    state: bytes
    saved_at: int
    store: str
    store_name: str
    ancestors: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class JudgedShelf:
    """The runs of one directory with what is kept of their verdicts; `kept` is None where nothing holds."""

    shelf: Shelf
    kept: KeptDirectory | None

    @cached_property
    def numbers(self) -> Sequence[int]:
        """Of each run which judgement is its; 0 is none."""
        return array(NUMBERS, bytes(4 * len(self.shelf.runs)) if self.kept is None else self.kept.numbers)

    def judgement(self, index: int) -> Judgement | None:
        """Return what is kept of one run's verdict."""
        number = self.numbers[index]
        return self.kept.judgements[number - 1] if self.kept is not None and number else None


_Value = TypeVar("_Value", KeptSurroundings, KeptDirectory, KeptBasis)

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


def basis_key(question: bytes, paths: Iterable[str] | None) -> bytes:
    """Return the key of a basis."""
    return key_of(question, "basis", *(("all",) if paths is None else ("some", *paths)))


def basis_digest(
    state: bytes, directories: Iterable[str], odd: Iterable[str], looked_at: Mapping[str, tuple[bytes, object]]
) -> bytes:
    """Return what is equal if all is that verdicts follow from.

    Args:
        state: What `state_beside_runs` gives.
        directories: All directories of the store that hold runs.
        odd: Those that hold runs of other classes.
        looked_at: Of each directory of the basis its stamp, and what the attempts under way say.
    """
    said = repr((state, sorted(directories), sorted(odd), sorted(looked_at.items())))
    return blake2b(said.encode(errors="surrogatepass"), digest_size=_DIGEST_BYTES).digest()


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
    keys = {directory_key(question, path): path for path in paths}
    kept = kept_directories(cache, keys)
    known = dict(shelves)

    def shelves_of(wanted: Collection[str]) -> Mapping[str, Shelf] | None:
        more = unchanged.shelves([path for path in wanted if path not in known])
        known.update(more or {})
        return None if more is None else {path: known[path] for path in wanted}

    standing: dict[bytes, bytes | None] = {}
    for each in kept.values():
        if each.basis_key not in standing:
            basis = decode(cache.get(KIND, each.basis_key), KeptBasis)
            holds = basis is not None and _holds(basis, unchanged, shelves_of, store, state, present)
            standing[each.basis_key] = basis.digest if basis is not None and holds else None
    return {
        path: JudgedShelf(
            shelf, kept[path] if path in kept and standing[kept[path].basis_key] == kept[path].basis else None
        )
        for path, shelf in shelves.items()
    }


def _holds(
    basis: KeptBasis,
    unchanged: Unchanged,
    shelves_of: Callable[[Collection[str]], Mapping[str, Shelf] | None],
    store: Path,
    state: bytes,
    present: Present,
) -> bool:
    paths = tuple(unchanged.places) if basis.paths is None else basis.paths
    if not unchanged.places.keys() >= set(paths):
        return False
    shelves = shelves_of(paths)
    if shelves is None:
        return False
    looked_at = {path: (shelf.stamp, _live(shelf, present)) for path, shelf in shelves.items()}
    if basis_digest(state, unchanged.places, unchanged.odd, looked_at) != basis.digest:
        return False
    at = os.fspath(store)
    return all(
        evidence_mark(at, internal) == mark
        for position, (internal, mark) in enumerate(basis.evidence.items())
        if unchanged.share.holds(position)
    )


def _live(shelf: Shelf, present: Present) -> list[tuple[int, str | None]]:
    return [(index, attempt_verdict(run, present)) for index, run in shelf.active()]
