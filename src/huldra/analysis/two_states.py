"""Code as git holds it, compared with the store: one revision, or what was before and after a change.

Effects: reads git, code and store.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from huldra.analysis.data_content import DataThen
from huldra.analysis.disk_cache import DiskCache
from huldra.analysis.host import (
    LinkedCode,
    Workspace,
    is_ours,
    look_around,
    read_code,
    read_source,
    snapshot_of,
    stores_below_root,
)
from huldra.analysis.kept import Kept
from huldra.analysis.kept_experiments import KeptExperiments
from huldra.analysis.kept_experiments import Place as KeptPlace
from huldra.analysis.kept_facts import KeptFacts
from huldra.analysis.scanned import StateSource
from huldra.analysis.snapshot import Snapshot
from huldra.project.link import files_that_may_differ, lacks_modules
from huldra.project.modules import build_module_table
from huldra.sources.code_files import FilesThen, NoFilesThen
from huldra.sources.commit_difference import Change
from huldra.sources.discover import discover_files
from huldra.sources.documents import Unreadable
from huldra.sources.git_commands import GitFault, ask_git
from huldra.sources.import_roots import find_import_roots
from huldra.sources.index_files import Index, index_files, know_commit, read_index
from huldra.sources.repository import Repository, open_repository
from huldra.sources.revision_files import commit_files
from huldra.sources.selection import project_files
from huldra.stored_runs.index.refresh import Progress
from huldra.stored_runs.model import StoredStore

HEAD = "HEAD"
_SHORT = 9


class TwoStates(Struct, frozen=True):
    """The states, what each is called, and what a reader must know of how they were read.

    `differing` says of each file that differs what names its content, in both; None where more than that may differ.
    """

    before: Snapshot
    after: Snapshot
    before_name: str
    after_name: str
    doubts: tuple[str, ...]
    differing: Mapping[str, Change] | None = None


class StateThen(Struct, frozen=True):
    """The code of a revision with the files that it had, and what a reader must know of how they were read."""

    workspace: Workspace
    snapshot: Snapshot
    doubts: tuple[str, ...]


class NotComparable(Struct, frozen=True):
    """Why there are no such states to compare; `has_repository` is whether there is one that can be read."""

    message: str
    has_repository: bool = True


class _State(Struct, frozen=True):
    """A state of the code in git; no files stand for the working tree."""

    files: FilesThen | None
    name: str
    commit: str | None


def state_at(
    workspace: Workspace,
    revision: str,
    progress: Progress | None = None,
    check: Callable[[], None] | None = None,
    store: StoredStore | None = None,
) -> StateThen | NotComparable:
    """Return the code of a revision, compared with the store as it is now. Nothing is checked out.

    Effect: reads git and the store.

    Args:
        workspace: The project.
        revision: A commit, by any of its names.
        progress: Told how far it is.
        check: Called now and then; may raise to give it up.
        store: The runs, if they have been read.
    """
    repository = open_repository(workspace.root.path)
    if isinstance(repository, NoFilesThen):
        return NotComparable(repository.message, has_repository=False)
    state = _revision(repository, revision)
    if isinstance(state, NoFilesThen):
        return NotComparable(state.message)
    kept = _kept(workspace, check)
    place, code = _read(workspace, state, kept, "before")
    around = look_around(place, code, kept, progress, store, lambda _: repository)
    doubts = () if state.files is None else state.files.doubts
    return StateThen(place, snapshot_of(place, code, around), (*doubts, *_unread_manifests(workspace)))


def staged_change(workspace: Workspace, since: str = HEAD) -> TwoStates | NotComparable:
    """Return the code of a revision, and what a commit made now would hold.

    Effect: reads git and the store.
    """
    repository = open_repository(workspace.root.path)
    if isinstance(repository, NoFilesThen):
        return NotComparable(repository.message, has_repository=False)
    index = read_index(repository)
    before = _base(repository, since, index=index if isinstance(index, Index) else None)
    if isinstance(before, NoFilesThen):
        return NotComparable(before.message)
    staged = index_files(repository, index) if isinstance(index, Index) else index
    if isinstance(staged, NoFilesThen):
        return NotComparable(staged.message)
    return _compared(workspace, repository, before, _State(staged, "the index", before.commit))


def change_since(workspace: Workspace, since: str, until: str | None = None) -> TwoStates | NotComparable:
    """Return the code where a revision and ours part, and the code of another revision, or of the working tree.

    Effect: reads git, the code and the store.
    """
    repository = open_repository(workspace.root.path)
    if isinstance(repository, NoFilesThen):
        return NotComparable(repository.message, has_repository=False)
    before = _base(repository, since, until or HEAD)
    if isinstance(before, NoFilesThen):
        return NotComparable(before.message)
    after = _State(None, "the working tree", None) if until is None else _revision(repository, until)
    if isinstance(after, NoFilesThen):
        return NotComparable(after.message)
    return _compared(workspace, repository, before, after)


def _base(repository: Repository, since: str, until: str = HEAD, index: Index | None = None) -> _State | NoFilesThen:
    """What others have done since on `since` is no part of our change, so it begins where the two part."""
    commit = repository.commit_named(since)
    if isinstance(commit, NoFilesThen):
        is_unborn = since == HEAD and commit.code == "revision-unknown" and _is_unborn(repository.root)
        return _State(_no_files(), "nothing", None) if is_unborn else commit
    other = repository.commit_named(until)
    if not isinstance(other, NoFilesThen) and other != commit:
        said = ask_git(repository.root, "merge-base", commit, other)
        if not isinstance(said, GitFault):
            parted = said.decode("ascii").strip()
            name = since if parted == commit else f"{parted[:_SHORT]}, where {since} parts"
            return _committed(repository, parted, name, index)
    return _committed(repository, commit, since, index)


def _revision(repository: Repository, revision: str) -> _State | NoFilesThen:
    commit = repository.commit_named(revision)
    return commit if isinstance(commit, NoFilesThen) else _committed(repository, commit, revision)


def _committed(repository: Repository, commit: str, name: str, index: Index | None = None) -> _State | NoFilesThen:
    if index is not None:
        know_commit(repository, commit, index)
    files = commit_files(repository, commit)
    if isinstance(files, NoFilesThen):
        return _State(_no_files(), name, commit) if files.code == "root-not-in-commit" else files
    return _State(files, name, commit)


def _no_files() -> FilesThen:
    return FilesThen("", {}, lambda _: Unreadable("there was no such file", is_gone=True))


def _is_unborn(root: Path) -> bool:
    """Whether there is no commit yet on a branch that is otherwise in order."""
    return not isinstance(ask_git(root, "symbolic-ref", "--quiet", HEAD), GitFault)


def _unread_manifests(workspace: Workspace) -> tuple[str, ...]:
    """Return what a reader of a state in git must know of manifests: they are read from the disk alone."""
    if not workspace.settings.manifests:
        return ()
    return ("manifests are not read as they were in git: an experiment that only they name counts as not built",)


def _kept(workspace: Workspace, check: Callable[[], None] | None = None) -> Kept:
    return Kept(check, disk=KeptFacts(DiskCache(workspace.root.path)))


def _compared(workspace: Workspace, repository: Repository, before: _State, after: _State) -> TwoStates:
    kept = _kept(workspace)
    after_place, after_code = _read(workspace, after, kept, "after")
    # What lies in most directories is the same in all commits, and was read already.
    around = look_around(workspace, after_code, kept, open_git=lambda _: repository)
    doubts = tuple(doubt for state in (before, after) if state.files is not None for doubt in state.files.doubts)
    doubts += _unread_manifests(workspace)
    is_same = after.files is not None and before.files is not None and _identity(after.files) == _identity(before.files)
    if is_same:
        only = snapshot_of(after_place, after_code, around)
        return TwoStates(only, only, before.name, after.name, doubts)
    # What few files say otherwise costs no more than these.
    before_place, before_code = _read(after_place, before, kept, "before")
    before_snapshot = snapshot_of(before_place, before_code, around)
    after_snapshot = snapshot_of(after_place, after_code, around, before_snapshot)
    return TwoStates(before_snapshot, after_snapshot, before.name, after.name, doubts, _differing(before, after))


def files_with_other_problems(states: TwoStates) -> frozenset[str] | None:
    """Return the files of which what cannot be linked may differ between the states; None where that cannot be told."""
    before, after = states.before, states.after
    kept = before.inputs.kept_experiments
    _ = before.experiments  # by which it is known what was looked at
    if not isinstance(kept, KeptExperiments) or kept.looked_at is None:
        return None
    return files_that_may_differ(before.project, after.project, kept.looked_at.files)


def _identity(files: FilesThen) -> tuple[str, str]:
    return files.identity, files.others.identity


def _differing(before: _State, after: _State) -> Mapping[str, Change] | None:
    if before.files is None or after.files is None or before.files.follows_links or after.files.follows_links:
        return None
    then, now = before.files.files, after.files.files
    names = [name for name in {**then, **now} if then.get(name, "") != now.get(name, "")]
    return {name: Change(then.get(name, ""), now.get(name, "")) for name in names}


def _with_files(
    workspace: Workspace, names: tuple[str, ...], roots: tuple[str, ...], extensions: tuple[str, ...]
) -> Workspace:
    discovery = replace(workspace.discovery, files=names, problems=(), extensions=extensions)
    before = workspace.discovery
    is_known = (names, roots, extensions) == (before.files, workspace.import_roots, before.extensions)
    modules = workspace.modules if is_known else build_module_table(names, roots, extensions)
    return replace(workspace, discovery=discovery, modules=modules, import_roots=roots)


def _read(workspace: Workspace, state: _State, kept: Kept, kept_place: KeptPlace) -> tuple[Workspace, LinkedCode]:
    """Return a state of the code, and the workspace as it was with these files."""
    if state.files is None:
        return workspace, read_code(workspace, kept)
    root, settings = workspace.root.path, workspace.settings
    files = project_files(state.files, settings, stores_below_root(workspace))
    names = tuple(sorted(files.files))
    roots = find_import_roots(root, settings, names, workspace.discovery.projects)
    # What is built is in no commit, most often: what lies on disk counts for all states.
    extensions = tuple(sorted({*workspace.discovery.extensions, *state.files.extensions}))
    place = _with_files(workspace, names, roots, extensions)
    source = StateSource(files, settings.limits.file_size)
    code = read_source(place, source, kept, kept_place)
    if not workspace.discovery.files and lacks_modules(code.project):
        # Nobody has looked at the disk yet.
        built = discover_files(root, settings, (workspace.store.path,)).extensions
        place = _with_files(workspace, names, roots, tuple(sorted({*extensions, *built})))
        code = read_source(place, source, kept, kept_place) if built else code
    return place, replace(code, revision=state.commit, data=DataThen(files.others, is_ours(place)))
