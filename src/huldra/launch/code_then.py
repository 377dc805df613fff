"""`--code then`: for each run the code it was made with, laid out and read, and the plan in terms of that code."""

from collections.abc import Generator, Iterable, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from msgspec import Struct

from huldra.analysis.code_then import CodeThen
from huldra.analysis.disk_cache import NoCache
from huldra.analysis.host import open_workspace, take_snapshot
from huldra.comparison.model import ComparedRun
from huldra.launch.prepare import Setting
from huldra.launch.worktree import NoWorktree, Worktree, worktree_of
from huldra.plans.model import LeftOut, RerunPlan
from huldra.plans.rerun import WITHOUT_RESULT, plan_rerun
from huldra.sources.code_files import FilesThen, NoFilesThen
from huldra.sources.repository import open_repository
from huldra.sources.toml_files import SettingsError
from huldra.stored_runs.code_record import read_code_record
from huldra.stored_runs.model import StoredRun


class _Then(Struct, frozen=True):
    """A state of the code, and the runs that were made with it."""

    commit: str
    patch: str
    files: FilesThen
    keys: tuple[str, ...]


@contextmanager
def settings_then(
    root: Path, store: Path, runs: Mapping[str, ComparedRun], keys: Iterable[str], *, with_upstream: bool
) -> Generator[tuple[tuple[Setting, ...], tuple[LeftOut, ...]]]:
    """Give a setting for each state of the code that runs were made with, and what cannot be made so.

    Upstream experiments are made first only where they have no result: what stands may have been made with newer code.

    Effect: makes worktrees, and removes them at the end; reads code and store.
    """
    repository = open_repository(root)
    if isinstance(repository, NoFilesThen):
        yield (), tuple(LeftOut(key, _verdict(runs, key), repository.message) for key in keys)
        return
    code_then = CodeThen(store, lambda: repository, NoCache())
    states, left_out = _group(code_then, store, runs, keys)
    settings: list[Setting] = []
    with ExitStack() as opened:
        opened.callback(repository.close)
        for state in states:
            tree = opened.enter_context(worktree_of(repository, state.commit, state.patch, state.files))
            planned = _setting(tree, store, state, with_upstream=with_upstream)
            if isinstance(planned, NoWorktree):
                left_out += [LeftOut(key, _verdict(runs, key), planned.reason) for key in state.keys]
            else:
                settings.append(planned)
        yield _each_once(settings), tuple(left_out)


def _group(
    code_then: CodeThen, store: Path, runs: Mapping[str, ComparedRun], keys: Iterable[str]
) -> tuple[list[_Then], list[LeftOut]]:
    """Return the states in the order in which their first runs were made, and the runs that have none."""
    found: dict[tuple[str, str], _Then] = {}
    left_out: list[LeftOut] = []
    for key in sorted(keys, key=lambda key: _made(runs, key)):
        state = _state_of(code_then, store, runs.get(key), key)
        if isinstance(state, str):
            left_out.append(LeftOut(key, _verdict(runs, key), state))
            continue
        same = found.get((state.commit, state.files.identity))
        keys_so_far = () if same is None else same.keys
        found[state.commit, state.files.identity] = _Then(
            state.commit, state.patch, state.files, (*keys_so_far, *state.keys)
        )
    return list(found.values()), left_out


def _state_of(code_then: CodeThen, store: Path, compared: ComparedRun | None, key: str) -> _Then | str:
    if compared is None:
        return "it was never run, so there is no code to go back to; leave out --code then"
    if not isinstance(compared.run, StoredRun):
        return f"its record cannot be read: {compared.run.reason}"
    record = read_code_record(store, compared.run)
    files = code_then(compared.run)
    if isinstance(files, NoFilesThen):
        return files.message
    if record.commit is None:
        return "its commit was not recorded"
    return _Then(record.commit, record.patch or "", files, (key,))


def _setting(tree: Worktree | NoWorktree, store: Path, state: _Then, *, with_upstream: bool) -> Setting | NoWorktree:
    if isinstance(tree, NoWorktree):
        return tree
    try:
        snapshot = take_snapshot(open_workspace(tree.root, root=tree.root, stores=(store,)))
    except SettingsError as error:
        return NoWorktree(f"its settings cannot be read: {error}")
    plan = plan_rerun(snapshot, state.keys, with_upstream=with_upstream, upstream_verdicts=WITHOUT_RESULT)
    return Setting(plan, snapshot.project.modules, tree.root, state.commit, tree.held, tree.doubts)


def _each_once(settings: Iterable[Setting]) -> tuple[Setting, ...]:
    """Leave a step to the first state that makes it, but for what was asked for, which has a state of its own."""
    asked = {step.key for setting in settings for step in setting.plan.steps if step.purpose == "asked"}
    seen: set[str] = set()
    kept: list[Setting] = []
    for setting in settings:
        steps = tuple(
            step
            for step in setting.plan.steps
            if step.purpose == "asked" or (step.key not in asked and step.key not in seen)
        )
        seen |= {step.key for step in steps}
        plan = RerunPlan(steps, setting.plan.left_out)
        kept.append(Setting(plan, setting.modules, setting.root, setting.commit, setting.held, setting.doubts))
    return tuple(kept)


def _made(runs: Mapping[str, ComparedRun], key: str) -> tuple[str, str]:
    compared = runs.get(key)
    run = None if compared is None else compared.run
    started = run.attempt.started_at if isinstance(run, StoredRun) and run.attempt is not None else ""
    return started, key


def _verdict(runs: Mapping[str, ComparedRun], key: str) -> str:
    compared = runs.get(key)
    return "missing" if compared is None else compared.verdict
