"""The code of a commit, alone or with the changes that were recorded beside it. Reads objects, writes nothing."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from msgspec.structs import replace

from huldra.sources.code_files import FilesThen, KnownPatches, NoFilesThen, files_identity
from huldra.sources.repository import CommitFiles, Repository

_NO_COMMITS: Mapping[str, str] = MappingProxyType({})
_CHANGED_INSIDE = re.compile(
    r"^(\+Subproject commit [0-9a-f]+-dirty|Submodule .* contains (modified|untracked) content)$", re.MULTILINE
)
"""What git says of it by itself, and when it is told to show the submodule's own log or diff."""


def commit_files(
    repository: Repository,
    commit: str,
    patch: str = "",
    checked_out: Mapping[str, str] = _NO_COMMITS,
    patches: KnownPatches | None = None,
) -> FilesThen | NoFilesThen:
    """Return the code of a commit with a recorded patch applied, and with that of its submodules.

    Effect: asks git.

    Args:
        repository: The clone that has the commit.
        commit: Its id.
        patch: What the working tree had otherwise.
        checked_out: The commits that submodules were at, by name, where it is known; else it is what the commit says.
        patches: What is known of patches; more is put in.
    """
    committed = repository.files_of(commit)
    if isinstance(committed, NoFilesThen):
        return committed
    if patch:
        from huldra.sources.patched_files import patched_files  # noqa: PLC0415  # many states have no patch

        files = patched_files(repository, commit, committed, patch, patches)
    else:
        files = _unchanged(repository, committed)
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
