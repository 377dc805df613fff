"""Writes down the verdicts that were found, for the next process. What they follow from is in `kept_verdicts`."""

import os
import time
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path

from huldra.analysis.disk_cache import DiskCache
from huldra.analysis.kept_verdicts import (
    EVIDENCE_FILES,
    KIND,
    NUMBERS,
    Judgement,
    KeptBasis,
    KeptDirectory,
    KeptNote,
    KeptPlace,
    KeptReason,
    KeptSurroundings,
    basis_digest,
    basis_key,
    decode,
    directory_key,
    encode,
    evidence_mark,
    kept_directories,
    key_of,
)
from huldra.analysis.snapshot import Snapshot
from huldra.comparison.model import ComparedRun, Note, Reason
from huldra.formats.layout import directory_at
from huldra.project.link import Project
from huldra.stored_runs.index.marks import SETTLED_AFTER_NS
from huldra.stored_runs.index.unchanged import stamp_of_runs
from huldra.stored_runs.liveness import Present, attempt_verdict
from huldra.stored_runs.model import StoredRun

Judgements = dict[Judgement, int]


def keep_verdicts(
    snapshot: Snapshot, cache: DiskCache, question: bytes, state: bytes, store: Path, began_ns: int
) -> None:
    """Effect: write down which verdicts a snapshot has found; nothing where others could not tell when they hold.

    Args:
        snapshot: A state of code and store, judged on demand.
        cache: Where to keep them.
        question: What else they follow from that is not on disk.
        state: What `state_beside_runs` gave before anything was read.
        store: Where the store is.
        began_ns: When that was, in ns since 1970.
    """
    looked = snapshot.store.looked
    if looked is None or looked.unsettled or snapshot.store.status != "found" or snapshot.store.problems:
        return
    runs = _by_directory(snapshot.comparison_on_demand.runs)
    looked_at = _looked_at(runs, snapshot.inputs.present)
    evidence = _evidence(snapshot, os.fspath(store), began_ns)
    if looked_at is None or evidence is None:
        return
    paths = None if runs.keys() == looked.directories else tuple(sorted(runs))
    digest = basis_digest(state, looked.directories, looked.odd, looked_at)
    at = basis_key(question, paths)
    was = decode(cache.get(KIND, at), KeptBasis)
    is_same = was is not None and was.digest == digest
    keys = {directory_key(question, path): path for path in runs}
    kept = kept_directories(cache, keys)
    for path, members in runs.items():
        last = kept.get(path)
        holds = is_same and last is not None and last.basis_key == at and last.basis == digest
        found = _directory(members, at, digest, last if holds else None)
        if found is not None:
            cache.put(KIND, directory_key(question, path), encode(found))
    known = was.evidence if was is not None and is_same else {}
    if not is_same or not known.keys() >= evidence.keys():
        cache.put(KIND, at, encode(KeptBasis(digest, paths, {**known, **evidence})))
    ancestors = ancestors_of(snapshot.project)
    around = KeptSurroundings(state, time.time_ns(), os.fspath(store), snapshot.inputs.store_name, ancestors)
    cache.put(KIND, key_of(question, "surroundings"), encode(around))
    cache.save()


def ancestors_of(project: Project) -> dict[str, tuple[str, ...]]:
    """Return of each class it and its ancestors."""
    return {info.name: (info.name, *info.order) for info in project.classes.values()}


def _by_directory(runs: Sequence[ComparedRun]) -> dict[str, list[ComparedRun]]:
    found: dict[str, list[ComparedRun]] = {}
    for run in runs:
        found.setdefault(run.run.path.rpartition("/")[0], []).append(run)
    return found


def _looked_at(
    directories: Mapping[str, Sequence[ComparedRun]], present: Present
) -> dict[str, tuple[bytes, object]] | None:
    found: dict[str, tuple[bytes, object]] = {}
    for path, members in directories.items():
        runs = [member.run for member in members]
        stamp = stamp_of_runs(runs)
        if stamp is None:
            return None
        live = [
            (index, attempt_verdict(run, present))
            for index, run in enumerate(runs)
            if isinstance(run, StoredRun) and run.is_active
        ]
        found[path] = (stamp, live)
    return found


def _evidence(snapshot: Snapshot, store: str, began_ns: int) -> dict[str, bytes] | None:
    """Effect: look. Return the marks of what was read of runs for their code; None where one is too young for that."""
    recorded = snapshot.inputs.recorded
    if recorded is None:
        return None
    found: dict[str, bytes] = {}
    for run in recorded():
        internal = f"{run.payload_path}/{run.dialect.internal_directory}"
        if internal not in found:
            mark = evidence_mark(store, internal)
            if not _is_older(directory_at(Path(store), internal), began_ns):
                return None
            found[internal] = mark
    return found


def _is_older(internal: Path, moment_ns: int) -> bool:
    for name in EVIDENCE_FILES:
        try:
            look = os.stat(f"{internal}/{name}")  # noqa: PTH116  of very many runs
        except OSError:
            continue
        if moment_ns - max(look.st_mtime_ns, look.st_ctime_ns) <= SETTLED_AFTER_NS:
            return False
    return True


def _directory(
    members: Sequence[ComparedRun], at: bytes, digest: bytes, last: KeptDirectory | None
) -> KeptDirectory | None:
    """Return what is to be kept of a directory's runs: what was known, with what was found; None for no news."""
    numbers = array(NUMBERS, bytes(4 * len(members)) if last is None else last.numbers)
    known: Judgements = {} if last is None else {each: number + 1 for number, each in enumerate(last.judgements)}
    alike: dict[object, int] = {}
    is_new = False
    for index, run in enumerate(members):
        if numbers[index] or not run.is_asked_about:
            continue
        # Very many runs share the very same reasons.
        key = (run.verdict, run.certainty, id(run.reasons), id(run.notes), run.is_referenced, run.dependencies)
        number = alike.get(key)
        if number is None:
            number = alike[key] = known.setdefault(_judgement(run), len(known) + 1)
        numbers[index] = number
        is_new = True
    return KeptDirectory(at, digest, numbers.tobytes(), tuple(known)) if is_new else None


def _judgement(run: ComparedRun) -> Judgement:
    return Judgement(
        verdict=run.verdict,
        certainty=run.certainty,
        reasons=tuple(map(_reason, run.reasons)),
        notes=tuple(map(_note, run.notes)),
        is_referenced=run.is_referenced,
        dependencies=tuple((key, str(via)) for key, via in run.dependencies),
    )


def _reason(reason: Reason) -> KeptReason:
    place = None if reason.place is None else KeptPlace(reason.place.file, reason.place.line)
    return KeptReason(reason.code, reason.message, reason.definition, place, reason.dependency, reason.certainty)


def _note(note: Note) -> KeptNote:
    return KeptNote(note.code, note.message)
