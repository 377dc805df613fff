"""`huldra why`, end to end: the way from a run to the change that made it stale."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from fixtures.demo import unpack
from tests.unit.test_stored_runs_builder import attempt, make_run, metadata, state

EVALUATE = "toytext.evaluate.Evaluate/2397c8239bedbb0172c3"


def test_a_change_two_calls_away(huldra, toytext):
    out = huldra("why", "2397c8", at=toytext).out
    assert out.startswith(f"{EVALUATE}  stale\n")
    for words in (
        "code-changed  toytext.scoring.accuracy changed, reached from toytext.evaluate.Evaluate._create",
        "reached  toytext.evaluate.Evaluate._create → toytext.scoring.accuracy",
        "then     toytext/scoring.py:1 at adfcdf583",
        "changed  7407c4178  2026-03-04  user: accuracy of nothing is zero",
        "-    return sum(a == b for a, b in pairs) / len(pairs)",
        "+    return sum(a == b for a, b in pairs) / max(1, len(pairs))",
    ):
        assert words in out


def test_a_cause_upstream_is_told_once_with_the_way_there(huldra, toytext):
    out = huldra("why", "Report/25af5b", at=toytext).out
    assert "upstream  Report 25af5bed ← Evaluate 2397c823" in out
    assert out.count("toytext.scoring.accuracy changed") == 1


def test_an_uncommitted_edit_of_the_past(huldra, toytext):
    out = huldra("why", "c16d5f", at=toytext).out
    assert "changed  by an uncommitted edit that was recorded with the run" in out
    assert "note made-from-dirty-tree" in out


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("d7c6004d", "current\n  made 2026-11-23 03:04 at bb7f33ea9; today's code builds it"),
        ("466e7f81", "orphan\n  made 2026-11-23 03:04 at 59cf85120; its result still holds"),
        ("git/toytext/evaluate/Report/25af5bedf63bc8fff1f7", "stale\n"),
        (EVALUATE, "stale\n"),
    ],
)
def test_runs_that_have_other_verdicts_and_names(huldra, toytext, run, words):
    assert words in huldra("why", run, at=toytext).out


FUTURE = "2999-01-02T03:04:05+00:00"
BEGAN = "started 2026-01-02 03:04 on node01"
NO_RESULTS = {
    "failed": (
        state("failed", attempt("failed")),
        ["failed", f"there is no result: attempt 1, {BEGAN}, failed 2026-01-02 03:05", "ValueError: no"],
    ),
    "crashed": (
        state("incomplete", attempt("crashed", reason="lease_expired", number=3)),
        [
            "crashed",
            f"there is no result: attempt 3, {BEGAN}, crashed 2026-01-02 03:05",
            "it was not heard of any more",
        ],
    ),
    "crashed without a word": (
        state("incomplete", attempt("running")),
        [
            "crashed",
            f"there is no result: attempt 1, {BEGAN}, crashed",
            "nothing was recorded of its end; last heard of 2026-01-02 03:04",
        ],
    ),
    "preempted": (
        state("incomplete", attempt("preempted", reason="SIGTERM")),
        ["preempted", f"there is no result: attempt 1, {BEGAN}, was preempted 2026-01-02 03:05", "SIGTERM"],
    ),
    "cancelled": (
        state("incomplete", attempt("cancelled")),
        ["cancelled", f"there is no result: attempt 1, {BEGAN}, was cancelled 2026-01-02 03:05"],
    ),
    "running": (
        state("incomplete", attempt("running", lease_expires_at=FUTURE)),
        ["running", "there is no result yet: attempt 1 has been running since 2026-01-02 03:04 on node01"],
    ),
    "queued": (
        state("incomplete", attempt("queued", lease_expires_at=FUTURE)),
        ["queued", "there is no result yet: attempt 1 has waited since 2026-01-02 03:04 on node01"],
    ),
    "nothing": (state("absent", None), ["incomplete", "there is no result, and no attempt was recorded"]),
}


@pytest.mark.parametrize("case", NO_RESULTS)
def test_why_there_is_no_result_to_judge(huldra, lab, case):
    record, (verdict, *words) = NO_RESULTS[case]
    make_run(lab / "data-huldra", state_json=record, metadata_json=metadata())
    head, *lines = huldra("why", "05c9", at=lab).out.split("\n\n")[0].splitlines()
    assert head.endswith(f"  {verdict}")
    assert lines == [f"  {line}" for line in words]


def test_what_is_missing_upstream_is_named_by_its_hash(huldra, tmp_path):
    root = tmp_path / "toytext"
    unpack(root)
    before = json.loads(huldra("analyze", "--format", "json", at=root).out)
    paths = {f"{run['class']}/{run['hash']}": run["path"] for run in before["runs"]}
    (run, held) = next(
        (run, key)
        for run in before["runs"]
        for key in run["depends_on"]
        if run["verdict"] == "current" and run["sites"] and key in paths
    )
    shutil.rmtree(root / "data-huldra" / paths[held])
    data = json.loads(huldra("analyze", "--format", "json", at=root).out)
    (now,) = [each for each in data["runs"] if each["hash"] == run["hash"]]
    (reason,) = [reason for reason in now["reasons"] if reason["code"] == "upstream-missing"]
    assert reason["dependency"] == held


def test_where_code_builds_a_run_is_said_as_by_the_whole_analysis(huldra, toytext):
    known = json.loads(huldra("analyze", "--format", "json", at=toytext).out)["runs"]
    for run in [run for run in known if run["sites"]][:2]:
        key = f"{run['class']}/{run['hash']}"
        for command in ("why", "show"):
            assert json.loads(huldra(command, key, "--format", "json", at=toytext).out)["run"]["sites"] == run["sites"]
        site = run["sites"][0]
        out = huldra("show", key, at=toytext).out
        assert f"built at\n  {site['file']}:{site['line']}  {site['kind']}" in out


def test_as_json(huldra, toytext):
    data = json.loads(huldra("why", EVALUATE, "--format", "json", at=toytext).out)
    assert data["run"]["verdict"] == "stale"
    (cause,) = data["causes"]
    assert cause["chain"] == ["toytext.evaluate.Evaluate._create", "toytext.scoring.accuracy"]
    assert (cause["then"]["file"], cause["then"]["line"], cause["then"]["end_line"]) == ("toytext/scoring.py", 1, 2)
    assert cause["then"]["fingerprint"] != cause["now"]["fingerprint"]
    assert cause["commit"]["subject"] == "accuracy of nothing is zero"
    assert cause["diff"].startswith("--- then/toytext/scoring.py\n+++ now/toytext/scoring.py\n@@ -1,2 +1,2 @@\n")
    assert cause["uncommitted"] is False


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("ffff", "no stored run has 'ffff' as its hash"),
        ("2", "give at least 4 digits"),
        ("Clean/7475a6f", "no stored run has 'Clean/7475a6f' as its hash; `huldra runs` lists them"),
        ("Clean/7475a6x", "there is no stored run or class 'Clean/7475a6x'"),
        ("Corpsu", "no stored run or class 'Corpsu'; did you mean toytext.data.Corpus? `huldra runs` lists them"),
        ("Report/e81d2e", "toytext.evaluate.Report/e81d2e8e710a66121078 was never run; `huldra rerun Report/e81d2e`"),
        ("Corpus", "'Corpus' is a class with 2 runs: toytext.data.Corpus/"),
        ("data.Corpus", "`huldra runs 'class == toytext.data.Corpus'` lists them"),
    ],
)
def test_words_that_mean_no_run(huldra, toytext, word, message):
    answer = huldra("why", word, at=toytext)
    assert answer.code == 2
    assert message in answer.err


WORK = """import huldra


