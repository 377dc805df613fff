"""The JSON of `huldra analyze`, schema_version 1: a contract that other programs are tested against.

Paths are relative to the root, `/`-separated; lines and columns count from 1, columns in code points."""

from collections.abc import Iterable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from huldra.experiments.evaluate.recorded import SiteKind
from huldra.experiments.frozen import Doubt
from huldra.experiments.model import SiteReference
from huldra.exports.json_text import json_text
from huldra.features.judged_run import JudgedReason, JudgedRun
from huldra.features.picture import ClassRow, DynamicRow, Edge, ExperimentRow, FieldRow, Picture, SweepRow
from huldra.formats.config_documents import config_document, value_document
from huldra.formats.json_values import JsonObject
from huldra.project.places import Place
from huldra.project.problems import Problem
from huldra.stored_runs.model import StoredRun

SCHEMA_VERSION = 1


class Model(BaseModel):
    """A part of a document: its keys are all there are."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)


class DefaultModel(Model):
    """A field's default; `known` is false for a required field and for one that cannot be told."""

    known: bool
    value: JsonValue


class FieldModel(Model):
    """A field, in constructor order."""

    name: str
    annotation: str
    required: bool
    private: bool
    default: DefaultModel
    depends_on: list[str]


class ClassModel(Model):
    """An experiment class."""

    name: str
    file: str
    line: int
    bases: list[str]
    ancestors: list[str]
    abstract: bool
    version_controlled: bool
    fields: list[FieldModel]


class SiteModel(Model):
    """A place that builds an experiment."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    kind: SiteKind
    conditional: bool


class ExperimentModel(Model):
    """An experiment that the code builds."""

    class_name: str = Field(alias="class")
    hash: str
    path: str
    config: dict[str, JsonValue]
    sites: list[SiteModel]
    depends_on: list[str]
    verdict: str


class UnknownModel(Model):
    """What is not known at a dynamic site, and where that begins; field `*` concerns the config as a whole."""

    field: str
    reason: str
    file: str | None
    line: int | None


class DynamicSiteModel(Model):
    """A site whose config cannot be known without running."""

    class_name: str = Field(alias="class")
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    kind: SiteKind
    conditional: bool
    known: dict[str, JsonValue]
    unknown: list[UnknownModel]
    matches: list[str]


class SweepModel(Model):
    """A site that builds several experiments: its members in the order in which they are built.

    `fields` are those in which they differ (`model.depth` for one of a nested config); `done` counts the members whose
    verdict is `current`; `dynamic` and `dropped` count what else the site builds: not known, and past the limit.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    kind: SiteKind
    conditional: bool
    members: list[str]
    fields: list[str]
    done: int
    dynamic: int
    dropped: int


class ReasonModel(Model):
    """Why a run has its verdict."""

    code: str
    message: str
    definition: str | None
    file: str | None
    line: int | None
    dependency: str | None
    certainty: Literal["certain", "likely"]


class NoteModel(Model):
    """What does not bear on the verdict."""

    code: str
    message: str


class RunModel(Model):
    """A stored run; `result` is `unreadable` where its files are damaged. `store` is None but in a further store."""

    class_name: str = Field(alias="class")
    hash: str
    path: str
    store: str | None
    result: Literal["success", "failed", "incomplete", "absent", "migrated", "unreadable"]
    verdict: str
    certainty: Literal["certain", "likely"]
    reasons: list[ReasonModel]
    notes: list[NoteModel]
    created_at: str | None
    duration_s: float | None
    commit: str | None
    version_controlled: bool
    referenced: bool
    depends_on: list[str]
    sites: list[SiteModel]


