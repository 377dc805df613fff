"""Files that are no code, in real projects: on disk, in commits, in patches, in the index; answers that are kept."""

import json
import subprocess
import sys
import time

import pytest

from huldra.analysis.data_content import DataNow, DataThen, content_id_of
from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.live import LiveProject
from huldra.analysis.two_states import staged_change
from huldra.cli.kept_data import data_stands
from huldra.cli.sealed import read_sealed
from huldra.features.explanation import explain
from huldra.fingerprints.data_files import UnknownContent
from huldra.sources.code_files import OtherFiles
from tests.unit.git_builder import commit, git, new_repository, write
from tests.unit.real_runs import run_really

EXP = """import json
from pathlib import Path

import huldra

PROMPTS = Path(__file__).parent / "prompts"


class Ask(huldra.Huldra[str]):
    times: int = 2

    def _create(self) -> str:
        words = json.loads(Path("conf/words.json").read_text())
        return (PROMPTS / "system.txt").read_text() * self.times + str(words)

    def _load(self) -> str:
        return ""


ASK = Ask()
"""
PROMPT, WORDS = "lab/prompts/system.txt", "conf/words.json"
CURRENT = ("current", "certain", [])


def stale(*names: str):
    return ("stale", "likely", list(names))


@pytest.fixture
def project(tmp_path):
    root = new_repository(tmp_path / "project")
    files = {"pyproject.toml": "", "lab/__init__.py": "", "lab/exp.py": EXP, PROMPT: "You are.\n", WORDS: "[1]\n"}
    commit(root, {**files, ".gitignore": "data-huldra/\n.huldra_cache/\n__pycache__/\n"})
    return root


def make(root, *, keeps_sources=True):
    run_really(root, "from lab.exp import ASK; ASK.load_or_create()", keeps_sources=keeps_sources)


def judged(run):
    return run.verdict, run.certainty, [reason.definition for reason in run.reasons]


def verdict(root):
    (run,) = take_snapshot(open_workspace(root, root=root)).comparison.runs
    return judged(run)


@pytest.mark.parametrize("keeps_sources", [True, False])
def test_a_file_that_changed_makes_a_run_stale_that_read_it(project, keeps_sources):
    make(project, keeps_sources=keeps_sources)
    assert verdict(project) == CURRENT
    write(project, {PROMPT: "You were.\n"})
    assert verdict(project) == stale(PROMPT)
    commit(project, {WORDS: "[2]\n"})
    assert verdict(project) == stale(WORDS, PROMPT)
    write(project, {PROMPT: "You are.\r\n", WORDS: "[1]\n"})
    assert verdict(project) == CURRENT  # line ends are a checkout's business
    (project / PROMPT).unlink()
    assert verdict(project) == stale(PROMPT)


def test_what_was_not_committed_is_what_the_run_had(project):
    write(project, {PROMPT: "You will be.\n", WORDS: "[3]\n"})
    make(project)
    assert verdict(project) == CURRENT
    commit(project, {})
    assert verdict(project) == CURRENT
    git(project, "checkout", "--quiet", "HEAD~1", "--", PROMPT)
    assert verdict(project) == stale(PROMPT)


def test_a_file_that_was_not_yet_known_to_git_is_what_the_run_had(project):
    git(project, "rm", "--quiet", "--cached", PROMPT)
    git(project, "commit", "--quiet", "-m", "not kept any more")
    make(project)
    assert verdict(project) == CURRENT
    write(project, {PROMPT: "You would be.\n"})
    assert verdict(project) == stale(PROMPT)


def test_what_was_recorded_without_its_content_is_a_doubt(project):
    write(project, {PROMPT: b"\0\1\2"})
    make(project)
    (run,) = take_snapshot(open_workspace(project, root=project)).comparison.runs
    (note,) = [note for note in run.notes if note.code == "code-not-followed"]
    assert (run.verdict, run.certainty) == ("current", "likely")
    assert f"it names {PROMPT}" in note.message
    assert "binary" in note.message


