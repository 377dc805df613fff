"""The JSON of `huldra doctor`, schema_version 1. The one document with absolute paths: it is about this machine."""

from typing import Literal

from huldra.exports.analysis_json import Model
from huldra.exports.json_text import json_text
from huldra.features.health import Health


class LeftOutModel(Model):
    """A file or directory that is not read; `note`: a rule leaves it out, and nothing is wrong."""

    name: str
    kind: str
    message: str
    note: bool


class ShadowedModel(Model):
    """A file that cannot be imported, because another one has its module name."""

    file: str
    by: str


class StoreFaultModel(Model):
    """Something in the store that could not be read."""

    path: str
    code: str
    message: str


class FurtherStoreModel(Model):
    """A store that is looked at beside the one that the runtime uses, and how many runs it holds."""

    store: str
    runs: int


class HealthModel(Model):
    """What was found, each part with the rule that chose it."""

    schema_version: Literal[1]
    huldra: str
    python: str
    root: str
    root_rule: str
    settings_file: str | None
    import_roots: list[str]
    files: int
    relevant_files: list[str]
    left_out: list[LeftOutModel]
    shadowed: list[ShadowedModel]
    classes: list[str]
    experiments: int
    dynamic_sites: int
    problems: dict[str, int]
    store: str
    store_rule: str
    store_status: Literal["found", "empty", "missing", "not-a-directory", "unreadable"]
    further_stores: list[FurtherStoreModel]
    runs: int
    store_problems: list[StoreFaultModel]
    revision: str | None
    dirty: bool


def health_json(health: Health) -> str:
    """Return the document as text."""
    return json_text(health_model(health), by_alias=False)


def health_model(health: Health) -> HealthModel:
    """Return the document as a model."""
    unreadable = [
        StoreFaultModel(path=path, code="unreadable-run", message=why) for path, why in health.unreadable_runs
    ]
    faults = [StoreFaultModel(path=p.path, code=p.code, message=p.message) for p in health.store_problems]
    return HealthModel.model_validate(
        {
            "schema_version": 1,
            "huldra": health.huldra_version,
            "python": health.python_version,
            "root": health.root,
            "root_rule": health.root_rule,
            "settings_file": health.settings_file,
            "import_roots": list(health.import_roots),
            "files": health.files,
            "relevant_files": list(health.relevant_files),
            "left_out": [
                LeftOutModel(name=p.name, kind=p.kind, message=p.message, note=p.is_note) for p in health.left_out
            ],
            "shadowed": [ShadowedModel(file=file, by=winner) for file, winner in health.shadowed],
            "classes": list(health.classes),
            "experiments": health.experiments,
            "dynamic_sites": health.dynamic_sites,
            "problems": dict(health.problem_counts),
            "store": health.store,
            "store_rule": health.store_rule,
            "store_status": health.store_status,
            "further_stores": [FurtherStoreModel(store=name, runs=runs) for name, runs in health.further_stores],
            "runs": health.runs,
            "store_problems": [*faults, *unreadable],
            "revision": health.revision,
            "dirty": health.is_dirty,
        }
    )
