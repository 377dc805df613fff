"""A project that is being worked on: buffers over files, and one state after another that shares what did not change.

Used by one thread at a time. Knows no protocol.
"""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from huldra.analysis.accepted_file import read_accepted
from huldra.analysis.data_content import DataNow
from huldra.analysis.disk_cache import DiskCache
from huldra.analysis.edited_files import EditedFiles
from huldra.analysis.file_table import FileTable
from huldra.analysis.held_texts import FileReader, FileText, HeldTexts, reading_again
from huldra.analysis.host import (
    LinkedCode,
    Surroundings,
    Workspace,
    hold_runs,
    is_ours,
    link_texts,
    look_around,
    open_workspace,
    present_moment,
    read_manifests,
    snapshot_of,
)
from huldra.analysis.kept import Kept
from huldra.analysis.kept_facts import KeptFacts
from huldra.analysis.live_experiments import LiveExperiments
from huldra.analysis.looks import Looks, library_words
from huldra.analysis.scanned import DiskSource
from huldra.analysis.snapshot import Snapshot
from huldra.project.modules import build_module_table
from huldra.project.problems import Problem
from huldra.sources.revision import head_revision, is_dirty
from huldra.stored_runs.index.held import ANYWHERE, NOWHERE, HeldStore, Touched

Told = Callable[[str, float], None]
"""Takes what is being done, in words, and which share (0 to 1) of a first state is behind."""
_READ, _PARSED, _EVALUATED = 0.3, 0.6, 0.8
"""Which share of a first state is behind after each of its stages, roughly."""


class LiveState(Struct, frozen=True):
    """A snapshot, and what could not be read in the buffers it was taken of, at its places there."""

    workspace: Workspace
    snapshot: Snapshot
    broken: tuple[Problem, ...]


