"""The JSON of `huldra check`, schema_version 1. Lines and columns count from 1, times are in seconds."""

from typing import Literal

from huldra.exports.analysis_json import Model
from huldra.exports.json_text import json_text
from huldra.features.check import Checked
from huldra.features.findings import AffectedRun, Finding
from huldra.features.rules import RULES


class AffectedRunModel(Model):
    """A run, or an experiment that has none, as `class/hash`; `duration_s` is null where it is not known."""

    key: str
    duration_s: float | None


class FindingModel(Model):
    """A finding. `downstream` are runs that are stale only because they hold one of `runs`."""

    code: str
    name: str
    severity: Literal["error", "warning", "information", "hint"]
    message: str
    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    runs: list[AffectedRunModel]
    downstream: list[AffectedRunModel]


class StakeModel(Model):
    """The runs that findings call stale, each once; `duration_s` adds up what is known of them."""

    runs: int
    duration_s: float
    unknown_durations: int


class CheckModel(Model):
    """All of it. `before` is null where everything was judged, not only what a change brings."""

    schema_version: Literal[1]
    before: str | None
    after: str
    findings: list[FindingModel]
    at_stake: StakeModel
    passed_over: int


def check_json(checked: Checked) -> str:
    """Return the document as text; the same check gives the same bytes."""
    seconds = [run.seconds for run in checked.at_stake if run.seconds is not None]
    stake = StakeModel(
        runs=len(checked.at_stake),
        duration_s=sum(seconds),
        unknown_durations=len(checked.at_stake) - len(seconds),
    )
    document = CheckModel(
        schema_version=1,
        before=checked.before,
        after=checked.after,
        findings=[_finding(finding) for finding in checked.findings],
        at_stake=stake,
        passed_over=checked.passed_over,
    )
    return json_text(document, by_alias=False)


def _finding(finding: Finding) -> FindingModel:
    rule = RULES.get(finding.code)
    place = finding.place
    return FindingModel(
        code=finding.code,
        name="" if rule is None else rule.name,
        severity=finding.severity,
        message=finding.message,
        file=place.file,
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        runs=[_run(run) for run in finding.runs],
        downstream=[_run(run) for run in finding.downstream],
    )


def _run(run: AffectedRun) -> AffectedRunModel:
    return AffectedRunModel(key=run.key, duration_s=run.seconds)
