"""Experiments as entries of a manifest, and the entries of manifests as they were understood. Writes no file."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from huldra.analysis.snapshot import Snapshot
from huldra.experiments.discover import discover_experiments
from huldra.experiments.model import ManifestEntry
from huldra.formats.json_values import JsonObject, JsonValue, readable_json
from huldra.formats.manifest_values import NotWritableError, manifest_config
from huldra.formats.names import short_name
from huldra.project.problems import Problem

_FILE = "manifest.json"


class Candidate(Struct, frozen=True):
    """What an entry would hold, and the experiment (`class/hash`) that it has to stand for."""

    key: str
    fields: JsonObject


class Refusal(Struct, frozen=True):
    """An experiment that a manifest cannot hold, and why."""

    key: str
    reason: str


class Entries(Struct, frozen=True):
    """Entries that certainly stand for their experiments, and what could not be made one."""

    written: tuple[JsonObject, ...]
    refused: tuple[Refusal, ...]


class CheckedEntry(Struct, frozen=True):
    """An entry of a manifest and the verdict of its run; None where its experiment is not known."""

    entry: ManifestEntry
    verdict: str | None


def code_entries(snapshot: Snapshot, keys: Iterable[str]) -> Entries:
    """Return experiments that the code builds as entries."""
    candidates: list[Candidate] = []
    refused: list[Refusal] = []
    for key in keys:
        try:
            fields = manifest_config(snapshot.experiments.by_key[key].config)
        except NotWritableError as error:
            refused.append(Refusal(key, str(error)))
        else:
            candidates.append(Candidate(key, fields))
    found = checked_entries(snapshot, candidates)
    return Entries(found.written, (*refused, *found.refused))


def checked_entries(snapshot: Snapshot, candidates: Sequence[Candidate], taken: Collection[str | None] = ()) -> Entries:
    """Return candidates as entries; those that would stand for another experiment are refused.

    Args:
        snapshot: The code.
        candidates: What entries would hold.
        taken: Names that others have in the file that they are for.
    """
    entries = [_entry(candidate, taken) for candidate in candidates]
    text = manifest_text({"experiments": entries})
    found = discover_experiments(snapshot.project, snapshot.inputs.limits, {_FILE: text})
    written: list[JsonObject] = []
    refused: list[Refusal] = []
    for candidate, entry, understood in zip(candidates, entries, found.manifest, strict=True):
        if understood.key == candidate.key:
            written.append(entry)
            continue
        said = [p.message for p in found.problems if p.place.file == _FILE and _is_inside(p, understood)]
        other = f"it would be {understood.key}" if understood.key else "its hash would not be known"
        refused.append(Refusal(candidate.key, said[0] if said else f"built from its fields {other}"))
    return Entries(tuple(written), tuple(refused))


def entries_of(snapshot: Snapshot, document: JsonValue) -> tuple[ManifestEntry, ...]:
    """Return what the entries of a manifest are understood to be; the settings need not name it."""
    texts = {_FILE: manifest_text(document)}
    return discover_experiments(snapshot.project, snapshot.inputs.limits, texts).manifest


def _entry(candidate: Candidate, taken: Collection[str | None]) -> JsonObject:
    class_name, _, digest = candidate.key.rpartition("/")
    name = f"{short_name(class_name)}-{digest[:8]}"
    if name in taken:
        name = f"{short_name(class_name)}-{digest}"
    return {"name": name, "class": class_name, "config": candidate.fields}


def _is_inside(problem: Problem, entry: ManifestEntry) -> bool:
    return entry.place.line <= problem.place.line <= entry.place.end_line


def manifest_text(document: JsonValue) -> str:
    """Return a manifest as it is written: indented, with the characters that people wrote."""
    return f"{readable_json(document, indent=2)}\n"


def understood_entries(snapshot: Snapshot, verdicts: Mapping[str, str]) -> tuple[CheckedEntry, ...]:
    """Return the entries of all manifests with the verdicts of their runs."""
    return tuple(
        CheckedEntry(entry, None if entry.key is None else verdicts.get(entry.key, "missing"))
        for entry in snapshot.experiments.manifest
    )
