"""The JSON Schema of every document that a command writes."""

import json
from collections.abc import Mapping

from huldra.exports.analysis_json import AnalysisModel, Model
from huldra.exports.check_json import CheckModel
from huldra.exports.classes_json import ClassTreeModel
from huldra.exports.graph_json import GraphModel
from huldra.exports.health_json import HealthModel
from huldra.exports.manifest_json import ManifestCheckModel, ManifestModel
from huldra.exports.new_json import NewModel
from huldra.exports.rerun_json import RerunModel
from huldra.exports.runs_table import RunsModel
from huldra.exports.show_json import DiffModel, ShowModel
from huldra.exports.site_json import SiteAnswerModel
from huldra.exports.why_json import ExplanationModel

DOCUMENTS: Mapping[str, type[Model]] = {
    "analysis": AnalysisModel,
    "check": CheckModel,
    "classes": ClassTreeModel,
    "doctor": HealthModel,
    "graph": GraphModel,
    "hash": SiteAnswerModel,
    "manifest": ManifestModel,
    "manifest-check": ManifestCheckModel,
    "runs": RunsModel,
    "show": ShowModel,
    "diff": DiffModel,
    "why": ExplanationModel,
    "rerun": RerunModel,
    "new": NewModel,
}
"""By the name of the schema's file."""


def schema_text(name: str) -> str:
    """Return the text of a schema file, `analysis` say."""
    schema = DOCUMENTS[name].model_json_schema(by_alias=True)
    return f"{json.dumps(schema, indent=2, sort_keys=True)}\n"
