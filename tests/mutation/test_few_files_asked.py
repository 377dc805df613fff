"""What a change brings is the same where only files that may say otherwise are asked as where all are, from nothing.

Edits of modules, classes, imports, tables of lazy names and comments come and go, staged and committed one upon the
other. `HULDRA_MUTATIONS` sets how many, `HULDRA_SEED` which.
"""

import os
import random
import shutil
import subprocess
from pathlib import Path

from huldra.analysis.host import open_workspace
from huldra.analysis.kept import LazyFacts
from huldra.analysis.standing import standing_of
from huldra.analysis.two_states import TwoStates, staged_change
from huldra.features.blast_radius import newly_found
from huldra.features.check import all_findings, change_findings
from huldra.features.chosen_problems import OPT_IN_TO_CHECK, Choice, problem_choice
from huldra.features.findings import Finding
from huldra.features.picture import judged_picture

_COUNT = int(os.environ.get("HULDRA_MUTATIONS", "200")) // 4
_SEED = int(os.environ.get("HULDRA_SEED", "20261129"))
_LIMIT = 2_000_000
_FILES = {
    "pyproject.toml": "",
    "plain.py": "VALUE = 1\n\n\ndef unused():\n    return 1\n",
    "lab/__init__.py": """import importlib

_NAMES = {"helper": ".tools", "Base": ".base"}


def __getattr__(name):
    return getattr(importlib.import_module(_NAMES[name], __name__), name)
""",
    "lab/tools.py": "def helper():\n    return 2\n\n\nKIND = int\n",
    "lab/base.py": """import huldra


class Base(huldra.Huldra[int]):
    size: int = 1

    def _create(self):
        return self.size
""",
    "lab/one.py": """from lab import helper
from lab.base import Base


class One(Base):
    name: str = "one"


ONE = One()
""",
    "lab/two.py": """from plain import VALUE
from .one import ONE, One


class Two(One):
    more: int = 3


TWO = Two(more=VALUE)
""",
    # Nothing but where an annotation leads is asked of it.
    "lab/deep.py": "KIND = int\n\n\ndef unused():\n    return 1\n",
    "lab/three.py": """import lab
import lab.tools as tools
from lab.two import Two


class Three(Two):
    kind: tools.KIND = 3
    deep: lab.deep.KIND = 4
""",
}
_EDITS = (
    ("plain.py", "VALUE = 1", "VALUE = 2"),
    ("plain.py", "VALUE = 1", "OTHER = 1"),
    ("plain.py", "return 1", "return 11"),
    ("lab/__init__.py", '"helper": ".tools"', '"helper": ".base"'),
    ("lab/__init__.py", "_NAMES[name], __name__", "_NAMES.get(name), __name__"),
    ("lab/tools.py", "def helper", "def helped"),
    ("lab/tools.py", "KIND = int", "from typing import ClassVar as KIND"),
    ("lab/tools.py", "return 2", "return 3"),
    ("lab/deep.py", "KIND = int", "from typing import ClassVar as KIND"),
    ("lab/deep.py", "return 1", "return 2"),
    ("lab/base.py", "size: int = 1", "size: int = 4"),
    ("lab/base.py", "size: int = 1", "size: list = []"),
    ("lab/base.py", "size: int = 1", "size: int = 1\n    more: int = 0"),
    ("lab/base.py", "return self.size", "return self.size + 1"),
    ("lab/base.py", "def _create", "def more(self):\n        return 1\n\n    def _create"),
    ("lab/one.py", "One()", "One(size=7)"),
    ("lab/one.py", "One()", "One(wrong=7)"),
    ("lab/one.py", 'name: str = "one"', "__init__ = None"),
    ("lab/one.py", "import helper", "import helper  # huldra: ignore"),
    ("lab/two.py", "more: int = 3", "size = 5\n    more: int = 3"),
    ("lab/two.py", "class Two(One):", "class Two(One):  # huldra: ignore"),
    ("lab/two.py", "more: int = 3", "more: int = 3  # huldra: ignore[HUL109]"),
    ("lab/three.py", "= 3", "= []"),
)


def git(root: Path, *words: str) -> None:
    names = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *names, *words], cwd=root, check=True, capture_output=True)


def compared(root: Path) -> tuple[TwoStates, Choice]:
    workspace = open_workspace(root, root=root, with_files=False)
    choice = problem_choice(workspace.settings, (), (), OPT_IN_TO_CHECK)
    assert isinstance(choice, Choice)
    states = staged_change(workspace)
    assert isinstance(states, TwoStates)
    return states, choice


def found_from_nothing(root: Path, beside: Path) -> tuple[tuple[Finding, ...], set[str]]:
    """Return what is new, and the files that were asked for, where all files are asked for all that is wrong."""
    shutil.rmtree(beside, ignore_errors=True)
    shutil.copytree(root, beside, ignore=shutil.ignore_patterns(".huldra_cache"))
    states, choice = compared(beside)
    if states.before is states.after:
        return (), set()
    before, after = (judged_picture(state) for state in (states.before, states.after))
    found_before = all_findings(states.before, before, choice)
    found = newly_found(found_before, all_findings(states.after, after, choice), before, after)
    asked = (state.project.facts for state in (states.before, states.after))
    return found, {name for facts in asked if isinstance(facts, LazyFacts) for name in facts.asked_for()}


def test_few_files_say_what_all_say(tmp_path: Path) -> None:
    root, beside = tmp_path / "code", tmp_path / "beside"
    for name, text in _FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    git(tmp_path, "init", "-q", "code")
    (root / ".gitignore").write_text(".huldra_cache\n")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    chance = random.Random(_SEED)
    made: set[tuple[str, str, str]] = set()
    codes: set[str] = set()
    for _ in range(_COUNT):
        made ^= {chance.choice(_EDITS)}
        for name, text in _FILES.items():
            for file, old, new in sorted(made):
                text = text.replace(old, new, 1) if file == name else text  # noqa: PLW2901
            (root / name).write_text(text)
        git(root, "add", ".")
        states, choice = compared(root)
        found = change_findings(states, choice)
        standing = None if states.before is states.after else standing_of(states, _LIMIT)
        expected, asked = found_from_nothing(root, beside)
        assert found == expected, sorted(made)
        assert standing is None or asked <= set(standing.counting), sorted(made)
        codes |= {each.code for each in found}
        if chance.random() < 0.5:
            git(root, "commit", "-qm", "more", "--allow-empty")
    assert {"HUL002", "HUL109", "HUL405"} <= codes
