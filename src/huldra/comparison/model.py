"""Verdicts and their reasons, as plain data."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import attrgetter
from typing import Literal, Protocol, get_args

from msgspec import Struct

from huldra.comparison.bonds import Bonds
from huldra.comparison.code_changes import CodeChange
from huldra.comparison.match import StoredConfigs, class_directories, run_key, run_paths
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
_path_of = attrgetter("run.path")

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


class Reason(Struct, frozen=True, eq=False):
    """Why a run has its verdict, with the evidence.

    Attributes:
        definition: The class, field or function that it is about.
        place: Where that stands now.
        dependency: The run that an upstream reason is about, as `class/hash`; the store may have none of that name.
        certainty: `likely` when something leaves a doubt, which the message names.
        change: Of `code-changed`, and of an upstream reason that comes down to it: the definition then and now.
    """

    code: ReasonCode
    message: str
    definition: str | None = None
    place: Place | None = None
    dependency: str | None = None
    certainty: Certainty = "certain"
    change: CodeChange | None = None

    @property
    def _told(self) -> tuple[object, ...]:
        return self.code, self.message, self.definition, self.place, self.dependency, self.certainty

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reason) and self._told == other._told

    def __hash__(self) -> int:
        return hash(self._told)


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


class Judged(Struct, frozen=True):
    """What is said of a run. Very many share the very same: it names nothing that is the run's own.

    Attributes:
        dependencies: The keys of the runs that it was made from, where the store has them, and where that is said.
    """

    verdict: Verdict
    certainty: Certainty
    reasons: tuple[Reason, ...]
    notes: tuple[Note, ...]
    is_referenced: bool
    sites: tuple[Place, ...]
    dependencies: tuple[tuple[str, Via], ...]


class Judging(Protocol):
    """Judges a run when it is asked about. For one thread."""

    def judged(self, run: StoredRun) -> Judged:
        """Return all that is said of a run."""
        ...

    def dependencies(self, run: StoredRun) -> tuple[tuple[str, Via], ...]:
        """Return of that only what the run was made from, which costs little."""
        ...

    def attempt_verdict(self, run: StoredRun) -> Verdict | None:
        """Return what the latest attempt says when no valid success stands; None for a success."""
        ...

    def was_asked_about(self, run: StoredRun) -> bool:
        """Return whether `dependencies` was asked about a run."""
        ...


class ComparedRun:
    """A stored run against the code, judged at the first question about more than its name. Else it never changes.

    There may be a hundred thousand: it holds the run, and what is said of it and of others alike.
    """

    __slots__ = ("_said", "run")

    def __init__(self, run: StoredRun | UnreadableRun, said: Judged) -> None:
        self.run = run
        self._said: Judged | Judging = said

    @classmethod
    def when_asked(cls, run: StoredRun, judging: Judging) -> "ComparedRun":
        """Return a run that is yet to be judged; equal to the one judged at once."""
        found = cls.__new__(cls)
        found.run, found._said = run, judging
        return found

    @property
    def said(self) -> Judged:
        """Effect: judge the run, if nobody has asked yet. Return what is said of it."""
        said, run = self._said, self.run
        if isinstance(said, Judged):
            return said
        assert isinstance(run, StoredRun)  # noqa: S101  others are judged at once
        found = self._said = said.judged(run)  # who judges is let go: it knows all that it has found, which is much
        return found

    @property
    def key(self) -> str:
        """`class/hash`."""
        return run_key(self.run)

    @property
    def verdict(self) -> Verdict:
        """The first word that applies."""
        said = self._said
        return said.verdict if isinstance(said, Judged) else self.attempt_verdict or self.said.verdict

    @property
    def certainty(self) -> Certainty:
        """Of its verdict."""
        return self.said.certainty

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it has its verdict, root causes first."""
        return self.said.reasons

    @property
    def notes(self) -> tuple[Note, ...]:
        """What does not bear on its verdict."""
        return self.said.notes

    @property
    def is_referenced(self) -> bool:
        """Whether code builds it or could build it."""
        return self.said.is_referenced

    @property
    def sites(self) -> tuple[Place, ...]:
        """Where code builds it."""
        return self.said.sites

    @property
    def dependencies(self) -> tuple[tuple[str, Via], ...]:
        """The keys of the runs that it was made from, where the store has them, and where that is said."""
        said, run = self._said, self.run
        if isinstance(said, Judged) or not isinstance(run, StoredRun):
            return self.said.dependencies
        return said.dependencies(run)

    @property
    def is_asked_about(self) -> bool:
        """Whether it was judged, or asked what it was made from."""
        said, run = self._said, self.run
        return isinstance(said, Judged) or not isinstance(run, StoredRun) or said.was_asked_about(run)

    @property
    def attempt_verdict(self) -> Verdict | None:
        """The verdict, if the latest attempt decides it without a look at any code; None if it does not."""
        said, run = self._said, self.run
        if isinstance(said, Judged):
            return said.verdict if said.verdict in ATTEMPT_VERDICTS else None
        return said.attempt_verdict(run) if isinstance(run, StoredRun) else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ComparedRun) and self.run == other.run and self.said == other.said

    def __hash__(self) -> int:
        return hash((self.run, self.said))

    def __repr__(self) -> str:
        return f"ComparedRun({self.run!r}, {self._said!r})"


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


