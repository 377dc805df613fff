"""Where buffers and projects are kept, and where handlers get what they need. Lives in the editor's thread."""

import asyncio
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import TypeVar

from pygls.exceptions import JsonRpcContentModified
from pygls.uris import to_fs_path

from huldra.analysis.kept import Cancelled
from huldra.features.lenses import Lens
from huldra.launch.detached import Detached
from huldra.lsp.background import Background
from huldra.lsp.buffers import Buffers
from huldra.lsp.client import Client
from huldra.lsp.diagnostics import push_diagnostics
from huldra.lsp.documents import Asked, Positions
from huldra.lsp.first_analysis import FirstAnalysis
from huldra.lsp.garbage import Garbage
from huldra.lsp.positions import choose_encoding
from huldra.lsp.projects import ANALYSED, Failed, First, OpenProject, Published
from huldra.sources.root import find_root
from huldra.sources.settings import error_at
from huldra.sources.toml_files import SettingsError
from huldra.stored_runs.index.held import ANYWHERE

PAUSE_SECONDS = 0.05
_LOOK_EVERY_SECONDS = 3.0
_REFRESH_PAUSE_SECONDS = 0.3
_WATCHED = ("**/*.py", "**/*.{pyx,pyi,so,pyd}", "**/pyproject.toml", "**/huldra.toml")
_Answer = TypeVar("_Answer")
_questions = count(1)


