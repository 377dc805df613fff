"""`huldra check`: what is wrong, or what a change brings, in the format of whoever asks. No other command judges."""

import os
from functools import partial
from pathlib import Path

from huldra.analysis.host import Workspace, open_workspace
from huldra.analysis.observing import tell_standing
from huldra.analysis.standing import standing_of
from huldra.analysis.two_states import NotComparable, TwoStates, change_since, staged_change
from huldra.cli.arguments import USAGE_ERROR, Options, UsageError
from huldra.cli.choosing import codes_to_show
from huldra.cli.judging_arguments import SINCE_PUSHED
from huldra.cli.terminal import STYLES, Part, Terminal, write_data
from huldra.comparison.hidden_runs import hiding_problems
from huldra.features.baseline import (
    DEFAULT_BASELINE,
    Compared,
    baseline_text,
    compare_with_baseline,
    parse_baseline,
    unmatched_findings,
)
from huldra.features.check import (
    Checked,
    all_findings,
    can_judge,
    change_findings,
    checked,
    chosen_findings,
)
from huldra.features.check_words import headline
from huldra.features.chosen_problems import OPT_IN, OPT_IN_TO_CHECK, Choice, asks_for, is_selected
from huldra.features.findings import CODE_CHANGED, STALE_CODES, Finding
from huldra.features.older_side import unparsed_before
from huldra.features.picture import Picture
from huldra.features.short_names import SHORT_HASH
from huldra.features.store_words import store_words
from huldra.formats.names import short_name
from huldra.sources.revision import prefix_in_repository
from huldra.sources.root import shown_path
from huldra.sources.toml_files import SettingsError, read_toml_text
from huldra.stored_runs.model import StoredStore

_PUSHED_FROM, _PUSHED_TO, _IN_HOOK = "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF", "PRE_COMMIT"
_UPSTREAM = "@{upstream}"


def check(options: Options) -> int:
    """Effect: write what was found to stdout; with --write-baseline, write that file. Return the exit code."""
    terminal = Terminal(options)
    # What is staged stands in git, whatever lies on disk.
    workspace = open_workspace(
        Path.cwd(), root=options.root, stores=options.stores, with_files=not options.check.staged
    )
    choice = codes_to_show(options, workspace, OPT_IN_TO_CHECK)
    baseline = _baseline(options, workspace)
    if options.check.staged or options.check.since is not None:
        states = _states(options, workspace, terminal)
        if states is None:
            return 0
        brought = change_findings(states, choice)
        unparsed = unparsed_before(states)
        for words in unparsed:
            terminal.hint(words)
        is_asked_of_index = options.check.staged and options.check.since is None and not asks_for(choice, OPT_IN)
        if is_asked_of_index and not brought and not unparsed:
            tell_standing(partial(standing_of, states, workspace.settings.limits.file_size))
        found = chosen_findings(brought, choice)
        compared = Compared(found, ()) if baseline is None else compare_with_baseline(found, baseline[1])
        passed = len(found) - len(compared.new)
        result = checked(compared.new, states.before_name, states.after_name, passed)
        store, store_name = states.after.store, states.after.inputs.store_name
        project = states.after.project
    else:
        from huldra.cli.opening import open_project  # noqa: PLC0415  # a change is looked at otherwise

        opened = open_project(options, terminal)
        every = all_findings(opened.snapshot, opened.picture, choice)
        if options.check.writes_baseline:
            return _write_baseline(options, workspace, terminal, chosen_findings(every, choice), baseline)
        result = _against_baseline(every, opened.picture, choice, baseline, workspace)
        store, store_name = opened.snapshot.store, opened.picture.store
        project = opened.snapshot.project
    words = store_words(store.status, store_name, workspace, project).text
    if words is not None:
        terminal.hint(words)
    _write(options, terminal, workspace, result)
    if store.status in {"not-a-directory", "unreadable"}:
        return USAGE_ERROR
    if _complain_of_hidden(store, store_name, terminal) and not options.check.exits_with_zero:
        return USAGE_ERROR  # what lies there may be stale: nothing found is no answer
    return 1 if result.findings and not options.check.exits_with_zero else 0


def _complain_of_hidden(store: StoredStore, name: str, terminal: Terminal) -> bool:
    """Effect: complain of what of a store cannot be looked into. Return whether there is such a thing."""
    hidden = hiding_problems(store)
    if hidden:
        first = next(iter(hidden.values()))
        places = "1 place" if len(hidden) == 1 else f"{len(hidden)} places"
        terminal.complain(f"could not look into {places} of the store: {name}/{first.path}: {first.message}")
    return bool(hidden)


def _states(options: Options, workspace: Workspace, terminal: Terminal) -> TwoStates | None:
    """Effect: read both states. Return them; None where there is nothing yet to compare with, which is said."""
    since, until = options.check.since, None
    if since == SINCE_PUSHED:
        since, until = os.environ.get(_PUSHED_FROM) or _UPSTREAM, os.environ.get(_PUSHED_TO) or None
    with terminal.progress(f"reading {workspace.root.path.name}"):
        states = (
            staged_change(workspace, since or "HEAD")
            if options.check.staged
            else change_since(workspace, since or "HEAD", until)
        )
    if isinstance(states, TwoStates):
        for doubt in states.doubts:
            terminal.hint(doubt)
        return states
    return _nothing_to_compare(states, since, terminal)


def _nothing_to_compare(states: NotComparable, since: str | None, terminal: Terminal) -> None:
    if since != _UPSTREAM or not states.has_repository:
        raise UsageError(states.message)
    if os.environ.get(_IN_HOOK):
        terminal.hint("nothing has been pushed yet that this could be compared with")
        return
    raise UsageError("this branch has no upstream to compare with: name a revision, --since main")


