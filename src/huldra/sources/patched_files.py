"""The code of a commit with a recorded patch over it. That is only applied where nobody knows what comes of it."""

import hashlib
from collections.abc import Mapping
from functools import cached_property

from huldra.sources.code_files import AppliedPatch, Contents, FilesThen, KnownPatches, NoFilesThen, files_over
from huldra.sources.documents import Unreadable
from huldra.sources.git_objects import blob_id
from huldra.sources.patched_data import patched_data
from huldra.sources.patches import NotApplied, Patched, PatchedFiles, ReadFile, apply_patch
from huldra.sources.repository import CommitFiles, Repository


class _Patch:
    """A recorded patch, applied to a commit once somebody asks what it makes of files."""

    def __init__(self, repository: Repository, commit: str, patch: str) -> None:
        self._repository = repository
        self._commit = commit
        self._patch = patch

    @cached_property
    def onto(self) -> PatchedFiles:
        """What it is applied to."""
        prefix = self._repository.prefix
        return PatchedFiles(
            read=_reader(self._repository, self._commit),
            find=self._repository.content_beginning,
            concerns=lambda path: path.endswith(".py") and path.startswith(prefix),
            id_length=self._repository.id_length,
            below=prefix,
        )

    @cached_property
    def applied(self) -> Patched | NotApplied:
        """What it makes of the files that it changes."""
        return apply_patch(self._patch, self.onto)

    def contents(self, over: Mapping[str, str | None]) -> Contents:
        """Return what reads the commit, and what the patch puts over it."""
        new, below = frozenset(over.values()), self._repository.read_blob

        def read(identity: str) -> bytes | Unreadable:
            text = self._texts.get(identity) if identity in new else None
            return below(identity) if text is None else text

        return read

    @cached_property
    def _texts(self) -> Mapping[str, bytes]:
        applied = self.applied
        # It applied when it was found what it makes of the commit; objects may be lost since.
        files: Mapping[str, bytes | None] = applied.files if isinstance(applied, Patched) else {}
        return {blob_id(data, self._repository.id_length): data for data in files.values() if data is not None}


def patched_files(
    repository: Repository, commit: str, committed: CommitFiles, patch: str, patches: KnownPatches | None = None
) -> FilesThen | NoFilesThen:
    """Return the code of a commit with a recorded patch applied, or why it does not apply.

    Effect: asks git.

    Args:
        repository: The clone that has the commit.
        commit: Its id.
        committed: Its files.
        patch: What the working tree had otherwise.
        patches: What is known of patches; more is put in.
    """
    late = _Patch(repository, commit, patch)
    key = f"{repository.prefix}\0{commit}\0{hashlib.sha256(patch.encode(errors='surrogatepass')).hexdigest()}"
    found = None if patches is None else patches.get(key)
    others = repository.others_of(committed.tree)
    data = None if found is not None and found.is_code_only else patched_data(patch, late.onto, others)
    if found is None:
        applied = late.applied
        if isinstance(applied, NotApplied):
            message = f"the recorded patch does not apply to commit {commit[:12]}: {applied.reason}"
            return NoFilesThen("patch-does-not-apply", message)
        over = _changed(repository, committed, applied.files)
        found = AppliedPatch(over, tuple(applied.doubts), is_code_only=data is others)
        if patches is not None:
            patches.put(key, found)
    clean = FilesThen(committed.tree, committed.files, repository.read_blob, found.doubts, others=data or others)
    return files_over(clean, found.over, late.contents(found.over))


def _reader(repository: Repository, commit: str) -> ReadFile:
    def read(path: str) -> bytes | None:
        identity = repository.file_in(commit, path)
        data = None if identity is None else repository.read_blob(identity)
        return None if isinstance(data, Unreadable) else data

    return read


def _changed(
    repository: Repository, committed: CommitFiles, changed: Mapping[str, bytes | None]
) -> dict[str, str | None]:
    """Return what names the content of files that a patch has changed, links that lead to them included."""
    over: dict[str, str | None] = {}
    for path, data in changed.items():
        over[path.removeprefix(repository.prefix)] = None if data is None else blob_id(data, repository.id_length)
    links = committed.links.items()
    return over | {name: over[target] for name, target in links if name not in over and target in over}