class Sum(huldra.Huldra[int]):
    n: int = 2

    def _create(self) -> int:
        (self.huldra_dir / "sum").write_text(str(self.n + 1))
        return self.n + 1

    def _load(self) -> int:
        return int((self.huldra_dir / "sum").read_text())


SUM = Sum()
"""


def test_a_result_is_stale_from_the_edit_to_its_undoing(huldra, tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / ".gitignore").write_text("data-huldra\n__pycache__\n")
    file = tmp_path / "work.py"
    file.write_text(WORK)
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "one"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    run = [sys.executable, "-c", "import work; work.SUM.load_or_create()"]
    subprocess.run(run, cwd=tmp_path, check=True, env={**os.environ, "HULDRA_PATH": str(tmp_path / "data-huldra")})

    def verdict() -> str:
        (found,) = json.loads(huldra("analyze", "--format", "json", at=tmp_path).out)["runs"]
        return found["verdict"]

    assert verdict() == "current"
    file.write_text(WORK.replace("return self.n + 1", "# the sum\n        return (self.n + 1)"))
    assert verdict() == "current"
    file.write_text(WORK.replace("self.n + 1", "self.n + 2"))
    assert verdict() == "stale"
    key = json.loads(huldra("analyze", "--format", "json", at=tmp_path).out)["runs"][0]["hash"]
    assert "in the working tree, not committed" in huldra("why", key, at=tmp_path).out
    file.write_text(WORK)
    assert verdict() == "current"
