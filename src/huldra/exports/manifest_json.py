"""The JSON of manifests, files of experiments that a person or `huldra discover` writes, and of `huldra manifest`."""

from collections.abc import Iterable
from typing import Literal

from pydantic import Field, JsonValue

from huldra.exports.analysis_json import Model, ProblemModel, problem_model
from huldra.exports.json_text import json_text
from huldra.features.manifest_entries import CheckedEntry
from huldra.project.problems import Problem


class ManifestEntryModel(Model):
    """An experiment.

    `config` holds the fields: JSON values, nested configs with a `__class__`, and tags for what JSON does not have,
    such as `{"__enum__": "lab.data.Split:TRAIN"}` and `{"__tuple__": [1, 2]}`.
    """

    name: str | None = None
    tags: list[str] = Field(default_factory=list)
    class_name: str = Field(alias="class", description="module and qualified name of an experiment class")
    config: dict[str, JsonValue] = Field(default_factory=dict)


class ManifestModel(Model):
    """A manifest: name it in `manifests` of [tool.huldra]."""

    schema_reference: str | None = Field(default=None, alias="$schema")
    schema_version: Literal[1] = 1
    experiments: list[ManifestEntryModel]


class CheckedEntryModel(Model):
    """An entry as it was understood; without a hash where that cannot be known."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    name: str | None
    tags: list[str]
    class_name: str | None = Field(alias="class")
    hash: str | None
    verdict: str | None


class ManifestCheckModel(Model):
    """What `huldra manifest check --format json` says."""

    schema_version: Literal[1]
    entries: list[CheckedEntryModel]
    problems: list[ProblemModel]


def manifest_check_json(entries: Iterable[CheckedEntry], problems: Iterable[Problem]) -> str:
    """Return the document as text; the same input gives the same bytes."""
    model = ManifestCheckModel(
        schema_version=1,
        entries=[_entry(checked) for checked in entries],
        problems=[problem_model(problem) for problem in problems],
    )
    return json_text(model)


def _entry(checked: CheckedEntry) -> CheckedEntryModel:
    entry, place = checked.entry, checked.entry.place
    return CheckedEntryModel.model_validate(
        {
            "file": place.file,
            "line": place.line,
            "column": place.column,
            "end_line": place.end_line,
            "end_column": place.end_column,
            "name": entry.name,
            "tags": entry.tags,
            "class": entry.class_name,
            "hash": None if entry.key is None else entry.key.rpartition("/")[2],
            "verdict": checked.verdict,
        }
    )
