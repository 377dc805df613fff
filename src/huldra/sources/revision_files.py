"""The code of a commit, alone or with the changes that were recorded beside it. Reads objects, writes nothing."""

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from msgspec.structs import replace

from huldra.sources.code_files import Contents, FilesOver, FilesThen, NoFilesThen
from huldra.sources.documents import Unreadable
from huldra.sources.git_objects import blob_id
from huldra.sources.repository import CommitFiles, Repository

if TYPE_CHECKING:
    from huldra.sources.patches import ReadFile

_NO_COMMITS: Mapping[str, str] = MappingProxyType({})
_CHANGED_INSIDE = re.compile(
    r"^(\+Subproject commit [0-9a-f]+-dirty|Submodule .* contains (modified|untracked) content)$", re.MULTILINE
)
"""What git says of it by itself, and when it is told to show the submodule's own log or diff."""


def commit_files(
    repository: Repository, commit: str, patch: str = "", checked_out: Mapping[str, str] = _NO_COMMITS
) -> FilesThen | NoFilesThen:
    """Return the code of a commit with a recorded patch applied, and with that of its submodules.

    Effect: asks git.

    Args:
        repository: The clone that has the commit.
        commit: Its id.
        patch: What the working tree had otherwise.
        checked_out: The commits that submodules were at, by name, where it is known; else it is what the commit says.
    """
    committed = repository.files_of(commit)
    if isinstance(committed, NoFilesThen):
        return committed
    files = _patched(repository, commit, committed, patch) if patch else _unchanged(repository, committed)
    if isinstance(files, NoFilesThen) or not committed.submodules:
        return files
    commits = {
        name: checked_out.get(name) or checked_out.get(repository.prefix + name) or recorded
        for name, recorded in committed.submodules.items()
    }
    if _CHANGED_INSIDE.search(patch):
        doubt = "a submodule had uncommitted changes, which git records nothing of"
        files = replace(files, doubts=(*files.doubts, doubt))
    return with_submodules(repository, files, commits)


def with_submodules(repository: Repository, files: FilesThen, commits: Mapping[str, str]) -> FilesThen | NoFilesThen:
    """Return a state together with the code of its submodules at some commits, as far as they are checked out here.

    What is not checked out is not there today either.

    Effect: asks git.
    """
    added: dict[str, str] = {}
    follows_links = files.follows_links
    for name, commit in commits.items():
        inner = repository.submodule(name)
        below = None if inner is None else inner if isinstance(inner, NoFilesThen) else commit_files(inner, commit)
        if isinstance(below, NoFilesThen):
            return replace(below, message=f"in the submodule {name}: {below.message}")
        if below is not None:
            added |= {f"{name}/{file}": identity for file, identity in below.files.items()}
            follows_links = follows_links or below.follows_links
    if not added:
        return files
    together = dict(sorted({**files.files, **added}.items()))
    return replace(files, identity=files_identity(together), files=together, follows_links=follows_links)


def _patched(repository: Repository, commit: str, committed: CommitFiles, patch: str) -> FilesThen | NoFilesThen:
    from huldra.sources.patched_data import patched_data  # noqa: PLC0415  # many states have no patch
    from huldra.sources.patches import NotApplied, PatchedFiles, apply_patch  # noqa: PLC0415

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
    files = _changed(repository, committed, changed, applied.doubts)
    return replace(files, others=patched_data(patch, onto, files.others))


def revision_files(repository: Repository, revision: str) -> FilesThen | NoFilesThen:
    """Return the code of the commit that a revision names: a branch, a tag, `HEAD~3`, a beginning of an id.

    Effect: asks git.
    """
    named = repository.commit_named(revision)
    return named if isinstance(named, NoFilesThen) else commit_files(repository, named)


def _unchanged(repository: Repository, committed: CommitFiles) -> FilesThen:
    return FilesThen(
        committed.tree,
        committed.files,
        repository.read_blob,
        follows_links=bool(committed.links),
        others=repository.others_of(committed.tree),
        extensions=committed.extensions,
    )


def _reader(repository: Repository, commit: str) -> "ReadFile":
    def read(path: str) -> bytes | None:
        identity = repository.file_in(commit, path)
        data = None if identity is None else repository.read_blob(identity)
        return None if isinstance(data, Unreadable) else data

    return read


def _changed(
    repository: Repository, committed: CommitFiles, changed: Mapping[str, bytes | None], doubts: tuple[str, ...]
) -> FilesThen:
    over, texts = dict[str, str | None](), dict[str, bytes]()
    for name, data in changed.items():
        over[name] = None if data is None else blob_id(data, repository.id_length)
        if data is not None:
            texts[blob_id(data, repository.id_length)] = data
    for name, target in committed.links.items():
        if name not in changed and target in changed:
            over[name] = over[target]
    others = repository.others_of(committed.tree)
    clean = FilesThen(committed.tree, committed.files, repository.read_blob, doubts, others=others)
    return files_over(clean, over, _over(texts, repository.read_blob))


def _over(texts: Mapping[str, bytes], below: Contents) -> Contents:
    def read(identity: str) -> bytes | Unreadable:
        data = texts.get(identity)
        return below(identity) if data is None else data

    return read


def files_over(below: FilesThen, over: Mapping[str, str | None], contents: Contents) -> FilesThen:
    """Return a state in which some files are others; the very same where none differs. Its doubts are those below.

    Args:
        below: The state without them.
        over: What names the content of files instead; None of those that are gone.
        contents: From what names a content to its bytes, of both.
    """
    other = {name: identity for name, identity in over.items() if below.files.get(name) != identity}
    if not other:
        return below
    differences = "".join(f"{identity or 'gone'} {name}\0" for name, identity in sorted(other.items()))
    identity = hashlib.sha256(f"{below.identity}\0{differences}".encode(errors="surrogatepass")).hexdigest()
    return replace(below, identity=identity, files=FilesOver(below.files, other), contents=contents)


def files_identity(files: Mapping[str, str]) -> str:
    """Return what names a set of files: equal for equal names and contents."""
    listing = "".join(f"{identity} {name}\0" for name, identity in sorted(files.items()))
    return hashlib.sha256(listing.encode()).hexdigest()
