"""The whole picture: classes, experiments, runs and problems of a snapshot, as flat rows ready to be shown."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from operator import is_

from msgspec import Struct
from msgspec.structs import replace

from huldra.analysis.snapshot import Snapshot
from huldra.comparison.differing import differing
from huldra.comparison.model import ComparedRun, Comparison, run_for
from huldra.experiments.frozen import Doubt
from huldra.experiments.model import DynamicSite, Experiment, Sweep, Via
from huldra.formats.config_values import Value
from huldra.formats.names import LOCALS
from huldra.project.annotations import annotated_experiments
from huldra.project.classes import ClassInfo, is_transparent
from huldra.project.fields import FieldDeclaration
from huldra.project.hierarchy import experiment_classes, missing_methods
from huldra.project.places import Place
from huldra.project.problems import Problem


class FieldRow(Struct, frozen=True):
    """A field: `default` is a Doubt where it cannot be told, None in `is_required` ones."""

    name: str
    annotation: str
    is_required: bool
    is_private: bool
    default: Value | Doubt
    depends_on: tuple[str, ...]


class ClassRow(Struct, frozen=True):
    """An experiment class."""

    name: str
    place: Place
    bases: tuple[str, ...]
    ancestors: tuple[str, ...]
    is_abstract: bool
    is_version_controlled: bool
    fields: tuple[FieldRow, ...]


class ExperimentRow(Struct, frozen=True):
    """An experiment and the verdict of its run; `missing` without one."""

    experiment: Experiment
    verdict: str


class DynamicRow(Struct, frozen=True):
    """A dynamic site, and the runs that it could have built."""

    site: DynamicSite
    matches: tuple[str, ...]


class SweepRow(Struct, frozen=True):
    """A place that builds several experiments, and the verdict of each member, in order."""

    sweep: Sweep
    verdicts: tuple[str, ...]

    @property
    def done(self) -> int:
        """How many members have a result that stands."""
        return self.verdicts.count("current")


class Edge(Struct, frozen=True):
    """From a dependent to what it depends on."""

    source: str
    target: str
    via: Via


class Picture(Struct, frozen=True):
    """Everything, each list sorted.

    `elsewhere` are classes of the code that a picture of a part of it leaves out, though it holds runs of them.
    """

    store: str
    further_stores: tuple[str, ...]
    store_status: str
    revision: str | None
    is_dirty: bool
    classes: tuple[ClassRow, ...]
    experiments: tuple[ExperimentRow, ...]
    dynamic: tuple[DynamicRow, ...]
    sweeps: tuple[SweepRow, ...]
    runs: tuple[ComparedRun, ...]
    class_edges: tuple[Edge, ...]
    experiment_edges: tuple[Edge, ...]
    problems: tuple[Problem, ...]
    elsewhere: tuple[ClassRow, ...] = ()


_FEW = 10
"""Each of so many has its edges put in place by itself; where more differ, all are sorted."""


class Known(Struct, frozen=True):
    """The picture of another state; its rows of classes by name, of what its code builds by key."""

    snapshot: Snapshot
    picture: Picture
    rows: Mapping[str, ClassRow]
    built: Mapping[str, ExperimentRow]

    def rows_that_hold(self, snapshot: Snapshot) -> Mapping[str, ClassRow]:
        """Return the rows of those classes of which nothing that a row follows from is another thing."""
        others = snapshot.project.tables.differing(self.snapshot.project.tables)
        before, now = self.snapshot.experiments.defaults, snapshot.experiments.defaults
        if before is not now:
            others |= {key[0] for key in before if key not in now}
            others |= {key[0] for key, value in now.items() if before.get(key) is not value}
        return {name: row for name, row in self.rows.items() if name not in others} if others else self.rows


def whole_picture(snapshot: Snapshot, known: Known | None = None) -> Picture:
    """Return the picture of a snapshot; what is known from another state is used again."""
    holding: Mapping[str, ClassRow] = {} if known is None else known.rows_that_hold(snapshot)
    classes = tuple(
        holding.get(info.name) or _class_row(snapshot, info) for info in experiment_classes(snapshot.project.classes)
    )
    shown = tuple(row for row in classes if LOCALS not in row.name)
    experiments = snapshot.experiments
    rows, edges = _experiment_rows(snapshot, known)
    verdicts = {key: row.verdict for key, row in rows.items()}
    matches = snapshot.comparison.dynamic_matches
    return replace(
        _without_rows(snapshot),
        classes=shown,
        experiments=tuple(rows.values()),
        dynamic=tuple(DynamicRow(*pair) for pair in zip(experiments.dynamic, matches, strict=True)),
        sweeps=tuple(
            SweepRow(sweep, tuple(verdicts.get(key, "missing") for key in sweep.members))
            for sweep in experiments.sweeps
        ),
        runs=snapshot.comparison.runs,
        class_edges=_edges_of_classes(snapshot, classes, known),
        experiment_edges=edges,
        problems=snapshot.problems,
    )


def _edges_of_classes(snapshot: Snapshot, classes: tuple[ClassRow, ...], known: Known | None) -> tuple[Edge, ...]:
    if known is not None and len(classes) == len(known.picture.classes):
        pairs = zip(classes, known.picture.classes, strict=True)
        is_same = all(row is was or _fields_lead_alike(row, was) for row, was in pairs)
        if is_same and snapshot.experiments.class_dependencies == known.snapshot.experiments.class_dependencies:
            return known.picture.class_edges
    return tuple(sorted({*_class_edges(classes), *_method_edges(snapshot)}, key=_edge_order))


def _experiment_rows(snapshot: Snapshot, known: Known | None) -> tuple[dict[str, ExperimentRow], tuple[Edge, ...]]:
    """Return the rows of what the code builds, by key, and the edges from it; both but for what differs as known."""
    comparison, built = snapshot.comparison, snapshot.experiments.by_key
    before: Mapping[str, ExperimentRow] = {} if known is None else known.built
    changed = {key for key in before if key not in built}
    if known is not None and before:
        then = known.snapshot.comparison
        if then.basis.store.roots != comparison.basis.store.roots:
            before = {}
        for runs in differing(then.runs, comparison.runs):
            changed |= {run.key for run in runs}
    rows: dict[str, ExperimentRow] = {}
    stored = None if before else _stored_keys(comparison, built)
    for key, experiment in built.items():
        row = before.get(key)
        if row is None or row.experiment is not experiment or key in changed:
            row = ExperimentRow(experiment, _verdict(comparison, experiment, stored))
            changed.add(key)
        rows[key] = row
    if known is not None and len(changed) * _FEW < len(rows):
        return rows, _edges_now(known.picture.experiment_edges, snapshot, changed)
    return rows, tuple(sorted(set(_experiment_edges(snapshot)), key=_edge_order))


def picture_of_files(snapshot: Snapshot, comparison: Comparison, files: Collection[str]) -> Picture:
    """Return of a picture all classes, and what some files build and declare with the runs of those classes.

    Args:
        snapshot: The state.
        comparison: Its runs, of which only these are asked for more than where they lie.
        files: Root-relative names.
    """
    classes = tuple(_class_row(snapshot, info) for info in experiment_classes(snapshot.project.classes))
    experiments, matches = snapshot.experiments, comparison.dynamic_matches
    declared = {row.name for row in classes if row.place.file in files}
    built = {
        key: experiment
        for key, experiment in experiments.by_key.items()
        if experiment.config.class_name in declared or any(site.place.file in files for site in experiment.sites)
    }
    names = sorted(declared | {experiment.config.class_name for experiment in built.values()})
    return replace(
        _without_rows(snapshot),
        classes=tuple(row for row in classes if LOCALS not in row.name),
        experiments=tuple(ExperimentRow(each, _verdict(comparison, each)) for each in built.values()),
        dynamic=tuple(
            DynamicRow(site, keys)
            for site, keys in zip(experiments.dynamic, matches, strict=True)
            if site.place.file in files
        ),
        runs=tuple(run for name in names for run in comparison.of_class(name)),
    )


def judged_picture(
    snapshot: Snapshot, within: Collection[str] | None = None, *, tells_what_is_built: bool = True
) -> Picture:
    """Return of a picture what findings follow from: what is built, the runs, and the problems in the code.

    Args:
        snapshot: The state.
        within: The files whose problems somebody wants to know, if it is not all of them.
        tells_what_is_built: Whether somebody wants to know what was never run.
    """
    comparison = snapshot.comparison
    built = snapshot.experiments.by_key.values() if tells_what_is_built else ()
    stored = _stored_keys(comparison, snapshot.experiments.by_key)
    return replace(
        _without_rows(snapshot),
        experiments=tuple(ExperimentRow(each, _verdict(comparison, each, stored)) for each in built),
        runs=comparison.runs,
        problems=snapshot.problems if within is None else snapshot.problems_within(within),
    )


def _without_rows(snapshot: Snapshot) -> Picture:
    return Picture(
        store=snapshot.inputs.store_name,
        further_stores=snapshot.store.further,
        store_status=snapshot.store.status,
        revision=snapshot.inputs.revision,
        is_dirty=snapshot.inputs.is_dirty,
        classes=(),
        experiments=(),
        dynamic=(),
        sweeps=(),
        runs=(),
        class_edges=(),
        experiment_edges=(),
        problems=(),
    )


def picture_after(before: Picture, snapshot_before: Snapshot, snapshot: Snapshot) -> Picture | None:
    """Return the picture of a snapshot as that of the one before, with what differs; None where more may differ.

    What code builds must be the very same, and of classes only where they end may differ.
    """
    old, new = snapshot_before.project.classes, snapshot.project.classes
    if snapshot_before.experiments is not snapshot.experiments or old.keys() != new.keys():
        return None
    edited = {name: _class_row(snapshot, info) for name, info in new.items() if old[name] is not info and info.dialect}
    classes = tuple(edited.get(row.name, row) for row in before.classes)
    if any(replace(row, place=other.place) != other for row, other in zip(classes, before.classes, strict=True)):
        return None
    picture = replace(
        before,
        revision=snapshot.inputs.revision,
        is_dirty=snapshot.inputs.is_dirty,
        store=snapshot.inputs.store_name,
        further_stores=snapshot.store.further,
        store_status=snapshot.store.status,
        classes=classes,
        problems=snapshot.problems,
    )
    if snapshot_before.comparison is snapshot.comparison:
        return picture
    return _with_other_runs(picture, snapshot)


def _with_other_runs(before: Picture, snapshot: Snapshot) -> Picture:
    """Return a picture with the runs of a snapshot; what does not differ is the very same."""
    comparison, experiments = snapshot.comparison, snapshot.experiments
    gone, come = differing(before.runs, comparison.runs)
    keys = {run.key for run in (*gone, *come)}
    verdicts = {key: _verdict(comparison, experiments.by_key[key]) for key in keys if key in experiments.by_key}
    rows = tuple(_row_now(row, verdicts.get(row.experiment.key, row.verdict)) for row in before.experiments)
    sweeps = tuple(
        row
        if keys.isdisjoint(row.sweep.members)
        else SweepRow(
            row.sweep,
            tuple(verdicts.get(key, was) for key, was in zip(row.sweep.members, row.verdicts, strict=True)),
        )
        for row in before.sweeps
    )
    matches = comparison.dynamic_matches
    is_same = all(row.matches == found for row, found in zip(before.dynamic, matches, strict=True))
    dynamic = tuple(DynamicRow(*pair) for pair in zip(experiments.dynamic, matches, strict=True))
    return replace(
        before,
        experiments=before.experiments if all(map(is_, rows, before.experiments)) else rows,
        dynamic=before.dynamic if is_same else dynamic,
        sweeps=sweeps,
        runs=comparison.runs,
        experiment_edges=_edges_now(before.experiment_edges, snapshot, keys),
    )


def _stored_keys(comparison: Comparison, built: Collection[str]) -> AbstractSet[str]:
    """Return which experiments have a run at all, for who asks about all of them: most have none."""
    return {key for run in comparison.runs if (key := run.key) in built}


def _verdict(comparison: Comparison, experiment: Experiment, stored: AbstractSet[str] | None = None) -> str:
    run = None if stored is not None and experiment.key not in stored else run_for(comparison, experiment)
    return "missing" if run is None else run.verdict


def _row_now(row: ExperimentRow, verdict: str) -> ExperimentRow:
    return row if row.verdict == verdict else ExperimentRow(row.experiment, verdict)


def _edges_now(before: tuple[Edge, ...], snapshot: Snapshot, keys: Iterable[str]) -> tuple[Edge, ...]:
    """Return sorted edges, with those that lead from some runs as they are now."""
    edges = list(before)
    for key in keys:
        start = bisect_left(edges, key, key=lambda edge: edge.source)
        end = bisect_right(edges, key, key=lambda edge: edge.source)
        built = snapshot.experiments.by_key.get(key)
        now = set(() if built is None else _edges_of_experiment(key, built))
        for run in snapshot.comparison.with_key(key):
            now.update(_edges_of_run(run))
        edges[start:end] = sorted(now, key=_edge_order)
    return tuple(edges)


def _class_row(snapshot: Snapshot, info: ClassInfo) -> ClassRow:
    project = snapshot.project
    table = project.tables.table(info.name)
    return ClassRow(
        name=info.name,
        place=info.place,
        bases=tuple(base.name for base in info.bases if not is_transparent(base.name)),
        ancestors=tuple(name for name in info.order[1:] if not is_transparent(name)),
        is_abstract=bool(missing_methods(info.name, project.tables, project.symbols)),
        is_version_controlled=project.tables.is_version_controlled(info.name),
        fields=tuple(_field_row(snapshot, info, field) for field in table.values()),
    )


def _field_row(snapshot: Snapshot, info: ClassInfo, field: FieldDeclaration) -> FieldRow:
    return FieldRow(
        name=field.name,
        annotation=field.annotation_text,
        is_required=field.is_required,
        is_private=field.is_private,
        default=snapshot.experiments.defaults.get((info.name, field.name)),
        depends_on=annotated_experiments(snapshot.project, field),
    )


def _edge_order(edge: Edge) -> tuple[str, str, str]:
    return edge.source, edge.target, str(edge.via)


def _class_edges(classes: tuple[ClassRow, ...]) -> Iterator[Edge]:
    for row in classes:
        for each in row.fields:
            yield from (Edge(row.name, target, Via(f"field {each.name}")) for target in each.depends_on)


def _fields_lead_alike(row: ClassRow, other: ClassRow) -> bool:
    found, known = ([(field.name, field.depends_on) for field in each.fields] for each in (row, other))
    return row.name == other.name and found == known


def _method_edges(snapshot: Snapshot) -> Iterator[Edge]:
    for edge in snapshot.experiments.class_dependencies:
        if LOCALS not in edge.source and LOCALS not in edge.target:
            yield Edge(edge.source, edge.target, edge.via)


def _experiment_edges(snapshot: Snapshot) -> Iterator[Edge]:
    """Edges of what the code builds, and of what the store holds."""
    for key, experiment in snapshot.experiments.by_key.items():
        yield from _edges_of_experiment(key, experiment)
    for run in snapshot.comparison.runs:
        if run.dependencies:
            yield from _edges_of_run(run)


def _edges_of_experiment(key: str, experiment: Experiment) -> Iterator[Edge]:
    return (Edge(key, dependency.key, dependency.via) for dependency in experiment.dependencies)


def _edges_of_run(run: ComparedRun) -> Iterator[Edge]:
    return (Edge(run.key, key, via) for key, via in run.dependencies)
