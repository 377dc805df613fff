"""From stored runs and experiments to a verdict for every run: when it is asked for, or for all of them at once."""

from msgspec.structs import replace

from huldra.comparison.bonds import Bonds
from huldra.comparison.code_reasons import CodeJudge
from huldra.comparison.hidden_runs import HiddenRuns, hidden_runs
from huldra.comparison.match import configs_of, matches_of, possibly_built, run_key
from huldra.comparison.model import LIVE_VERDICTS, Basis, ComparedRun, Comparison, Judged, Reason
from huldra.comparison.verdicts import Judge, sites_of
from huldra.experiments.model import Experiments
from huldra.project.link import Project
from huldra.stored_runs.index.entries import IndexedRun
from huldra.stored_runs.liveness import Present
from huldra.stored_runs.model import StoredRun, StoredStore, UnreadableRun


def compare_runs(
    project: Project, experiments: Experiments, store: StoredStore, present: Present, code: CodeJudge
) -> Comparison:
    """Return every run of a store with its verdict, which is found when it is asked for. By one thread only.

    `judge_all` finds all of them.
    """
    stored = configs_of(store)
    matches = tuple(matches_of(site, stored) for site in experiments.dynamic)
    built = possibly_built(experiments, matches, stored)
    judge = Judge(project, experiments, stored, present, code, built, Bonds(), HiddenRuns(store))
    runs: list[ComparedRun] = [ComparedRun.when_asked(run, judge) for run in store.runs]
    unreadable = (*store.unreadable, *hidden_runs(store, experiments))
    runs += [unreadable_run(run, experiments) for run in unreadable]
    ordered = tuple(sorted(runs, key=lambda run: run.run.path)) if unreadable else tuple(runs)
    return Comparison(ordered, matches, Basis(store, stored, built, judge.bonds))


def judge_all(comparison: Comparison) -> Comparison:
    """Return runs of which every verdict has been found."""
    for run in comparison.runs:
        if isinstance(run.run, StoredRun):
            _ = run.run.notes  # all that was recorded is asked for below: at once it is read only once
        if isinstance(run.run, IndexedRun) and not run.said.dependencies:
            run.run.let_go()
    live = frozenset(run.key for run in comparison.runs if run.verdict in LIVE_VERDICTS)
    return replace(comparison, basis=replace(comparison.basis, live=live))


def unreadable_run(run: UnreadableRun, experiments: Experiments) -> ComparedRun:
    """Return a damaged run with its verdict."""
    key = run_key(run)
    reason = Reason("unreadable", f"the run cannot be read: {run.reason}")
    sites = sites_of(experiments, key)
    return ComparedRun(run, Judged("unverifiable", "certain", (reason,), (), key in experiments.by_key, sites, ()))
