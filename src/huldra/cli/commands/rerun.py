"""`huldra rerun`: a plan, a question, and then the work, with a word about each step on stderr."""

import shlex
import sys
from contextlib import ExitStack

from msgspec import Struct

from huldra.cli.arguments import JSON, USAGE_ERROR, Options, RerunOptions, UsageError
from huldra.cli.asking import runs_asked_for
from huldra.cli.opening import Opened, open_project, place_named
from huldra.cli.rerun_text import end_line, plan_lines, start_line, summary_line
from huldra.cli.terminal import Terminal, write_data
from huldra.comparison.model import runs_for
from huldra.exports.rerun_json import rerun_json
from huldra.features.rerun_targets import NAME, NoTarget, targets_at, targets_named
from huldra.features.run_words import is_worth_a_rerun
from huldra.launch.code_then import settings_then
from huldra.launch.detached import rerun_command
from huldra.launch.interpreter import Interpreter, Library, Unusable, find_interpreter
from huldra.launch.local import INTERRUPTED, STOPPED, Outcome, Report, Started, Task, run_tasks
from huldra.launch.prepare import Setting, ask_libraries, tasks_of
from huldra.launch.session import Session, launch_directory, read_session, save_session
from huldra.launch.set_aside import left_aside, restore_all
from huldra.launch.worktree import remove_abandoned
from huldra.plans.model import LeftOut, needs_confirmation
from huldra.plans.rerun import plan_rerun

SLURM = "the backend slurm cannot start anything yet: local runs here, print writes the commands"
_SOME_NOT_MADE, _WAS_INTERRUPTED = 1, 130


class _Prepared(Struct, frozen=True):
    """All that is known before anything starts."""

    session: Session
    settings: tuple[Setting, ...]
    left_out: tuple[LeftOut, ...]
    interpreter: Interpreter
    libraries: tuple[dict[str, Library], ...]
    jobs: int

    @property
    def total(self) -> int:
        return sum(len(setting.plan.steps) for setting in self.settings)


def rerun(options: Options) -> int:
    """Effect: make experiments, if that is wanted. Return 0 if all were made, 1 if not, 130 after an interruption."""
    terminal = Terminal(options)
    opened = open_project(options, terminal)
    backend = options.rerun.backend or opened.workspace.settings.run.backend
    is_for_show = options.rerun.is_dry_run or backend == "print"
    if is_for_show and left_aside(opened.workspace.store.path):
        terminal.hint("a killed rerun has left results aside; the next one brings them back before it plans")
    elif not is_for_show and restore_all(opened.workspace.store.path):
        terminal.hint("brought back results that a killed rerun had left aside")
        opened = open_project(options, terminal)
    if backend == "slurm":
        raise UsageError(SLURM)
    session = _session(options, opened)
    with ExitStack() as closing:
        prepared = _prepare(options.rerun, opened, session, closing)
        if backend == "print" and options.output_format != JSON:
            return _print_commands(options, opened, terminal, prepared)
        if options.output_format != JSON:
            terminal.lines(plan_lines(prepared.settings, prepared.left_out, prepared.interpreter, prepared.jobs))
        outcomes = None
        hours = opened.workspace.settings.run.confirm_over_hours
        is_refused = prepared.total > 0 and not is_for_show and not _is_wanted(options, terminal, prepared, hours)
        if prepared.total and not is_for_show and not is_refused:
            outcomes = _carry_out(options.rerun, opened, terminal, prepared)
    _show(options, terminal, prepared, outcomes)
    return USAGE_ERROR if is_refused else _exit_code(options.rerun, prepared, outcomes)


def _session(options: Options, opened: Opened) -> Session:
    """Return what is asked for now, or what an earlier rerun has left undone."""
    root, chosen = opened.workspace.root.path, options.rerun
    if chosen.resumes:
        session = read_session(root)
        if session is None or not session.left:
            raise UsageError("there is nothing to resume: no rerun has left anything undone")
        return session
    if chosen.only_missing and chosen.code == "then":
        raise UsageError("--missing asks for what was never run, and --code then for the code of a run")
    keys = tuple(dict.fromkeys(key for word in options.targets for key in _targets(opened, word)))
    if chosen.only_missing or chosen.only_stale:
        stored = runs_for(opened.snapshot.comparison, opened.snapshot.experiments)
        missing = {key for key in keys if chosen.only_missing and key not in stored}
        stale = {k for k in keys if chosen.only_stale and k in stored and is_worth_a_rerun(stored[k].verdict)}
        keys = tuple(key for key in keys if key in missing or key in stale)
    return Session(keys, (), chosen.code, chosen.with_upstream)


def _targets(opened: Opened, word: str) -> tuple[str, ...]:
    place = place_named(word, opened.workspace.root.path)
    if place is None and not NAME.fullmatch(word.strip()):
        found = runs_asked_for(opened, word, opened.snapshot.comparison.runs)
        return tuple(row.compared.key for row in found)
    if place is None:
        found = targets_named(opened.snapshot, word)
    else:
        found = targets_at(opened.snapshot, opened.picture, opened.workspace, *place)
    if isinstance(found, NoTarget):
        raise UsageError(found.message)
    return found


