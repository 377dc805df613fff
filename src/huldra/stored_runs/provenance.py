"""What a run was made with, from its metadata record: commit, patch and environment. Pure; knows no disk."""

import re
from functools import lru_cache
from typing import Final

from huldra.stored_runs.model import Provenance, RunNote
from huldra.stored_runs.record_shapes import MetadataShape

# The library writes `<no-git>`, `<unavailable>`, `<ignored-diff>` and the like where it recorded nothing.
_PLACEHOLDER = re.compile(r"<[a-z-]+>")
PATCH_IGNORED: Final = "<ignored-diff>"
PATCH_BESIDE: Final = "<patch-beside>"
_PATCH_HEADER = re.compile(r"# === (?:unstaged|staged|untracked) =+")


def provenance_of(record: MetadataShape) -> Provenance:
    """Return what a metadata record says of code and environment."""
    return Provenance(
        commit=recorded_text(record.git_commit),
        branch=recorded_text(record.git_branch),
        remote=recorded_text(record.git_remote),
        submodules=tuple(sorted(record.git_submodules.items())) if record.git_submodules else (),
        recorded_at=record.timestamp,
        command=record.command,
        user=record.user,
        host=record.hostname,
        python_version=record.python_version,
        executable=record.executable,
        platform=record.platform,
        is_dirty=_is_dirty(record.git_patch),
    )


def provenance_notes(record: MetadataShape) -> tuple[RunNote, ...]:
    """Return what is missing for a comparison with the code the run was made with."""
    notes: list[RunNote] = []
    if recorded_text(record.git_commit) is None:
        notes.append(RunNote("commit-not-recorded", f"no commit was recorded: {record.git_commit or 'null'}"))
    if _is_dirty(record.git_patch) is None:
        notes.append(RunNote("patch-not-recorded", f"no patch was recorded: {record.git_patch or 'null'}"))
    return tuple(notes)


def patch_has_changes(patch: str) -> bool:
    """Return whether a recorded patch holds more than the headers of its three parts."""
    return any(line.strip() and not _PATCH_HEADER.fullmatch(line) for line in patch.splitlines())


@lru_cache(maxsize=16)  # asked twice of each run, and most patches are empty
def _is_dirty(patch: str | None) -> bool | None:
    recorded = recorded_text(patch)
    # Only a patch that is too long for metadata.json lies beside it.
    return patch_has_changes(recorded) if recorded is not None else True if patch == PATCH_BESIDE else None


def recorded_text(text: str | None) -> str | None:
    """Return what git said when the run was made; None where a placeholder stands for it."""
    return None if text is None or (text.startswith("<") and _PLACEHOLDER.fullmatch(text)) else text
