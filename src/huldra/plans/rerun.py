"""Which experiments a rerun makes, in dependency order, and why each. A function of one snapshot."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median

from huldra.analysis.snapshot import Snapshot
from huldra.analysis.unread_code import where_unread
from huldra.comparison.model import ComparedRun, Reason, runs_for
from huldra.formats.config_values import ConfigValue
from huldra.formats.dialect import HULDRA, Dialect
from huldra.formats.identity import IdentityTypeError, IdentityValueError, identity_hash
from huldra.formats.layout import run_path
from huldra.plans.config_source import config_source
from huldra.plans.model import Estimate, LeftOut, RerunPlan, Step
from huldra.plans.recorded_config import CannotRestore, KnownValues, known_values, restore_config
from huldra.project.hierarchy import missing_methods
from huldra.project.reachable import deepest_first
from huldra.stored_runs.model import StoredRun

MISSING = "missing"
_ACTIVE = frozenset({"running", "queued"})
WITHOUT_RESULT = frozenset({MISSING, "failed", "crashed", "preempted", "cancelled", "incomplete"})
"""Verdicts under which there is no result to build on."""
NOT_TO_BE_TRUSTED = WITHOUT_RESULT | {"stale"}
"""Verdicts under which what depends on a run should not be made before it."""


def plan_rerun(
    snapshot: Snapshot,
    targets: Iterable[str],
    *,
    with_upstream: bool = True,
    upstream_verdicts: frozenset[str] = NOT_TO_BE_TRUSTED,
) -> RerunPlan:
    """Return what would be made, so that each experiment comes after those it depends on.

    What was asked for is made whatever its verdict, but for what is under way. An upstream experiment is made first
    if its verdict is one of those given, or if something upstream of it is made.

    Args:
        snapshot: The state of code and store.
        targets: What was asked for, as `class/hash`.
        with_upstream: Whether upstream experiments are made first; else they are left as they are.
        upstream_verdicts: Those of the upstream experiments that are made first.
    """
    return _Planning(snapshot, tuple(dict.fromkeys(targets)), with_upstream, upstream_verdicts).plan()


@dataclass(slots=True)
class _Planning:
    snapshot: Snapshot
    targets: tuple[str, ...]
    with_upstream: bool
    upstream_verdicts: frozenset[str]
    steps: dict[str, Step] = field(default_factory=dict[str, Step])
    left_out: dict[str, LeftOut] = field(default_factory=dict[str, LeftOut])
    runs: Mapping[str, ComparedRun] = field(init=False)
    records: Mapping[str, ComparedRun] = field(init=False)
    known: KnownValues = field(init=False)
    typical: Mapping[str, float] = field(init=False)

    def __post_init__(self) -> None:
        self.runs = runs_for(self.snapshot.comparison, self.snapshot.experiments)
        self.records = self.snapshot.comparison.by_key()  # also what only a further store holds can be made again
        self.known = known_values(self.snapshot.experiments)
        self.typical = _typical_seconds(self.runs.values())

    def plan(self) -> RerunPlan:
        for key in deepest_first(self.targets, self._upstream):
            self._decide(key)
        return RerunPlan(tuple(self.steps.values()), tuple(self.left_out.values()))

    def _upstream(self, key: str) -> tuple[str, ...]:
        experiment, run = self.snapshot.experiments.by_key.get(key), self.runs.get(key)
        built = () if experiment is None else (dependency.key for dependency in experiment.dependencies)
        stored = () if run is None else (name for name, _ in run.dependencies)
        return tuple(dict.fromkeys((*built, *stored)))

    def _decide(self, key: str) -> None:
        is_target = key in self.targets
        if not is_target and not self.with_upstream:
            return
        verdict = self._verdict(key)
        made_before = [upstream for upstream in self._upstream(key) if upstream in self.steps]
        if not is_target and verdict not in self.upstream_verdicts and not made_before:
            return
        reason = self._obstacle(key, verdict)
        config = self._config(key) if reason is None else CannotRestore(reason)
        if isinstance(config, CannotRestore):
            self.left_out[key] = LeftOut(key, verdict, config.reason)
            return
        self.steps[key] = self._step(key, config, verdict, is_target=is_target)

    def _verdict(self, key: str) -> str:
        run = self.runs.get(key)
        return MISSING if run is None else run.verdict

    def _obstacle(self, key: str, verdict: str) -> str | None:
        """Return why an experiment cannot be made, or should not be."""
        if verdict in _ACTIVE:
            return f"it is {verdict} already"
        name = key.rpartition("/")[0]
        info = self.snapshot.project.experiment(name)
        if info is None:
            return f"there is no experiment class {name} in the code{where_unread(self.snapshot, name)}"
        abstract = missing_methods(name, self.snapshot.project.tables, self.snapshot.project.symbols)
        if abstract:
            return f"{name} is abstract: it lacks {' and '.join(abstract)}"
        for upstream in self._upstream(key) if self.with_upstream else ():
            found = self.left_out.get(upstream)
            if found is not None and found.verdict not in _ACTIVE:
                return f"{upstream}, which it depends on, cannot be made: {found.reason}"
        return None

    def _config(self, key: str) -> ConfigValue | CannotRestore:
        """Return the config, proven to have the hash; or why today's code cannot build it."""
        experiment, compared = self.snapshot.experiments.by_key.get(key), self.records.get(key)
        if experiment is not None:
            config: ConfigValue | CannotRestore = experiment.config
        elif compared is None or not isinstance(compared.run, StoredRun) or compared.run.config is None:
            return CannotRestore("no code builds it, and its config is not on record")
        else:
            schema = [reason for reason in compared.reasons if reason.code.startswith(("field-", "class-"))]
            if schema:
                return CannotRestore(f"its config does not fit today's class: {schema[0].message}")
            config = restore_config(compared.run.config, self.snapshot.project, self.known)
        if isinstance(config, CannotRestore):
            return config
        faults = config_source(config, self.snapshot.project.modules).faults
        if faults:
            return CannotRestore(faults[0])
        digest = _hash_of(config, self._dialect(key))
        if digest != key.rpartition("/")[2]:
            return CannotRestore(f"today's code gives its recorded config the hash {digest}")
        return config

    def _dialect(self, key: str) -> Dialect:
        info = self.snapshot.project.experiment(key.rpartition("/")[0])
        return HULDRA if info is None or info.dialect is None else info.dialect

    def _step(self, key: str, config: ConfigValue, verdict: str, *, is_target: bool) -> Step:
        compared, experiment = self.runs.get(key), self.snapshot.experiments.by_key.get(key)
        run = None if compared is None else compared.run
        seconds, estimate = self._seconds(key)
        return Step(
            key=key,
            config=config,
            path=experiment.path if experiment is not None else self._path_of(key),
            dialect=self._dialect(key),
            verdict=verdict,
            reasons=() if compared is None else compared.reasons,
            purpose="asked" if is_target else "upstream",
            because=self._because(key, verdict, () if compared is None else compared.reasons),
            after=tuple(dict.fromkeys(self._steps_before(key))),
            seconds=seconds,
            estimate=estimate,
            has_success=isinstance(run, StoredRun) and run.result == "success",
        )

    def _path_of(self, key: str) -> str:
        """Return where what only a run knows is made: in the store that the runtime uses, wherever that run lies."""
        record = self.records.get(key)
        return "" if record is None else run_path(record.run.root, record.run.class_name, record.run.hash)

    def _because(self, key: str, verdict: str, reasons: tuple[Reason, ...]) -> str:
        remade = next((name for name in self._upstream(key) if name in self.steps), None)
        if reasons:
            return reasons[0].message
        if remade is not None and verdict not in WITHOUT_RESULT:
            return f"{remade} is made again before it"
        if verdict == MISSING:
            return "it has no run"
        return f"it is {verdict}" if verdict in WITHOUT_RESULT else "asked for"

    def _steps_before(self, key: str) -> Iterator[str]:
        """Yield the steps that this one waits for, through what is not made itself."""
        seen: set[str] = set()
        queue = list(self._upstream(key))
        while queue:
            found = queue.pop(0)
            if found in seen:
                continue
            seen.add(found)
            if found in self.steps:
                yield found
            else:
                queue += self._upstream(found)

    def _seconds(self, key: str) -> tuple[float | None, Estimate]:
        compared = self.runs.get(key)
        run = None if compared is None else compared.run
        if isinstance(run, StoredRun) and run.duration_s is not None and run.result == "success":
            return run.duration_s, "last-run"
        usual = self.typical.get(key.rpartition("/")[0])
        return (None, "none") if usual is None else (usual, "class-median")


def _typical_seconds(runs: Iterable[ComparedRun]) -> Mapping[str, float]:
    """Return how long successful runs of each class took, in the middle."""
    found: dict[str, list[float]] = {}
    for compared in runs:
        run = compared.run
        if isinstance(run, StoredRun) and run.result == "success" and run.duration_s is not None:
            found.setdefault(run.class_name, []).append(run.duration_s)
    return {name: median(times) for name, times in found.items()}


def _hash_of(config: ConfigValue, dialect: Dialect) -> str | None:
    try:
        return identity_hash(config, with_dependencies=dialect.hash_has_dependencies)
    except (IdentityTypeError, IdentityValueError):
        return None
