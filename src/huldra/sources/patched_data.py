"""The files of a commit that are no code, with a recorded patch applied, each by itself: a lost one harms no other."""

import hashlib
from collections.abc import Callable, Iterable
from functools import cache

from msgspec.structs import replace

from huldra.sources.code_files import OtherFiles
from huldra.sources.documents import Unreadable
from huldra.sources.patch_text import FileChange, parse_patch
from huldra.sources.patches import NotApplied, PatchedFiles, apply_patch

_CODE = ".py"


def patched_data(patch: str, onto: PatchedFiles, committed: OtherFiles) -> OtherFiles:
    """Return the files of a commit that are no code as a patch leaves them.

    Effect: the files that are returned ask git.

    Args:
        patch: The recorded patch.
        onto: What it is applied to; whether a path concerns us is not asked here.
        committed: The files of the commit below the project's root.
    """
    parts = parse_patch(patch)
    left_out = {path for part in parts for path in part.left_out if not path.endswith(_CODE)}
    changes = [change for part in parts for change in part.changes if not _is_code(change)]
    if not changes and not left_out:
        return committed
    below = onto.below
    changed = left_out | {path for change in changes for path in (change.old_path, change.new_path) if path is not None}

    def read(name: str) -> bytes | Unreadable | None:
        path = f"{below}{name}"
        # Git names untracked files from the directory of the process.
        if not changed & {path, name}:
            return committed.read(name)
        if left_out & {path, name}:
            return Unreadable("it was too large to be recorded with the run")
        applied = apply_patch(patch, replace(onto, concerns=path.__eq__))
        if isinstance(applied, NotApplied):
            return Unreadable(f"the recorded patch does not say what it held: {applied.reason}")
        # What is doubtful about other files is no doubt about this one.
        doubts = [doubt for doubt in applied.doubts if path in doubt]
        if doubts:
            return Unreadable(doubts[0])
        return applied.files[path] if path in applied.files else committed.read(name)

    def is_directory(name: str) -> bool:
        return committed.is_directory(name) or any(path.startswith((f"{below}{name}/", f"{name}/")) for path in changed)

    @cache
    def is_there(name: str) -> bool:
        return read(name) is not None

    def entries(name: str) -> Iterable[tuple[str, bool]]:
        inner = (path.removeprefix(below) for path in sorted(changed))
        return _with_changed(dict(committed.entries(name)), name, inner, is_there).items()

    said = repr((committed.identity, changes, sorted(left_out)))
    identity = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()
    lists_all = committed.lists_all and all(part.is_whole for part in parts)
    return OtherFiles(identity, read, is_directory, entries, lists_all)


def _with_changed(
    entries: dict[str, bool], directory: str, changed: Iterable[str], is_there: Callable[[str], bool]
) -> dict[str, bool]:
    """Return what lies in a directory once some files have changed, come or gone; of each whether it is a directory."""
    start = f"{directory}/" if directory else ""
    for name in changed:
        first, is_deeper, _ = name.removeprefix(start).partition("/")
        if not name.startswith(start):
            continue
        if is_deeper:
            entries[first] = True
        elif is_there(name):
            entries[first] = False
        else:
            entries.pop(first, None)
    return entries


def _is_code(change: FileChange) -> bool:
    return all(path is None or path.endswith(_CODE) for path in (change.old_path, change.new_path))
