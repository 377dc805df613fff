"""Starting and stopping experiments for an editor: a plan, a question, and a process that outlives the editor."""

import asyncio
import os
import shlex
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from msgspec import Struct

from huldra.features.project_view import ProjectView
from huldra.features.short_names import short_key
from huldra.features.targets import Chosen, Outdated, choose_target, chosen_to_rerun
from huldra.features.time_words import cost_words
from huldra.features.verdict_counts import MISSING
from huldra.launch.detached import Detached, rerun_command, start_detached
from huldra.launch.interpreter import Interpreter, Unusable, find_interpreter
from huldra.launch.session import read_session
from huldra.lsp.answers import NO_PROJECT, Answer, refused, refused_aloud
from huldra.lsp.broken_files import broken_file
from huldra.lsp.desk import Desk
from huldra.lsp.documents import Positions
from huldra.lsp.projects import OpenProject
from huldra.lsp.targets import Argument
from huldra.plans.model import RerunPlan, needs_confirmation
from huldra.plans.rerun import plan_rerun
from huldra.stored_runs.index.held import ANYWHERE
from huldra.stored_runs.liveness import process_is_alive
from huldra.stored_runs.model import StoredRun

_LOOK_EVERY_SECONDS = 0.5
_PATIENCE_SECONDS = 5.0
_MOST_SHOWN = 3
CANCEL = "Cancel"


class _Prepared(Struct, frozen=True):
    """What would be started."""

    positions: Positions
    keys: tuple[str, ...]
    plan: RerunPlan
    interpreter: Interpreter
    command: tuple[str, ...]
    shown: str


async def rerun(desk: Desk, argument: Argument) -> Answer:
    """Effect: after a plan and a question, make what was chosen, with what it needs."""
    return await _start(desk, argument, only_missing=False)


async def run_missing(desk: Desk, argument: Argument) -> Answer:
    """Effect: the same, for what was never run."""
    return await _start(desk, argument, only_missing=True)


async def _start(desk: Desk, argument: Argument, *, only_missing: bool) -> Answer:
    prepared = await _prepare(desk, argument, only_missing=only_missing)
    if not isinstance(prepared, _Prepared):
        desk.client.tell(str(prepared["message"]))
        return prepared
    shown, words = prepared.shown, _start_words(prepared.plan)
    settings = prepared.positions.published.view.workspace.settings.run
    if settings.backend != "local":
        message = f"[tool.huldra.run] backend is {settings.backend}, which starts nothing from an editor: {shown}"
        return refused_aloud(desk.client, message, command=shown)
    if needs_confirmation((prepared.plan,), settings.confirm_over_hours):
        answer = await desk.client.ask(_question(prepared), (CANCEL, words))
        if answer != words:
            return refused("not wanted", command=shown)
    return await _start_as_agreed(desk, argument, prepared, only_missing=only_missing)


async def _start_as_agreed(desk: Desk, argument: Argument, agreed: _Prepared, *, only_missing: bool) -> Answer:
    """Effect: start what was agreed to, if that is still what would be done. One at a time: two may have been asked."""
    async with desk.starting:
        project = agreed.positions.project
        steps = [step.key for step in agreed.plan.steps]
        # While somebody was asked, a run may have been started elsewhere.
        project.wish(0, store=project.where_runs_lie(steps))
        await desk.settle(_PATIENCE_SECONDS)
        again = await _prepare(desk, argument, only_missing=only_missing)
        if not isinstance(again, _Prepared):
            desk.client.tell(str(again["message"]))
            return again
        if [step.key for step in again.plan.steps] != steps:
            desk.client.tell("what it would do has changed while you were asked; look again")
            return refused("changed while it was asked for")
        try:
            job = await desk.in_background(partial(start_detached, project.root, again.command))
        except OSError as error:
            message = f"nothing can be started: {error}"
            return refused_aloud(desk.client, message, command=agreed.shown)
        desk.jobs[job], desk.in_the_making[job] = again.keys, tuple(steps)
    desk.keep(asyncio.ensure_future(_follow(desk, project, job, _start_words(agreed.plan), steps)))
    return {"done": True, "pid": job.pid, "log": job.log.as_uri(), "command": agreed.shown}


async def _prepare(desk: Desk, argument: Argument, *, only_missing: bool) -> _Prepared | Answer:
    """Return what would be started, or why nothing can be."""
    positions = await desk.positions_of(argument.uri)
    if positions is None:
        return refused(NO_PROJECT)
    view, project = positions.published.view, positions.project
    chosen = (choose_target if only_missing else chosen_to_rerun)(view, argument.target)
    if isinstance(chosen, Outdated):
        return refused(chosen.message)
    unsaved = desk.unsaved(project)
    if unsaved:
        return refused(f"save {', '.join(unsaved[:_MOST_SHOWN])} first: what runs is what lies on disk")
    wanted = _keys(view, chosen, only_missing=only_missing)
    broken = broken_file(view, wanted)
    if broken is not None:
        return refused(f"{broken} cannot be read as it stands: what runs is what lies on disk")
    pids = {key: job.pid for job, steps in desk.in_the_making.items() for key in steps}
    keys = tuple(key for key in wanted if key not in pids)
    if wanted and not keys:
        processes = ", ".join(str(pid) for pid in sorted({pids[key] for key in wanted}))
        return refused(f"{chosen.word} is running already: process {processes}")
    plan = await desk.in_background(partial(plan_rerun, view.snapshot, keys))
    if not plan.steps:
        why = plan.left_out[0].reason if plan.left_out else f"nothing is {'missing' if only_missing else 'stale'}"
        return refused(f"there is nothing to run: {why}")
    wished = desk.client.setting("python")
    chosen_python = wished if isinstance(wished, str) and wished else None
    find = partial(find_interpreter, project.root, chosen_python, view.workspace.settings.run.python)
    interpreter = await desk.in_background(find)
    if isinstance(interpreter, Unusable):
        return refused(interpreter.reason)
    store = view.workspace.store.path
    command = rerun_command(project.root, store, keys, python=chosen_python)
    named, part = [*keys], ["--missing"] if only_missing else ["--stale"] if argument.target.is_sweep else []
    if len(keys) > _MOST_SHOWN and part:
        named = [chosen.word, *part]
    shown = shlex.join(rerun_command(project.root, store, named, python=chosen_python))
    return _Prepared(positions, keys, plan, interpreter, command, shown)