def test_what_is_lost_of_other_files_is_no_doubt_about_this_one(project):
    write(project, {PROMPT: "You will be.\n", "picture.bin": b"\0\1", "large.py": "#" * 3_000_000})
    make(project)
    (run,) = take_snapshot(open_workspace(project, root=project)).comparison.runs
    assert [note.message for note in run.notes if "it names" in note.message] == []
    write(project, {PROMPT: "You are.\n"})
    assert PROMPT in verdict(project)[2]


def test_a_file_that_no_commit_holds_is_not_compared(project):
    commit(project, {".gitignore": "data-huldra/\n.huldra_cache/\n__pycache__/\nconf/\n"})
    git(project, "rm", "--quiet", "--cached", WORDS)
    git(project, "commit", "--quiet", "-m", "ignored")
    make(project)
    write(project, {WORDS: "[4]\n"})
    assert verdict(project) == CURRENT


@pytest.mark.parametrize("pointer", ["conf/words.json.dvc", "conf.dvc"])
def test_what_dvc_says_of_a_file_that_git_ignores_stands_for_it(project, pointer):
    ignored = (project / ".gitignore").read_text() + "conf/words.json\n"
    write(project, {pointer: "outs:\n- md5: 1\n", ".gitignore": ignored})
    git(project, "rm", "--quiet", "--cached", WORDS)
    git(project, "add", ".")
    git(project, "commit", "--quiet", "--message", "dvc add")
    make(project)
    assert verdict(project) == CURRENT
    # By itself it is not compared: the pointer says which content belongs to a state of the code.
    write(project, {WORDS: "[2]\n"})
    assert verdict(project) == CURRENT
    write(project, {pointer: "outs:\n- md5: 2\n"})
    assert verdict(project) == stale(pointer)


def test_settings_say_which_files_do_not_count(project):
    make(project)
    write(project, {PROMPT: "You were.\n"})
    write(project, {"huldra.toml": 'exclude = ["lab/prompts"]\n'})
    assert verdict(project) == CURRENT


def test_a_package_that_is_named_as_build_output_is_has_files_of_its_own(project):
    moved = {name.replace("lab/", "lab/dist/"): (project / name).read_text() for name in ("lab/exp.py", PROMPT)}
    git(project, "rm", "--quiet", "-r", "lab/exp.py", "lab/prompts")
    commit(project, {**moved, "lab/dist/__init__.py": "", "lab/exp.py": "from lab.dist.exp import ASK\n"})
    make(project)
    assert verdict(project) == CURRENT
    write(project, {"lab/dist/prompts/system.txt": "You were.\n"})
    assert verdict(project) == stale("lab/dist/prompts/system.txt")


def test_states_of_which_no_named_file_differs_are_judged_once(project):
    make(project)
    commit(project, {"notes.md": "1", "lab/other.py": "x = 1\n"})
    write(project, {"notes.md": "2", "lab/other.py": "x = 2\n"})
    git(project, "add", "--all")
    states = staged_change(open_workspace(project, root=project))
    (before,), (after,) = states.before.comparison.runs, states.after.comparison.runs
    assert after is before
    write(project, {PROMPT: "You were.\n"})
    git(project, "add", "--all")
    states = staged_change(open_workspace(project, root=project))
    (before,), (after,) = states.before.comparison.runs, states.after.comparison.runs
    assert (judged(before), judged(after)) == (CURRENT, stale(PROMPT))


def test_the_index_is_compared_as_it_is(project):
    make(project)
    write(project, {PROMPT: "You were.\n"})

    def staged():
        states = staged_change(open_workspace(project, root=project))
        return [judged(*state.comparison.runs) for state in (states.before, states.after)]

    assert staged() == [CURRENT, CURRENT]
    git(project, "add", PROMPT)
    write(project, {PROMPT: "You are.\n"})
    assert staged() == [CURRENT, stale(PROMPT)]


def test_the_explanation_shows_what_changed_in_it(project):
    make(project)
    commit(project, {PROMPT: "You are.\nOr not.\n"}, "a longer prompt")
    snapshot = take_snapshot(open_workspace(project, root=project))
    (run,) = snapshot.comparison.runs
    (cause,) = explain(run, {run.key: run}, snapshot.inputs.evidence).causes
    assert cause.diff[2:] == ("@@ -1 +1,2 @@", " You are.", "+Or not.")
    assert cause.last_change.commit.subject == "a longer prompt"
    assert cause.reason.message == f"{PROMPT} changed, named in lab.exp.Ask._create"


