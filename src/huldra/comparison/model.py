"""Verdicts and their reasons, as plain data."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, get_args

from msgspec import Struct

from huldra.comparison.bonds import Bonds
from huldra.comparison.code_changes import CodeChange
from huldra.comparison.match import StoredConfigs, class_directories, run_paths
from huldra.experiments.model import Experiment, Experiments, Via
from huldra.project.places import Place, Shown
from huldra.stored_runs.liveness import ATTEMPT_VERDICTS
from huldra.stored_runs.model import StoredRun, StoredStore, UnreadableRun
from huldra.stored_runs.roots import OWN_ROOTS, root_of

Verdict = Literal[
    "running",
    "queued",
    "failed",
    "crashed",
    "preempted",
    "cancelled",
    "incomplete",
    "stale",
    "unverifiable",
    "orphan",
    "current",
]
VERDICTS: tuple[Verdict, ...] = (
    *("running", "queued", "failed", "crashed", "preempted", "cancelled", "incomplete", "stale"),
    *("unverifiable", "orphan", "current"),
)
"""In the order in which they apply: the first that fits a run is its verdict."""
LIVE_VERDICTS = frozenset({"running", "queued"})

Certainty = Literal["certain", "likely"]

ReasonCode = Literal[
    "class-missing",
    "class-moved",
    "class-renamed",
    "identity-changed",
    "field-added",
    "field-removed",
    "field-renamed",
    "field-type-changed",
    "code-changed",
    "upstream-stale",
    "upstream-failed",
    "upstream-missing",
    "upstream-newer",
    "code-unknown",
    "upstream-unverifiable",
    "cannot-be-parsed",
    "unreadable",
]
REASON_ORDER: Mapping[str, int] = {code: index for index, code in enumerate(get_args(ReasonCode))}
"""Root causes first."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a run has its verdict, with the evidence.

    Attributes:
        definition: The class, field or function that it is about.
        place: Where that stands now.
        dependency: The run that an upstream reason is about, as `class/hash`.
        certainty: `likely` when something leaves a doubt, which the message names.
        change: Of `code-changed`, and of an upstream reason that comes down to it: the definition then and now.
    """

    code: ReasonCode
    message: str
    definition: str | None = None
    place: Place | None = None
    dependency: str | None = None
    certainty: Certainty = "certain"
    change: CodeChange | None = field(default=None, compare=False)


class Note(Struct, frozen=True):
    """What a reader should know of a run that does not bear on its verdict; `place` is in today's code."""

    code: str
    text: str
    place: Place | None = None

    @property
    def message(self) -> str:
        """It in words, by the lines of what was analysed."""
        return self.shown(lambda place: place)

    def shown(self, where: Shown) -> str:
        """Return it in words, by the lines that their reader counts."""
        return self.text if self.place is None else f"{self.place.file}:{where(self.place).line}: {self.text}"


@dataclass(frozen=True, slots=True)
class ComparedRun:
    """A stored run against the code.

    `key` is `class/hash`; `dependencies` are the keys of the runs that it was made from, where the store has them.
    """

    key: str
    run: StoredRun | UnreadableRun
    verdict: Verdict
    certainty: Certainty
    reasons: tuple[Reason, ...]
    notes: tuple[Note, ...]
    is_referenced: bool
    sites: tuple[Place, ...]
    dependencies: tuple[tuple[str, Via], ...]
    """Pairs of key and where that is said."""

    @property
    def is_asked_about(self) -> bool:
        """Whether more is known of it than its name."""
        return True

    @property
    def attempt_verdict(self) -> Verdict | None:
        """The verdict, if the latest attempt decides it without a look at any code; None if it does not."""
        return self.verdict if self.verdict in ATTEMPT_VERDICTS else None


class Basis(Struct, frozen=True):
    """What verdicts were found with, for who goes on from them.

    `built` are the runs that code builds or could build, `live` those under way, whose verdicts follow from the time.
    `bonds` and `live` are complete once all runs have been judged.
    """

    store: StoredStore
    stored: StoredConfigs
    built: frozenset[str]
    bonds: Bonds
    live: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every run of the store, by path; and which runs each dynamic site could have built, in the sites' order."""

    runs: tuple[ComparedRun, ...]
    dynamic_matches: tuple[tuple[str, ...], ...]
    basis: Basis = field(compare=False, repr=False)

    def with_key(self, key: str) -> Iterator[ComparedRun]:
        """Yield the runs with a `class/hash`: several where more than one folder or store holds it.

        Those that lie in the store that the runtime uses come first, in path order.
        """
        for path in run_paths(key, self.basis.store.roots):
            index = bisect_left(self.runs, path, key=lambda run: run.run.path)
            if index < len(self.runs) and self.runs[index].run.path == path:
                yield self.runs[index]

    def of_class(self, name: str) -> Iterator[ComparedRun]:
        """Yield the runs that lie where those of a class do."""
        for directory in class_directories(name, self.basis.store.roots):
            start = bisect_left(self.runs, directory, key=lambda run: run.run.path)
            for run in islice(self.runs, start, None):
                if not run.run.path.startswith(directory):
                    break
                if run.run.class_name == name:
                    yield run

    def by_key(self) -> Mapping[str, ComparedRun]:
        """Return the runs by `class/hash`, as `runs_by_key` does."""
        return runs_by_key(self.runs)


def run_for(comparison: Comparison, experiment: Experiment) -> ComparedRun | None:
    """Return the run of an experiment that the runtime would find: in its own store, in the folder of the class."""
    controlled = root_of(experiment.path, OWN_ROOTS).version_controlled
    for run in comparison.with_key(experiment.key):
        if not run.run.store and run.run.version_controlled is controlled:
            return run
    return None


def runs_for(comparison: Comparison, experiments: Experiments) -> dict[str, ComparedRun]:
    """Return the runs by `class/hash` that the runtime would find; of what code does not build, all in its store."""
    found = {run.key: run for run in reversed(comparison.runs) if not run.run.store}
    for key, experiment in experiments.by_key.items():
        run = run_for(comparison, experiment)
        if run is not None:
            found[key] = run
        else:
            found.pop(key, None)
    return found


def runs_by_key(runs: Sequence[ComparedRun]) -> dict[str, ComparedRun]:
    """Return runs, which are sorted by path, by `class/hash`: of several the first that `Comparison.with_key` gives."""
    found = {run.key: run for run in reversed(runs) if run.run.store}
    found.update((run.key, run) for run in reversed(runs) if not run.run.store)
    return found


@dataclass(frozen=True, slots=True)
class RunsByKey(Mapping[str, ComparedRun]):
    """The runs of a comparison by `class/hash`, found when they are asked for: for who asks for a few of very many.

    Of what code builds the run that the runtime would find; of all else as `by_key` gives them.
    """

    comparison: Comparison
    experiments: Experiments

    def __getitem__(self, key: str) -> ComparedRun:
        built = self.experiments.by_key.get(key)
        run = next(self.comparison.with_key(key), None) if built is None else run_for(self.comparison, built)
        if run is None:
            raise KeyError(key)
        return run

    def __iter__(self) -> Iterator[str]:
        built = self.experiments.by_key
        keys = dict.fromkeys(run.key for run in self.comparison.runs)
        return (key for key in keys if key not in built or run_for(self.comparison, built[key]) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@dataclass(frozen=True, slots=True)
class VerdictsByKey(Mapping[str, str]):
    """The verdicts of runs by `class/hash`."""

    runs: RunsByKey

    def __getitem__(self, key: str) -> str:
        return self.runs[key].verdict

    def __iter__(self) -> Iterator[str]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)
