"""What `workspace/executeCommand` does. What a command is about is looked up again: it was offered for older text.

Every answer is a JSON object with `done`; `message` says why nothing was done.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from msgspec import Struct

from huldra.exports.shown import SHOWING, shown_by
from huldra.features.targets import Chosen, Outdated, choose_target
from huldra.formats import layout
from huldra.lsp.accepting import accept
from huldra.lsp.answers import NO_PROJECT, Answer, refused_aloud
from huldra.lsp.desk import Desk
from huldra.lsp.documents import Positions
from huldra.lsp.into_manifest import add_to_manifest
from huldra.lsp.jobs import cancel, rerun, run_missing
from huldra.lsp.status import status_lines, status_of
from huldra.lsp.targets import Argument
from huldra.lsp.views import write_view
from huldra.lsp.writing import write_new

Run = Callable[[Desk, Argument], Awaitable[Answer]]
_PATIENCE_SECONDS = 30.0


class _Subject(Struct, frozen=True):
    """What a command is about now."""

    positions: Positions
    argument: Argument
    chosen: Chosen

    @property
    def root(self) -> Path:
        return self.positions.project.root

    @property
    def key(self) -> str | None:
        """The experiment, where it is a single one."""
        return self.chosen.keys[0] if len(self.chosen.keys) == 1 else None


async def _subject(desk: Desk, argument: Argument) -> _Subject | Answer:
    positions = await desk.positions_of(argument.uri)
    if positions is None:
        return refused_aloud(desk.client, NO_PROJECT)
    chosen = choose_target(positions.published.view, argument.target)
    if isinstance(chosen, Outdated):
        return refused_aloud(desk.client, chosen.message)
    return _Subject(positions, argument, chosen)


def _showing(command: str) -> Run:
    """A command that shows something and does nothing else."""

    async def run(desk: Desk, argument: Argument) -> Answer:
        positions = await desk.positions_of(argument.uri)
        if positions is None:
            return refused_aloud(desk.client, NO_PROJECT)
        home = desk.home(argument.uri) if argument.uri else None
        file, view = home[1] if home is not None else "", positions.published.view
        work = partial(shown_by, view, command, argument.target, file, datetime.now(UTC))
        shown = await desk.in_background(work)
        if isinstance(shown, Outdated):
            return refused_aloud(desk.client, shown.message)
        answer = {"done": True, "text": shown.text, "verdict": shown.verdict, "reasons": list(shown.reasons)}
        try:
            uri = write_view(positions.project.root, shown.name, shown.text)
        except OSError as error:
            # A client with views of its own has the text; in others nothing opens, which is said once.
            why = f"{positions.project.root}: {error.strerror}"
            desk.client.log(f"no page can be written below {why}")
            desk.client.warn_once(f"pages cannot be opened, since none can be written below {why}")
            return answer
        desk.client.show_document(uri)
        return {**answer, "uri": uri}

    return run


async def show_log(desk: Desk, argument: Argument) -> Answer:
    """Effect: open the log of a run."""
    subject = await _subject(desk, argument)
    if not isinstance(subject, _Subject):
        return subject
    view = subject.positions.published.view
    run = view.runs.get(subject.key or "")
    if run is None:
        return refused_aloud(desk.client, "there is no run of it, and so no log")
    directory = layout.directory_at(view.workspace.store.path, run.run.path)
    log = layout.log_file(layout.internal_directory(directory, run.run.dialect), run.run.dialect)
    if not log.is_file():
        return refused_aloud(desk.client, f"the run has no log: {log}")
    desk.client.show_document(log.as_uri())
    return {"done": True, "uri": log.as_uri()}


async def show_directory(desk: Desk, argument: Argument) -> Answer:
    """Effect: open the directory of a run, where the system shows directories."""
    subject = await _subject(desk, argument)
    if not isinstance(subject, _Subject):
        return subject
    view = subject.positions.published.view
    run = view.runs.get(subject.key or "")
    if run is None:
        return refused_aloud(desk.client, "there is no run of it, and so no directory")
    directory = layout.directory_at(view.workspace.store.path, run.run.path)
    desk.client.show_document(directory.as_uri(), is_external=True)
    return {"done": True, "uri": directory.as_uri()}


async def refresh(desk: Desk, _argument: Argument) -> Answer:
    """Effect: read code and store again."""
    desk.look_again()
    return {"done": await desk.settle(_PATIENCE_SECONDS)}


async def show_status(desk: Desk, _argument: Argument) -> Answer:
    """Effect: say how many runs have which verdict."""
    for line in status_lines(desk):
        desk.client.tell(line)
    return {"done": True, **status_of(desk)}


RUN: Mapping[str, Run] = {
    **{command: _showing(command) for command in SHOWING},
    "huldra.showLog": show_log,
    "huldra.showDirectory": show_directory,
    "huldra.refresh": refresh,
    "huldra.showStatus": show_status,
    "huldra.rerun": rerun,
    "huldra.runMissing": run_missing,
    "huldra.cancel": cancel,
    "huldra.accept": accept,
    "huldra.new": write_new,
    "huldra.sweep": write_new,
    "huldra.addToManifest": add_to_manifest,
}
"""What each command does."""
