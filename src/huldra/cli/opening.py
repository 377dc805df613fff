"""From options to a snapshot, with a word on stderr about what was left out. Decides nothing."""

from collections.abc import Collection
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path

from huldra.analysis.asked_snapshot import PartOf, take_snapshot_of_part
from huldra.analysis.host import Workspace, open_workspace
from huldra.analysis.observing import tell_seen
from huldra.analysis.snapshot import Snapshot
from huldra.analysis.standing import seen_code
from huldra.analysis.two_states import NotComparable, state_at
from huldra.cli.arguments import Options, UsageError
from huldra.cli.terminal import Terminal
from huldra.comparison.model import ComparedRun
from huldra.features.picture import Picture, whole_picture
from huldra.features.rerun_targets import PLACE, NoTarget, experiments_named, targets_at
from huldra.features.run_reference import NoSuchRun, find_run
from huldra.features.store_words import StoreWords, store_words
from huldra.sources.import_roots import empty_roots

_MOST_NAMED = 5


class Opened:
    """What every question begins with."""

    def __init__(self, workspace: Workspace, snapshot: Snapshot) -> None:
        self.workspace = workspace
        self.snapshot = snapshot

    @cached_property
    def picture(self) -> Picture:
        """The whole picture, for which every run is judged."""
        return whole_picture(self.snapshot)

    @cached_property
    def said_of_store(self) -> StoreWords:
        """What is to be said of a store without runs."""
        snapshot = self.snapshot
        return store_words(snapshot.store.status, snapshot.inputs.store_name, self.workspace, snapshot.project)

    @property
    def store_words(self) -> str | None:
        """The same in words; None of a store with runs."""
        return self.said_of_store.text

    def save(self) -> None:
        """Effect: keep what was found of some runs for the next time; the whole picture does so by itself."""
        self.snapshot.inputs.keep()


def open_project(options: Options, terminal: Terminal, *, is_whole: bool = True, query: str | None = None) -> Opened:
    """Effect: read code and store. Return them as a snapshot, with its picture.

    Args:
        options: What was asked for.
        terminal: Where to say what was left out.
        is_whole: The picture will be asked for, so that it is made while the user sees that something is done.
        query: The only question about runs, so that no others need be looked at.
    """
    workspace = open_workspace(Path.cwd(), root=options.root, stores=options.stores)
    doubts: tuple[str, ...] = ()
    with terminal.progress(f"reading {workspace.root.path.name}") as count:
        if options.at is None:
            choose = None if query is None else _choosing(query)
            snapshot = take_snapshot_of_part(workspace, choose, count)
        else:
            then = state_at(workspace, options.at, count)
            if isinstance(then, NotComparable):
                raise UsageError(then.message)
            workspace, snapshot, doubts = then.workspace, then.snapshot, then.doubts
        tell_seen(partial(seen_code, snapshot))
        opened = Opened(workspace, snapshot)
        if is_whole:
            _ = opened.picture
    faults = [problem for problem in workspace.discovery.problems if not problem.is_note]
    if len(faults) == 1:
        terminal.hint(f"left out {faults[0].name}: {faults[0].message}")
    elif faults:
        terminal.hint(f"left out {len(faults)} files and directories that could not be read; see `huldra doctor`")
    if snapshot.store.status == "found" and snapshot.store.problems:
        count = len(snapshot.store.problems)
        places = "place" if count == 1 else "places"
        terminal.hint(f"could not look into {count} {places} of the store; see `huldra doctor`")
    for name in empty_roots(workspace.settings, workspace.discovery.files) if options.at is None else ():
        terminal.hint(f"{name}, which the setting `src` names, holds no Python file; imports do not begin there")
    for doubt in doubts:
        terminal.hint(doubt)
    return opened


def _choosing(query: str) -> PartOf:
    from huldra.features.asked_part import part_asked_about  # noqa: PLC0415  # what reads queries, which few ask

    return partial(part_asked_about, query, datetime.now(UTC))


def one_run(opened: Opened, word: str) -> ComparedRun:
    """Return the run that a word means: its hash, `class/hash` or path, or the FILE:LINE that builds its experiment.

    Raises:
        UsageError: it means none, or several.
    """
    place = place_named(word, opened.workspace.root.path)
    found = find_run(opened.snapshot.comparison_on_demand.runs, word) if place is None else _run_at(opened, *place)
    if isinstance(found, NoSuchRun | NoTarget):
        never_run = (
            [] if place is not None else list(experiments_named(opened.snapshot.experiments.by_key, word.strip()))
        )
        if len(never_run) == 1:
            raise UsageError(f"{never_run[0]} was never run; `huldra rerun {word}` runs it")
        raise UsageError(found.message)
    return found


def _run_at(opened: Opened, file: str, line: int, column: int | None) -> ComparedRun | NoTarget:
    keys = targets_at(opened.snapshot, opened.picture, opened.workspace, file, line, column)
    if isinstance(keys, NoTarget):
        return keys
    stored = opened.snapshot.comparison.by_key()
    runs = [stored[key] for key in keys if key in stored]
    if len(runs) == 1:
        return runs[0]
    if not runs:
        return NoTarget(f"{file}:{line}: what is built there was never run; `huldra rerun {file}:{line}` runs it")
    names = ", ".join(run.key for run in runs[:_MOST_NAMED])
    more = ", ..." if len(runs) > _MOST_NAMED else ""
    return NoTarget(f"{file}:{line}: {len(runs)} runs are built there, name one: {names}{more}")


def place_named(word: str, root: Path) -> tuple[str, int, int | None] | None:
    """Return the file, by its root-relative name, the line and the column that a word names; None for another word.

    Raises:
        UsageError: it names a file that is not there.
    """
    found = PLACE.fullmatch(word.strip())
    if found is None:
        return None
    column = None if found["column"] is None else int(found["column"])
    return root_relative(found["file"], root), int(found["line"]), column


def root_relative(word: str, root: Path, files: Collection[str] = ()) -> str:
    """Return the root-relative name of a path as the user gave it; empty for the root itself.

    Args:
        word: The path.
        root: The root.
        files: Root-relative names of files that count as there, whatever the disk says.

    Raises:
        UsageError: there is no such path, or it lies outside the root.
    """
    try:
        path = (Path.cwd() / word).resolve()
        if not path.exists() and (root / word).exists():
            path = (root / word).resolve()
        exists = path.exists()
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, a NUL in the name
        raise UsageError(f"{word}: cannot be followed ({error})") from error
    below = path if path.is_relative_to(root) else root / word
    name = below.relative_to(root).as_posix() if below.is_relative_to(root) else word
    if any(file == name or file.startswith(f"{name}/") for file in files):
        return name
    if not exists:
        raise UsageError(f"{word}: there is no such file or directory")
    if not path.is_relative_to(root):
        raise UsageError(f"{word}: lies outside the project {root}; name another with --root DIR")
    return "" if name == "." else name
