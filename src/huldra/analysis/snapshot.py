"""One state of code and store, and everything that follows from it, computed once when it is first asked for."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property

from msgspec import Struct, field

from huldra.analysis.carried_over import is_unreached, reached_lines
from huldra.analysis.evidence import Evidence
from huldra.analysis.held_texts import HeldTexts, differing
from huldra.analysis.neighbours import Neighbours
from huldra.analysis.scanned import Texts
from huldra.analysis.shown_places import ShownPlaces
from huldra.analysis.unreached import Lines
from huldra.comparison.bearing import JudgedCode, keys_to_judge
from huldra.comparison.code_reasons import NOTHING_BESIDE, CodeJudge, History, IsAccepted, PackagesChanged
from huldra.comparison.compare import compare_runs, judge_all
from huldra.comparison.hidden_runs import hiding_problems
from huldra.comparison.judged_again import compare_again
from huldra.comparison.match import sees_all
from huldra.comparison.model import Comparison, RunsByKey, VerdictsByKey
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.model import Discovered, Experiments
from huldra.facts.scan import written
from huldra.fingerprints.code import Code
from huldra.fingerprints.data_files import NO_DATA_FILES, DataFiles, say_alike
from huldra.fingerprints.states import ComputedState
from huldra.project.link import Project, link_problems
from huldra.project.problems import Problem
from huldra.stored_runs.liveness import Present
from huldra.stored_runs.model import StoredRun, StoredStore

ExperimentsOf = Callable[[Callable[[], Discovered]], Experiments]
"""Gives the experiments of a state, which it may know from elsewhere than from what would discover them."""


class Inputs(Struct, frozen=True):
    """What a snapshot is a function of.

    `store` is the store's path as shown to people: root-relative where it lies below the root. `history` gives the code
    of each run, `keep` writes down what was learned of it, `files_naming` gives the files of today that hold a word.
    `texts` are those of all files, and `places` lead from them to what people see. `kept_experiments` gives what a
    function that discovers the experiments would give. `recorded` gives the runs whose files were read for their code.
    `data` are the files that code may name, `neighbours` the code that is installed from beside the project.
    """

    project: Project
    texts: Mapping[str, str]
    store: StoredStore
    present: Present
    limits: Limits
    store_name: str
    revision: str | None
    is_dirty: bool
    problems: tuple[Problem, ...]
    history: History
    keep: Callable[[], None]
    evidence: Evidence
    is_accepted: IsAccepted
    extra_bases: frozenset[str]
    ignored_calls: tuple[str, ...]
    files_naming: Callable[[str], Iterable[str]]
    packages_changed: PackagesChanged = lambda _: ()
    watches_packages: bool = False
    manifests: Mapping[str, str] = {}
    kept_experiments: ExperimentsOf = lambda discover: discover().experiments
    places: ShownPlaces = field(default_factory=ShownPlaces)
    recorded: Callable[[], Iterable[StoredRun]] | None = None
    data: DataFiles = NO_DATA_FILES
    neighbours: Neighbours | None = None


class Snapshot:
    """Answers from one state. Never changes; what it computes it keeps."""

    def __init__(self, inputs: Inputs, before: "Snapshot | None" = None) -> None:
        """Take a state.

        Args:
            inputs: What it is a function of.
            before: A state that may have answers in common; it is let go of once these are known.
        """
        self.inputs = inputs
        self._before = before
        self._judged: JudgedCode | None = None

    @property
    def project(self) -> Project:
        """The linked project."""
        return self.inputs.project

    @property
    def store(self) -> StoredStore:
        """The stored runs."""
        return self.inputs.store

    @cached_property
    def experiments(self) -> Experiments:
        """What the code builds."""
        inputs = self.inputs

        def discover() -> Discovered:
            # What the interpreter is made of takes long to import, and is not needed for what is kept.
            from huldra.experiments.discover import discover_with_trace  # noqa: PLC0415

            return discover_with_trace(self.project, inputs.limits, inputs.manifests)

        return inputs.kept_experiments(discover)

    @cached_property
    def comparison(self) -> Comparison:
        """Every stored run with its verdict; the very same as in the state before where nothing bears on it."""
        before, self._before = self._before, None
        is_whole = before is not None and not any(map(hiding_problems, (before.store, self.store)))
        if before is not None and is_whole and before._judged is not None and self._has_same_surroundings(before):
            return self._carried_over(before, before._judged)
        comparison = judge_all(self.comparison_on_demand)
        self._judged = JudgedCode(self.project, self.experiments, self.code.asked_for())
        self.inputs.keep()
        return comparison

    def _has_same_surroundings(self, before: "Snapshot") -> bool:
        """Return whether all that runs' verdicts follow from is as it was, but for code, store and time."""
        inputs, other = self.inputs, before.inputs
        return (
            inputs.is_accepted is other.is_accepted
            and inputs.history is other.history
            and inputs.ignored_calls == other.ignored_calls
            and inputs.extra_bases == other.extra_bases
            and say_alike(other.data, inputs.data)
            and inputs.neighbours is other.neighbours
            and not inputs.watches_packages
            and not other.watches_packages
        )

    def _carried_over(self, before: "Snapshot", then: JudgedCode) -> Comparison:
        """Return the comparison of the state before with those runs judged again that something bears on."""
        known, now = before.comparison, then
        keys: set[str] = set()
        # What cannot be parsed is reached by nothing, and may build anything.
        if not self._is_code_unreached(before) or then.sees_all != sees_all(self.project, self.experiments):
            closures = {key: self.code.closure(*key) for key in then.closures}
            now = JudgedCode(self.project, self.experiments, closures)
            keys = keys_to_judge(then, now, known)
        elif self.store is before.store and not known.basis.live:
            self._judged = then
            return known
        judge = self._code_judge()
        comparison = compare_again(
            self.project, self.experiments, self.store, self.inputs.present, judge, known, then.experiments, keys
        )
        self._judged = now.with_closures(self.code.asked_for())
        self.inputs.keep()
        return comparison

    def _is_code_unreached(self, before: "Snapshot") -> bool:
        """Return whether no edit since has anything to do with what runs' code reaches or what code builds."""
        old, new = before.inputs.texts, self.inputs.texts
        if self.experiments is not before.experiments or old.keys() != new.keys():
            return False
        if isinstance(old, Texts) and isinstance(new, Texts):
            changed = new.edited_since(old)
        elif isinstance(old, HeldTexts) and isinstance(new, HeldTexts):
            changed = differing(old, new)
        else:
            changed = [name for name, text in new.items() if old[name] is not text and old[name] != text]
        return not changed or is_unreached(before.reached, before.project, self.project, changed)

    @cached_property
    def reached(self) -> Lines:
        """The lines that the code of runs reaches, by file; of a state whose comparison is known."""
        judged = () if self._judged is None else self._judged.closures.values()
        return reached_lines((*judged, *self.code.asked_for().values()))

    def _code_judge(self) -> CodeJudge:
        inputs = self.inputs
        changed, beside = inputs.packages_changed, inputs.neighbours or NOTHING_BESIDE
        return CodeJudge(self.project, self.code, inputs.history, inputs.is_accepted, changed, beside)

    @cached_property
    def comparison_on_demand(self) -> Comparison:
        """Every stored run, of which each is judged when it is asked for more than its name; `inputs.keep` after it.

        For one thread, and for who wants a few of very many.
        """
        inputs = self.inputs
        return compare_runs(self.project, self.experiments, self.store, inputs.present, self._code_judge())

    @cached_property
    def code(self) -> ComputedState:
        """The code as closures look at it."""
        inputs = self.inputs
        modules, facts, naming = self.project.modules, self.project.facts, inputs.files_naming
        code = Code(modules, facts, inputs.extra_bases, naming, _Writing(self.project, inputs.texts))
        return ComputedState("now", code, inputs.ignored_calls, data=inputs.data)

    @cached_property
    def verdicts(self) -> Mapping[str, str]:
        """The verdict of each run by `class/hash`."""
        return VerdictsByKey(RunsByKey(self.comparison, self.experiments))

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """Everything wrong with the code, sorted."""
        return self.problems_within(None)

    def problems_within(self, files: Collection[str] | None) -> tuple[Problem, ...]:
        """Return what is wrong with the code; that a class cannot be defined is only sought in these files."""
        found = (*self.inputs.problems, *link_problems(self.project, files), *self.experiments.problems)
        return tuple(sorted(dict.fromkeys(found)))


class _Writing:
    """Gives the files that may set an attribute of a name elsewhere, of those that a run may load.

    It does not hold the snapshot that holds it: what nobody asks any more is gone at once, and need not be looked for.
    """

    def __init__(self, project: Project, texts: Mapping[str, str]) -> None:
        self._project = project
        self._texts = texts

    def __call__(self, word: str) -> Sequence[str]:
        return self._files.get(word, ())

    @cached_property
    def _files(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for name in (*self._project.relevant, *self._project.imported):
            for word in written(self._texts.get(name, "")):
                found.setdefault(word, []).append(name)
        return found
