"""The JSON of `huldra rerun`: the plan, and how each step ended once it was carried out."""

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import Field, JsonValue

from huldra.exports.analysis_json import Model, ReasonModel, reason_model
from huldra.exports.json_text import json_text
from huldra.formats.config_documents import config_document
from huldra.launch.interpreter import Interpreter
from huldra.launch.local import Outcome
from huldra.launch.prepare import Setting
from huldra.plans.model import LeftOut, Step


class InterpreterModel(Model):
    """What runs the steps, and why it was chosen."""

    path: str
    source: str


class StepModel(Model):
    """An experiment to be made, in order; `after` are the steps it waits for. `commit` is that of `--code then`."""

    class_name: str = Field(alias="class")
    hash: str
    path: str
    config: dict[str, JsonValue]
    verdict: str
    reasons: list[ReasonModel]
    purpose: Literal["asked", "upstream"]
    because: str
    after: list[str]
    seconds: float | None
    estimate: Literal["last-run", "class-median", "none"]
    commit: str | None
    doubts: list[str]


class LeftOutModel(Model):
    """An experiment that is not made."""

    class_name: str = Field(alias="class")
    hash: str
    verdict: str
    reason: str


class OutcomeModel(Model):
    """How a step ended; `log` is an absolute path."""

    class_name: str = Field(alias="class")
    hash: str
    result: Literal["success", "failed", "interrupted", "not-started"]
    seconds: float | None
    exit_code: int | None
    log: str | None
    message: str


class RerunModel(Model):
    """A rerun. `seconds` is the sum of what is known; `outcomes` is null where nothing was started."""

    schema_version: Literal[1]
    code: Literal["now", "then"]
    interpreter: InterpreterModel | None
    jobs: int
    seconds: float
    unknown_times: int
    steps: list[StepModel]
    left_out: list[LeftOutModel]
    outcomes: list[OutcomeModel] | None


def rerun_json(
    settings: Sequence[Setting],
    left_out: Iterable[LeftOut],
    interpreter: Interpreter | None,
    *,
    code: Literal["now", "then"],
    jobs: int,
    outcomes: Sequence[Outcome] | None,
) -> str:
    """Return the document as text."""
    model = RerunModel(
        schema_version=1,
        code=code,
        interpreter=None if interpreter is None else InterpreterModel(path=interpreter.path, source=interpreter.source),
        jobs=jobs,
        seconds=sum(setting.plan.seconds for setting in settings),
        unknown_times=sum(setting.plan.unknown_times for setting in settings),
        steps=[_step(step, setting) for setting in settings for step in setting.plan.steps],
        left_out=[_left_out(row) for row in left_out],
        outcomes=None if outcomes is None else [_outcome(outcome) for outcome in outcomes],
    )
    return json_text(model)


def _step(step: Step, setting: Setting) -> StepModel:
    return StepModel.model_validate(
        {
            "class": step.config.class_name,
            "hash": step.digest,
            "path": step.path,
            "config": config_document(step.config),
            "verdict": step.verdict,
            "reasons": [reason_model(reason) for reason in step.reasons],
            "purpose": step.purpose,
            "because": step.because,
            "after": list(step.after),
            "seconds": step.seconds,
            "estimate": step.estimate,
            "commit": setting.commit,
            "doubts": list(setting.doubts),
        }
    )


def _left_out(row: LeftOut) -> LeftOutModel:
    name, _, digest = row.key.rpartition("/")
    return LeftOutModel.model_validate({"class": name, "hash": digest, "verdict": row.verdict, "reason": row.reason})


def _outcome(outcome: Outcome) -> OutcomeModel:
    name, _, digest = outcome.key.rpartition("/")
    return OutcomeModel.model_validate(
        {
            "class": name,
            "hash": digest,
            "result": outcome.result,
            "seconds": outcome.seconds,
            "exit_code": outcome.exit_code,
            "log": None if outcome.log is None else str(outcome.log),
            "message": outcome.message,
        }
    )
