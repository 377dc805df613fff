"""An answer is said again after an edit of a file that it follows from, if not from what was edited there."""

import random
import shutil

import pytest

from huldra.analysis import observing
from huldra.cli import kept_answers
from huldra.cli import main as main_module
from huldra.cli.kept_answers import ANSWERS
from tests.unit.git_builder import new_repository

ANALYZE = ("analyze", "--format", "json")
MODEL = """import huldra
from helpers import scale


class Train(huldra.Huldra[float]):
    lr: float = 0.1

    def _create(self):
        total = 0
        return scale(self.lr) + total

    def _load(self):
        return 0.0


def spare(left):
    total = 0
    return total + left


def built(lr):
    step = 1
    return Train(lr=lr * step)
"""
FILES = {
    "pyproject.toml": "",
    "model.py": MODEL,
    "helpers.py": "def scale(value):\n    return value * 2\n",
    "uses.py": "from importlib import import_module\n\nfrom model import Train, built\n\none = built(0.5)\n"
    "two = Train(lr=import_module('afar').RATE)\n",
    "afar.py": "RATE = 2.5\n",
    "noise.py": "x = 1\n",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A directory that is no repository: whether one differs from its commit would be another answer."""
    place = tmp_path / "project"
    place.mkdir()
    for name, text in FILES.items():
        (place / name).write_text(text)
    monkeypatch.setattr(kept_answers, "COARSEST_CLOCK_NS", 0)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.delenv("HULDRA_PATH", raising=False)
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def ask(monkeypatch, capfdbinary):
    """Run the command; `recalled` says whether nothing was executed."""
    executed = []
    real = main_module._execute
    monkeypatch.setattr(main_module, "_execute", lambda options: executed.append(1) or real(options))

    def run(*words):
        executed.clear()
        capfdbinary.readouterr()
        code = main_module.main(words or ANALYZE)
        said = capfdbinary.readouterr()
        run.recalled = not executed
        return code, said.out, said.err

    run.recalled = False
    return run


def as_found_anew(project, ask, *words):
    shutil.move(project / ".huldra_cache", project.parent / "aside")
    found = ask(*words)
    assert not ask.recalled
    shutil.rmtree(project / ".huldra_cache")
    shutil.move(project.parent / "aside", project / ".huldra_cache")
    return found


def replaced(name, old, new):
    return name, FILES[name].replace(old, new, 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        replaced("model.py", "total = 0", "total = 1"),
        replaced("model.py", "    total = 0\n    return", "    total = 1\n    return"),
        replaced(
            "model.py", "    total = 0\n    return total + left", "    total = other(left)\n    return total + left"
        ),
        replaced("helpers.py", "value * 2", "value * 3"),
    ],
)
def test_an_edit_of_a_body_that_nothing_ran_leaves_the_answer(project, ask, name, text):
    first = ask()
    (project / name).write_text(text)
    assert ask() == first
    assert ask.recalled
    assert as_found_anew(project, ask) == first


@pytest.mark.parametrize(
    ("name", "text"),
    [
        replaced("model.py", "0.1", "0.2"),
        replaced("model.py", "step = 1", "step = 2"),
        replaced("model.py", "total = 0", "total = 0\n"),
        replaced("model.py", "total = 0", "total = Train()"),
        replaced("model.py", "total = 0", "total = ("),
        replaced("model.py", "total = 0", "total = 0  # huldra: ignore"),
        replaced("model.py", "    return total + left", "    return total + left + 10"),  # it ends elsewhere now
        replaced("uses.py", "0.5", "0.7"),
        replaced("afar.py", "2.5", "3.5"),
    ],
)
def test_an_edit_of_more_is_looked_at(project, ask, name, text):
    ask()
    ask("check", "--format", "json")  # what the code builds is known, and need not be found out once more
    (project / "noise.py").write_text("import json\n")
    ask()
    (project / name).write_text(text)
    found = ask()
    assert not ask.recalled
    assert found == as_found_anew(project, ask)


@pytest.mark.parametrize("damage", [lambda _: b"", lambda data: data[:-1] + bytes([data[-1] ^ 1])])
def test_without_knowing_what_was_looked_at_the_answer_is_found_anew(project, ask, damage):
    first = ask()
    (kept,) = (project / ANSWERS).glob("*.seen")
    kept.write_bytes(damage(kept.read_bytes()))
    (project / "model.py").write_text(MODEL.replace("total = 0", "total = 1"))
    assert ask() == first
    assert not ask.recalled


def test_without_the_facts_of_before_the_answer_is_found_anew(project, ask):
    first = ask()
    for kept in (project / ".huldra_cache").glob("*.sqlite*"):
        kept.unlink()
    (project / "model.py").write_text(MODEL.replace("total = 0", "total = 1"))
    assert ask() == first
    assert not ask.recalled


def test_after_random_edits_of_numbers_every_answer_is_the_one_that_an_empty_cache_gives(project, ask):
    chance = random.Random(7)
    recalled = 0
    for _ in range(40):
        name = chance.choice([name for name in FILES if name.endswith(".py")])
        text = (project / name).read_text()
        digits = [at for at, letter in enumerate(text) if letter.isdigit()]
        at = chance.choice(digits)
        (project / name).write_text(f"{text[:at]}{chance.randrange(1, 10)}{text[at + 1 :]}")
        words = chance.choice([ANALYZE, ("check", "--format", "json"), ("check",)])
        found = ask(*words)
        recalled += ask.recalled
        assert found == as_found_anew(project, ask, *words)
    assert 3 < recalled < 40


def test_in_a_repository_too(tmp_path, ask, monkeypatch):
    place = new_repository(tmp_path / "repository")
    monkeypatch.setattr(kept_answers, "COARSEST_CLOCK_NS", 0)
    monkeypatch.chdir(place)
    for name, text in FILES.items():
        (place / name).write_text(text)
    first = ask("check", "--format", "json")
    (place / "model.py").write_text(MODEL.replace("total = 0", "total = 1"))
    assert ask("check", "--format", "json") == first
    assert ask.recalled


def test_a_file_that_was_searched_for_a_word_counts_once_it_holds_it(ask, project, monkeypatch):
    real = main_module._execute

    def search(options):
        code = real(options)
        observed = observing._observed.get()
        assert observed is not None
        (seen,) = observed.codes
        assert list(seen.scanned.naming("REGISTRY")) == []
        return code

    monkeypatch.setattr(main_module, "_execute", search)
    ask("check")
    ask("check")
    (project / "noise.py").write_text("x = 1\ny = 2\n")
    searches = []
    monkeypatch.setattr(main_module, "_execute", lambda options: searches.append(1) or real(options))
    ask("check")
    assert not searches
    (project / "noise.py").write_text("x = 1\nREGISTRY = 2\n")
    ask("check")
    assert searches
