"""The repository that the project lies in: the Python files of a commit, read from its objects. Never writes to it."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from msgspec import Struct

from huldra.sources.code_files import NoFilesThen, OtherFiles
from huldra.sources.code_rows import COMPILED_SUFFIXES
from huldra.sources.documents import Unreadable
from huldra.sources.git_commands import GitFault, ask_git
from huldra.sources.git_objects import SUBMODULE, SYMLINK, GitObject, ObjectReader, TreeEntry, link_target, parse_tree
from huldra.sources.known_tree import Below, KnownTree, ListedFiles

_COMMIT = re.compile(r"[0-9a-fA-F]{7,64}")


class CommitFiles(Struct, frozen=True):
    """The Python files of a commit below the project's root, by root-relative name, and what names them all.

    `links` says of those that are symlinks which files they lead to. `submodules` says which commits the directories
    of other repositories are at; their files are not among these.
    """

    tree: str
    files: Mapping[str, str]
    links: Mapping[str, str]
    submodules: Mapping[str, str] = {}
    extensions: tuple[str, ...] = ()


class Repository(Struct, frozen=True, eq=False):
    """A clone that the project lies in. `prefix` leads from its top to the project's root: empty, or ends in `/`.

    Trees are kept by id, so that a commit costs what differs from those read before it.
    """

    root: Path
    prefix: str
    is_shallow: bool
    git_directory: Path
    id_length: int
    objects: ObjectReader
    _tops: dict[str, str] = {}
    _trees: dict[str, tuple[TreeEntry, ...]] = {}
    _listings: dict[str, CommitFiles] = {}
    _submodules: dict[str, "Repository"] = {}
    _below: dict[tuple[str, str], Below] = {}
    _known: list[KnownTree] = []

    def close(self) -> None:
        """Effect: ends the git that reads objects."""
        self.objects.close()
        for inner in self._submodules.values():
            inner.close()

    def submodule(self, name: str) -> "Repository | NoFilesThen | None":
        """Return the repository of a submodule by its root-relative name; None if it is not checked out here.

        Effect: asks git.
        """
        if name not in self._submodules:
            place = self.root / name
            opened = open_repository(place) if os.path.lexists(place / ".git") else None
            if not isinstance(opened, Repository):
                return opened
            self._submodules[name] = opened
        return self._submodules[name]

    def files_of(self, commit: str) -> CommitFiles | NoFilesThen:
        """Return the Python files of a commit. Symlinks are followed inside the commit; submodules are only named.

        Effect: asks git.
        """
        try:
            tree = self._tree(commit)
            if isinstance(tree, NoFilesThen):
                return tree
            if tree not in self._listings:
                self._listings[tree] = self._list(tree)
        except _BrokenTreeError as error:
            return NoFilesThen("git-failed", f"commit {commit[:12]} cannot be read whole: {error}")
        return self._listings[tree]

    def know(self, commit: str, files: Mapping[str, str], extensions: Iterable[str]) -> None:
        """Take in which files a commit has, from whoever knows it without reading its trees.

        Effect: asks git for the name of its tree.

        Args:
            commit: The commit, in which no link leads to code, and which has no submodules.
            files: Its Python files with what names their contents, sorted.
            extensions: The files that tell of compiled modules.
        """
        try:
            tree = self._tree(commit)
        except _BrokenTreeError:
            return
        if isinstance(tree, str) and tree not in self._listings:
            self._listings[tree] = CommitFiles(tree, files, {}, {}, tuple(sorted(extensions)))
            self._known[:] = [KnownTree(tree, files, list(files), sorted(extensions))]

    def _tree(self, commit: str) -> str | NoFilesThen:
        """Return what names the tree of the project's root in a commit."""
        top = self._top_tree(commit)
        if isinstance(top, NoFilesThen) or not self.prefix:
            return top
        entry = self._entry(top, self.prefix.rstrip("/"))
        if entry is None or not entry.is_directory:
            message = f"the directory {self.prefix.rstrip('/')} is not in commit {commit[:12]}"
            return NoFilesThen("root-not-in-commit", message)
        return entry.id

    def lacks(self, commit: str) -> bool:
        """Return whether a commit is certainly none of the repository's.

        Effect: asks git.
        """
        found = self._top_tree(commit)
        return isinstance(found, NoFilesThen) and found.code == "commit-not-here"

    def file_in(self, commit: str, path: str) -> str | None:
        """Return the id of a file of a commit; `path` is from the top of the repository. Symlinks are not followed.

        Effect: asks git.
        """
        top = self._top_tree(commit)
        try:
            entry = None if isinstance(top, NoFilesThen) else self._entry(top, path)
        except _BrokenTreeError:
            return None
        return None if entry is None or entry.is_directory or entry.mode == SUBMODULE else entry.id

    def others_of(self, tree: str) -> OtherFiles:
        """Return the files of a directory of a commit that are no code, read when they are asked for.

        Effect: these ask git.
        """

        def read(name: str) -> bytes | Unreadable | None:
            entry = self._entry_or_none(tree, name)
            is_file = entry is not None and not entry.is_directory and entry.mode not in {SYMLINK, SUBMODULE}
            return self.read_blob(entry.id) if entry is not None and is_file else None

        def is_directory(name: str) -> bool:
            entry = self._entry_or_none(tree, name)
            return entry is not None and entry.is_directory

        def entries(name: str) -> Iterator[tuple[str, bool]]:
            try:
                entry = self._entry(tree, name) if name else None
                found = self._entries(tree if entry is None else entry.id) if entry is not None or not name else ()
            except _BrokenTreeError:
                return
            for inner in found:
                if inner.mode not in {SYMLINK, SUBMODULE}:
                    yield inner.name.decode("utf-8", "surrogateescape"), inner.is_directory

        return OtherFiles(tree, read, is_directory, entries)

    def _entry_or_none(self, tree: str, path: str) -> TreeEntry | None:
        try:
            return self._entry(tree, path)
        except _BrokenTreeError:
            return None

    def home_of(self, name: str, commit: str) -> "tuple[Repository, str, str]":
        """Return where the history of a file lies: the repository or a submodule, its name there, and the commit there.

        Effect: asks git.
        """
        files = self.files_of(commit)
        for directory, inner_commit in () if isinstance(files, NoFilesThen) else files.submodules.items():
            inner = self.submodule(directory) if name.startswith(f"{directory}/") else None
            if isinstance(inner, Repository):
                return inner.home_of(name.removeprefix(f"{directory}/"), inner_commit)
        return self, name, commit

    def read_blob(self, identity: str) -> bytes | Unreadable:
        """Return a blob's bytes, also one of a submodule that was asked for.

        Effect: asks git.
        """
        found = self.objects.read(identity)
        if found is None:
            inner = (repository.read_blob(identity) for repository in self._submodules.values())
            data = next((data for data in inner if not isinstance(data, Unreadable)), None)
            if data is not None:
                return data
        if isinstance(found, GitFault):
            return Unreadable(found.message)
        if found is None or found.type != "blob":
            return Unreadable(f"git has no content {identity[:12]}: the clone is partial or damaged")
        return found.data

    def commit_named(self, revision: str) -> str | NoFilesThen:
        """Return the commit that a revision names: a branch, a tag, `HEAD~3`, a beginning of an id.

        Effect: asks git.
        """
        # A word that begins with a dash would be an option.
        word = "" if revision.startswith("-") else f"{revision}^{{commit}}"
        said = ask_git(self.root, "rev-parse", "--verify", "--quiet", word)
        if not isinstance(said, GitFault):
            return said.decode("ascii").strip()
        if said.is_missing:
            return NoFilesThen("git-missing", said.message)
        hint = "; the clone is shallow: git fetch --unshallow" if self.is_shallow else ""
        return NoFilesThen("revision-unknown", f"{revision!r} names no commit in this clone{hint}")

    def _top_tree(self, commit: str) -> str | NoFilesThen:
        if not _COMMIT.fullmatch(commit):
            return NoFilesThen("commit-not-here", f"{commit[:80]!r} is not the name of a commit")
        known = self._tops.get(commit)
        if known is not None:
            return known
        found = self.objects.read(f"{commit}^{{tree}}")
        if isinstance(found, GitFault):
            return NoFilesThen("git-missing" if found.is_missing else "git-failed", found.message)
        if found is None:
            return self._absent(commit)
        self._keep(found)
        if len(commit) == self.id_length:  # the beginning of one may come to be that of several
            self._tops[commit] = found.id
        return found.id

    def _absent(self, commit: str) -> NoFilesThen:
        short = commit[:12]
        if self.is_shallow:
            message = f"commit {short} is not in this clone, which is shallow; fetch it: git fetch --unshallow"
            return NoFilesThen("shallow-clone", message)
        message = f"commit {short} is not in this clone; fetch it: git fetch origin {commit}"
        return NoFilesThen("commit-not-here", message)

    def _keep(self, tree: GitObject) -> tuple[TreeEntry, ...]:
        entries = self._trees.get(tree.id)
        if entries is None:
            entries = self._trees[tree.id] = parse_tree(tree)
        return entries

    def _entries(self, tree: str) -> tuple[TreeEntry, ...]:
        kept = self._trees.get(tree)
        if kept is not None:
            return kept
        found = self.objects.read(tree)
        if isinstance(found, GitObject) and found.type == "tree":
            return self._keep(found)
        raise _BrokenTreeError(found.message if isinstance(found, GitFault) else f"tree {tree[:12]} is missing")

    def _entry(self, tree: str, path: str) -> TreeEntry | None:
        entry: TreeEntry | None = None
        for part in path.encode("utf-8", "surrogateescape").split(b"/"):
            if entry is not None and not entry.is_directory:
                return None
            entries = self._entries(tree if entry is None else entry.id)
            entry = next((found for found in entries if found.name == part), None)
            if entry is None:
                return None
        return entry

    def _list(self, tree: str) -> CommitFiles:
        below = self._found_below(tree, "", next((known.tree for known in self._known), None))
        links, linked = dict[str, str](), dict[str, str]()
        find = partial(self._entry, tree)
        for name, entry in below.links:
            target = link_target(name, entry, find, self.link_text)
            if target is not None:
                links[name], linked[name] = target
        files = ListedFiles(below, linked)
        return CommitFiles(tree, files, links, below.submodules, tuple(sorted(below.extensions)))

    def _found_below(self, tree: str, prefix: str, known: str | None) -> Below:
        """Return what lies below a directory; most directories are the same in one commit after another.

        `known` is the directory of that name in the commit of which all is known.
        """
        found = self._below.get((tree, prefix))
        if found is not None:
            return found
        if tree == known:
            found = self._below[tree, prefix] = self._known[0].below(prefix)
            return found
        beside = {} if known is None else {entry.name: entry.id for entry in self._entries(known) if entry.is_directory}
        found = Below({}, {}, [], {}, [])
        for entry in self._entries(tree):
            try:
                name = prefix + entry.name.decode()
            except UnicodeDecodeError:
                continue  # nothing can import it
            if entry.is_directory:
                inner = self._found_below(entry.id, f"{name}/", beside.get(entry.name))
                found.inner[name.rpartition("/")[2]] = inner
                found.links.extend(inner.links)
                found.submodules.update(inner.submodules)
                found.extensions.extend(inner.extensions)
            elif entry.mode == SUBMODULE:
                found.submodules[name] = entry.id
            elif name.endswith(".py") and entry.mode == SYMLINK:
                found.links.append((name, entry))
            elif name.endswith(".py"):
                found.files[name] = entry.id
            elif name.endswith(COMPILED_SUFFIXES):
                found.extensions.append(name)
        self._below[tree, prefix] = found
        return found

    def content_beginning(self, beginning: str) -> bytes | None:
        """Return the bytes of the one blob whose id begins so; None if there is none, or more than one.

        Effect: asks git.
        """
        found = self.objects.read(f"{beginning}^{{blob}}")
        return found.data if isinstance(found, GitObject) and found.type == "blob" else None

    def link_text(self, identity: str) -> bytes | None:
        """Return what a symlink says.

        Effect: asks git.
        """
        data = self.read_blob(identity)
        return None if isinstance(data, Unreadable) else data


