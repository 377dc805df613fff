"""`huldra check`, end to end: what is wrong, and what exactly a change brings."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from fixtures.demo import unpack
from tests.unit.git_builder import git, write

HELPER = "toytext/textutil.py"
OLD, NEW = "w.lower() if lower else w", "w.casefold() if lower else w"


@pytest.fixture
def project(tmp_path) -> Path:
    """The sample project, to be changed."""
    unpack(tmp_path / "toytext")
    return tmp_path / "toytext"


def edit(project: Path, old: str = OLD, new: str = NEW, file: str = HELPER) -> None:
    text = (project / file).read_text()
    assert old in text
    (project / file).write_text(text.replace(old, new))


def checked(huldra, project: Path, *words: str):
    return json.loads(huldra("check", *words, "--format", "json", at=project).out)


def stale_keys(document) -> set[str]:
    return {run["key"] for finding in document["findings"] for part in ("runs", "downstream") for run in finding[part]}


def verdicts(huldra, project: Path) -> dict[str, str]:
    runs = json.loads(huldra("analyze", "--format", "json", at=project).out)["runs"]
    return {f"{run['class']}/{run['hash']}": run["verdict"] for run in runs}


def test_everything_that_is_wrong(huldra, toytext):
    answer = huldra("check", at=toytext)
    assert answer.code == 1
    lines = answer.out.splitlines()
    assert lines[-1] == "24 stored runs are stale (2 s of compute), and 2 findings."
    assert (
        "toytext/scoring.py:1:1: HUL201 toytext.scoring.accuracy changed, reached from "
        "toytext.evaluate.Evaluate._create (4 Evaluate runs stale, 2 more downstream, 1 s)"
    ) in lines
    assert "`huldra accept NoisyCorpus/382f5ac2 --reason …`" in answer.err
    assert [line for line in lines if " HUL303 " in line and line.startswith("toytext/splits.py:7:7:")]
    assert not [line for line in lines if " HUL302 " in line or " HUL203 " in line]
    assert [line for line in huldra("check", "--select", "HUL203", at=toytext).out.splitlines() if " HUL203 " in line]


def test_only_what_can_be_accepted_is_said_to_be(huldra, project):
    # A schema change moves or renames the runs, and no ledger mends that.
    (code,) = {line.split()[1] for line in huldra("check", "--select", "HUL303", at=project).out.splitlines()[:-1]}
    assert code == "HUL303"
    answer = huldra("check", "--select", "HUL303", at=project)
    assert "huldra why " in answer.err
    assert "huldra accept" not in answer.err
    assert "huldra accept" not in huldra("check", "--select", "HUL303", "--format", "markdown", at=project).out
    named = re.search(r"huldra why (\S+)`", answer.err)[1]
    assert huldra("accept", named, "--reason", "of no matter", at=project).code == 2
    both = huldra("check", "--select", "HUL201,HUL303", at=project)
    named = re.search(r"huldra accept (\S+) ", both.err)[1]
    assert huldra("accept", named, "--reason", "of no matter", at=project).code == 0


def test_the_exit_code_can_be_left_out(huldra, toytext):
    assert huldra("check", "--exit-zero", at=toytext).code == 0
    assert huldra("check", "--select", "HUL1", at=toytext).code == 0
    assert huldra("check", "--ignore", "HUL2,HUL3", at=toytext).code == 0
    assert huldra("check", "--select", "HUL777", at=toytext).code == 2


def test_a_change_that_is_staged(huldra, project):
    before = verdicts(huldra, project)
    edit(project)
    assert huldra("check", "--staged", at=project).code == 0, "nothing is staged"
    after = verdicts(huldra, project)
    newly = {key for key, verdict in after.items() if verdict == "stale" and before[key] != "stale"}
    git(project, "add", HELPER)
    edit(project, NEW, OLD)
    assert verdicts(huldra, project) == before, "the working tree is as it was"
    found = checked(huldra, project, "--staged")
    assert stale_keys(found) == newly
    assert len(newly) > 5
    assert found["at_stake"]["runs"] == len(newly)
    assert (found["before"], found["after"]) == ("HEAD", "the index")
    answer = huldra("check", "--staged", at=project)
    assert answer.code == 1
    assert f"This change makes {len(newly)} stored runs stale" in answer.out
    (cause,) = [finding for finding in found["findings"] if finding["code"] == "HUL201"]
    assert (cause["file"], cause["line"]) == (HELPER, 15)
    assert {run["key"].rpartition("/")[0] for run in cause["runs"]} == {"toytext.preprocess.Clean"}
    classes = {finding["file"] for finding in found["findings"] if finding["code"] == "HUL202"}
    assert classes == {"toytext/tokenizer.py", "toytext/train.py", "toytext/evaluate.py"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("def normalise(text", "# the same\ndef normalise(text"),
        ('" ".join(w.lower() if lower else w for w in words)', "' '.join((x.lower() if lower else x) for x in words)"),
    ],
)
def test_a_change_of_no_meaning(huldra, project, old, new):
    edit(project, old, new)
    git(project, "add", ".")
    answer = huldra("check", "--staged", at=project)
    assert (answer.code, answer.out) == (0, "This change makes nothing stale that is stored.\n")


def test_since_a_revision_is_what_we_did_and_not_what_others_did(huldra, project):
    assert stale_keys(checked(huldra, project, "--since", "HEAD~3")) == {
        "toytext.data.NoisyCorpus/382f5ac23a6942eb1482",
        "toytext.preprocess.LegacyStats/1be3820d098f2faf5fa2",
    }
    git(project, "checkout", "--quiet", "-b", "others")
    edit(project)
    git(project, "commit", "--quiet", "-am", "theirs")
    git(project, "checkout", "--quiet", "-b", "ours", "HEAD~1")
    found = checked(huldra, project, "--since", "others")
    assert not found["findings"], "they changed it, not we"
    assert found["before"].endswith(", where others parts")


def test_a_new_problem_in_the_code_counts_and_an_old_one_does_not(huldra, project):
    write(project, {"toytext/more.py": "from toytext.data import Corpus\n\nbad = Corpus(no_such_field=1)\n"})
    git(project, "add", ".")
    assert [finding["code"] for finding in checked(huldra, project, "--staged")["findings"]] == ["HUL103"]
    git(project, "commit", "--quiet", "-m", "bad")
    write(project, {"toytext/more.py": "from toytext.data import Corpus\n\n\n\nbad = Corpus(no_such_field=1)\n"})
    git(project, "add", ".")
    assert not checked(huldra, project, "--staged")["findings"], "it only moved"


def test_code_that_cannot_be_parsed_at_the_older_side_is_said(huldra, project):
    whole = (project / HELPER).read_text()
    line = whole.splitlines().index(next(line for line in whole.splitlines() if line.startswith("def normalise"))) + 1
    edit(project, "def normalise(", "def normalise(:")
    write(project, {"toytext/more.py": "from toytext.data import Corpus\n\nbad = = Corpus()\n"})
    write(project, {"toytext/aside.py": "nobody = = 1\n"})
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "broken")
    assert not [words for words in huldra("check", "--staged", at=project).err.splitlines() if "parsed" in words]
    write(project, {HELPER: whole, "toytext/more.py": "from toytext.data import Corpus\n"})
    git(project, "add", ".")
    for words in (("--staged",), ("--since", "HEAD"), ("--since", "HEAD", "--format", "json")):
        said = [line for line in huldra("check", *words, at=project).err.splitlines() if "cannot be parsed" in line]
        beginnings = [words.partition(" cannot be parsed: ")[0].partition("at HEAD, ")[2] for words in said]
        assert beginnings == ["toytext/more.py:3", f"{HELPER}:{line}"]


def test_words_that_name_no_state(huldra, project, tmp_path):
    answer = huldra("check", "--since", "no-such", at=project)
    assert answer.code == 2
    assert "'no-such' names no commit in this clone" in answer.err
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "pyproject.toml").write_text("")
    assert huldra("check", "--staged", at=tmp_path / "plain").code == 2
    git(project, "remote", "remove", "origin")
    assert huldra("check", "--since", at=project).code == 2


def test_before_the_first_commit(huldra, lab):
    git(lab, "init", "--quiet")
    git(lab, "add", ".")
    assert huldra("check", "--staged", at=lab).code == 0


def test_a_comment_silences_its_line_and_no_other(huldra, project):
    text = (project / "toytext/scoring.py").read_text()
    first, rest = text.split("\n", 1)
    (project / "toytext/scoring.py").write_text(f"{first}  # huldra: ignore[HUL201]\n{rest}")
    found = checked(huldra, project)
    places = [(finding["code"], finding["file"]) for finding in found["findings"]]
    assert ("HUL201", "toytext/scoring.py") not in places
    assert ("HUL201", "toytext/data.py") in places
    assert not [code for code, _ in places if code == "HUL901"]
    (project / "toytext/scoring.py").write_text(f"# huldra: file-ignore[HUL1, HUL2]\n{text}")
    (found,) = [f for f in checked(huldra, project)["findings"] if f["file"] == "toytext/scoring.py"]
    assert (found["code"], found["message"]) == ("HUL901", "unused ignore: no HUL1 is found here")


def test_files_can_be_left_out_by_the_settings(huldra, project):
    with (project / "pyproject.toml").open("a") as file:
        file.write('\n[tool.huldra.per-file-ignores]\n"toytext/*.py" = ["HUL2"]\n')
    codes = {finding["code"] for finding in checked(huldra, project)["findings"]}
    assert not {code for code in codes if code.startswith("HUL2")}
    assert "HUL303" in codes


def test_a_baseline_is_written_with_its_directory(huldra, project):
    assert huldra("check", "--baseline", "new/b.toml", "--write-baseline", at=project).code == 0
    assert huldra("check", "--baseline", "new/b.toml", at=project).code == 0
    (project / "taken").write_text("")
    answer = huldra("check", "--baseline", "taken/b.toml", "--write-baseline", at=project)
    assert answer.code == 2
    assert "taken/b.toml" in answer.err


def test_a_baseline_passes_over_what_it_holds_and_nothing_else(huldra, project):
    assert "wrote huldra-baseline.toml" in huldra("check", "--write-baseline", at=project).out
    assert huldra("check", "--baseline", "huldra-baseline.toml", at=project).code == 0
    text = (project / "huldra-baseline.toml").read_text()
    edit(project)
    answer = huldra("check", "--baseline", "huldra-baseline.toml", at=project)
    assert answer.code == 1
    assert f"{HELPER}:15:1: HUL201" in answer.out
    assert "toytext/scoring.py" not in answer.out
    refused = huldra("check", "--write-baseline", at=project)
    assert refused.code == 2
    assert "are not in huldra-baseline.toml" in refused.err
    assert (project / "huldra-baseline.toml").read_text() == text
    assert huldra("check", "--write-baseline", "--accept-new", at=project).code == 0
    assert huldra("check", "--baseline", "huldra-baseline.toml", at=project).code == 0


def test_a_baseline_that_holds_what_is_gone(huldra, project):
    huldra("check", "--write-baseline", at=project)
    shutil.rmtree(next((project / "data-huldra").rglob("OldPlot")))
    answer = huldra("check", "--baseline", "huldra-baseline.toml", at=project)
    assert answer.code == 1
    gone, _ = answer.out.splitlines()
    assert gone.startswith("huldra-baseline.toml:")
    assert ": HUL902 HUL303 is not found any more: toytext.evaluate.OldPlot/a1348859" in gone
    assert huldra("check", "--baseline", "huldra-baseline.toml", "--select", "HUL201", at=project).code == 0
    assert "taken out" in huldra("check", "--write-baseline", at=project).out


def test_a_baseline_that_is_not_there_is_no_clean_run(huldra, toytext):
    answer = huldra("check", "--baseline", "no-such.toml", at=toytext)
    assert answer.code == 2
    assert "there is no such baseline" in answer.err


@pytest.mark.parametrize("words", [("--write-baseline", "--staged"), ("--accept-new",)])
def test_words_that_do_not_go_together(huldra, toytext, words):
    assert huldra("check", *words, at=toytext).code == 2


def test_nothing_in_the_repository_is_touched(huldra, project):
    edit(project)
    git(project, "add", ".")
    state = ["git", "-C", str(project), "status", "--porcelain=v2", "--branch"]
    before = subprocess.run(state, check=True, capture_output=True).stdout
    index = (project / ".git/index").read_bytes()
    assert huldra("check", "--staged", at=project).code == 1
    assert (project / ".git/index").read_bytes() == index
    assert subprocess.run(state, check=True, capture_output=True).stdout == before


def test_the_same_problem_twice_in_a_file_is_told_twice(huldra, project):
    wrong = "from toytext.nothing import a\n"
    file = project / "toytext" / "data.py"
    for count in (1, 2, 3):
        file.write_text(file.read_text() + wrong)
        found = checked(huldra, project, "--since", "HEAD", "--select", "HUL002")["findings"]
        assert len(found) == count
    subprocess.run(["git", "commit", "-qam", "three"], cwd=project, check=True)
    file.write_text(file.read_text() + wrong + wrong)
    assert len(checked(huldra, project, "--since", "HEAD", "--select", "HUL002")["findings"]) == 2