def _prepare(chosen: RerunOptions, opened: Opened, session: Session, closing: ExitStack) -> _Prepared:
    workspace = opened.workspace
    root, run_settings = workspace.root.path, workspace.settings.run
    interpreter = find_interpreter(root, chosen.python, run_settings.python)
    if isinstance(interpreter, Unusable):
        raise UsageError(interpreter.reason)
    settings, left_out = _settings(opened, session, closing)
    libraries: list[dict[str, Library]] = []
    for setting in settings:
        found = ask_libraries(setting, interpreter)
        if isinstance(found, Unusable):
            raise UsageError(found.reason)
        libraries.append(found)
    jobs = chosen.jobs or run_settings.jobs
    return _Prepared(session, settings, left_out, interpreter, tuple(libraries), jobs)


def _settings(opened: Opened, session: Session, closing: ExitStack) -> tuple[tuple[Setting, ...], tuple[LeftOut, ...]]:
    root, store, snapshot = opened.workspace.root.path, opened.workspace.store.path, opened.snapshot
    if session.code == "now":
        plan = plan_rerun(snapshot, session.left, with_upstream=session.with_upstream)
        return (Setting(plan, snapshot.project.modules, root),), plan.left_out
    remove_abandoned(root)
    settings, left_out = closing.enter_context(
        settings_then(root, store, snapshot.comparison.by_key(), session.left, with_upstream=session.with_upstream)
    )
    return settings, (*left_out, *(row for setting in settings for row in setting.plan.left_out))


def _print_commands(options: Options, opened: Opened, terminal: Terminal, prepared: _Prepared) -> int:
    """Effect: write the plan to stderr, and a command line for each step to stdout, in the order to run them in."""
    for line in plan_lines(prepared.settings, prepared.left_out, prepared.interpreter, prepared.jobs):
        terminal.hint(line)
    workspace, code = opened.workspace, prepared.session.code
    for setting in prepared.settings:
        for step in setting.plan.steps:
            words = rerun_command(
                workspace.root.path,
                workspace.store.path,
                (step.key,),
                code="then" if code == "then" else "now",
                with_upstream=False,
                python=options.rerun.python,
            )
            write_data(shlex.join((*words, "--backend", "local")))
    return 0


def _is_wanted(options: Options, terminal: Terminal, prepared: _Prepared, hours: float | None) -> bool:
    """Effect: ask, if there is anybody to be asked and the setting `confirm-over-hours` does not spare them that."""
    if options.rerun.is_confirmed:
        return True
    if options.output_format == JSON or not sys.stdin.isatty():
        terminal.complain("nothing was started: say --yes to start it, or --dry-run to see the plan only")
        return False
    if not needs_confirmation([setting.plan for setting in prepared.settings], hours):
        return True
    words = "1 experiment" if prepared.total == 1 else f"{prepared.total} experiments"
    sys.stderr.write(f"Make {words}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _carry_out(chosen: RerunOptions, opened: Opened, terminal: Terminal, prepared: _Prepared) -> tuple[Outcome, ...]:
    root, store = opened.workspace.root.path, opened.workspace.store.path
    steps = tuple(step.key for setting in prepared.settings for step in setting.plan.steps)
    session = Session(steps, (), prepared.session.code, prepared.session.with_upstream)
    save_session(root, session)
    outcomes: list[Outcome] = []

    def report(event: Started | Outcome) -> None:
        nonlocal session
        if isinstance(event, Started):
            terminal.hint(start_line(event, len(outcomes), prepared.total))
            return
        terminal.hint(end_line(event))
        if event.result == "success":
            session = session.with_done(event.key)
            save_session(root, session)

    logs = launch_directory(root) / "logs"
    for setting, libraries in zip(prepared.settings, prepared.libraries, strict=True):
        tasks = tasks_of(setting, prepared.interpreter, libraries, store, logs)
        outcomes += _run(chosen, tasks, prepared.jobs, outcomes, report)
    return tuple(outcomes)


def _run(
    chosen: RerunOptions, tasks: tuple[Task, ...], jobs: int, before: list[Outcome], report: Report
) -> tuple[Outcome, ...]:
    """Run one setting's tasks, unless what came before it says that nothing more is to be started."""
    is_interrupted = any(outcome.message == INTERRUPTED for outcome in before)
    has_failed = any(outcome.result != "success" for outcome in before)
    if is_interrupted or (has_failed and not chosen.keeps_going):
        why = INTERRUPTED if is_interrupted else STOPPED
        return tuple(Outcome(task.job.key, "not-started", None, None, None, why) for task in tasks)
    return run_tasks(tasks, jobs=jobs, keeps_going=chosen.keeps_going, report=report)


def _show(options: Options, terminal: Terminal, prepared: _Prepared, outcomes: tuple[Outcome, ...] | None) -> None:
    if options.output_format == JSON:
        document = rerun_json(
            prepared.settings,
            prepared.left_out,
            prepared.interpreter,
            code="then" if prepared.session.code == "then" else "now",
            jobs=prepared.jobs,
            outcomes=outcomes,
        )
        write_data(document)
    elif outcomes is not None:
        terminal.line(summary_line(outcomes))
        if any(outcome.result != "success" for outcome in outcomes):
            terminal.hint("go on with what is left: huldra rerun --resume")


def _exit_code(chosen: RerunOptions, prepared: _Prepared, outcomes: tuple[Outcome, ...] | None) -> int:
    if chosen.is_dry_run:
        return 0
    if any(outcome.message == INTERRUPTED for outcome in outcomes or ()):
        return _WAS_INTERRUPTED
    has_obstacle = any(row.verdict not in {"running", "queued"} for row in prepared.left_out)
    return _SOME_NOT_MADE if has_obstacle or any(outcome.result != "success" for outcome in outcomes or ()) else 0
