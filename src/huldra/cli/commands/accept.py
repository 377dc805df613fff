"""`huldra accept`: the ledger of changes that do not matter to the results that were made before them."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from msgspec.structs import replace
from rich.text import Text

from huldra.analysis.accepted_file import ACCEPTED_FILE, read_accepted, write_accepted
from huldra.analysis.host import Workspace, look_around, open_workspace, read_code, snapshot_of
from huldra.analysis.kept import Kept
from huldra.cli.arguments import USAGE_ERROR, Options, UsageError
from huldra.cli.opening import one_run, open_project
from huldra.cli.sections import INDENT, counts_text
from huldra.cli.terminal import Terminal, aligned, styled
from huldra.cli.writing_files import not_written
from huldra.comparison.accepted import AcceptedChange
from huldra.features.acceptance import Asked, Proposal, proposal, runs_of_class


def accept(options: Options) -> int:
    """Effect: write the ledger, or show it. Return the exit code."""
    terminal = Terminal(options)
    if options.accept.lists or options.accept.prunes:
        if options.accept.target or options.accept.reason is not None:
            raise UsageError("--list and --prune are about the whole ledger: name no run and no reason")
        return _prune(options, terminal) if options.accept.prunes else _list(options, terminal)
    if not options.accept.target:
        raise UsageError('name what to accept: huldra accept RUN|CLASS --reason "..."; or --list, --prune')
    return _add(options, terminal)


def _add(options: Options, terminal: Terminal) -> int:
    opened = open_project(options, terminal)
    runs = runs_of_class(opened.picture.runs, options.accept.target) or (one_run(opened, options.accept.target),)
    proposed = proposal(runs, opened.snapshot.comparison.by_key())
    if not proposed.runs:
        raise UsageError(f"there is nothing to accept: {_standing(tuple(run.verdict for run in runs))}")
    if not proposed.changes:
        raise UsageError(f"only changes of code can be accepted, and this is another: {proposed.others[0]}")
    reason = " ".join((options.accept.reason or "").split())
    terminal.lines(_plan(proposed))
    if not reason:
        terminal.complain('nothing was written: say why this does not matter, with --reason "..."')
        return USAGE_ERROR
    root = opened.workspace.root.path
    entries = proposed.entries(reason, date.today().isoformat())  # noqa: DTZ011  # the day as its author sees it
    path = _written(root, (*read_accepted(root).entries, *entries))
    terminal.line(f"Wrote {counts_text(len(entries), 'entry', 'entries')} to {path.name}; commit it with the change.")
    for other in proposed.others:
        terminal.hint(f"still stale: {other}")
    return 0


def _written(root: Path, entries: Iterable[AcceptedChange]) -> Path:
    try:
        return write_accepted(root, entries)
    except OSError as error:
        raise not_written(root / ACCEPTED_FILE, error) from error


def _standing(verdicts: tuple[str, ...]) -> str:
    if len(verdicts) == 1:
        return f"the run is {verdicts[0]}, not stale"
    return f"none of {len(verdicts)} runs is stale"


def _plan(proposed: Proposal) -> list[Text]:
    head = Text(f"Changes that make {counts_text(len(proposed.runs), 'run')} stale:", style="bold")
    rows = [(change.class_name, change.message) for change in proposed.changes]
    return [head, *aligned(rows, indent=INDENT)]


def _list(options: Options, terminal: Terminal) -> int:
    entries, asked, _ = _ledger(options, terminal)
    if not entries:
        terminal.line(f"Nothing was accepted: there is no {ACCEPTED_FILE}, or it is empty.")
    rows = [
        (
            styled("holds", "current") if asked.holds(entry) else styled("lapsed", "unverifiable"),
            entry.on,
            entry.class_name,
            f"{entry.definition}  {entry.then} → {entry.now}",
            entry.reason,
        )
        for entry in entries
    ]
    terminal.lines(aligned(rows))
    return 0


def _prune(options: Options, terminal: Terminal) -> int:
    entries, asked, workspace = _ledger(options, terminal)
    kept = tuple(entry for entry in entries if asked.holds(entry))
    gone = len(entries) - len(kept)
    if gone:
        _written(workspace.root.path, kept)
    terminal.lines(Text(f"{INDENT}{e.class_name}  {e.definition}  {e.reason}") for e in entries if e not in kept)
    terminal.line(f"Took out {gone} of {counts_text(len(entries), 'entry', 'entries')}.")
    return 0


def _ledger(options: Options, terminal: Terminal) -> tuple[tuple[AcceptedChange, ...], Asked, Workspace]:
    """Effect: compare every run. Return the ledger's entries, and which of them were asked for."""
    workspace = open_workspace(Path.cwd(), root=options.root, stores=options.stores)
    accepted = read_accepted(workspace.root.path)
    asked = Asked(accepted)
    kept = Kept()
    with terminal.progress(f"reading {workspace.root.path.name}"):
        code = read_code(workspace, kept)
        snapshot = snapshot_of(workspace, code, replace(look_around(workspace, code, kept), is_accepted=asked))
        status = snapshot.store.status
        _ = snapshot.comparison
    if options.accept.prunes and status != "found":
        raise UsageError("the store holds no runs here, so it cannot be told which entries still hold")
    return accepted.entries, asked, workspace
