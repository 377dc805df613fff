"""The JSON of `huldra new`: what was or would be written, and what that builds."""

from typing import Literal

from pydantic import Field

from huldra.exports.analysis_json import Model
from huldra.exports.json_text import json_text
from huldra.features.new_experiment import Preview
from huldra.plans.new_code import NewCode


class BuiltModel(Model):
    """An experiment that the code builds, and the verdict of its run; `missing` without one."""

    class_name: str = Field(alias="class")
    hash: str
    verdict: str


class NewModel(Model):
    """The document. `line` is where the code begins, from 1."""

    schema_version: Literal[1]
    class_name: str = Field(alias="class")
    file: str
    line: int
    new_file: bool
    imports: list[str]
    code: str
    experiments: list[BuiltModel]
    problems: list[str]
    written: bool


def new_json(class_name: str, code: NewCode, preview: Preview, *, is_written: bool) -> str:
    """Return the document as text."""
    rows = [(key.rpartition("/"), verdict) for key, verdict in preview.experiments]
    built = [{"class": key[0], "hash": key[2], "verdict": verdict} for key, verdict in rows]
    document = NewModel.model_validate(
        {
            "schema_version": 1,
            "class": class_name,
            "file": code.file,
            "line": code.first_line,
            "new_file": code.is_new,
            "imports": list(code.imports),
            "code": code.code,
            "experiments": built,
            "problems": list(preview.problems),
            "written": is_written,
        }
    )
    return f"{json_text(document)}\n"