class Desk:
    """Everything of one client. Projects are those of its folders, and those of the documents it opens.

    `jobs` are the processes that were started here, with what was chosen, and `in_the_making` all that they make, until
    a state knows how they ended; whoever starts another holds `starting`.

    `guard` runs a piece of work and keeps its faults from ending the thread it runs in.
    """

    def __init__(
        self, client: Client, stores: tuple[Path, ...], guard: Callable[[str, Callable[[], None]], None]
    ) -> None:
        self.client = client
        self.buffers = Buffers()
        self.buffers.encoding = choose_encoding(client.capabilities)
        self.projects: dict[Path, OpenProject] = {}
        self.folders: list[Path] = []
        self.jobs: dict[Detached, tuple[str, ...]] = {}
        self.in_the_making: dict[Detached, tuple[str, ...]] = {}
        self.starting = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._stores = stores
        self._guard = guard
        self._loop = asyncio.get_running_loop()
        self._background = Background(self._work_done, guard)
        self._homes: dict[str, tuple[OpenProject, str] | None] = {}
        self._pulse = asyncio.Event()
        self._refreshing: asyncio.TimerHandle | None = None
        self._first_analysis = FirstAnalysis(client)
        self._garbage = Garbage()
        self._background.start()

    def begin(self) -> None:
        """Effect: open the projects of the client's folders."""
        params = self.client.initialize_params
        uris = [folder.uri for folder in (params and params.workspace_folders) or ()]
        if params is not None and not uris and params.root_uri:
            uris = [params.root_uri]
        for uri in uris:
            self.add_folder(uri)
        if self.client.watches_files:
            self.client.watch(_WATCHED)
        self._first_analysis.begin(tuple(self.projects))
        self._look_later()

    def end(self) -> None:
        """Effect: stop all work."""
        self._background.end()

    def wait_for_end(self, patience: float) -> bool:
        """Wait until what was being done has stopped, so many seconds. Return whether it has."""
        return self._background.wait_for_end(patience)

    def add_folder(self, uri: str) -> None:
        """Effect: open the project of a folder."""
        path = to_fs_path(uri)
        if path is not None and Path(path).is_dir():
            self.folders.append(Path(os.path.realpath(path)))
            root = self._root_of(Path(path))
            if root is not None:
                project = self._project(root)
                project.spell_like(Path(path))
                project.wish(0)

    def remove_folder(self, uri: str) -> None:
        """Effect: forget a folder; projects of open documents stay."""
        path = to_fs_path(uri)
        if path is not None:
            folder = Path(os.path.realpath(path))
            self.folders = [other for other in self.folders if other != folder]
            used = {home[0].root for home in self._homes.values() if home is not None}
            used |= {root for other in self.folders if (root := self._root_of(other)) is not None}
            for root in self.projects.keys() - used:
                del self.projects[root]
            self._refresh_later()

    def home(self, uri: str) -> tuple[OpenProject, str] | None:
        """Return the project of a document, and its name there; None for what is no file of any project."""
        if uri not in self._homes:
            self._homes[uri] = self._find_home(uri)
        return self._homes[uri]

    def open(self, uri: str, version: int, text: str) -> None:
        """Effect: take a document in."""
        self.buffers.open(uri, version, text)
        home = self.home(uri)
        if home is not None:
            home[0].uris[home[1]] = uri
            home[0].wish(0)

    def changed(self, uri: str) -> None:
        """Effect: have the project of a document looked at again, after a pause."""
        home = self.home(uri)
        if home is not None:
            home[0].wish(PAUSE_SECONDS)

    def close(self, uri: str) -> None:
        """Effect: let a document go; its file counts again."""
        self.buffers.close(uri)
        home = self._homes.pop(uri, None)
        if home is not None and home[0].uris.get(home[1]) == uri:
            del home[0].uris[home[1]]
            home[0].wish(0)

    async def asked(self, uri: str) -> Asked | None:
        """Return a document with the last state of its project; waits for the first one only.

        Raises:
            JsonRpcContentModified: the document was edited while this waited.
        """
        home, before = self.home(uri), self.buffers.get(uri)
        if home is None or before is None:
            return None
        positions = await self.positions(home[0])
        now = self.buffers.get(uri)
        if positions is None or now is None:
            return None
        if now.serial != before.serial:
            raise JsonRpcContentModified("the document was edited meanwhile")
        return Asked(positions, uri, home[1], now.version, now.text)

    async def first_lenses(self, uri: str) -> tuple[Asked, tuple[Lens, ...]] | None:
        """Return a document with its lenses if they are known before the first state of its project is.

        Waits for either.
        """
        home = self.home(uri)
        if home is None:
            return None
        project, name = home
        while project.latest is None and project.is_busy:
            first, now = project.first, self.buffers.get(uri)
            if first is not None and now is not None and name in first.lenses:
                positions = Positions(project, first.published, self.buffers)
                return Asked(positions, uri, name, now.version, now.text), first.lenses[name]
            await self._next_pulse()
        return None

    async def latest(self, uri: str, patience: float) -> Asked | None:
        """Return a document with a state of its project that knows all that the editor holds.

        Raises:
            JsonRpcContentModified: there is none within so many seconds.
        """
        await self.settle(patience)
        asked = await self.asked(uri)
        if asked is not None:
            published, project = asked.positions.published, asked.positions.project
            now = {name: self.buffers.get(held) for name, held in project.uris.items() if name.endswith(ANALYSED)}
            if now != dict(published.buffers):
                raise JsonRpcContentModified("the project is still being read")
        return asked

    async def held(self, uri: str) -> Asked | None:
        """Return a document with the last state of its project, whatever happens to its text meanwhile."""
        home = self.home(uri)
        positions = None if home is None else await self.positions(home[0])
        now = self.buffers.get(uri)
        return (
            None
            if home is None or positions is None or now is None
            else Asked(positions, uri, home[1], now.version, now.text)
        )

    async def positions_of(self, uri: str) -> Positions | None:
        """Return the last state of the project of a file, open or not; of the only project for no file."""
        home = self.home(uri) if uri else None
        projects = [home[0]] if home is not None else list(self.projects.values())
        return await self.positions(projects[0]) if len(projects) == 1 else None

    async def positions(self, project: OpenProject) -> Positions | None:
        """Return the last state of a project; waits for the first one only. None if its settings are wrong."""
        while project.latest is None:
            if not project.is_busy:
                # What was delivered last may still wait for this thread.
                await asyncio.sleep(0)
                break
            await self._next_pulse()
        return None if project.latest is None else Positions(project, project.latest, self.buffers)

    async def everything(self) -> list[Positions]:
        """Return the last state of each project."""
        found = [await self.positions(project) for project in list(self.projects.values())]
        return [positions for positions in found if positions is not None]

    async def settle(self, patience: float) -> bool:
        """Wait until nothing newer is on its way, so many seconds. Return whether it is so."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while any(project.is_busy for project in self.projects.values()):
                    await self._next_pulse()
                await asyncio.sleep(0)
                return True
        return False

    def projects_of(self, uris: Iterable[str]) -> tuple[OpenProject, ...]:
        """Return the open projects that hold any of these files."""
        paths = [Path(path) for uri in uris if (path := to_fs_path(uri)) is not None]
        real = {Path(os.path.realpath(path)) for path in paths}
        return tuple(p for root, p in self.projects.items() if any(path.is_relative_to(root) for path in real))

    async def in_background(self, work: Callable[[], _Answer]) -> _Answer:
        """Return what work gives that may take long; it waits for its turn.

        Raises:
            JsonRpcContentModified: the documents were edited meanwhile.
        """
        future: asyncio.Future[_Answer] = self._loop.create_future()

        def finish(result: Callable[[], None]) -> None:
            self._loop.call_soon_threadsafe(lambda: None if future.done() else result())

        def run() -> None:
            try:
                answer = work()
            except Cancelled:
                finish(lambda: future.set_exception(JsonRpcContentModified("the document was edited meanwhile")))
            except Exception as error:  # noqa: BLE001  # handed on to whoever waits
                finish(partial(future.set_exception, error))
            else:
                finish(lambda: future.set_result(answer))

        self._background.wish(f"question {next(_questions)}", run, 0)
        return await future

    def keep(self, task: "asyncio.Task[None]") -> None:
        """Hold on to a task until it ends: nobody else does."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def unsaved(self, project: OpenProject) -> tuple[str, ...]:
        """Effect: read. Return the open files of a project that lie on disk with another text."""
        manifests = () if project.latest is None else project.latest.view.snapshot.inputs.manifests
        names = [name for name in project.uris if name.endswith(".py") or name in manifests]
        held = ((name, self.buffers.get(project.uris[name])) for name in names)
        return tuple(
            name for name, buffer in held if buffer is not None and buffer.text != _text_of(project.root / name)
        )

    def look_again(self) -> None:
        """Effect: read code and store of every project anew."""
        for project in self.projects.values():
            project.wish(0, files=True, store=ANYWHERE)

    def _is_settled(self, project: OpenProject) -> bool:
        return not project.is_busy

    async def _next_pulse(self) -> None:
        await self._pulse.wait()

    def _beat(self) -> None:
        self._pulse.set()
        self._pulse = asyncio.Event()

    def _project(self, root: Path) -> OpenProject:
        if root not in self.projects:
            told = partial(self._first_analysis.told, root)
            self.projects[root] = OpenProject(
                root, self._stores, self.buffers, self._background, self._deliver, self._garbage, told
            )
        return self.projects[root]

    def _find_home(self, uri: str) -> tuple[OpenProject, str] | None:
        path = to_fs_path(uri)
        if path is None or "\0" in path:
            return None
        given = Path(path)
        root = self._root_of(given)
        for spelling in (given, Path(os.path.realpath(given))):
            if root is not None and spelling.is_relative_to(root):
                is_new, project = root not in self.projects, self._project(root)
                if is_new:
                    project.spell_like(given)
                return project, spelling.relative_to(root).as_posix()
        return None

    def _root_of(self, path: Path) -> Path | None:
        """The nearest directory with a marker; else the client's folder, but never a whole home directory."""
        try:
            choice = find_root(path)
        except SettingsError as error:
            self.client.warn_once(str(error))
            return None
        if choice.is_project:
            return choice.path
        real = Path(os.path.realpath(path))
        around = [folder for folder in self.folders if folder == real or folder in real.parents]
        nearest = max(around, key=lambda folder: len(folder.parts), default=None)
        return None if nearest in {Path.home(), Path(real.anchor)} else nearest

    def _deliver(self, project: OpenProject, result: Published | First | Failed) -> None:
        """Hand a result of the background over."""
        self._loop.call_soon_threadsafe(self._guard, "taking a state in", lambda: self._take(project, result))

    def _take(self, project: OpenProject, result: Published | First | Failed) -> None:
        if isinstance(result, First):
            project.first = result
            self._beat()
            return
        if isinstance(result, Failed):
            project.failure = result.message
            self.client.warn_once(result.message)
            self._refresh_later()
            return
        before, project.latest, project.failure = project.latest, result, None
        project.first = None
        unknown = result.view.unknown_code
        if unknown is not None:
            self.client.warn_once(str(error_at(project.root, unknown.keys, unknown.message)))
        if not self.client.takes_pull_diagnostics:
            push_diagnostics(self.client, Positions(project, result, self.buffers))
        if before is None or before.view.fingerprint != result.view.fingerprint:
            self._refresh_later()

    def _work_done(self) -> None:
        if not self._background.is_ended:
            self._loop.call_soon_threadsafe(self._guard, "the end of work", self._after_work)

    def _after_work(self) -> None:
        if all(self._is_settled(project) for project in self.projects.values()):
            self._first_analysis.end()
        self._beat()

    def _refresh_later(self) -> None:
        if self._refreshing is None:
            self._refreshing = self._loop.call_later(_REFRESH_PAUSE_SECONDS, self._refresh)

    def _refresh(self) -> None:
        self._refreshing = None
        self.client.refresh()

    def _look_later(self) -> None:
        if not self._background.is_ended:
            self._background.wish("look", self._look, _LOOK_EVERY_SECONDS, at_most=2 * _LOOK_EVERY_SECONDS)

    def _look(self) -> None:
        """In the background: look at files and stores, and come again."""
        try:
            for project in self._projects_now():
                self._guard("looking for changes", lambda: project.look(at_files=not self.client.watches_files))  # noqa: B023
        finally:
            self._look_later()

    def _projects_now(self) -> Iterator[OpenProject]:
        yield from list(self.projects.values())


def _text_of(path: Path) -> str | None:
    """The text of a file, its line ends as they are; None for one that cannot be read."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, ValueError):
        return None
