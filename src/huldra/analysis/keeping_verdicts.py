"""Writes down the verdicts that were found, for the next process. What they follow from is in `kept_verdicts`."""

import os
import time
from array import array
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from msgspec import structs

from huldra.analysis.data_content import DataNow
from huldra.analysis.disk_cache import DiskCache
from huldra.analysis.kept_verdicts import (
    EVIDENCE_FILES,
    KIND,
    NUMBERS,
    Judgement,
    KeptDirectory,
    KeptNote,
    KeptPlace,
    KeptReason,
    KeptSurroundings,
    decode,
    directory_key,
    encode,
    evidence_mark,
    imprint_of,
    kept_directories,
    key_of,
    surroundings_digest,
)
from huldra.analysis.resting import Resting, classes_followed_from, resting_of
from huldra.analysis.snapshot import Snapshot
from huldra.comparison.model import ComparedRun, Note, Reason
from huldra.formats.layout import directory_at
from huldra.project.link import Project
from huldra.sources.path_rows import rows_hold
from huldra.stored_runs.index.marks import SETTLED_AFTER_NS
from huldra.stored_runs.index.part import classes_held
from huldra.stored_runs.index.unchanged import stamp_of_runs
from huldra.stored_runs.liveness import Present, attempt_verdict
from huldra.stored_runs.model import StoredRun, UnreadableRun

_EDITION_BYTES = 8
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
    surroundings = _surroundings(snapshot, cache, question, state, store, began_ns)
    if surroundings is None:
        return
    around = surroundings_digest(surroundings.basis, looked.directories, looked.odd)
    imprints = _imprints(runs, around, snapshot.inputs.present)
    evidence = _evidence(snapshot, os.fspath(store), began_ns)
    if imprints is None or evidence is None:
        return
    last = kept_directories(cache, {directory_key(question, path): path for path in runs})
    grounds = {path: _ground(imprints[path], evidence.get(path, {}), last.get(path)) for path in runs}
    rests_on = _rests_on(runs, looked.odd, resting_of(snapshot.experiments))
    shelves = _found(runs, grounds, rests_on, last)
    if _rows_beside(snapshot, began_ns) is None:
        return
    for path, found in shelves.items():
        cache.put(KIND, directory_key(question, path), encode(found))
    cache.put(KIND, key_of(question, "surroundings"), encode(surroundings))
    cache.save()


def _surroundings(
    snapshot: Snapshot, cache: DiskCache, question: bytes, state: bytes, store: Path, began_ns: int
) -> KeptSurroundings | None:
    """Return what all verdicts have in common, those included that were kept before if they still hold.

    Effect: looks at the files that these followed from.
    """
    data, root = snapshot.inputs.data, os.fspath(cache.root)
    rows = data.rows(began_ns - SETTLED_AFTER_NS) if isinstance(data, DataNow) else {}
    beside = _rows_beside(snapshot, began_ns)
    if rows is None or beside is None:
        return None
    rows |= beside
    known = decode(cache.get(KIND, key_of(question, "surroundings")), KeptSurroundings)
    edition = os.urandom(_EDITION_BYTES)
    if known is not None and known.state == state and rows_hold(root, known.data) and rows_hold(root, rows):
        rows, edition = {**known.data, **rows}, known.edition
    name, ancestors = snapshot.inputs.store_name, ancestors_of(snapshot.project)
    return KeptSurroundings(state, time.time_ns(), os.fspath(store), name, ancestors, rows, edition)


def _rows_beside(snapshot: Snapshot, began_ns: int) -> Mapping[str, str] | None:
    """Return what says that nothing beside the project counts; None where what lies there does."""
    neighbours = snapshot.inputs.neighbours
    return {} if neighbours is None else neighbours.rows(began_ns - SETTLED_AFTER_NS)


def ancestors_of(project: Project) -> dict[str, tuple[str, ...]]:
    """Return of each class it and its ancestors."""
    return {info.name: (info.name, *info.order) for info in project.classes.values()}


def _by_directory(runs: Sequence[ComparedRun]) -> dict[str, list[ComparedRun]]:
    found: dict[str, list[ComparedRun]] = {}
    for run in runs:
        found.setdefault(_directory_of(run.run), []).append(run)
    return found


def _directory_of(run: StoredRun | UnreadableRun) -> str:
    return run.path.rpartition("/")[0]


