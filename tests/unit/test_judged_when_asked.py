"""Runs that are judged when they are asked for: the very verdicts that all of them have when judged at once."""

import json
import random
import shutil
from collections.abc import Hashable
from pathlib import Path

import pytest

from huldra.analysis.history import CodeHistory
from huldra.analysis.host import open_workspace, take_snapshot
from huldra.comparison import verdicts
from huldra.comparison.code_reasons import NoCode
from huldra.comparison.model import ComparedRun, Judged
from huldra.comparison.verdicts import Judge
from huldra.fingerprints.states import CodeState
from huldra.stored_runs.code_record import clean_commit
from huldra.stored_runs.index.entries import IndexedRun
from huldra.stored_runs.model import StoredRun

FIELDS = ("key", "run", *Judged.__struct_fields__)


def values(run: ComparedRun) -> dict[str, object]:
    return {name: getattr(run, name) for name in FIELDS}


@pytest.mark.parametrize("seed", range(3))
def test_any_order_gives_the_same(toytext: Path, seed: int) -> None:
    workspace = open_workspace(toytext)
    at_once = take_snapshot(workspace).comparison
    asked = take_snapshot(workspace).comparison_on_demand
    questions = [(run, name) for run in asked.runs for name in FIELDS]
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


def multiplied(root: Path) -> None:
    """Add runs like those that are there: of other values, of values of another type, and of a field more."""
    store = open_workspace(root).store.path
    for run in take_snapshot(open_workspace(root)).store.runs:
        for number in range(6):
            digest = f"{int(run.hash[:8], 16) + number:020x}"
            internal = (
                shutil.copytree(store / run.path, store / run.path / ".." / digest) / run.dialect.internal_directory
            )
            file = internal / "metadata.json"
            prefix, said = run.dialect.metadata_prefix, json.loads(file.read_text())
            config = said[f"{prefix}_obj"]
            for name, value in config.items():
                if isinstance(value, int | float) and number < 5:
                    config[name] = value + number if number < 4 else str(value)
            if number == 5:
                config["one_more"] = 3
            said[f"{prefix}_hash"] = digest
            file.write_text(json.dumps(said))


def test_runs_that_are_judged_as_one(toytext: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = shutil.copytree(toytext, tmp_path / "copy", symlinks=True)
    multiplied(root)
    as_one: list[str] = []
    real = Judge._as_alike

    def noted(judge: Judge, run: StoredRun, key: str, alike: Hashable) -> Judged:
        as_one.append(key)
        return real(judge, run, key, alike)

    monkeypatch.setattr(Judge, "_as_alike", noted)
    together = take_snapshot(open_workspace(root)).comparison
    assert len(as_one) > 5
    monkeypatch.setattr(verdicts, "likeness", lambda *_: None)
    alone = take_snapshot(open_workspace(root)).comparison
    assert [values(run) for run in together.runs] == [values(run) for run in alone.runs]
    assert {run.verdict for run in alone.runs} >= {"stale", "orphan", "current"}
    assert "identity-changed" in {reason.code for run in alone.runs for reason in run.reasons}


def test_runs_that_are_judged_as_one_share_what_is_said_of_them(toytext: Path, tmp_path: Path) -> None:
    root = shutil.copytree(toytext, tmp_path / "copy", symlinks=True)
    multiplied(root)
    snapshot = take_snapshot(open_workspace(root))
    found = snapshot.comparison.runs
    # Of a class whose runs hold no others: all that code does not build, and that were made alike.
    orphans = [run for run in found if run.run.class_name.endswith(".Corpus") and run.verdict == "orphan"]
    assert len(orphans) > 1
    assert len({id(run.said) for run in orphans}) < len(orphans)
    # What was read of these to judge them is let go, and of what a commit is all of nothing is kept.
    assert {run.run._known for run in orphans if isinstance(run.run, IndexedRun)} == {None}
    assert snapshot.inputs.recorded is not None
    assert {clean_commit(run) for run in snapshot.inputs.recorded()} <= {None}


def test_runs_that_are_judged_as_one_where_not_all_could_be_followed(
    toytext: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That nobody builds some of them is likely then, and that others are built is as certain as ever."""
    root = shutil.copytree(toytext, tmp_path / "copy", symlinks=True)
    multiplied(root)
    (root / "broken.py").write_text("import huldra\nfrom toytext import data\nx = (\n")
    together = take_snapshot(open_workspace(root)).comparison
    monkeypatch.setattr(verdicts, "likeness", lambda *_: None)
    alone = take_snapshot(open_workspace(root)).comparison
    assert [values(run) for run in together.runs] == [values(run) for run in alone.runs]
    assert {run.certainty for run in alone.runs if run.verdict == "orphan"} == {"likely"}
    assert "certain" in {run.certainty for run in alone.runs if run.verdict == "current"}
