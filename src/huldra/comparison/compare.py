"""From stored runs and experiments to a verdict for every run: when it is asked for, or for all of them at once."""

import dataclasses
from operator import attrgetter

from msgspec.structs import replace

from huldra.comparison.bonds import Bonds
from huldra.comparison.code_reasons import CodeJudge
from huldra.comparison.match import configs_of, matches_of, possibly_built, run_key
from huldra.comparison.model import LIVE_VERDICTS, Basis, ComparedRun, Comparison, Reason, Verdict
from huldra.comparison.verdicts import Judge, sites_of
from huldra.experiments.model import Experiments
from huldra.project.link import Project
from huldra.stored_runs.index.entries import IndexedRun
from huldra.stored_runs.liveness import ATTEMPT_VERDICTS, Present
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
    judge = Judge(project, experiments, stored, present, code, built, Bonds())
    runs: list[ComparedRun] = [_judged_when_asked(run, judge) for run in store.runs]
    runs += [unreadable_run(run, experiments) for run in store.unreadable]
    ordered = tuple(sorted(runs, key=lambda run: run.run.path)) if store.unreadable else tuple(runs)
    return Comparison(ordered, matches, Basis(store, stored, built, judge.bonds))


def judge_all(comparison: Comparison) -> Comparison:
    """Return runs of which every verdict has been found."""
    for run in comparison.runs:
        if isinstance(run.run, StoredRun):
            _ = run.run.notes  # all that was recorded is asked for below: at once it is read only once
        _ = run.reasons
        if isinstance(run.run, IndexedRun) and not run.dependencies:
            run.run.let_go()
    live = frozenset(run.key for run in comparison.runs if run.verdict in LIVE_VERDICTS)
    return dataclasses.replace(comparison, basis=replace(comparison.basis, live=live))


def unreadable_run(run: UnreadableRun, experiments: Experiments) -> ComparedRun:
    """Return a damaged run with its verdict."""
    key = run_key(run)
    reason = Reason("unreadable", f"the run cannot be read: {run.reason}")
    sites = sites_of(experiments, key)
    return ComparedRun(key, run, "unverifiable", "certain", (reason,), (), key in experiments.by_key, sites, ())


class _JudgedWhenAsked(ComparedRun):
    """A run that is judged at the first question about more than its name; equal to the one judged at once."""

    __slots__ = ("_judge",)
    _judge: Judge | None

    def __getattr__(self, name: str) -> object:
        # Python comes here only for a slot that is still empty.
        judge, run = self._judge, self.run
        if name == "key":
            _put(self, name, run_key(run))
        elif judge is None or not isinstance(run, StoredRun) or name not in ComparedRun.__dataclass_fields__:
            raise AttributeError(name)
        elif name == "dependencies":
            _put(self, name, judge.dependencies(run))  # which many ask for, and which cost little
        elif name == "verdict" and self.attempt_verdict is not None:
            _put(self, name, self.attempt_verdict)
        else:
            judged = judge.compared(run)
            for put, value in zip(_PUT_ALL, _all_of(judged), strict=True):
                put(self, value)
            _put(self, "_judge", None)  # it knows all that it has found, which is much
        return object.__getattribute__(self, name)

    @property
    def is_asked_about(self) -> bool:
        """Whether it was judged, or asked what it was made from."""
        try:
            _get(self, "dependencies")
        except AttributeError:
            return False
        return True

    @property
    def attempt_verdict(self) -> Verdict | None:
        """What the latest attempt says when no valid success stands."""
        judge, run = self._judge, self.run
        if judge is None or not isinstance(run, StoredRun):
            return self.verdict if self.verdict in ATTEMPT_VERDICTS else None
        return judge.attempt_verdict(run)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ComparedRun):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in ComparedRun.__dataclass_fields__)

    def __hash__(self) -> int:
        return ComparedRun.__hash__(self)


_put = object.__setattr__
_get = object.__getattribute__
_FIELDS = tuple(ComparedRun.__dataclass_fields__)
_all_of = attrgetter(*_FIELDS)
_PUT_ALL = tuple(getattr(ComparedRun, name).__set__ for name in _FIELDS)


def _judged_when_asked(run: StoredRun, judge: Judge) -> ComparedRun:
    found = object.__new__(_JudgedWhenAsked)
    _put(found, "run", run)
    _put(found, "_judge", judge)
    return found
