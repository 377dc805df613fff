"""The JSON of `huldra hash`, schema_version 1."""

from typing import Literal

from huldra.exports.analysis_json import DynamicSiteModel, ExperimentModel, Model, dynamic_model, experiment_model
from huldra.exports.json_text import json_text
from huldra.features.site_answer import SiteAnswer


class SiteAnswerModel(Model):
    """What a place builds."""

    schema_version: Literal[1]
    experiments: list[ExperimentModel]
    dynamic_sites: list[DynamicSiteModel]


def site_json(answer: SiteAnswer) -> str:
    """Return the document as text; the same answer gives the same bytes."""
    model = SiteAnswerModel(
        schema_version=1,
        experiments=[experiment_model(built.row) for built in answer.experiments],
        dynamic_sites=[dynamic_model(row) for row in answer.dynamic],
    )
    return json_text(model)
