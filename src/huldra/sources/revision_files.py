"""The code of a commit, alone or with the changes that were recorded beside it. Reads objects, writes nothing."""

import hashlib
from collections.abc import Mapping

from huldra.sources.code_files import Contents, FilesThen, NoFilesThen
from huldra.sources.documents import Unreadable
from huldra.sources.git_objects import blob_id
from huldra.sources.patches import NotApplied, PatchedFiles, ReadFile, apply_patch
from huldra.sources.repository import CommitFiles, Repository


def commit_files(repository: Repository, commit: str, patch: str = "") -> FilesThen | NoFilesThen:
    """Return the code of a commit with a recorded patch applied.

    Effect: asks git.
    """
    committed = repository.files_of(commit)
    if isinstance(committed, NoFilesThen) or not patch:
        return committed if isinstance(committed, NoFilesThen) else _unchanged(repository, committed)
    prefix = repository.prefix

    def concerns(path: str) -> bool:
        return path.endswith(".py") and path.startswith(prefix)

    onto = PatchedFiles(
        read=_reader(repository, commit),
        find=repository.content_beginning,
        concerns=concerns,
        id_length=repository.id_length,
        below=prefix,
    )
    applied = apply_patch(patch, onto)
    if isinstance(applied, NotApplied):
        message = f"the recorded patch does not apply to commit {commit[:12]}: {applied.reason}"
        return NoFilesThen("patch-does-not-apply", message)
    changed = {path.removeprefix(prefix): data for path, data in applied.files.items()}
    return _changed(repository, committed, changed, applied.doubts)


def revision_files(repository: Repository, revision: str) -> FilesThen | NoFilesThen:
    """Return the code of the commit that a revision names: a branch, a tag, `HEAD~3`, a beginning of an id.

    Effect: asks git.
    """
    named = repository.commit_named(revision)
    return named if isinstance(named, NoFilesThen) else commit_files(repository, named)


def _unchanged(repository: Repository, committed: CommitFiles) -> FilesThen:
    return FilesThen(committed.tree, committed.files, repository.read_blob, follows_links=bool(committed.links))


def _reader(repository: Repository, commit: str) -> ReadFile:
    def read(path: str) -> bytes | None:
        identity = repository.file_in(commit, path)
        data = None if identity is None else repository.read_blob(identity)
        return None if isinstance(data, Unreadable) else data

    return read


def _changed(
    repository: Repository, committed: CommitFiles, changed: Mapping[str, bytes | None], doubts: tuple[str, ...]
) -> FilesThen:
    files, texts = dict(committed.files), dict[str, bytes]()
    for name, data in changed.items():
        files.pop(name, None)
        if data is not None:
            identity = blob_id(data, repository.id_length)
            files[name], texts[identity] = identity, data
    for name, target in committed.links.items():
        if name not in changed and target in changed:
            files.pop(name, None)
            if target in files:
                files[name] = files[target]
    if files == dict(committed.files):
        return FilesThen(committed.tree, committed.files, repository.read_blob, doubts)
    ordered = dict(sorted(files.items()))
    return FilesThen(files_identity(ordered), ordered, _over(texts, repository.read_blob), doubts)


def _over(texts: Mapping[str, bytes], below: Contents) -> Contents:
    def read(identity: str) -> bytes | Unreadable:
        data = texts.get(identity)
        return below(identity) if data is None else data

    return read


def files_identity(files: Mapping[str, str]) -> str:
    """Return what names a set of files: equal for equal names and contents."""
    listing = "".join(f"{identity} {name}\0" for name, identity in sorted(files.items()))
    return hashlib.sha256(listing.encode()).hexdigest()
