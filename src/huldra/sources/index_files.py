"""The code as it is staged: what a commit made now would hold. Reads the index and writes nothing."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from msgspec import Struct

from huldra.formats.globbing import Entries, entries_of
from huldra.sources.code_files import FilesThen, NoFilesThen, OtherFiles, files_identity
from huldra.sources.code_rows import COMPILED_SUFFIXES
from huldra.sources.documents import Unreadable
from huldra.sources.git_commands import GitFault, ask_git, index_of_hook
from huldra.sources.git_objects import SUBMODULE, SYMLINK, TreeEntry, blob_id, link_target
from huldra.sources.repository import Repository
from huldra.sources.revision_files import with_submodules

_STAGED, _OURS = "0", "2"
_REGULAR = ("100644", "100755")
_DIFFERENCE = ("diff-index", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--relative")


class Index(Struct, frozen=True):
    """The index as git lists it.

    `entries` are `MODE ID STAGE` by name, of each file one; `merging` are the Python files that are being merged,
    `environment` says of which index it is.
    """

    identity: str
    entries: Mapping[str, str]
    merging: tuple[str, ...]
    is_merging: bool
    environment: Mapping[str, str]

    def entry(self, name: str) -> TreeEntry | None:
        """Return what the index has by a name."""
        words = self.entries.get(name)
        return None if words is None else TreeEntry(_mode(words), name.encode(), _id(words))


def _mode(words: str) -> str:
    return words[:6]


def _id(words: str) -> str:
    return words[7:-2]


def read_index(repository: Repository) -> Index | NoFilesThen:
    """Return the index. Where a merge is not settled, our side of a file is taken.

    Effect: asks git.
    """
    extra = index_of_hook(repository.git_directory)
    said = ask_git(repository.root, "ls-files", "--stage", "-z", extra=extra)
    if isinstance(said, GitFault):
        code = "git-missing" if said.is_missing else "git-failed"
        return NoFilesThen(code, f"the index cannot be read: {said.message}")
    entries: dict[str, str] = {}
    merging: dict[str, None] = {}
    is_merging = False
    for row in _decoded(said):
        words, tab, name = row.partition("\t")
        if not tab:
            continue
        stage = words[-1]
        if stage == _STAGED:
            entries[name] = words
            continue
        if stage == _OURS:
            entries[name] = words
        is_merging = True
        if name.endswith(".py"):
            merging[name] = None
    return Index(hashlib.sha256(said).hexdigest(), entries, tuple(merging), is_merging, extra)


def _decoded(said: bytes) -> Iterator[str]:
    """Yield rows; those with a name that is no text are left out, for nothing can import it."""
    try:
        yield from said.decode().split("\0")
    except UnicodeDecodeError:
        for row in said.split(b"\0"):
            with suppress(UnicodeDecodeError):
                yield row.decode()


def index_files(repository: Repository, index: Index | None = None) -> FilesThen | NoFilesThen:
    """Return the staged code. Where a merge is not settled, our side of a file is taken, and that is a doubt.

    Effect: asks git.

    Args:
        repository: The repository.
        index: Its index, if that has been read.
    """
    read = index or read_index(repository)
    if isinstance(read, NoFilesThen):
        return read
    entries = read.entries
    doubts = tuple(f"{name} is being merged: our side of it was read" for name in read.merging)
    files = dict(_python_files(repository, read))
    for name in _only_announced(repository, files, read.environment):
        del files[name]
    follows_links = any(words.startswith(SYMLINK) and name.endswith(".py") for name, words in entries.items())
    built = tuple(name for name in entries if name.endswith(COMPILED_SUFFIXES))
    identity = files_identity(files)
    others = _others(repository, read)
    staged = FilesThen(identity, files, repository.read_blob, doubts, follows_links, others, built)
    submodules = {name: _id(words) for name, words in entries.items() if words.startswith(SUBMODULE)}
    return with_submodules(repository, staged, submodules)


def know_commit(repository: Repository, commit: str, index: Index) -> None:
    """Tell a repository which files a commit has, by what the index holds otherwise, where that can be told.

    To read all directories of a large commit takes many times as long.

    Effect: asks git.
    """
    if index.is_merging:
        return
    words = (*_DIFFERENCE, "--ita-visible-in-index", "--ignore-submodules=none", commit)
    said = ask_git(repository.root, *words, extra=index.environment)
    if isinstance(said, GitFault):
        return
    entries, parts = dict(index.entries), said.split(b"\0")
    for row, path in zip(parts[:-1:2], parts[1::2], strict=False):
        mode, _, identity, _, status = row.decode("ascii").removeprefix(":").split(" ")
        if status not in {"A", "D", "M", "T"}:
            return
        try:
            name = path.decode()
        except UnicodeDecodeError:
            continue  # nothing can import it
        if status == "A":
            entries.pop(name, None)
        else:
            entries[name] = f"{mode} {identity} {_STAGED}"
    code = {name: words for name, words in entries.items() if name.endswith(".py")}
    if any(words.startswith(SUBMODULE) for words in entries.values()):
        return
    if not all(words.startswith(_REGULAR) for words in code.values()):
        return
    files = {name: code[name][7:-2] for name in sorted(code)}
    repository.know(commit, files, [name for name in entries if name.endswith(COMPILED_SUFFIXES)])


def _python_files(repository: Repository, index: Index) -> Iterator[tuple[str, str]]:
    entries = index.entries
    for name in sorted(name for name in entries if name.endswith(".py")):
        words = entries[name]
        if words.startswith(_REGULAR):
            yield name, words[7:-2]
            continue
        entry = index.entry(name)
        if entry is None or entry.mode == SUBMODULE:
            continue
        if entry.mode != SYMLINK:
            yield name, entry.id
        elif (target := link_target(name, entry, index.entry, repository.link_text)) is not None:
            yield name, target[1]


def _others(repository: Repository, index: Index) -> OtherFiles:
    """Return the staged files that are no code."""
    entries = index.entries

    def read(name: str) -> bytes | Unreadable | None:
        entry = index.entry(name)
        return None if entry is None or entry.mode in {SYMLINK, SUBMODULE} else repository.read_blob(entry.id)

    directories: set[str] = set()  # both made when they are first asked for
    below: list[Entries] = []

    def is_directory(name: str) -> bool:
        if not directories:
            directories.update(each[:at] for each in entries for at in range(len(each)) if each[at] == "/")
        return name in directories

    def inside(directory: str) -> Iterable[tuple[str, bool]]:
        if not below:
            below.append(entries_of(name for name, w in entries.items() if _mode(w) not in {SYMLINK, SUBMODULE}))
        return below[0](directory)

    return OtherFiles(index.identity, read, is_directory, inside)


def _only_announced(repository: Repository, files: dict[str, str], extra: Mapping[str, str]) -> set[str]:
    """Return the files of which only the name is in the index (`git add --intent-to-add`), looking like empty ones."""
    nothing = blob_id(b"", repository.id_length)
    empty = {name for name, identity in files.items() if identity == nothing}
    committed = repository.commit_named("HEAD") if empty else None
    if committed is None or isinstance(committed, NoFilesThen):
        return set()
    known = repository.files_of(committed)
    new = empty if isinstance(known, NoFilesThen) else empty.difference(known.files)
    if not new:
        return set()
    words = ("diff-index", "--cached", "--name-only", "-z", "--no-renames", "--relative", "--ita-invisible-in-index")
    said = ask_git(repository.root, *words, committed, extra=extra)
    if isinstance(said, GitFault):
        return set()
    return new.difference(name.decode("utf-8", "surrogateescape") for name in said.split(b"\0"))
