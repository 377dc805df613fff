"""The JSON of `huldra why`, schema_version 1."""

from collections.abc import Iterable
from typing import Literal

from huldra.experiments.model import SiteReference
from huldra.exports.analysis_json import Model, NoteModel, RunModel, run_model, site_models
from huldra.exports.json_text import json_text
from huldra.features.explanation import Cause, Explanation
from huldra.fingerprints.model import Definition


class DefinitionModel(Model):
    """A definition in one state of the code; `fingerprint` names its meaning."""

    name: str
    file: str
    line: int
    end_line: int
    fingerprint: str


class CommitModel(Model):
    """The last commit that changed a definition."""

    id: str
    author: str
    author_date: str
    subject: str


class CauseModel(Model):
    """A root cause.

    `through` are the runs that lead to the one at fault, as `class/hash`; `chain` are the definitions that lead from
    the method that is called to the one that changed; `diff` is a unified diff of it.
    """

    code: str
    message: str
    certainty: Literal["certain", "likely"]
    through: list[str]
    chain: list[str]
    then: DefinitionModel | None
    now: DefinitionModel | None
    diff: str
    made_at: str | None
    commit: CommitModel | None
    uncommitted: bool


class ExplanationModel(Model):
    """Why a run has its verdict."""

    schema_version: Literal[1]
    run: RunModel
    causes: list[CauseModel]
    notes: list[NoteModel]


def why_json(explanation: Explanation, sites: Iterable[SiteReference] = ()) -> str:
    """Return the document as text; the same explanation gives the same bytes.

    Args:
        explanation: Why the run has its verdict.
        sites: Where the code builds it.
    """
    model = ExplanationModel(
        schema_version=1,
        run=run_model(explanation.run, site_models(sites)),
        causes=[_cause(cause) for cause in explanation.causes],
        notes=[NoteModel(code=note.code, message=note.message) for note in explanation.notes],
    )
    return json_text(model)


def _cause(cause: Cause) -> CauseModel:
    change, commit = cause.change, cause.last_change.commit
    return CauseModel(
        code=cause.reason.code,
        message=cause.reason.message,
        certainty=cause.reason.certainty,
        through=list(cause.way),
        chain=[] if change is None else list(change.chain),
        then=None if change is None or change.then is None else _definition(change.then),
        now=None if change is None or change.now is None else _definition(change.now),
        diff="\n".join(cause.diff),
        made_at=cause.revision,
        commit=None
        if commit is None
        else CommitModel(id=commit.id, author=commit.author, author_date=commit.author_date, subject=commit.subject),
        uncommitted=cause.last_change.is_uncommitted,
    )


def _definition(definition: Definition) -> DefinitionModel:
    return DefinitionModel(
        name=definition.name,
        file=definition.file,
        line=definition.line,
        end_line=definition.end_line,
        fingerprint=definition.form,
    )
