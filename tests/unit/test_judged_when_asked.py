"""Runs that are judged when they are asked for: the very verdicts that all of them have when judged at once."""

import random
from dataclasses import fields
from pathlib import Path

import pytest

from huldra.analysis.history import CodeHistory
from huldra.analysis.host import open_workspace, take_snapshot
from huldra.comparison.code_reasons import NoCode
from huldra.comparison.model import ComparedRun
from huldra.fingerprints.states import CodeState
from huldra.stored_runs.model import StoredRun


def values(run: ComparedRun) -> dict[str, object]:
    return {each.name: getattr(run, each.name) for each in fields(run)}


@pytest.mark.parametrize("seed", range(3))
def test_any_order_gives_the_same(toytext: Path, seed: int) -> None:
    workspace = open_workspace(toytext)
    at_once = take_snapshot(workspace).comparison
    asked = take_snapshot(workspace).comparison_on_demand
    questions = [(run, each.name) for run in asked.runs for each in fields(ComparedRun)]
    questions += [(run, "attempt_verdict") for run in asked.runs]
    random.Random(seed).shuffle(questions)
    for run, name in questions:
        getattr(run, name)
    assert [values(run) for run in asked.runs] == [values(run) for run in at_once.runs]
    assert asked.runs == at_once.runs
    assert [run.attempt_verdict for run in asked.runs] == [run.attempt_verdict for run in at_once.runs]
    assert asked.dynamic_matches == at_once.dynamic_matches


def test_one_run_judges_no_other(toytext: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = take_snapshot(open_workspace(toytext))
    judged: list[str] = []
    real = CodeHistory.__call__

    def noted(history: CodeHistory, run: StoredRun) -> CodeState | NoCode:
        judged.append(run.path)
        return real(history, run)

    monkeypatch.setattr(CodeHistory, "__call__", noted)
    corpus = next(run for run in snapshot.comparison_on_demand.runs if run.run.class_name.endswith(".Corpus"))
    assert corpus.verdict == "current"
    assert set(judged) == {corpus.run.path}