class EdgeModel(Model):
    """From a dependent to what it depends on."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    via: str


class EdgesModel(Model):
    """Both graphs."""

    classes: list[EdgeModel]
    experiments: list[EdgeModel]


class ProblemModel(Model):
    """A problem in the code."""

    code: str
    severity: Literal["error", "warning", "information", "hint"]
    message: str
    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class AnalysisModel(Model):
    """All of it."""

    schema_version: Literal[1]
    root: str
    store: str
    further_stores: list[str]
    revision: str | None
    dirty: bool
    classes: list[ClassModel]
    experiments: list[ExperimentModel]
    dynamic_sites: list[DynamicSiteModel]
    sweeps: list[SweepModel]
    runs: list[RunModel]
    edges: EdgesModel
    problems: list[ProblemModel]


def analysis_json(picture: Picture) -> str:
    """Return the document as text; the same picture gives the same bytes."""
    return json_text(analysis_model(picture))


def analysis_schema() -> JsonObject:
    """Return the JSON Schema of the document."""
    return AnalysisModel.model_json_schema(by_alias=True)


def analysis_model(picture: Picture) -> AnalysisModel:
    """Return the document as a model."""
    sites = {row.experiment.key: site_models(row.experiment.sites) for row in picture.experiments}
    return AnalysisModel(
        schema_version=SCHEMA_VERSION,
        root=".",
        store=picture.store,
        further_stores=list(picture.further_stores),
        revision=picture.revision,
        dirty=picture.is_dirty,
        classes=[_class(row) for row in picture.classes],
        experiments=[experiment_model(row) for row in picture.experiments],
        dynamic_sites=[dynamic_model(row) for row in picture.dynamic],
        sweeps=[_sweep(row) for row in picture.sweeps],
        runs=[run_model(run, sites.get(run.key, [])) for run in picture.runs],
        edges=EdgesModel(
            classes=[_edge(edge) for edge in picture.class_edges],
            experiments=[_edge(edge) for edge in picture.experiment_edges],
        ),
        problems=[problem_model(problem) for problem in picture.problems],
    )


def _class(row: ClassRow) -> ClassModel:
    return ClassModel(
        name=row.name,
        file=row.place.file,
        line=row.place.line,
        bases=list(row.bases),
        ancestors=list(row.ancestors),
        abstract=row.is_abstract,
        version_controlled=row.is_version_controlled,
        fields=[_field(field) for field in row.fields],
    )


def _field(row: FieldRow) -> FieldModel:
    is_known = not row.is_required and not isinstance(row.default, Doubt)
    value = value_document(row.default) if is_known and not isinstance(row.default, Doubt) else None
    return FieldModel.model_validate(
        {
            "name": row.name,
            "annotation": row.annotation,
            "required": row.is_required,
            "private": row.is_private,
            "default": {"known": is_known, "value": value},
            "depends_on": row.depends_on,
        }
    )


def _place(place: Place) -> dict[str, str | int]:
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def site_models(sites: Iterable[SiteReference]) -> list[SiteModel]:
    """Return where the code builds an experiment."""
    return [
        SiteModel.model_validate({**_place(site.place), "kind": site.kind, "conditional": site.is_conditional})
        for site in sites
    ]


def experiment_model(row: ExperimentRow) -> ExperimentModel:
    """Return an experiment as a model."""
    experiment = row.experiment
    return ExperimentModel.model_validate(
        {
            "class": experiment.config.class_name,
            "hash": experiment.digest,
            "path": experiment.path,
            "config": config_document(experiment.config),
            "sites": site_models(experiment.sites),
            "depends_on": sorted({dependency.key for dependency in experiment.dependencies}),
            "verdict": row.verdict,
        }
    )


def dynamic_model(row: DynamicRow) -> DynamicSiteModel:
    """Return a dynamic site as a model."""
    site = row.site
    unknown = [
        UnknownModel(
            field=doubt.field,
            reason=doubt.cause.reason,
            file=None if doubt.cause.place is None else doubt.cause.place.file,
            line=None if doubt.cause.place is None else doubt.cause.place.line,
        )
        for doubt in site.doubts
    ]
    return DynamicSiteModel.model_validate(
        {
            "class": site.class_name,
            **_place(site.place),
            "kind": site.kind,
            "conditional": site.is_conditional,
            "known": {name: value_document(value) for name, value in site.known},
            "unknown": unknown,
            "matches": row.matches,
        }
    )


def _sweep(row: SweepRow) -> SweepModel:
    sweep = row.sweep
    return SweepModel.model_validate(
        {
            **_place(sweep.place),
            "kind": sweep.kind,
            "conditional": sweep.is_conditional,
            "members": sweep.members,
            "fields": sweep.fields,
            "done": row.done,
            "dynamic": sweep.dynamic,
            "dropped": sweep.dropped,
        }
    )


def run_model(row: JudgedRun, sites: list[SiteModel]) -> RunModel:
    """Return a run as a model."""
    run = row.run
    is_read = isinstance(run, StoredRun)
    return RunModel.model_validate(
        {
            "class": run.class_name,
            "hash": run.hash,
            "path": run.path,
            "store": run.store or None,
            "result": run.result if is_read else "unreadable",
            "verdict": row.verdict,
            "certainty": row.certainty,
            "reasons": [reason_model(reason) for reason in row.reasons],
            "notes": [NoteModel(code=note.code, message=note.message) for note in row.notes],
            "created_at": run.created_at if is_read else None,
            "duration_s": run.duration_s if is_read else None,
            "commit": run.provenance.commit if is_read and run.provenance is not None else None,
            "version_controlled": run.version_controlled,
            "referenced": row.is_referenced,
            "depends_on": sorted({key for key, _ in row.dependencies}),
            "sites": sites,
        }
    )


def reason_model(reason: JudgedReason) -> ReasonModel:
    """Return a reason as a model."""
    return ReasonModel(
        code=reason.code,
        message=reason.message,
        definition=reason.definition,
        file=None if reason.place is None else reason.place.file,
        line=None if reason.place is None else reason.place.line,
        dependency=reason.dependency,
        certainty=reason.certainty,
    )


def _edge(edge: Edge) -> EdgeModel:
    return EdgeModel.model_validate({"from": edge.source, "to": edge.target, "via": str(edge.via)})


def problem_model(problem: Problem) -> ProblemModel:
    """Return a problem as a model."""
    said = {"code": problem.code, "severity": problem.severity, "message": problem.message}
    return ProblemModel.model_validate(said | _place(problem.place))
