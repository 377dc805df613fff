"""An answer that is given again is the one that would be found, whatever was edited, damaged or taken back."""

import errno
import json
import os
import random
import shutil
import time
from pathlib import Path

import pytest

from huldra.cli import kept_answers
from huldra.cli import main as main_module
from huldra.cli.kept_answers import ANSWERS
from tests.unit.git_builder import commit, git, new_repository
from tests.unit.test_stored_runs_builder import attempt, state

MODEL = """import huldra

class Train(huldra.Huldra[float]):
    lr: float = 0.1

    def _create(self):
        return self.lr

    def _load(self):
        return 0.0
"""
NOISE = "import json\n\nx = json\n"
USES = "from lab.model import Train\n\none = Train(lr=0.5)\n"
MATTERS = (
    "from uses import one\nthree = one\n",
    "from huldra import Huldra\nclass Other(Huldra[int]): ...\n",
    "# HULDRA: ignore[HUL104]\n",
    "from lab import model\nfour = model.Train(lr=4.5)\n",
)
QUESTIONS = (
    ("analyze", "--format", "json"),
    ("check", "--format", "json"),
    ("check", "--staged", "--format", "json"),
    ("check",),
)


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A repository whose answers are kept at once: without this, only what has lain still for two seconds is."""
    place = new_repository(tmp_path / "project")
    commit(
        place, {"pyproject.toml": "", "lab/__init__.py": "", "lab/model.py": MODEL, "uses.py": USES, "noise.py": NOISE}
    )
    monkeypatch.setattr(kept_answers, "COARSEST_CLOCK_NS", 0)
    monkeypatch.delenv("HULDRA_PATH", raising=False)
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def ask(project, monkeypatch, capfdbinary):  # noqa: ARG001  # it works in there
    """Run a command line; `recalled` says whether nothing was executed."""
    executed = []
    real = main_module._execute
    monkeypatch.setattr(main_module, "_execute", lambda options: executed.append(1) or real(options))

    def run(*words):
        executed.clear()
        capfdbinary.readouterr()
        code = main_module.main(words)
        said = capfdbinary.readouterr()
        run.recalled = not executed
        return code, said.out, said.err

    run.recalled = False
    return run


def answers(project: Path) -> list[Path]:
    """Return what is kept, but for what tells from which files and parts of files an answer follows."""
    return [path for path in sorted((project / ANSWERS).glob("*")) if path.suffix not in {".reach", ".seen", ".data"}]


def put_run(project: Path, digest: str, record: dict[str, object]) -> None:
    internal = project / "data-huldra" / "data" / "lab" / "model" / "Train" / digest / ".huldra"
    internal.mkdir(parents=True, exist_ok=True)
    (internal / "state.json").write_text(json.dumps(record))


@pytest.mark.parametrize("words", QUESTIONS)
def test_an_answer_is_given_again_without_looking_for_it(ask, words):
    first = ask(*words)
    assert not ask.recalled
    assert ask(*words) == first
    assert ask.recalled


def test_findings_keep_their_exit_code(ask, project):
    (project / "uses.py").write_text("from lab.model import Train\none = Train(lrr=1)\n")
    first = ask("check")
    assert first[0] == 1
    assert ask("check") == first
    assert ask.recalled


def test_other_words_places_and_surroundings_are_other_questions(ask, project, monkeypatch):
    ask("analyze", "--format", "json")
    ask("analyze", "--format", "json", "uses.py")
    assert not ask.recalled
    monkeypatch.setenv("HULDRA_PATH", str(project / "elsewhere"))
    ask("analyze", "--format", "json")
    assert not ask.recalled
    monkeypatch.chdir(project / "lab")
    ask("analyze", "--format", "json")
    assert not ask.recalled


def edits(project: Path, chance: random.Random):
    """Yield ways to change what an answer follows from."""
    noise = project / "noise.py"
    uses, model, store = project / "uses.py", project / "lab" / "model.py", project / "data-huldra"
    digest = f"{chance.getrandbits(80):020x}"

    def restored_time():
        found = uses.stat()
        uses.write_text(uses.read_text().replace("0.5", "0.7", 1))
        os.utime(uses, ns=(found.st_atime_ns, found.st_mtime_ns))

    def replaced():
        other = project / "other.draft"
        other.write_text(USES.replace("0.5", "0.6"))
        other.replace(uses)

    def linked():
        (project / "link.py").unlink(missing_ok=True)
        (project / "link.py").symlink_to(chance.choice(["uses.py", "lab/model.py", "gone.py"]))

    return {
        "noise": lambda: noise.write_text(f"{noise.read_text(errors='replace')}y = {chance.random()}\n"),
        "noise that matters": lambda: noise.write_text(f"{NOISE}{chance.choice(MATTERS)}"),
        "noise that cannot be read": lambda: noise.write_bytes(b"\xff = 1\n"),
        "noise again": lambda: noise.write_text(NOISE),
        "append": lambda: uses.write_text(f"{uses.read_text()}x{chance.random()} = Train(lr={chance.random()})\n"),
        "same length and time": restored_time,
        "replace": replaced,
        "a new default": lambda: model.write_text(MODEL.replace("0.1", f"{chance.random()}")),
        "a new file": lambda: (project / "more.py").write_text("from uses import *\ntwo = Train(lr=3.5)\n"),
        "one file less": lambda: (project / "more.py").unlink(missing_ok=True),
        "a library in the way": lambda: (project / "huldra.py").write_text("class Huldra: ...\n"),
        "out of the way": lambda: (project / "huldra.py").unlink(missing_ok=True),
        "a link": linked,
        "a setting": lambda: (project / "pyproject.toml").write_text(
            f"[tool.huldra]\nexclude = {chance.choice([['uses.py'], []])}\n"
        ),
        "an environment": lambda: (project / "lab" / "pyvenv.cfg").write_text(""),
        "no environment": lambda: (project / "lab" / "pyvenv.cfg").unlink(missing_ok=True),
        "a run": lambda: put_run(project, digest, state("success", attempt())),
        "a failed run": lambda: put_run(project, digest, state("failed", attempt("failed"))),
        "no store": lambda: shutil.rmtree(store, ignore_errors=True),
        "staged": lambda: git(project, "add", "-A", "--", "*.py"),
        "committed": lambda: git(project, "commit", "-q", "--allow-empty", "-m", "more"),
        "a branch": lambda: git(project, "checkout", "-q", "-B", f"b{chance.randrange(3)}"),
        "nothing": lambda: None,
    }


@pytest.mark.parametrize("seed", range(3))
def test_after_random_edits_every_answer_is_the_one_that_an_empty_cache_gives(ask, project, seed):
    chance = random.Random(seed)
    recalled = 0
    for _ in range(20):
        name, change = chance.choice(sorted(edits(project, chance).items()))
        change()
        words = chance.choice(QUESTIONS)
        first = ask(*words)
        recalled += ask.recalled
        second = ask(*words)
        recalled += ask.recalled
        shutil.move(project / ".huldra_cache", project.parent / "aside")
        expected = ask(*words)
        assert not ask.recalled
        assert first == expected, name
        assert second == expected, name
        shutil.rmtree(project / ".huldra_cache", ignore_errors=True)
        shutil.move(project.parent / "aside", project / ".huldra_cache")
    assert recalled > 7


def test_what_has_just_been_written_is_looked_at_again(ask, project, monkeypatch):
    monkeypatch.undo()
    monkeypatch.chdir(project)
    (project / "uses.py").write_text(USES)
    ask("analyze", "--format", "json")
    assert answers(project) == []


def test_what_another_version_of_us_said_is_not_said_again(ask, monkeypatch):
    ask("check")
    real = kept_answers.program_version
    monkeypatch.setattr(kept_answers, "program_version", lambda: (*real(), "another"))
    ask("check")
    assert not ask.recalled


def test_after_the_clock_has_gone_back_nothing_is_recalled(ask, monkeypatch):
    ask("check")
    now = time.time_ns()
    monkeypatch.setattr(kept_answers.time, "time_ns", lambda: now - 3_600_000_000_000)
    ask("check")
    assert not ask.recalled


def test_a_run_under_way_is_looked_at_again(ask, project):
    put_run(project, "0123456789abcdef0123", state("incomplete", attempt("running", owner={"pid": 1, "host": "here"})))
    ask("check")
    ask("check")
    assert ask.recalled  # its lease is over, and its process is on another machine
    put_run(
        project,
        "0123456789abcdef0123",
        state("incomplete", attempt("running", lease_expires_at="2999-01-01T00:00:00+00:00")),
    )
    ask("check")
    ask("check")
    assert not ask.recalled


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"huldra-answer-2", b"huldra-answer-1"),
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),
        lambda _: b"\xff\x00 garbage \n\n" * 10,
    ],
)
def test_a_damaged_answer_is_found_anew(ask, project, damage):
    first = ask("check")
    (kept,) = answers(project)
    kept.write_bytes(damage(kept.read_bytes()))
    assert ask("check") == first
    assert not ask.recalled
    assert ask("check") == first
    assert ask.recalled


def test_an_answer_without_what_it_followed_from_is_found_anew(ask, project):
    first = ask("check")
    (kept,) = (project / ANSWERS).glob("*.data")
    for damage in (lambda: kept.write_bytes(kept.read_bytes()[:-1]), kept.unlink):
        damage()
        assert ask("check") == first
        assert not ask.recalled
        assert ask("check") == first
        assert ask.recalled


def test_where_nothing_can_be_written_the_answer_is_the_same(ask, project, monkeypatch):
    first = ask("check")
    shutil.rmtree(project / ".huldra_cache")
    (project / ".huldra_cache").write_text("in the way\n")
    assert ask("check") == first
    (project / ".huldra_cache").unlink()

    def full(*_):
        raise OSError(errno.ENOSPC, "no space left on device")

    monkeypatch.setattr(kept_answers.os, "replace", full)
    assert ask("check") == first
    assert answers(project) == []  # no draft is left either


def test_few_answers_are_kept_and_drafts_of_the_killed_go(ask, project):
    (project / ANSWERS).mkdir(parents=True)
    (project / ANSWERS / "0000.1.draft").write_bytes(b"half of")
    os.utime(project / ANSWERS / "0000.1.draft", (1, 1))
    for count in range(kept_answers._MOST_FILES + 3):
        ask("check", *["-q"] * (count + 1))
    found = list((project / ANSWERS).iterdir())
    assert len(found) == kept_answers._MOST_FILES
    assert not any(path.suffix == ".draft" for path in found)


def test_what_cannot_be_answered_is_not_kept(ask, project):
    (project / "pyproject.toml").write_text("[tool.huldra]\nno-such = 1\n")
    assert ask("check")[0] == 2
    assert answers(project) == []


def test_a_repository_that_borrows_objects_is_looked_at_each_time(ask, project):
    ask("check")
    (project / ".git" / "objects" / "info").mkdir(exist_ok=True)
    (project / ".git" / "objects" / "info" / "alternates").write_text(f"{project}/elsewhere\n")
    ask("check")
    ask("check")
    assert not ask.recalled


def test_a_record_below_a_directory_that_only_looks_like_a_run_counts(ask, project):
    (project / "data-huldra" / "data" / "lab" / ".huldra").mkdir(parents=True)
    first = ask("analyze", "--format", "json")
    put_run(project, "0123456789abcdef0123", state("success", attempt()))
    assert ask("analyze", "--format", "json") != first
    assert not ask.recalled


def test_an_edit_of_a_file_that_no_experiment_depends_on_leaves_the_answer(ask, project):
    first = ask("check", "--format", "json")
    for number in range(3):
        (project / "noise.py").write_text(f"import json\n\nx = {number}\n")
        assert ask("check", "--format", "json") == first
        assert ask.recalled


@pytest.mark.parametrize(
    "text",
    [
        *(f"{NOISE}{line}" for line in MATTERS),
        "import csv\n",
        "x = '\x00'\n",
        "# coding: latin-1\n",
        "x = 1\n" * 500_000,
    ],
)
def test_an_edit_that_may_make_it_one_of_those_does_not(ask, project, text):
    ask("check", "--format", "json")
    (project / "noise.py").write_text(text)
    found = ask("check", "--format", "json")
    assert not ask.recalled
    shutil.rmtree(project / ".huldra_cache")
    assert ask("check", "--format", "json") == found


@pytest.mark.parametrize("words", [("analyze", "--format", "json"), ("analyze",), ("analyze", "--format", "sarif")])
def test_an_edit_after_a_commit_changes_of_the_answer_only_that_something_differs(ask, project, words):
    clean = ask(*words)
    (project / "noise.py").write_text(f"{NOISE}y = 2\n")
    edited = ask(*words)
    assert ask.recalled
    (project / "noise.py").write_text(NOISE)
    assert ask(*words) == clean
    assert ask.recalled
    shutil.rmtree(project / ".huldra_cache")
    (project / "noise.py").write_text(f"{NOISE}y = 3\n")
    assert ask(*words) == edited
    assert not ask.recalled
    assert (clean == edited) == ("sarif" in words)


def test_of_a_commit_that_is_looked_at_the_working_tree_tells_nothing(ask, project):
    words = ("analyze", "--at", "HEAD", "--format", "json")
    first = ask(*words)
    (project / "noise.py").write_text(f"{NOISE}y = 2\n")
    assert ask(*words) == first


def test_other_names_are_other_modules(ask, project):
    ask("check")
    (project / "noise.py").rename(project / "json.py")
    ask("check")
    assert not ask.recalled


@pytest.mark.parametrize("damage", [lambda _: b"", lambda data: data[:-3], lambda data: data[:90] + b"x" + data[91:]])
def test_without_knowing_what_it_follows_from_an_answer_is_found_anew(ask, project, damage):
    first = ask("check")
    (kept,) = (project / ANSWERS).glob("*.reach")
    kept.write_bytes(damage(kept.read_bytes()))
    (project / "noise.py").write_text(f"{NOISE}y = 2\n")
    assert ask("check") == first
    assert not ask.recalled


def test_the_first_file_of_a_project_counts(ask, project):
    for place in project.iterdir():
        if place.name == "lab":
            shutil.rmtree(place)
        elif place.is_file():
            place.unlink()
    ask("check", "--format", "json")
    (project / "uses.py").write_text("import huldra\n\nclass Train(huldra.Huldra[int]): ...\n")
    code, _, said = ask("check", "--format", "json")
    assert not ask.recalled
    assert (code, b"bug" in said) != (2, True)