def _keys(view: ProjectView, chosen: Chosen, *, only_missing: bool) -> tuple[str, ...]:
    verdicts = view.snapshot.verdicts
    return tuple(key for key in chosen.keys if not only_missing or verdicts.get(key, MISSING) == MISSING)


def _start_words(plan: RerunPlan) -> str:
    missing = sum(step.verdict == MISSING for step in plan.steps)
    kind = "missing" if missing == len(plan.steps) else "experiment" if len(plan.steps) == 1 else "experiments"
    return f"Run {len(plan.steps)} {kind}{_cost(plan)}"


def _cost(plan: RerunPlan) -> str:
    if plan.unknown_times == len(plan.steps):
        return ", it is not known how long"
    return f", {cost_words(plan.seconds)}{f' and {plan.unknown_times} unknown' if plan.unknown_times else ''}"


def _question(prepared: _Prepared) -> str:
    names = prepared.positions.published.view.names
    shown = [f"{short_key(step.key, names)} ({step.because})" for step in prepared.plan.steps[:_MOST_SHOWN]]
    more = len(prepared.plan.steps) - len(shown)
    parts = "; ".join((*shown, *([f"and {more} more"] if more else [])))
    python = f"{prepared.interpreter.path} ({prepared.interpreter.source})"
    return f"{_start_words(prepared.plan)} with {python}? {parts}. The same in a terminal: {prepared.shown}"


async def _follow(desk: Desk, project: OpenProject, job: Detached, title: str, steps: Sequence[str]) -> None:
    """Effect: show that a job goes on, and how many of its steps are made, until it ends."""
    token, shown = f"huldra-job-{job.pid}", 0
    is_shown = await desk.client.begin_progress(token, f"huldra: {title}", is_cancellable=True, percent=0)
    while _is_going_on(job.pid):
        made = _steps_made(project.root, steps)
        if is_shown and made > shown:
            shown = made
            desk.client.report_progress(token, f"{made} of {len(steps)} made", 100 * made // len(steps))
        if desk.client.is_cancelled(token):
            _stop(job.pid)
        project.wish(0, store=project.where_runs_lie(desk.jobs.get(job, ())))
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
    desk.jobs.pop(job, None)
    project.wish(0, store=ANYWHERE)
    # Until that is done, what is known of its runs is older than they are.
    await desk.settle(_PATIENCE_SECONDS)
    desk.in_the_making.pop(job, None)
    lines = job.log.read_text(encoding="utf-8", errors="replace").splitlines() if job.log.is_file() else []
    last = lines[-1] if lines else "ended"
    if is_shown:
        desk.client.end_progress(token, last)
    else:
        desk.client.tell(last)


def _steps_made(root: Path, steps: Sequence[str]) -> int:
    """Return how many of a job's steps are made so far; 0 where another rerun has taken its place on record."""
    session = read_session(root)
    return 0 if session is None or set(session.keys) != set(steps) else len(session.done)


def _is_going_on(pid: int) -> bool:
    """Whether a child of ours runs; one that has ended is let go."""
    try:
        return os.waitpid(pid, os.WNOHANG) == (0, 0)
    except ChildProcessError:  # somebody else has taken note of its end
        return process_is_alive(pid)


def _stop(pid: int) -> None:
    with suppress(OSError):
        os.kill(pid, signal.SIGTERM)


async def cancel(desk: Desk, argument: Argument) -> Answer:
    """Effect: after a question, stop the job that makes something, or the process of a run on this machine."""
    positions = await desk.positions_of(argument.uri)
    if positions is None:
        return refused_aloud(desk.client, NO_PROJECT)
    view = positions.published.view
    chosen = choose_target(view, argument.target)
    if isinstance(chosen, Outdated):
        return refused_aloud(desk.client, chosen.message)
    pids = [job.pid for job, keys in desk.jobs.items() if set(keys).intersection(chosen.keys)]
    pids = pids or _processes(view, chosen.keys)
    if not pids:
        return refused_aloud(desk.client, "nothing of it runs on this machine")
    words = f"Stop {chosen.word}"
    answer = await desk.client.ask(f"{words}? Process {', '.join(map(str, pids))} gets SIGTERM.", ("Go on", words))
    if answer != words:
        return refused("not wanted")
    for pid in pids:
        _stop(pid)
    return {"done": True, "pids": pids}


def _processes(view: ProjectView, keys: Sequence[str]) -> list[int]:
    """The processes of runs that are under way here; a run whose lease has ended has none."""
    found: list[int] = []
    for key in keys:
        run = view.runs.get(key)
        attempt = run.run.attempt if run is not None and isinstance(run.run, StoredRun) else None
        is_live = run is not None and run.verdict == "running"
        if attempt is not None and is_live and attempt.pid is not None and attempt.host == socket.gethostname():
            found += [attempt.pid] if process_is_alive(attempt.pid) else []
    return found