class Comparison(Struct, frozen=True, eq=False):
    """Every run of the store, by path; and which runs each dynamic site could have built, in the sites' order."""

    runs: tuple[ComparedRun, ...]
    dynamic_matches: tuple[tuple[str, ...], ...]
    basis: Basis

    def __eq__(self, other: object) -> bool:
        is_one = isinstance(other, Comparison)
        return is_one and (self.runs, self.dynamic_matches) == (other.runs, other.dynamic_matches)

    def __hash__(self) -> int:
        return hash((self.runs, self.dynamic_matches))

    def with_key(self, key: str) -> Iterator[ComparedRun]:
        """Yield the runs with a `class/hash`: several where more than one folder or store holds it.

        Those that lie in the store that the runtime uses come first, in path order.
        """
        for path in run_paths(key, self.basis.store.roots):
            index = bisect_left(self.runs, path, key=_path_of)
            if index < len(self.runs) and self.runs[index].run.path == path:
                yield self.runs[index]

    def of_class(self, name: str) -> Iterator[ComparedRun]:
        """Yield the runs that lie where those of a class do."""
        for directory in class_directories(name, self.basis.store.roots):
            start = bisect_left(self.runs, directory, key=_path_of)
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


class RunsByKey(Mapping[str, ComparedRun]):
    """The runs of a comparison by `class/hash`, found when they are asked for: for who asks for a few of very many.

    Of what code builds the run that the runtime would find; of all else as `by_key` gives them.
    """

    def __init__(self, comparison: Comparison, experiments: Experiments) -> None:
        self.comparison = comparison
        self.experiments = experiments

    def __getitem__(self, key: str) -> ComparedRun:
        built = self.experiments.by_key.get(key)
        run = next(self.comparison.with_key(key), None) if built is None else run_for(self.comparison, built)
        if run is None:
            raise KeyError(key)
        return run

    def __iter__(self) -> Iterator[str]:
        return self._known(dict.fromkeys(run.key for run in self.comparison.runs))

    def __bool__(self) -> bool:
        return any(True for _ in self._known(run.key for run in self.comparison.runs))  # the first will do

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _known(self, keys: Iterable[str]) -> Iterator[str]:
        built = self.experiments.by_key
        return (key for key in keys if key not in built or run_for(self.comparison, built[key]) is not None)


class VerdictsByKey(Mapping[str, str]):
    """The verdicts of runs by `class/hash`."""

    def __init__(self, runs: RunsByKey) -> None:
        self.runs = runs

    def __getitem__(self, key: str) -> str:
        return self.runs[key].verdict

    def __iter__(self) -> Iterator[str]:
        return iter(self.runs)

    def __bool__(self) -> bool:
        return bool(self.runs)

    def __len__(self) -> int:
        return len(self.runs)
