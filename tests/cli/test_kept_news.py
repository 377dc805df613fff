"""`check --staged` says again that nothing is new, where that is so; what may be new is looked for."""

import json
import shutil
import time

import pytest

from huldra.cli import kept_answers, kept_news
from huldra.cli import main as main_module
from huldra.cli.kept_answers import ANSWERS
from tests.unit.git_builder import commit, git, new_repository
from tests.unit.test_stored_runs_builder import attempt, state

STAGED = ("check", "--staged", "--format", "json")
MODEL = """import huldra
from helpers import scale


class Train(huldra.Huldra[float]):
    lr: float = 0.1

    def _create(self):
        return scale(self.lr)

    def _load(self):
        return 0.0


def spare(left):
    total = 0
    return total + left


class Other:
    def more(self):
        return 1
"""
HELPERS = """def scale(value):
    return value * 2


def unused(value):
    return value * 3
"""
USES = "from model import Train\n\none = Train(lr=0.5)\n"
NOISE = "import json\n\nx = json\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A repository of which HEAD and the index are known to be at one."""
    place = new_repository(tmp_path / "project")
    files = {"pyproject.toml": "", "model.py": MODEL, "helpers.py": HELPERS, "uses.py": USES, "noise.py": NOISE}
    commit(place, files)
    monkeypatch.setattr(kept_answers, "COARSEST_CLOCK_NS", 0)
    monkeypatch.delenv("HULDRA_PATH", raising=False)
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def ask(monkeypatch, capfdbinary):
    """Run the command; `recalled` says whether nothing was executed."""
    executed = []
    real = main_module._execute
    monkeypatch.setattr(main_module, "_execute", lambda options: executed.append(1) or real(options))

    def run():
        executed.clear()
        capfdbinary.readouterr()
        code = main_module.main(STAGED)
        said = capfdbinary.readouterr()
        run.recalled = not executed
        return code, said.out, said.err

    run.recalled = False
    return run


@pytest.fixture
def known(project, ask):
    """The project, after a first change was found to bring nothing new."""
    stage(project, "noise.py", NOISE + "y = 1\n")
    ask()
    assert not ask.recalled
    return project


def stage(project, name, text):
    (project / name).write_text(text)
    git(project, "add", name)


def as_found_anew(project, ask):
    shutil.rmtree(project / ".huldra_cache")
    found = ask()
    assert not ask.recalled
    return found


IDLE = [
    ("noise.py", NOISE + "y = 2\n"),
    ("notes.txt", "not Python\n"),
    ("model.py", MODEL.replace("total = 0", "total = 1")),
    ("model.py", MODEL.replace("total = 0", "total = 0\n    total += 1\n\n    # more")),
    ("model.py", MODEL.replace("    total = 0\n    return total + left", "    return left")),
    ("model.py", MODEL.replace("return 1", "return [\n            1,\n            2,\n        ]")),
    ("helpers.py", HELPERS.replace("value * 3", "value * 4")),
]


@pytest.mark.parametrize(("name", "text"), IDLE)
def test_an_edit_of_what_nothing_looked_at_is_told_by_itself(known, ask, name, text):
    stage(known, name, text)
    found = ask()
    assert ask.recalled
    assert found == as_found_anew(known, ask)


def test_it_is_still_told_after_commits_one_upon_the_other(known, ask):
    for number in range(3):
        git(known, "commit", "-q", "-m", "more")
        for name, text in (("model.py", f"total = {number + 5}\n    extra = 1"), ("noise.py", f"{number}")):
            stage(known, name, MODEL.replace("total = 0", text) if name == "model.py" else NOISE + f"y = {text}\n")
        found = ask()
        assert ask.recalled
    assert found == as_found_anew(known, ask)


MATTERS = [
    ("model.py", MODEL.replace("0.1", "0.2")),
    ("model.py", MODEL.replace("total = 0", "total = Train(lr=3.5)")),
    ("model.py", MODEL.replace("total = 0", "total = (")),
    ("model.py", MODEL.replace("total = 0", "total = 0  # huldra: ignore")),
    ("model.py", MODEL.replace("total = 0", "import noise")),
    ("model.py", MODEL + "\n\ntwo = Train(lr=2.5)\n"),
    ("noise.py", "from uses import one\n"),
    ("noise.py", NOISE + "# huldra: ignore[HUL104]\n"),
    ("noise.py", "# coding: latin-1\n"),
    ("noise.py", NOISE.replace("\n", "\r\n")),
    ("more.py", "x = 1\n"),
    ("uses.py", USES.replace("0.5", "'half'")),
]


