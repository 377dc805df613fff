"""`huldra analyze`: the whole picture, as text or JSON."""

from msgspec.structs import replace
from rich.text import Text

from huldra.analysis.host import Workspace
from huldra.analysis.observing import SaidOfChanges, tell_changes
from huldra.cli.arguments import JSON, MARKDOWN, TEXT, USAGE_ERROR, Options
from huldra.cli.choosing import codes_to_show
from huldra.cli.commands.check import write_findings
from huldra.cli.opening import Opened, open_project, root_relative
from huldra.cli.sections import (
    cause_lines,
    class_table,
    counts_text,
    dynamic_lines,
    ended_lines,
    live_lines,
    missing_lines,
    orphan_lines,
    problem_lines,
    unverifiable_lines,
)
from huldra.cli.sweep_lines import sweep_lines
from huldra.cli.terminal import Terminal, styled, write_data
from huldra.exports.markdown import markdown_text
from huldra.features.check import all_findings, checked, chosen_findings, unsuppressed_problems
from huldra.features.chosen_problems import Choice, chosen_problems
from huldra.features.narrowed import narrowed_picture
from huldra.features.overview import Overview, overview
from huldra.features.picture import Picture

_SHORT_REVISION = 9
# No other line of the document reads so: what lies deeper is indented further, and no text in it has a line end.
_DIRTY_LINES = ('\n  "dirty": false,\n', '\n  "dirty": true,\n')


def analyze(options: Options) -> int:
    """Effect: write the picture to stdout. Return the exit code."""
    terminal = Terminal(options)
    opened = open_project(options, terminal)
    choice = codes_to_show(options, opened.workspace)
    picture = opened.picture
    if options.paths:
        files = () if options.at is None else opened.workspace.discovery.files
        names = tuple(root_relative(path, opened.workspace.root.path, files) for path in options.paths)
        picture = narrowed_picture(picture, opened.snapshot.project.modules, names)
    problems = unsuppressed_problems(opened.snapshot, chosen_problems(picture.problems, choice))
    picture = replace(picture, problems=problems)
    shown = overview(picture, opened.workspace, opened.said_of_store)
    if options.at is None:
        tell_changes(SaidOfChanges(picture.is_dirty, *_words_for_changes(options, picture)))
    else:
        tell_changes(SaidOfChanges(False, "", ""))  # noqa: FBT003  # a commit differs from no commit
    if options.output_format == JSON:
        from huldra.exports.analysis_json import analysis_json  # noqa: PLC0415  # pydantic's, a fifth of all imports

        write_data(analysis_json(picture))
        if shown.store_words is not None:
            terminal.hint(shown.store_words)
    elif options.output_format != TEXT:
        _write_findings(options, opened, picture, choice)
    else:
        _write_text(terminal, picture, shown, opened, options)
    return USAGE_ERROR if picture.store_status in {"not-a-directory", "unreadable"} else 0


def _write_findings(options: Options, opened: Opened, picture: Picture, choice: Choice) -> None:
    """Effect: write what is wrong to stdout, for a service that shows it at its lines."""
    findings = chosen_findings(all_findings(opened.snapshot, picture, choice), choice)
    if options.output_format == MARKDOWN:
        write_data(markdown_text(checked(findings, None, "the working tree")))
    else:
        write_findings(options.output_format, findings, opened.workspace)


def _write_text(terminal: Terminal, picture: Picture, shown: Overview, opened: Opened, options: Options) -> None:
    workspace, has_chosen = opened.workspace, bool(options.select)
    terminal.line(_head(picture, workspace))
    if not picture.classes and options.paths and opened.picture.classes:
        terminal.line()
        others = counts_text(len(opened.picture.classes), "experiment class", "experiment classes")
        terminal.line(f"No experiment class in {' '.join(map(str, options.paths))}; the project has {others}.")
    elif not picture.classes:
        _write_no_classes(terminal, workspace)
    if shown.store_words is not None:
        terminal.line()
        terminal.line(styled(shown.store_words, "yellow"))
    if shown.classes:
        terminal.line()
        terminal.lines(class_table(shown, terminal.width))
    # What a hint says stands in other sections too, or concerns style: nobody should have to look past it.
    problems = [p for p in picture.problems if p.severity != "hint" or terminal.is_verbose or has_chosen]
    sections = (
        ("Problems", "", len(problems), problem_lines(problems)),
        ("Stale", "not what today's code would give", _stale(picture), cause_lines(shown, terminal)),
        ("Ended badly", "and no result since", len(shown.ended), ended_lines(shown, terminal)),
        ("At work", "", len(shown.live), live_lines(shown, terminal)),
        ("Sweeps", "places that build several", len(picture.sweeps), sweep_lines(picture, shown, terminal)),
        ("Missing", "in the code, never run", len(shown.missing), missing_lines(shown, terminal)),
        ("Dynamic sites", "known only when run", len(picture.dynamic), dynamic_lines(picture, shown, terminal)),
        ("Orphans", "results that no code builds any more", len(shown.orphans), orphan_lines(shown, terminal)),
        ("Unverifiable", "", sum(len(doubts.runs) for doubts in shown.doubts), unverifiable_lines(shown, terminal)),
    )
    for title, words, count, lines in sections:
        if count:
            terminal.line()
            terminal.line((title, "bold"), f" {count}", (f"  {words}" if words else "", "bright_black"))
            terminal.lines(lines)
    if not terminal.is_quiet:
        terminal.line()
        terminal.line(("Next: ", "bold"), shown.next_step)


def _stale(picture: Picture) -> int:
    return sum(run.verdict == "stale" for run in picture.runs)


def _words_for_changes(options: Options, picture: Picture) -> tuple[str, str]:
    """Return how the answer says that the working tree differs from the commit: if it does not, and if it does."""
    if options.output_format == JSON:
        return _DIRTY_LINES
    if options.output_format != TEXT:
        return "", ""
    return f" · {_revision(picture, is_dirty=False)}\n", f" · {_revision(picture, is_dirty=True)}\n"


def _revision(picture: Picture, *, is_dirty: bool) -> str:
    if picture.revision is None:
        return "not under git"
    return f"at {picture.revision[:_SHORT_REVISION]}{' with uncommitted changes' if is_dirty else ''}"


def _head(picture: Picture, workspace: Workspace) -> Text:
    experiments, runs = len(picture.experiments), len(picture.runs)
    return Text.assemble(
        (workspace.root.path.name or str(workspace.root.path), "bold"),
        f" · {counts_text(len(picture.classes), 'class', 'classes')}",
        f" · {counts_text(experiments, 'experiment')} in code",
        f" · {counts_text(runs, 'run')} in {' and '.join((picture.store, *picture.further_stores))}",
        f" · {_revision(picture, is_dirty=picture.is_dirty)}",
    )


def _write_no_classes(terminal: Terminal, workspace: Workspace) -> None:
    terminal.line()
    files = counts_text(len(workspace.discovery.files), "Python file")
    terminal.line(f"No experiment class found: {files} below {workspace.root.path}.")
    terminal.line("An experiment class is a subclass of huldra.Huldra, direct or not.")
    if not workspace.root.is_project:
        terminal.line("This is no project either: no parent directory has a pyproject.toml, huldra.toml or .git.")
