"""`huldra lens`: what an editor shows above a file's classes and experiments, and what can be done there."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import chain

from msgspec.structs import replace
from rich.text import Text

from huldra.analysis.verdicts_at_head import VerdictsAtHead
from huldra.cli.arguments import JSON, USAGE_ERROR, Options, UsageError
from huldra.cli.opening import Opened, open_project, root_relative
from huldra.cli.sections import DIM
from huldra.cli.terminal import Terminal, aligned, write_data
from huldra.exports.shown import SHOWING, Shown, shown_by
from huldra.features.actions import Action, actions_at
from huldra.features.lenses import Lens, file_lenses
from huldra.features.project_view import ProjectView
from huldra.features.targets import Outdated, choose_target, chosen_to_rerun

_RUN_MISSING = "huldra.runMissing"
_RERUNS = frozenset({"huldra.rerun", _RUN_MISSING})
_INSTEAD = {
    "huldra.accept": "; in a terminal: huldra accept {key} --reason ...",
    "huldra.new": "; in a terminal: huldra new {class_name} --like {key}",
    "huldra.showLog": "; in a terminal: huldra show {key}",
    "huldra.showDirectory": "; in a terminal: huldra show {key}",
    "huldra.addToManifest": "; in a terminal: huldra manifest export {key}",
}


def lens(options: Options) -> int:
    """Effect: write the lenses of a file to stdout, or do what one of them does. Return the exit code."""
    terminal = Terminal(options)
    opened = open_project(options, terminal)
    name = root_relative(options.place, opened.workspace.root.path)
    inputs = opened.snapshot.inputs
    before = None
    if inputs.is_dirty:
        before = VerdictsAtHead().verdicts(opened.workspace, inputs.revision, inputs.store)
    view = ProjectView(opened.workspace, opened.snapshot, before)
    if view.text(name) is None:
        raise UsageError(_unread(opened, name) or f"{options.place}: is not one of the project's Python files")
    if options.lens is not None:
        return _execute(options, terminal, view, name, *options.lens)
    found = file_lenses(view, name, datetime.now(UTC))
    if options.output_format == JSON:
        write_data(json.dumps({"schema_version": 1, "file": name, "lenses": [_row(row) for row in found]}, indent=2))
        return 0
    rows = [(Text(f"{name}:{row.place.line}", style=DIM), row.title, Text(row.command, style=DIM)) for row in found]
    terminal.lines(aligned(rows))
    if not found:
        terminal.hint(f"{name} defines no experiment class and builds no experiment")
    return 0


def _unread(opened: Opened, name: str) -> str | None:
    """Return why a file of the project has no text; None for any other."""
    left_out = (fault.message for fault in opened.workspace.discovery.problems if fault.name == name)
    unread = (problem.message for problem in opened.snapshot.inputs.problems if problem.place.file == name)
    said = next(chain(left_out, unread), None)
    return None if said is None else f"{name} cannot be read: {said}"


def _row(found: Lens) -> Mapping[str, object]:
    place, target = found.place, found.target
    return {
        "line": place.line,
        "column": place.column,
        "title": found.title,
        "command": found.command,
        "class": target.class_name,
        "hash": target.digest,
        "selector": target.selector,
    }


def _execute(options: Options, terminal: Terminal, view: ProjectView, name: str, line: str, title: str) -> int:
    """Effect: do what the lens or action of a title does."""
    if not line.isdecimal():
        raise UsageError(f"{line!r} is no line")
    now = datetime.now(UTC)
    lenses = [
        Action(row.title, row.command, row.target)
        for row in file_lenses(view, name, now)
        if row.place.line == int(line)
    ]
    known = (*lenses, *actions_at(view, name, int(line), int(line), now))
    chosen = next((action for action in known if action.title.casefold().startswith(title.casefold())), None)
    if chosen is None:
        titles = ", ".join(repr(action.title) for action in known)
        raise UsageError(f"{name}:{line} has no lens or action {title!r}; it has {titles or 'none'}")
    if chosen.command in _RERUNS:
        return _rerun(options, view, chosen)
    if chosen.command not in SHOWING:
        instead = _INSTEAD.get(chosen.command, "")
        words = instead.format(key=chosen.target.key, class_name=chosen.target.class_name)
        terminal.complain(f"{chosen.title!r} is {chosen.command}, which needs an editor{words}")
        return USAGE_ERROR
    shown = shown_by(view, chosen.command, chosen.target, name, now)
    if isinstance(shown, Shown):
        write_data(shown.text.rstrip("\n"))
        return 0
    terminal.complain(shown.message)
    return USAGE_ERROR


def _rerun(options: Options, view: ProjectView, chosen: Action) -> int:
    """Effect: what `huldra rerun` does: a plan, a question, and then the work."""
    from huldra.cli.commands.rerun import rerun  # noqa: PLC0415  # who only looks starts nothing

    only_missing = chosen.command == _RUN_MISSING
    found = (choose_target if only_missing else chosen_to_rerun)(view, chosen.target)
    if isinstance(found, Outdated):
        raise UsageError(found.message)
    how = replace(options.rerun, only_missing=only_missing)
    return rerun(replace(options, command="rerun", targets=found.keys, rerun=how))