Baseline = tuple[Path, tuple[str, ...], str]


def _baseline(options: Options, workspace: Workspace) -> Baseline | None:
    """Return the path, keys and text of the baseline; None without one."""
    path = _baseline_path(options, workspace)
    if path is None:
        return None
    text = read_toml_text(path)
    if text is not None:
        return path, parse_baseline(text, path), text
    if options.check.writes_baseline:
        return None
    raise SettingsError("there is no such baseline: `huldra check --write-baseline` writes one", path)


def _baseline_path(options: Options, workspace: Workspace) -> Path | None:
    if options.check.baseline is not None:
        return Path.cwd() / options.check.baseline
    name = workspace.settings.baseline or (DEFAULT_BASELINE if options.check.writes_baseline else None)
    return None if name is None else workspace.root.path / name


def _against_baseline(
    every: tuple[Finding, ...], picture: Picture, choice: Choice, baseline: Baseline | None, workspace: Workspace
) -> Checked:
    if baseline is None:
        return checked(chosen_findings(every, choice), None, "the working tree")
    path, keys, text = baseline
    found = chosen_findings(every, choice)
    compared = compare_with_baseline(found, keys)
    is_judged = can_judge(picture, choice)
    # Of what nobody looked for, nothing can be said to be gone.
    unmatched = unmatched_findings(
        compared.unmatched,
        text,
        shown_path(path, workspace.root.path),
        lambda code: is_judged(code) and is_selected(code, choice),
    )
    shown = tuple(sorted((*compared.new, *chosen_findings(unmatched, choice))))
    return checked(shown, None, "the working tree", len(found) - len(compared.new))


def _write_baseline(
    options: Options, workspace: Workspace, terminal: Terminal, found: tuple[Finding, ...], baseline: Baseline | None
) -> int:
    """Effect: write the baseline; new findings do not slip into one that is there."""
    path = _baseline_path(options, workspace) or workspace.root.path / DEFAULT_BASELINE
    compared = compare_with_baseline(found, baseline[1]) if baseline is not None else Compared((), ())
    if compared.new and not options.check.accepts_new:
        _write_lines(terminal, compared.new)
        terminal.complain(
            f"{len(compared.new)} findings are not in {path.name}: mend them, or add them with --accept-new"
        )
        return USAGE_ERROR
    from huldra.cli.writing_files import write_file  # noqa: PLC0415  # to judge nothing is written

    keys = [key for finding in found for key in finding.keys]
    write_file(path, baseline_text(keys))
    gone = f", {len(compared.unmatched)} taken out" if compared.unmatched else ""
    words = "1 entry" if len(keys) == 1 else f"{len(keys)} entries"
    terminal.line(f"wrote {shown_path(path, Path.cwd())}: {words}{gone}")
    return 0


def _write(options: Options, terminal: Terminal, workspace: Workspace, result: Checked) -> None:
    """Effect: write the result to stdout."""
    match options.output_format:
        case "json":
            from huldra.exports.check_json import check_json  # noqa: PLC0415  # pydantic's, a fifth of all imports

            write_data(check_json(result))
        case "markdown":
            from huldra.exports.markdown import markdown_text  # noqa: PLC0415

            write_data(markdown_text(result))
        case "text":
            _write_lines(terminal, result.findings)
            _write_sum(terminal, result)
        case other:
            write_findings(other, result.findings, workspace)


def write_findings(output_format: str, findings: tuple[Finding, ...], workspace: Workspace) -> None:
    """Effect: write findings to stdout in the format of a service, with paths from the top of the repository."""
    prefix = prefix_in_repository(workspace.root.path)
    match output_format:
        case "github":
            from huldra.exports.github import github_text  # noqa: PLC0415

            if findings:  # an empty line would be one in the log
                write_data(github_text(findings, prefix))
        case "gitlab":
            from huldra.exports.gitlab import gitlab_text  # noqa: PLC0415

            write_data(gitlab_text(findings, prefix))
        case _:
            from importlib.metadata import version  # noqa: PLC0415  # slow, and asked for by one format

            from huldra.exports.sarif import sarif_text  # noqa: PLC0415

            write_data(sarif_text(findings, version("huldra-lab"), prefix))


def _write_lines(terminal: Terminal, findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        place = finding.place
        code: Part = finding.code, STYLES.get(finding.severity, finding.severity)
        terminal.line(f"{place.file}:{place.line}:{place.column}: ", code, f" {finding.message}")


def _write_sum(terminal: Terminal, result: Checked) -> None:
    words = headline(result)
    passed = f"; {result.passed_over} more in the baseline" if result.passed_over else ""
    terminal.line((f"{words[0].upper()}{words[1:]}{passed}.", "bold"))
    if not terminal.is_quiet:
        _write_advice(terminal, result.findings)


def _write_advice(terminal: Terminal, findings: tuple[Finding, ...]) -> None:
    """Effect: tell how to look at a run that is stale, and how to accept it where that can be accepted."""
    stale = [finding for finding in findings if finding.code in STALE_CODES and finding.runs]
    shown = next((finding for finding in stale if finding.code == CODE_CHANGED), stale[0] if stale else None)
    if shown is None:
        return
    class_name, _, digest = shown.runs[0].key.rpartition("/")
    run = f"{short_name(class_name)}/{digest[:SHORT_HASH]}"
    accepted = f"; if it does not matter: `huldra accept {run} --reason …`" if shown.code == CODE_CHANGED else ""
    terminal.hint(f"`huldra why {run}` shows what changed{accepted}")
