"""A project in the editor: its last state, and how the next is made. `analyse` runs in the background, the rest not."""

import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from msgspec import Struct

from huldra.analysis.kept import Cancelled
from huldra.analysis.live import LiveProject, LiveState, Told
from huldra.analysis.snapshot import Snapshot
from huldra.analysis.verdicts_at_head import VerdictsAtHead
from huldra.analysis.watching import FileWatch, StoreWatch
from huldra.features.first_lenses import first_lenses
from huldra.features.lenses import Lens
from huldra.features.project_view import ProjectView
from huldra.lsp.background import Background
from huldra.lsp.buffers import Buffer, Buffers
from huldra.lsp.garbage import Garbage
from huldra.sources.target_file import read_target
from huldra.sources.toml_files import SettingsError
from huldra.stored_runs.index.held import ANYWHERE, NOWHERE, Touched
from huldra.stored_runs.model import StoredStore

ANALYSED = (".py", ".json")
"""How the names of documents end that stand over files: code, and what may be a manifest."""
_LONGEST_SILENCE_SECONDS = 2.0
_LOOK_BACK_PAUSE_SECONDS = 0.5
_ROOM_PAUSE_SECONDS = 0.5
_CATCH_UP_PAUSE_SECONDS = 3.0
_LEISURE_SECONDS = 3.0
_LONG_SECONDS = 600.0
_MANY_RUNS = 5_000
"""Fewer are judged before anybody notices."""


class Published(Struct, frozen=True):
    """A state ready for questions, and the buffers that it was taken of, by root-relative name."""

    view: ProjectView
    state: LiveState
    buffers: Mapping[str, Buffer]


class First(Struct, frozen=True):
    """The lenses of the open files by a state whose runs are not all judged yet; no other question may be put to it."""

    published: Published
    lenses: Mapping[str, tuple[Lens, ...]]


class _Before(Struct, frozen=True):
    """The verdicts by the code of a commit; of which commit and store."""

    revision: str | None
    store: StoredStore
    verdicts: Mapping[str, str]

    def fits(self, snapshot: Snapshot) -> bool:
        """Whether it is what a state is to be compared with."""
        return self.revision == snapshot.inputs.revision and self.store is snapshot.store


class Failed(Struct, frozen=True):
    """Why there is no state: the settings are wrong."""

    message: str