def test_an_editor_sees_that_such_a_file_changed(project):
    make(project)
    live = LiveProject(project)

    def state():
        found = live.take_state({})
        live.finish(found)
        return judged(*found.snapshot.comparison.runs)

    assert state() == CURRENT
    assert not live.has_other_data()
    write(project, {PROMPT: "You were.\n"})
    assert live.has_other_data()
    assert state() == stale(PROMPT)
    assert not live.has_other_data()
    write(project, {PROMPT: "You are.\n"})
    assert live.has_other_data()
    assert state() == CURRENT


def ask(root, *words):
    """Ask a process of its own, whose answers are kept; two seconds after anything changed."""
    time.sleep(2.2)
    command = [sys.executable, "-m", "huldra", *words, "--root", str(root)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


def verdicts(root, words):
    """Return what a process of its own says of each run."""
    said = json.loads(ask(root, *words))
    return [run["verdict"] for run in (said["runs"] if isinstance(said, dict) else said)]


def test_what_is_none_of_the_project_does_not_hinder_that_answers_are_kept(project):
    write(project, {"huldra.toml": 'exclude = ["lab/prompts"]\n'})
    make(project)
    first = ask(project, "analyze", "--format", "json")
    (kept,) = (project / ".huldra_cache" / "answers").glob("*.data")
    # Its seal is made of any bytes: ends of lines, too.
    digest, *rows = (read_sealed(str(kept), b"huldra-data-1\n") or b"").decode().split("\n")
    assert WORDS in {row.split("\t")[0] for row in rows}
    assert data_stands(str(kept), str(project), digest)
    assert ask(project, "analyze", "--format", "json") == first


@pytest.mark.parametrize("words", [("analyze", "--format", "json"), ("runs", "--format", "json")])
def test_answers_that_are_kept_follow_from_such_files(project, words):
    make(project)
    assert [verdicts(project, words), verdicts(project, words)] == [["current"], ["current"]]
    write(project, {PROMPT: "You were.\n"})
    assert verdicts(project, words) == ["stale"]
    (project / PROMPT).unlink()
    assert verdicts(project, words) == ["stale"]
    write(project, {PROMPT: "You are.\n"})
    assert verdicts(project, words) == ["current"]


def test_a_hook_that_knew_of_nothing_new_sees_such_a_file(project):
    make(project)
    nothing = ask(project, "check", "--staged")
    commit(project, {"README.md": "more\n"})
    assert ask(project, "check", "--staged") == nothing
    write(project, {PROMPT: "You were.\n"})
    git(project, "add", PROMPT)
    assert PROMPT in ask(project, "check", "--staged")


def test_contents_are_told_apart_by_what_they_are():
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"ab" * 32 + b"\nsize 3\n"
    assert content_id_of(pointer) == "ab" * 32
    assert content_id_of(b"a\r\nb") == content_id_of(b"a\nb")
    assert content_id_of(b"\0\r\n") != content_id_of(b"\0\n")


def test_what_git_keeps_encrypted_is_a_doubt():
    others = OtherFiles("1", lambda _: b"\0GITCRYPT\0abc", lambda _: False, lambda _: (("a.txt", False),))
    found = DataThen(others, lambda _: True).content_id("a.txt")
    assert isinstance(found, UnknownContent)
    assert "encrypted" in found.reason


def test_links_and_directories_are_no_files(tmp_path):
    write(tmp_path, {"a.txt": "x", "d/b.txt": ""})
    (tmp_path / "link.txt").symlink_to("a.txt")
    data = DataNow(tmp_path, lambda name: name != "d/b.txt")
    assert data.content_id("a.txt") == content_id_of(b"x")
    assert [data.content_id(name) for name in ("link.txt", "d", "none.txt", "d/b.txt", "a.txt/x", "x" * 5000)] == [
        None
    ] * 6
    assert (data.is_directory("d"), data.is_directory("a.txt"), data.is_directory("e")) == (True, False, False)
    assert not data.has_changed()
    (tmp_path / "e").mkdir()
    assert data.has_changed()