class LiveProject:
    """Takes states of one project. Keeps texts, facts and the store between them."""

    def __init__(
        self,
        root: Path,
        stores: tuple[Path, ...] = (),
        check: Callable[[], None] | None = None,
        told: Told | None = None,
    ) -> None:
        self._root = root
        self._told = told
        self._said = "", -1
        self._stores_named = stores
        # What is typed is nobody else's business: facts are read from disk and kept there for the first state only,
        # with the buffers that are unsaved then.
        self._kept = Kept(check, KeptFacts(DiskCache(root)))
        self._workspace: Workspace | None = None
        self._reader = FileReader()
        self._looks = Looks()
        self._texts: dict[str, FileText] = {}
        self._problems: dict[str, Problem] = {}
        self._buffers: Mapping[str, str] = {}
        self._edited: tuple[str, ...] = ()
        """The files that an editor holds, those that were edited last behind the others."""
        self._known: frozenset[str] = frozenset()
        self._outside: frozenset[str] = frozenset()
        self._unread: set[str] = set()
        self._files = EditedFiles(self._kept.piece_facts, self._kept.split, self._reader.look)
        self._held: HeldStore | None = None
        self._touched = ANYWHERE
        self._store_paths: tuple[Path, ...] = ()
        self._revision: str | None = None
        self._is_dirty = False
        self._around: Surroundings | None = None
        self._experiments = LiveExperiments()
        self._finished: Snapshot | None = None
        self._data: DataNow | None = None
        self._is_data_old = False
        self._is_beside_old = False

    def forget_files(self) -> None:
        """Look for the project's files, its settings and its commit again when the next state is taken."""
        self._workspace = None

    def forget_store(self, touched: Touched = ANYWHERE) -> None:
        """Read the store again, where it was touched, when the next state is taken."""
        self._touched |= touched

    def has_other_data(self) -> bool:
        """Effect: look. Return whether a file that code names, and that is none, has changed since it was asked for.

        If so, the next state asks for all of them again; and for what is installed from beside the project.
        """
        around = self._around
        self._is_data_old = self._is_data_old or (self._data is not None and self._data.has_changed())
        self._is_beside_old = self._is_beside_old or (around is not None and around.neighbours.has_changed())
        return self._is_data_old or self._is_beside_old

    @property
    def held_store(self) -> HeldStore | None:
        """The store as it was last read; None before it was."""
        return self._held

    def make_room(self, names: Collection[str]) -> bool:
        """Let statements of these files keep their lines while others grow, from the next state on.

        Returns:
            Whether the next state will differ for it.
        """
        new = [name for name in names if name in self._texts and not self._files.has_room(name)]
        self._files.give_room(new)
        return bool(new)

    def get_ready(self, names: Collection[str], check: Callable[[], None]) -> None:
        """Effect: prepare for edits of these files, of those that were edited last at least; `check` may end it."""
        last = [name for name in self._edited if name in names]
        self._experiments.get_ready(list(dict.fromkeys((*reversed(last), *names))), check)

    @property
    def is_behind(self) -> bool:
        """Whether what the code builds was kept by an earlier process, and nothing is at hand to go on from."""
        return self._experiments.is_behind

    def catch_up(self, check: Callable[[], None]) -> None:
        """Effect: evaluate the code, so that edits that much depends on take no longer later; `check` may end it."""
        self._experiments.catch_up(check)

    def take_state(self, buffers: Mapping[str, str]) -> LiveState:
        """Effect: read what is not known yet. Return the state of code and store.

        Args:
            buffers: The texts that an editor holds, by root-relative name; they stand over the files.

        Raises:
            SettingsError: the configuration is wrong.
            Cancelled: as `check` decides.
        """
        workspace = self._read(buffers)
        read = reading_again(workspace.documents)
        arranged = self._files.arrange(HeldTexts(self._texts, read), self._problems, buffers)
        texts = HeldTexts(arranged.files, read)
        project = link_texts(workspace, texts, self._looks, self._kept, self._tell_parsed)
        problems = {name: problem for name, problem in self._problems.items() if name not in texts}
        manifests, faults = read_manifests(workspace)
        code = LinkedCode(
            project,
            texts,
            problems | faults,
            self._revision,
            self._is_dirty,
            manifests,
            naming=lambda word: self._looks.naming(texts, word),
            kept_experiments=self._experiments.of_state(
                workspace, project, manifests, self._looks.imports_mark, self._kept.cache
            ),
            places=arranged.places,
            data=self._data_now(workspace),
        )
        snapshot = snapshot_of(workspace, code, self._look_around(workspace, code), self._finished)
        self._kept.check()
        return LiveState(workspace, snapshot, tuple(arranged.broken))

    def _data_now(self, workspace: Workspace) -> DataNow:
        """Return the files that code may name: the very same as before unless somebody saw that one has changed."""
        if self._data is None or self._is_data_old:
            self._data, self._is_data_old = DataNow(workspace.root.path, is_ours(workspace)), False
        return self._data

    def _tell_parsed(self, number: int, of: int) -> None:
        self._tell_first(
            f"parsing {of} files that can see an experiment class", _READ + (_PARSED - _READ) * (number - 1) / of
        )

    def _tell_first(self, words: str, share: float) -> None:
        """Tell how far a state is that has none to go on from; the others are there at once."""
        if self._told is None or self._finished is not None:
            return
        said = words, int(100 * share)
        if said != self._said:  # an editor is told as often as it can show, not for each of many files
            self._said = said
            self._told(words, share)

    def _look_around(self, workspace: Workspace, code: LinkedCode) -> Surroundings:
        """Return what code is compared with, as of now; the store is read again only where somebody said so."""
        if self._held is None or self._touched:
            self._held = hold_runs(workspace, self._held, self._touched)
            self._touched = NOWHERE
        store = self._held.stored
        if self._around is None:
            self._is_beside_old = False
            self._around = look_around(workspace, code, self._kept, store=store)
        else:
            if self._is_beside_old:
                self._is_beside_old = False
                self._around = replace(self._around, neighbours=self._around.neighbours.looked_at_again())
            accepted = read_accepted(workspace.root.path)
            if accepted.entries != self._around.is_accepted.entries:
                self._around = replace(self._around, is_accepted=accepted)
            if store is not self._around.store:
                self._around.history.keep(store.runs)
                self._around = replace(self._around, store=store)
        return replace(self._around, present=present_moment())

    def find_experiments(self, state: LiveState) -> None:
        """Effect: compute what the code builds, and tell that it is being done."""
        self._tell_first("working out what the code builds", _PARSED)
        _ = state.snapshot.experiments
        self._kept.check()

    def finish(self, state: LiveState) -> None:
        """Effect: compute what every question needs, and drop what no later state will."""
        self.find_experiments(state)
        self._tell_first(f"comparing {len(state.snapshot.store.runs)} stored runs with it", _EVALUATED)
        _ = state.snapshot.comparison
        self._finished = state.snapshot
        self._kept.check()
        self._reader.keep()
        self._kept.forget_unused()
        self._looks.forget_unused()
        self._kept.leave_disk()
        self._experiments.leave_disk()

    def _read(self, buffers: Mapping[str, str]) -> Workspace:
        """Take in what files and buffers hold; only what has changed is read."""
        changed = frozenset(
            name for name in {*buffers, *self._buffers} if buffers.get(name) is not self._buffers.get(name)
        )
        older = [name for name in self._edited if name in buffers and name not in changed]
        self._edited = (*older, *sorted(changed & buffers.keys()))
        edited = changed - self._outside
        if self._workspace is None or _has_other_files(self._workspace.root.path, self._known, edited, buffers):
            opened = open_workspace(self._root, root=self._root, stores=self._stores_named)
            paths = (opened.store.path, *(each.path for each in opened.further))
            if paths != self._store_paths:
                self._held = None
            self._store_paths = paths
            self._workspace = _with_unsaved(opened, buffers)
            self._around = self._data = None
            if self._kept.cache is not None and self._finished is None:
                settings = (opened.documents.limit, DiskSource.__name__)
                self._reader.table = FileTable(self._kept.cache, library_words(opened.settings.bases), settings)
            self._revision = head_revision(self._workspace.root.path)
            self._is_dirty = bool(is_dirty(self._workspace.root.path))
            changed = self._known = frozenset(self._workspace.discovery.files)
            self._unread.clear()
            self._outside = frozenset(buffers) - changed
            self._forget_other_files(changed, library_words(opened.settings.bases))
        # What a state that is given up half-way has not read is still to be read by the next.
        self._unread |= changed & self._known
        # What is being edited will be edited again.
        self._files.give_room([name for name in changed if name in self._buffers and name in buffers])
        self._files.keep(self._workspace.discovery.files)
        workspace = replace(self._workspace, documents=self._workspace.documents.with_overlays(buffers))
        number, all_files = len(self._unread), len(workspace.discovery.files)
        for name in sorted(self._unread):
            self._kept.check()
            self._tell_first(f"reading {all_files} files", _READ * (1 - len(self._unread) / number))
            self._unread.discard(name)
            match self._reader.read(workspace.documents, name):
                case FileText() as text:
                    self._texts[name] = text  # where it stood: states whose files stand alike are the sooner compared
                    self._problems.pop(name, None)
                case problem:
                    self._texts.pop(name, None)
                    self._problems[name] = problem
        if number:
            self._reader.let_go()
        for name in buffers.keys() - self._buffers.keys():
            self._kept.recall(name)
        self._workspace, self._buffers = workspace, dict(buffers)
        return workspace

    def _forget_other_files(self, files: frozenset[str], words: tuple[str, ...]) -> None:
        """Effect: drop what is known of other files than these, and of all if other words are sought in them now."""
        self._kept.forget_files(files)
        self._reader.forget(files)
        if self._reader.seek(words):
            self._files.forget_looks()
        self._texts, self._problems = {}, {}


def _has_other_files(root: Path, known: frozenset[str], changed: frozenset[str], buffers: Mapping[str, str]) -> bool:
    """Whether a buffer is a file that was not there, or was the only trace of one."""
    closed = (name for name in changed - frozenset(buffers) if name in known)
    return bool(changed - known) or any(not (root / name).exists() for name in closed)


def _with_unsaved(workspace: Workspace, buffers: Mapping[str, str]) -> Workspace:
    """A buffer that has never been saved is a file of the project too."""
    known = frozenset(workspace.discovery.files)
    new = [name for name in buffers if name.endswith(".py") and name not in known]
    new = [name for name in new if not (workspace.root.path / name).exists()]
    if not new:
        return workspace
    files = tuple(sorted((*known, *new)))
    discovery = replace(workspace.discovery, files=files)
    modules = build_module_table(files, workspace.import_roots, discovery.extensions)
    return replace(workspace, discovery=discovery, modules=modules)