class OpenProject:
    """One root. `latest`, `first` and `failure` are set in the editor's thread, by `deliver`'s receiver.

    `shown_root` is the root as the editor spells it, which may have come here by a symbolic link.
    """

    def __init__(
        self,
        root: Path,
        stores: tuple[Path, ...],
        buffers: Buffers,
        background: Background,
        deliver: Callable[["OpenProject", Published | First | Failed], None],
        garbage: Garbage,
        told: Told,
    ) -> None:
        self.root = self.shown_root = root
        self.uris: dict[str, str] = {}
        self.latest: Published | None = None
        self.first: First | None = None
        self.failure: str | None = None
        self._buffers = buffers
        self._background = background
        self._deliver = deliver
        self._live = LiveProject(root, stores, self._check, told)
        self._files_changed = False
        self._touched = ANYWHERE
        self._touching = Lock()
        self._files_read_at = self._store_read_at = 0
        self._published_at = 0.0
        self._file_watch = FileWatch()
        self._store_watch = StoreWatch()
        self._at_head = VerdictsAtHead()
        self._before: _Before | None = None
        self._last: ProjectView | None = None
        self._garbage = garbage

    @property
    def name(self) -> str:
        """What its work is called in the background."""
        return f"analyse {self.root}"

    @property
    def is_busy(self) -> bool:
        """Whether a newer state is on its way."""
        return self._background.is_busy(self.name) or self._background.is_busy(self._name_of_look_back)

    @property
    def _name_of_look_back(self) -> str:
        return f"look back {self.root}"

    def spell_like(self, path: Path) -> None:
        """Spell the root by the links that lead to a path at, below or above it, where they do that plainly."""
        real = Path(os.path.realpath(path))
        if self.root.is_relative_to(real):
            self.shown_root = path / self.root.relative_to(real)
            return
        below = real.relative_to(self.root).parts if real.is_relative_to(self.root) else ()
        if below and path.parts[-len(below) :] == below:
            self.shown_root = Path(*path.parts[: -len(below)])

    def wish(self, pause: float, *, files: bool = False, store: Touched = NOWHERE) -> None:
        """Effect: have a new state made after a pause (seconds).

        Args:
            pause: How long nothing newer may be wished for before it begins.
            files: Files, settings or the commit may be different.
            store: Where runs may be different.
        """
        self._files_changed |= files
        with self._touching:
            self._touched |= store
        self._background.wish(self.name, self.analyse, pause)

    def analyse(self) -> None:
        """Effect: make the next state and deliver it; give it up if a newer one is wished for."""
        if self._files_changed or not self._files_read_at:
            self._files_changed, self._files_read_at = False, time.time_ns()
            self._live.forget_files()
        with self._touching:
            touched, self._touched = self._touched, NOWHERE
        if touched.is_anywhere:
            self._store_read_at = time.time_ns()
        self._live.forget_store(touched)
        uris, held = dict(self.uris), self._buffers.all()
        buffers = {name: held[uri] for name, uri in uris.items() if uri in held and name.endswith(ANALYSED)}
        try:
            state = self._live.take_state({name: buffer.text for name, buffer in buffers.items()})
            self._deliver_first(state, buffers)
            self._live.finish(state)
            view = ProjectView(state.workspace, state.snapshot, self._verdicts_before(state, buffers), self._last)
            view.prepare()
            self._last = view
            self._check()
        except Cancelled:
            return
        except SettingsError as error:
            self._deliver(self, Failed(str(error)))
            return
        self._published_at = time.monotonic()
        self._deliver(self, Published(view, state, buffers))
        self._make_room_later(state, buffers)
        self._garbage.set_aside()
        self._background.wish("look for garbage", self._garbage.look_at_leisure, _LEISURE_SECONDS, _LONG_SECONDS)

    def _deliver_first(self, state: LiveState, buffers: Mapping[str, Buffer]) -> None:
        """Effect: while all runs of a large store have still to be judged, deliver the lenses of what is open."""
        names = [name for name in buffers if name in state.snapshot.project.modules.module_of]
        if self._last is not None or not names or len(state.snapshot.store.runs) < _MANY_RUNS:
            return
        self._live.find_experiments(state)
        lenses = first_lenses(state.workspace, state.snapshot, names, datetime.now(UTC))
        self._check()
        view = ProjectView(state.workspace, state.snapshot)
        self._deliver(self, First(Published(view, state, buffers), lenses))

    def _make_room_later(self, state: LiveState, buffers: Mapping[str, Buffer]) -> None:
        """Have what is open, and matters, prepared for edits, so that the first of them costs no more than the next."""
        names = frozenset(buffers).intersection(state.snapshot.project.relevant)

        def make_room() -> None:
            if self._live.make_room(names):
                self.wish(0)
                return
            with suppress(Cancelled):
                self._live.get_ready(names, self._give_way)

        def catch_up() -> None:
            with suppress(Cancelled):  # the newer state wishes for it again
                self._live.catch_up(self._give_way)

        if names:
            self._background.wish(f"make room {self.root}", make_room, _ROOM_PAUSE_SECONDS)
        if self._live.is_behind:
            self._background.wish(f"catch up {self.root}", catch_up, _CATCH_UP_PAUSE_SECONDS, _LONG_SECONDS)

    def _verdicts_before(self, state: LiveState, buffers: Mapping[str, Buffer]) -> Mapping[str, str] | None:
        """What runs are by the committed code; what is not known yet is looked for, and a newer state follows."""
        snapshot = state.snapshot
        if not snapshot.inputs.is_dirty and all(buffer.text == self._saved(name) for name, buffer in buffers.items()):
            self._before = _Before(snapshot.inputs.revision, snapshot.store, snapshot.verdicts)
            return None
        before = self._before
        if snapshot.inputs.revision is not None and (before is None or not before.fits(snapshot)):
            self._background.wish(self._name_of_look_back, lambda: self._look_back(state), _LOOK_BACK_PAUSE_SECONDS)
        is_known = before is not None and before.revision == snapshot.inputs.revision
        return before.verdicts if before is not None and is_known else None

    def _look_back(self, state: LiveState) -> None:
        """In the background: compare the committed code with the store."""
        snapshot = state.snapshot
        try:
            verdicts = self._at_head.verdicts(state.workspace, snapshot.inputs.revision, snapshot.store, self._check)
        except Cancelled:
            return  # the newer state wishes for it again
        self._before = _Before(snapshot.inputs.revision, snapshot.store, verdicts)
        self.wish(0)

    def _saved(self, name: str) -> str | None:
        text = read_target(self.root / name)
        return text if isinstance(text, str) else None

    def imagine(self, texts: Mapping[str, str]) -> ProjectView:
        """In the background: return the state with other texts in the place of files; it is published to nobody.

        Raises:
            Cancelled: something newer is wished for.
            SettingsError: the configuration is wrong.
        """
        uris, held = dict(self.uris), self._buffers.all()
        buffers = {name: held[uri].text for name, uri in uris.items() if uri in held and name.endswith(ANALYSED)}
        state = self._live.take_state({**buffers, **texts})
        view = ProjectView(state.workspace, state.snapshot)
        view.prepare()
        return view

    def where_runs_lie(self, keys: Iterable[str]) -> Touched:
        """Return the directories in which runs with some `class/hash` lie, as far as there are such."""
        held = self._live.held_store
        if held is None:
            return NOWHERE
        names = {key.rpartition("/")[0].replace(".", "/") for key in keys}
        roots = held.stored.roots
        return Touched(frozenset(f"{root.path}/{name}" for root in roots for name in names) & held.directories)

    def look(self, *, at_files: bool) -> None:
        """Effect: look whether files or runs have changed, and wish for a new state if so."""
        latest = self.latest
        held = self._live.held_store
        if latest is None or held is None:
            self.wish(0, files=True, store=ANYWHERE)
            return
        workspace = latest.state.workspace
        watched = _watched_files(latest, at_files=at_files)
        files = self._file_watch.has_changed(workspace.root.path, watched, self._files_read_at)
        touched = self._store_watch.touched(workspace.store.path, held, self._store_read_at)
        if files or touched or self._live.has_other_data():
            self.wish(0, files=files, store=touched)

    def _check(self) -> None:
        """Stop when something newer is wished for, unless nothing has been said for too long."""
        if self._background.is_ended:
            raise Cancelled
        is_late = time.monotonic() - self._published_at > _LONGEST_SILENCE_SECONDS
        if not is_late and self._background.has_wish(self.name):
            raise Cancelled

    def _give_way(self) -> None:
        """Stop what nobody waits for when something is wished for."""
        if self._background.is_ended or self._background.has_wish(self.name):
            raise Cancelled


def _watched_files(latest: Published, *, at_files: bool) -> list[str]:
    """The settings and the commit; the project's files, and the directories in which others may appear."""
    names = ("pyproject.toml", "huldra.toml", ".git/HEAD", ".git/logs/HEAD", *latest.view.snapshot.inputs.manifests)
    inner = (f"{directory}/pyproject.toml" for directory in latest.state.workspace.discovery.projects)
    always = [*names, *inner]
    if not at_files:
        return always
    names = latest.state.workspace.discovery.files
    directories = sorted({name.rpartition("/")[0] for name in names})
    return [*always, "", *names, *directories]
