"""The verdicts on the sample project against what is known of each run."""

import json
from pathlib import Path

import pytest

from fixtures.demo import AGREES, SAMPLE, compare
from huldra.analysis.host import open_workspace, take_snapshot
from huldra.exports.analysis_json import analysis_json
from huldra.features.picture import whole_picture

TRUTH = json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def analysis(toytext: Path):
    workspace = open_workspace(toytext, root=toytext, stores=(toytext / "data-huldra",))
    return json.loads(analysis_json(whole_picture(take_snapshot(workspace))))


@pytest.fixture(scope="module")
def checked(analysis):
    return {run.path: run for run in compare(analysis, TRUTH)}


@pytest.mark.parametrize("known", TRUTH["runs"], ids=lambda known: known["dir"])
def test_verdict(checked, known):
    assert checked[known["dir"]].outcome == AGREES


@pytest.mark.parametrize("known", TRUTH["runs"], ids=lambda known: known["dir"])
def test_changed_definitions(analysis, known):
    """Each definition that the truth names is named, with the way there, and no other; all of it is certain."""
    run = next(run for run in analysis["runs"] if run["path"] == known["dir"])
    if run["verdict"] not in {"stale", "current", "orphan"}:
        return
    assert run["certainty"] == "certain"
    due = [cause for cause in known["reasons"] if cause["kind"] == "stale:code-changed"]
    said = [reason for reason in run["reasons"] if reason["code"] == "code-changed"]
    # A class that moved is named as it is called today.
    names = {cause["function"].replace("toytext.data.Folds", "toytext.splits.Folds") for cause in due}
    assert {reason["definition"] for reason in said} == names
    for cause in due:
        assert any(all(step in reason["message"] for step in cause["via"]) for reason in said), (
            "the way there is not said"
        )


def test_upstream_causes(analysis):
    """Each stale dependency that a run holds itself is a reason; one further up is a reason of the one between."""
    runs = {run["path"]: run for run in analysis["runs"]}
    checked = 0
    for known in TRUTH["runs"]:
        for cause in known["reasons"]:
            key = f"{cause.get('dependency')}/{cause.get('dependency_hash')}"
            if key in runs[known["dir"]]["depends_on"]:
                reasons = [reason for reason in runs[known["dir"]]["reasons"] if reason["dependency"] == key]
                assert [reason["code"] for reason in reasons] == ["upstream-stale"]
                checked += 1
    assert checked > 10


def test_no_run_is_left_out_or_made_up(checked):
    assert len(checked) == len(TRUTH["runs"]) == 47


def test_the_named_details_agree(analysis):
    runs = {run["path"]: run for run in analysis["runs"]}
    details = {"moved": "class-moved", "renamed": "class-renamed", "deleted": "class-missing"}
    for known in TRUTH["runs"]:
        reasons = runs[known["dir"]]["reasons"]
        for cause in known["reasons"]:
            if known["status"] == "stale:class-missing" and cause["kind"] == "stale:class-missing":
                assert details[cause["detail"]] in {reason["code"] for reason in reasons}
                assert cause.get("now", "") in " ".join(reason["message"] for reason in reasons)
            if known["status"] == "stale:schema" and cause["kind"] == "stale:schema":
                assert any(cause["field"] in reason["message"] for reason in reasons)


def test_orphans_are_what_code_does_not_build(analysis):
    referenced = {run["path"]: run["referenced"] for run in analysis["runs"]}
    for known in TRUTH["runs"]:
        if known["status"] == "orphan" or any(cause["kind"] == "orphan" for cause in known["reasons"]):
            assert not referenced[known["dir"]]
        elif known["status"] == "current":
            assert referenced[known["dir"]]


NEVER_RUN = {"toytext.evaluate.Report/5081735cae16ecacfa1b", "toytext.evaluate.Report/e81d2e8e710a66121078"}


def test_the_experiments_at_head_are_those_of_the_truth(analysis):
    """A run is of HEAD unless the truth says, in first or second place, that it left the code or never was in it."""
    built = {f"{e['class']}/{e['hash']}" for e in analysis["experiments"]}
    not_built = {"orphan", "stale:class-missing", "stale:schema"}
    runs_at_head = {
        f"{known['class']}/{known['hash']}"
        for known in TRUTH["runs"]
        if not not_built & {known["status"], *(cause["kind"] for cause in known["reasons"])}
    }
    assert built == runs_at_head | NEVER_RUN