def _imprints(
    directories: Mapping[str, Sequence[ComparedRun]], around: bytes, present: Present
) -> dict[str, bytes] | None:
    found: dict[str, bytes] = {}
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
        found[path] = imprint_of(around, stamp, live)
    return found


def _evidence(snapshot: Snapshot, store: str, began_ns: int) -> dict[str, dict[str, bytes]] | None:
    """Effect: look. Return the marks of what was read of runs for their code, by directory of the runs.

    None where one is too young for that.
    """
    recorded = snapshot.inputs.recorded
    if recorded is None:
        return None
    found: dict[str, dict[str, bytes]] = {}
    for run in recorded():
        marks = found.setdefault(_directory_of(run), {})
        internal = f"{run.payload_path}/{run.dialect.internal_directory}"
        if internal not in marks:
            marks[internal] = evidence_mark(store, internal)
            if not _is_older(directory_at(Path(store), internal), began_ns):
                return None
    return found


def _ground(imprint: bytes, evidence: Mapping[str, bytes], last: KeptDirectory | None) -> KeptDirectory:
    """Return a directory with all that it adds to what verdicts follow from: what was kept of it, if that holds."""
    holds = (
        last is not None
        and last.imprint == imprint
        and all(last.evidence.get(internal, mark) == mark for internal, mark in evidence.items())
    )
    if last is None or not holds:
        return KeptDirectory(imprint, os.urandom(_EDITION_BYTES), dict(evidence), {}, b"", ())
    return structs.replace(last, evidence={**last.evidence, **evidence})


def _rests_on(
    directories: Mapping[str, Sequence[ComparedRun]], odd: Collection[str], resting: Resting
) -> dict[str, Collection[str]]:
    """Return of each directory the others that its runs' verdicts follow from."""
    classes = {path: members[0].run.class_name for path, members in directories.items()}
    paths: dict[str, set[str]] = {}
    held: dict[str, set[str]] = {}
    for path, name in classes.items():
        names = classes_held(member.run for member in directories[path])
        if names is None:
            return {each: directories.keys() - {each} for each in directories}
        paths.setdefault(name, set()).add(path)
        held.setdefault(name, set()).update(names)
    followed = classes_followed_from(resting, held, [classes[path] for path in odd if path in classes])
    beside = {name: set[str]().union(*(paths.get(each, ()) for each in names)) for name, names in followed.items()}
    return {path: beside[name] - {path} for path, name in classes.items()}


def _found(
    directories: Mapping[str, Sequence[ComparedRun]],
    grounds: Mapping[str, KeptDirectory],
    rests_on: Mapping[str, Collection[str]],
    last: Mapping[str, KeptDirectory],
) -> dict[str, KeptDirectory]:
    """Return what is news of the directories: judgements, and what these follow from."""
    found: dict[str, KeptDirectory] = {}
    for path, members in directories.items():
        beside = {other: (grounds[other].imprint, grounds[other].edition) for other in rests_on[path]}
        ground = grounds[path]
        if ground.rests_on != beside:
            ground = structs.replace(ground, rests_on=beside, numbers=b"", judgements=())
        judged = _judged(members, ground)
        if judged is not None:
            found[path] = judged
    needed = set(found).union(*(each.rests_on for each in found.values()))
    # What is kept already need not be written; what was kept and holds no longer must not stay.
    others = ((path, ground) for path, ground in grounds.items() if path not in found and ground != last.get(path))
    return found | {path: ground for path, ground in others if path in needed or path in last}


def _is_older(internal: Path, moment_ns: int) -> bool:
    for name in EVIDENCE_FILES:
        try:
            look = os.stat(f"{internal}/{name}")  # noqa: PTH116  of very many runs
        except OSError:
            continue
        if moment_ns - max(look.st_mtime_ns, look.st_ctime_ns) <= SETTLED_AFTER_NS:
            return False
    return True


def _judged(members: Sequence[ComparedRun], ground: KeptDirectory) -> KeptDirectory | None:
    """Return a directory's runs with what was known of them, and what was found; None for no news."""
    numbers = array(NUMBERS, ground.numbers or bytes(4 * len(members)))
    known: Judgements = {each: number + 1 for number, each in enumerate(ground.judgements)}
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
    return structs.replace(ground, numbers=numbers.tobytes(), judgements=tuple(known)) if is_new else None


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
