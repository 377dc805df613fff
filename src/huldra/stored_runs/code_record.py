"""What one run recorded of its code: commit, patch, sources. Read when it is asked for, since patches can be long."""

import gzip
import hashlib
import os
import zlib
from pathlib import Path

from msgspec import Struct

from huldra.formats import layout
from huldra.formats.loaded_sources import LoadedSources
from huldra.stored_runs.model import StoredRun
from huldra.stored_runs.provenance import PATCH_BESIDE, PATCH_IGNORED, recorded_text
from huldra.stored_runs.record_files import Damaged, read_bytes
from huldra.stored_runs.record_shapes import MetadataShape, Refusal, decode_sources, metadata_decoder

_SOURCES = os.fspath(layout.sources_file(Path()))
_LARGEST_COPY = 100 * 1024 * 1024


class CodeRecord(Struct, frozen=True):
    """What a run recorded of its code. No patch: `patch_missing` says why, and what that leaves open.

    `damage` names a file that is there and cannot be used.
    """

    commit: str | None = None
    patch: str | None = None
    patch_missing: str | None = None
    sources: LoadedSources | None = None
    damage: Damaged | None = None


def clean_commit(run: StoredRun) -> str | None:
    """Return the commit that is all of the code that a run was made with; None where more or less was recorded.

    Submodules are more: git may have been told not to look at what they are at.
    """
    made = run.provenance
    if made is None or made.is_dirty is not False or run.has_sources or run.payload_path != run.path or made.submodules:
        return None
    return made.commit


def read_code_record(store: Path, run: StoredRun) -> CodeRecord:
    """Return what a run recorded of the code it was made with.

    Effect: reads metadata.json, git.patch and sources.json.
    """
    payload = layout.directory_at(store, run.payload_path) if run.store else f"{store}/{run.payload_path}"
    place = f"{payload}/{run.dialect.internal_directory}"  # asked of very many runs
    is_elsewhere = run.payload_path != run.path
    sources = _read_sources(f"{place}/{_SOURCES}") if run.has_sources or is_elsewhere else None
    if isinstance(sources, Damaged):
        return CodeRecord(damage=sources)
    if not is_elsewhere and run.provenance is not None and run.provenance.is_dirty is False:
        return CodeRecord(run.provenance.commit, "", sources=sources)  # what is known needs no second reading
    internal = Path(place)
    metadata = _read_metadata(layout.metadata_file(internal), run.dialect.metadata_prefix)
    if isinstance(metadata, Damaged):
        return CodeRecord(sources=sources, damage=metadata)
    if metadata is None:
        return CodeRecord(sources=sources, patch_missing="metadata.json is missing")
    commit = recorded_text(metadata.git_commit)
    if metadata.git_patch == PATCH_BESIDE:
        patch = read_bytes(layout.patch_file(internal))
        if isinstance(patch, bytes):
            return CodeRecord(commit, patch.decode(errors="replace"), sources=sources)
        damage = patch or Damaged(
            layout.patch_file(internal).name, "is missing, and metadata.json says that it is there"
        )
        return CodeRecord(commit, sources=sources, damage=damage)
    recorded = recorded_text(metadata.git_patch)
    return CodeRecord(commit, recorded, None if recorded is not None else _why_no_patch(metadata.git_patch), sources)


def _read_metadata(path: Path, prefix: str) -> MetadataShape | Damaged | None:
    data = read_bytes(path)
    if not isinstance(data, bytes):
        return data
    try:
        return metadata_decoder(prefix)(data)
    except Refusal:
        from huldra.stored_runs.strict_records import strict_metadata  # noqa: PLC0415  # slow, and rarely needed

        found = strict_metadata(os.fspath(path), data, prefix)
        return found if isinstance(found, Damaged) else found[0]


def _read_sources(path: str) -> LoadedSources | Damaged | None:
    data = read_bytes(path)
    if not isinstance(data, bytes):
        return data
    try:
        return decode_sources(data)
    except Refusal:
        from huldra.stored_runs.strict_records import strict_sources  # noqa: PLC0415  # slow, and rarely needed

        return strict_sources(path, data)


def _why_no_patch(said: str | None) -> str:
    if said == PATCH_IGNORED:
        return "the run was told to record no diff, so its working tree may have differed from its commit"
    return f"no diff was recorded ({said or 'null'}), so the working tree may have differed from the commit"


def read_source_copy(store: Path, content_hash: str) -> bytes | Damaged:
    """Return the bytes of a recorded source file, checked against their SHA-256.

    Effect: reads one file of the store.
    """
    path = layout.source_text_file(store, content_hash)
    packed = read_bytes(path)
    if packed is None:
        return Damaged(path.name, "the store keeps no copy of it")
    if isinstance(packed, Damaged):
        return packed
    try:
        data = zlib.decompressobj(wbits=31).decompress(packed, _LARGEST_COPY)
    except (zlib.error, gzip.BadGzipFile) as error:
        return Damaged(path.name, f"is not gzip: {error}")
    if hashlib.sha256(data).hexdigest() != content_hash:
        return Damaged(path.name, "does not hold what its name says")
    return data
