"""A comparison that goes on from the one before: only the runs that a change bears on are judged again."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import attrgetter

from msgspec import Struct

from huldra.comparison.code_reasons import CodeJudge
from huldra.comparison.compare import unreadable_run
from huldra.comparison.differing import differing
from huldra.comparison.hidden_runs import HiddenRuns
from huldra.comparison.match import StoredConfigs, matches_after, matches_of, possibly_built, run_key, run_paths
from huldra.comparison.model import LIVE_VERDICTS, Basis, ComparedRun, Comparison
from huldra.comparison.verdicts import Judge
from huldra.experiments.model import Experiments
from huldra.project.link import Project
from huldra.stored_runs.liveness import Present
from huldra.stored_runs.model import StoredRun, StoredStore, UnreadableRun, run_at

_path_of = attrgetter("run.path")


class _Change(Struct, frozen=True):
    """What differs between two states of a store."""

    gone: list[StoredRun]
    come: list[StoredRun]
    lost: list[UnreadableRun]
    damaged: list[UnreadableRun]

    def keys(self) -> Iterator[str]:
        return (run_key(run) for run in (*self.gone, *self.come, *self.lost, *self.damaged))


def compare_again(
    project: Project,
    experiments: Experiments,
    store: StoredStore,
    present: Present,
    code: CodeJudge,
    before: Comparison,
    experiments_before: Experiments,
    also: Iterable[str] = (),
) -> Comparison:
    """Return what comparing all runs would give, if the code says of all others what it said.

    Args:
        project: The classes: of the state before, but for what does not bear on any run, or on those named in `also`.
        experiments: What code builds.
        store: The store as it is now, which shares the objects of runs that are as they were.
        present: The moment.
        code: Compares code.
        before: The comparison before, in which all runs have been judged.
        experiments_before: What code built before.
        also: Runs that must be judged in any case, as `class/hash`.
    """
    was = before.basis
    change = _change(was.store, store)
    stored = was.stored if was.store.runs is store.runs else was.stored.after(store.runs, change.gone, change.come)
    known = dict(zip(experiments_before.dynamic, before.dynamic_matches, strict=True))
    matches = tuple(
        matches_after(site, known[site], change.gone, change.come) if site in known else matches_of(site, stored)
        for site in experiments.dynamic
    )
    built = was.built
    if change.gone or change.come or experiments is not experiments_before:
        built = possibly_built(experiments, matches, stored)
    starts = {*change.keys(), *_same_configs(was.stored, change), *_same_configs(stored, change), *also}
    classes = (*(run.config_class for run in change.come), *(run.class_name for run in (*change.lost, *change.damaged)))
    starts |= {key for name in classes for key in was.bonds.waiting_for(name)}
    starts |= {*(built ^ was.built), *was.live}
    judge = Judge(project, experiments, stored, present, code, built, was.bonds, HiddenRuns(store))
    affected = was.bonds.with_dependents(starts)
    runs = _judged(before.runs, affected, store, judge, experiments)
    live = frozenset(key for key in was.live if key not in affected) | _live(runs.judged)
    return Comparison(runs.every, matches, Basis(store, stored, built, was.bonds, live))


def _change(before: StoredStore, now: StoredStore) -> _Change:
    gone, come = differing(before.runs, now.runs)
    lost, damaged = differing(before.unreadable, now.unreadable)
    return _Change(gone, come, lost, damaged)


def _same_configs(stored: StoredConfigs, change: _Change) -> Iterator[str]:
    """Yield the runs that stand for a config that a changed run holds too: another one may do so now."""
    for run in (*change.gone, *change.come):
        if run.config is not None and stored.is_asked_for(run.config.class_name):
            yield from map(run_key, stored.find_in_each(run.config))


class _Runs(Struct, frozen=True):
    every: tuple[ComparedRun, ...]
    judged: list[ComparedRun]


def _judged(
    before: tuple[ComparedRun, ...], keys: Iterable[str], store: StoredStore, judge: Judge, experiments: Experiments
) -> _Runs:
    """Return all runs, those with some keys judged again; runs that are not in the store are left out."""
    runs, judged = list(before), list[ComparedRun]()
    for path in (path for key in keys for path in run_paths(key, store.roots)):
        index = bisect_left(runs, path, key=_path_of)
        stored, damaged = run_at(store.runs, path, index), run_at(store.unreadable, path)
        is_known = index < len(runs) and runs[index].run.path == path
        now = list[ComparedRun]()
        if stored is not None:
            now.append(judge.compared(stored))
        elif damaged is not None:
            now.append(unreadable_run(damaged, experiments))
        judged += now
        runs[index : index + is_known] = now
    return _Runs(tuple(runs), judged)


def _live(runs: Iterable[ComparedRun]) -> frozenset[str]:
    return frozenset(run.key for run in runs if run.verdict in LIVE_VERDICTS)