@pytest.mark.parametrize(("name", "text"), MATTERS)
def test_what_may_matter_is_looked_at(known, ask, name, text):
    stage(known, name, text)
    found = ask()
    assert not ask.recalled
    assert found == as_found_anew(known, ask)


def put_run(project, digest):
    internal = project / "data-huldra" / "data" / "model" / "Train" / digest / ".huldra"
    internal.mkdir(parents=True, exist_ok=True)
    (internal / "state.json").write_text(json.dumps(state("success", attempt())))


@pytest.mark.parametrize(
    "change",
    [
        lambda place: (place / "pyproject.toml").write_text("[tool.huldra]\nexclude = ['uses.py']\n"),
        lambda place: (place / "huldra.toml").write_text("exclude = ['uses.py']\n"),
        lambda place: put_run(place, "0123456789abcdef0123"),
        lambda place: (place / "data-furu").mkdir(),
        lambda place: (place / "noise.py").unlink() or git(place, "rm", "-q", "--cached", "noise.py"),
        lambda place: (place / "link.py").symlink_to("uses.py") or git(place, "add", "link.py"),
        lambda place: git(place, "mv", "noise.py", "noises.py"),
    ],
)
def test_what_lies_beside_the_code_counts(known, ask, change):
    change(known)
    stage(known, "model.py", MODEL.replace("total = 0", "total = 1"))
    found = ask()
    assert not ask.recalled
    assert found == as_found_anew(known, ask)


def test_what_is_not_staged_does_not_count(known, ask):
    (known / "uses.py").write_text("from model import Train\none = Train(lrr=3)\n")
    (known / "more.py").write_text("from uses import *\n")
    stage(known, "model.py", MODEL.replace("total = 0", "total = 1"))
    found = ask()
    assert ask.recalled
    assert found == as_found_anew(known, ask)


def test_what_git_tells_its_hooks_of_the_commit_does_not_count(known, ask, monkeypatch):
    for name in ("GIT_AUTHOR_DATE", "GIT_AUTHOR_NAME", "GIT_EDITOR", "GIT_PREFIX"):
        monkeypatch.setenv(name, "@1795886945 +0000")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    ask()
    for name in ("GIT_AUTHOR_DATE", "GIT_AUTHOR_NAME"):
        monkeypatch.setenv(name, "@1795886999 +0000")
    stage(known, "model.py", MODEL.replace("total = 0", "total = 1"))
    found = ask()
    assert ask.recalled
    assert found == as_found_anew(known, ask)


def test_the_index_of_a_hook_is_the_one_that_is_looked_at(known, ask, monkeypatch):
    other = known / ".git" / "index.other"
    shutil.copy(known / ".git" / "index", other)
    monkeypatch.setenv("GIT_INDEX_FILE", str(other))
    first = ask()
    stage(known, "model.py", MODEL.replace("0.1", "0.2"))
    assert ask() == first
    assert ask.recalled  # what is in git's own index will not be committed
    shutil.copy(known / ".git" / "index", other)
    found = ask()
    assert not ask.recalled
    assert found == as_found_anew(known, ask)


@pytest.mark.parametrize(
    "damage",
    [lambda _: b"", lambda data: data[: len(data) // 2], lambda data: data[:-1] + bytes([data[-1] ^ 1])],
)
def test_what_is_damaged_is_not_known(known, ask, damage):
    (kept,) = (known / ANSWERS).glob("*.news")
    kept.write_bytes(damage(kept.read_bytes()))
    stage(known, "model.py", MODEL.replace("total = 0", "total = 1"))
    found = ask()
    assert not ask.recalled
    assert found == as_found_anew(known, ask)


def test_after_the_clock_has_gone_back_nothing_is_known(known, ask, monkeypatch):
    stage(known, "model.py", MODEL.replace("total = 0", "total = 1"))
    now = time.time_ns()
    monkeypatch.setattr(kept_news.time, "time_ns", lambda: now - 3_600_000_000_000)
    ask()
    assert not ask.recalled


def test_a_store_that_was_changed_a_moment_ago_is_looked_at_again(project, ask, monkeypatch):
    monkeypatch.setattr(kept_answers, "COARSEST_CLOCK_NS", 60_000_000_000)
    stage(project, "noise.py", NOISE + "y = 1\n")
    ask()
    assert not list((project / ANSWERS).glob("*.news"))
