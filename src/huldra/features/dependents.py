"""The runs that depend on a definition: its code has a part in their results."""

from collections.abc import Iterable, Mapping

from huldra.analysis.snapshot import Snapshot
from huldra.comparison.bonds import with_holders
from huldra.comparison.code_by_value import closure_with_named
from huldra.comparison.model import ComparedRun
from huldra.comparison.run_holdings import held_configs
from huldra.comparison.value_patterns import own_texts
from huldra.fingerprints.model import Closure
from huldra.stored_runs.model import StoredRun


def runs_by_definition(snapshot: Snapshot) -> Mapping[str, tuple[str, ...]]:
    """Return the keys (`class/hash`) of the runs in whose closure each definition (`module.qualname`) is, sorted."""
    found: dict[str, set[str]] = {}
    for run in snapshot.comparison.runs:
        closure = run_closure(snapshot, run)
        for definition in () if closure is None else closure.definitions:
            found.setdefault(definition.name, set()).add(run.key)
    return {name: tuple(sorted(keys)) for name, keys in found.items()}


def run_closure(snapshot: Snapshot, run: ComparedRun) -> Closure | None:
    """Return what today's code reaches to make a run; None for one whose class or config is not there."""
    stored = run.run
    info = snapshot.project.experiment(stored.class_name)
    if info is None or info.dialect is None or not isinstance(stored, StoredRun) or stored.config is None:
        return None
    project, known = snapshot.project, snapshot.project.classes
    held = held_configs(stored.config).now(lambda config: config.class_name if config.class_name in known else None)
    own = own_texts(stored.config_document, lambda name: project.experiment(name) is not None)
    return closure_with_named(snapshot.code, info.name, info.dialect.create_method, held, own, project.modules)


def with_downstream(keys: Iterable[str], runs: Iterable[ComparedRun]) -> tuple[str, ...]:
    """Return runs with all that hold them, at any depth, sorted."""
    holders: dict[str, set[str]] = {}
    for run in runs:
        for dependency, _ in run.dependencies:
            holders.setdefault(dependency, set()).add(run.key)
    return tuple(sorted(with_holders(keys, holders)))


def total_seconds(keys: Iterable[str], runs: Mapping[str, ComparedRun]) -> float:
    """Return how long the runs took, as far as that was recorded."""
    stored = (runs[key].run for key in keys if key in runs)
    return sum(run.duration_s for run in stored if isinstance(run, StoredRun) and run.duration_s is not None)