class _BrokenTreeError(Exception):
    """A tree that a commit names is not in the repository."""


def open_repository(root: Path) -> Repository | NoFilesThen:
    """Return the repository that a directory lies in, or why there is none. The repository is not written to.

    Effect: asks git.
    """
    said = ask_git(
        root,
        "rev-parse",
        *("--is-inside-work-tree", "--is-shallow-repository", "--show-object-format", "--absolute-git-dir"),
        "--show-prefix",
    )
    if isinstance(said, GitFault):
        return _no_repository(root, said)
    lines = said.decode("utf-8", "surrogateescape").split("\n")
    if lines[0] != "true" or len(lines) < 5:
        return NoFilesThen("no-repository", f"{root} does not lie in the working tree of a git repository")
    _, shallow, object_format, directory, prefix = lines[:5]
    return Repository(
        root=root,
        prefix=prefix,
        is_shallow=shallow == "true",
        git_directory=Path(directory),
        id_length=64 if object_format == "sha256" else 40,
        objects=ObjectReader(root),
    )


def _no_repository(root: Path, fault: GitFault) -> NoFilesThen:
    if fault.is_missing:
        return NoFilesThen("git-missing", fault.message)
    if "dubious ownership" in fault.message:
        message = f"git does not trust the repository of {root}, which belongs to somebody else"
        return NoFilesThen("no-repository", f"{message}; trust it: git config --global --add safe.directory {root}")
    if "not a git repository" in fault.message:
        return NoFilesThen("no-repository", f"{root} does not lie in a git repository")
    return NoFilesThen("no-repository", f"git cannot read the repository of {root}: {fault.message}")
