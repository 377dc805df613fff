"""The code as it is staged: what a commit made now would hold. Reads the index and writes nothing."""

import hashlib
from collections.abc import Iterable, Iterator

from huldra.formats.globbing import Entries, entries_of
from huldra.sources.code_files import FilesThen, NoFilesThen, OtherFiles
from huldra.sources.disk_state import COMPILED_SUFFIXES
from huldra.sources.documents import Unreadable
from huldra.sources.git_commands import GitFault, ask_git, index_of_hook
from huldra.sources.git_objects import SUBMODULE, SYMLINK, TreeEntry, blob_id, link_target
from huldra.sources.repository import Repository
from huldra.sources.revision_files import files_identity, with_submodules

_STAGED, _OURS = b"0", b"2"


def index_files(repository: Repository) -> FilesThen | NoFilesThen:
    """Return the staged code. Where a merge is not settled, our side of a file is taken, and that is a doubt.

    Effect: asks git.
    """
    extra = index_of_hook(repository.git_directory)
    said = ask_git(repository.root, "ls-files", "--stage", "-z", extra=extra)
    if isinstance(said, GitFault):
        code = "git-missing" if said.is_missing else "git-failed"
        return NoFilesThen(code, f"the index cannot be read: {said.message}")
    entries: dict[str, TreeEntry] = {}
    doubts: list[str] = []
    for name, stage, entry in _entries(said):
        if stage != _STAGED and name.endswith(".py"):
            doubts.append(f"{name} is being merged: our side of it was read")
        if stage in {_STAGED, _OURS}:
            entries[name] = entry
    files = dict(_python_files(repository, entries))
    for name in _only_announced(repository, files, extra):
        del files[name]
    follows_links = any(entry.mode == SYMLINK and name.endswith(".py") for name, entry in entries.items())
    others = _others(repository, entries, hashlib.sha256(said).hexdigest())
    doubts = list(dict.fromkeys(doubts))
    built = tuple(name for name in entries if name.endswith(COMPILED_SUFFIXES))
    identity = files_identity(files)
    staged = FilesThen(identity, files, repository.read_blob, tuple(doubts), follows_links, others, built)
    submodules = {name: entry.id for name, entry in entries.items() if entry.mode == SUBMODULE}
    return with_submodules(repository, staged, submodules)


def _entries(said: bytes) -> Iterator[tuple[str, bytes, TreeEntry]]:
    for row in said.split(b"\0"):
        words, tab, path = row.partition(b"\t")
        if not tab:
            continue
        mode, identity, stage = words.split(b" ")
        try:
            name = path.decode()
        except UnicodeDecodeError:
            continue  # nothing can import it
        yield name, stage, TreeEntry(mode.decode("ascii"), path, identity.decode("ascii"))


def _python_files(repository: Repository, entries: dict[str, TreeEntry]) -> Iterator[tuple[str, str]]:
    for name, entry in sorted(entries.items()):
        if not name.endswith(".py") or entry.mode == SUBMODULE:
            continue
        if entry.mode != SYMLINK:
            yield name, entry.id
        elif (target := link_target(name, entry, entries.get, repository.link_text)) is not None:
            yield name, target[1]


def _others(repository: Repository, entries: dict[str, TreeEntry], identity: str) -> OtherFiles:
    """Return the staged files that are no code."""
    directories = {name[:at] for name in entries for at in range(len(name)) if name[at] == "/"}

    def read(name: str) -> bytes | Unreadable | None:
        entry = entries.get(name)
        return None if entry is None or entry.mode in {SYMLINK, SUBMODULE} else repository.read_blob(entry.id)

    below: list[Entries] = []  # made when it is first asked for

    def inside(directory: str) -> Iterable[tuple[str, bool]]:
        if not below:
            below.append(entries_of(name for name, e in entries.items() if e.mode not in {SYMLINK, SUBMODULE}))
        return below[0](directory)

    return OtherFiles(identity, read, lambda name: name in directories, inside)


def _only_announced(repository: Repository, files: dict[str, str], extra: dict[str, str]) -> set[str]:
    """Return the files of which only the name is in the index (`git add --intent-to-add`), looking like empty ones."""
    empty = {name for name, identity in files.items() if identity == blob_id(b"", repository.id_length)}
    if not empty:
        return set()
    committed = repository.commit_named("HEAD")
    if isinstance(committed, NoFilesThen):
        return set()
    words = ("diff-index", "--cached", "--name-only", "-z", "--no-renames", "--relative", "--ita-invisible-in-index")
    said = ask_git(repository.root, *words, committed, extra=extra)
    known = repository.files_of(committed)
    if isinstance(said, GitFault):
        return set()
    changed = {name.decode("utf-8", "surrogateescape") for name in said.split(b"\0")}
    return empty - changed - (set[str]() if isinstance(known, NoFilesThen) else set(known.files))
