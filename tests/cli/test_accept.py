"""`huldra accept`, end to end: a change that does not matter, from the word to its lapsing."""

import json
from pathlib import Path

import pytest

from fixtures.demo import unpack
from tests.cli.test_check import NEW, OLD, edit, verdicts
from tests.unit.git_builder import git

NOISY = "toytext.data.NoisyCorpus/382f5ac23a6942eb1482"


@pytest.fixture
def project(tmp_path) -> Path:
    unpack(tmp_path / "toytext")
    return tmp_path / "toytext"


def ledger(project: Path) -> list[str]:
    return [line for line in (project / "huldra-accepted.toml").read_text().splitlines() if line.startswith("    {")]


def test_an_empty_ledger_holds_nothing(huldra, project):
    (project / "huldra-accepted.toml").write_text("")
    answer = huldra("accept", "--list", at=project)
    assert (answer.code, answer.err) == (0, "")


def test_a_ledger_that_a_link_leads_to_is_written_where_that_leads(huldra, project, tmp_path):
    edit(project)
    (project / "huldra-accepted.toml").symlink_to(tmp_path / "shared" / "ledger.toml")
    assert huldra("accept", "NoisyCorpus", "--reason", "x", at=project).code == 0
    assert (tmp_path / "shared" / "ledger.toml").is_file()
    (project / "huldra-accepted.toml").unlink()
    (tmp_path / "taken").write_text("")
    (project / "huldra-accepted.toml").symlink_to(tmp_path / "taken" / "ledger.toml")
    answer = huldra("accept", "NoisyCorpus", "--reason", "x", at=project)
    assert answer.code == 2
    assert "huldra-accepted.toml cannot be " in answer.err


def test_a_run_holds_again_and_those_that_read_it(huldra, project):
    before = verdicts(huldra, project)
    edit(project)
    changed = verdicts(huldra, project)
    broken = {key for key in before if before[key] != "stale" and changed[key] == "stale"}
    assert broken
    answer = huldra("accept", "Clean", "--reason", "all rows\nare ASCII", at=project)
    assert answer.code == 0, answer.err
    assert "toytext.textutil.normalise changed" in answer.out
    (line,) = ledger(project)
    assert 'class = "toytext.preprocess.Clean", definition = "toytext.textutil.normalise"' in line
    assert 'reason = "all rows are ASCII"' in line
    assert verdicts(huldra, project) == before
    runs = json.loads(huldra("analyze", "--format", "json", at=project).out)["runs"]
    notes = {note["code"] for run in runs if run["class"].endswith(".Clean") for note in run["notes"]}
    assert "change-accepted" in notes
    git(project, "add", ".")
    assert huldra("check", "--staged", at=project).code == 0
    edit(project, "w.casefold()", "w.casefold().strip()")
    assert {key for key, verdict in verdicts(huldra, project).items() if verdict == "stale"} >= broken


def test_a_run_that_is_stale_through_another_one_names_the_root(huldra, project):
    before = verdicts(huldra, project)
    edit(project)
    stale = next(key for key, verdict in verdicts(huldra, project).items() if "LogReg" in key and verdict == "stale")
    assert huldra("accept", stale, "--reason", "same", at=project).code == 0
    assert 'class = "toytext.preprocess.Clean"' in ledger(project)[0]
    assert verdicts(huldra, project)[stale] == before[stale]


def test_the_ledger_is_shown_and_pruned(huldra, project):
    assert "Nothing was accepted" in huldra("accept", "--list", at=project).out
    huldra("accept", NOISY, "--reason", "the seed is the same", at=project)
    edit(project)
    huldra("accept", "Clean", "--reason", "all ASCII", at=project)
    assert [line.split()[0] for line in huldra("accept", "--list", at=project).out.splitlines()] == ["holds", "holds"]
    assert "Took out 0 of 2" in huldra("accept", "--prune", at=project).out
    edit(project, NEW, OLD)
    lines = huldra("accept", "--list", at=project).out.splitlines()
    assert [line.split()[0] for line in lines] == ["holds", "lapsed"]
    assert "the seed is the same" in lines[0]
    assert "Took out 1 of 2" in huldra("accept", "--prune", at=project).out
    (line,) = ledger(project)
    assert "NoisyCorpus" in line


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("accept", NOISY), "nothing was written: say why"),
        (("accept", NOISY, "--reason", "  "), "nothing was written: say why"),
        (("accept", "Corpus", "--reason", "x"), "there is nothing to accept: none of 2 runs is stale"),
        (("accept", "OldPlot", "--reason", "x"), "only changes of code can be accepted, and this is another: class-"),
        (("accept", "NoSuch", "--reason", "x"), "there is no stored run or class 'NoSuch'"),
        (("accept",), "name what to accept"),
        (("accept", NOISY, "--list"), "--list and --prune are about the whole ledger"),
        (("accept", "--prune", "--store", "elsewhere"), "it cannot be told which entries still hold"),
    ],
)
def test_what_cannot_be_accepted(huldra, toytext, words, message):
    answer = huldra(*words, at=toytext)
    assert answer.code == 2
    assert message in answer.err
    assert not (toytext / "huldra-accepted.toml").exists()


def test_a_damaged_ledger_is_no_empty_one(huldra, project):
    (project / "huldra-accepted.toml").write_text("version = 1\n<<<<<<< HEAD\n")
    for words in (("analyze",), ("check",), ("accept", "--list")):
        answer = huldra(*words, at=project)
        assert answer.code == 2
        assert "huldra-accepted.toml:2: is not valid TOML" in answer.err
