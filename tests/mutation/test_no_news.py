"""What is said to bring nothing new, by the files that were staged alone, brings nothing new where all is looked at.

`HULDRA_MUTATIONS` sets how many edits are tried, `HULDRA_SEED` which.
"""

import ast
import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from huldra.analysis.host import open_workspace
from huldra.analysis.no_news import Standing, brings_nothing
from huldra.analysis.scanned import Texts
from huldra.analysis.standing import standing_of
from huldra.analysis.two_states import TwoStates, staged_change
from huldra.features.check import change_findings
from huldra.features.chosen_problems import OPT_IN_TO_CHECK, Choice, problem_choice
from huldra.features.findings import Finding
from tests.mutation.random_edits import edited

_COUNT = int(os.environ.get("HULDRA_MUTATIONS", "200")) // 4
_SEED = int(os.environ.get("HULDRA_SEED", "20261128"))
_LIMIT = 2_000_000
_SPARE = """

def spare_{0}(left, right=1):
    total = left + right
    for each in range(total):
        total += each
    return total


class Spare{0}:
    def first(self):
        return self.second() + 1

    def second(self):
        return "two\\
lines"
"""
"""What no run reaches and nothing builds with, added to each file."""
_LINES = (
    "value = 3",
    "# import nothing",
    "",
    "if left := 4:\n    pass",
    "return",
    "yield 1",
    "import zoo.ops",
    "print(ALL)",
    "ops = registry",
    "ALL.append(3)",
    "global ALL",
    "# huldra: ignore",
    "(",
    "text = '''a\n\nb'''",
)


def git(root: Path, *words: str) -> None:
    names = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *names, *words], cwd=root, check=True, capture_output=True)


def all_of(root: Path) -> tuple[TwoStates, tuple[Finding, ...]]:
    """Return HEAD and the index with all that is new, found as if nothing were known."""
    workspace = open_workspace(root, root=root)
    choice = problem_choice(workspace.settings, (), (), OPT_IN_TO_CHECK)
    assert isinstance(choice, Choice)
    states = staged_change(workspace)
    assert isinstance(states, TwoStates)
    return states, change_findings(states, choice)


def edited_lines(text: str, chance: random.Random) -> str:
    """Return a text with a line more, less, or another one, mostly in a function."""
    tree = ast.parse(text)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    lines = text.splitlines(keepends=True)
    node = chance.choice(functions)
    statement = chance.choice(node.body)
    begin, end = statement.lineno - 1, statement.end_lineno or statement.lineno
    indent = " " * statement.col_offset
    new = "".join(f"{indent}{line}\n" for line in chance.choice(_LINES).split("\n"))
    match chance.randrange(5):
        case 0:
            return "".join([*lines[:begin], new, *lines[begin:]])
        case 1:
            return "".join([*lines[:end], new, *lines[end:]])
        case 2:
            return "".join([*lines[:begin], f"{indent}pass\n", *lines[end:]])
        case 3:
            return "".join([*lines[:begin], *lines[begin:end], *lines[begin:end], *lines[end:]])
        case _:
            other = edited(text, chance)
            return text if other is None else f"{other[0]}\n"


@pytest.fixture
def root(zoo: Path, tmp_path: Path) -> Path:
    """The project with more in it, all of it written out as edits leave it."""
    root = tmp_path / "zoo"
    shutil.copytree(zoo, root)
    for number, file in enumerate(sorted(root.glob("zoo/**/*.py"))):
        text = ast.unparse(ast.parse(file.read_text() + _SPARE.format(number)))
        file.write_text(f"{text}\n")
    (root / "README.py").write_text("")
    git(root, "add", ".")
    git(root, "commit", "-qm", "as it is written out")
    return root


def test_what_was_looked_at_to_judge_the_state_before_counts(root: Path) -> None:
    ops = root / "zoo" / "ops.py"
    ops.write_text(ops.read_text().replace("total += each", "total += 2 * each"))
    git(root, "add", ".")
    states, found = all_of(root)
    assert not found
    texts = states.before.inputs.texts
    assert isinstance(texts, Texts)
    # What nothing bears on is not judged again in the state after, and is not looked for there.
    texts.naming("sought")
    _ = texts["README.py"]
    standing = standing_of(states, _LIMIT)
    assert standing is not None
    assert "sought" in standing.words
    assert "README.py" in standing.counting


def test_what_is_said_to_bring_nothing_new_brings_nothing_new(root: Path) -> None:
    files = sorted(root.glob("zoo/**/*.py"))
    chance = random.Random(_SEED)
    standing: Standing | None = None
    said, denied, news = 0, 0, 0
    for _ in range(_COUNT):
        file = chance.choice(files)
        before = file.read_text()
        file.write_text(edited_lines(before, chance))
        git(root, "add", ".")
        is_nothing = standing is not None and brings_nothing(standing, root)
        if is_nothing or standing is None or chance.random() < 0.5:
            states, found = all_of(root)
            if is_nothing:
                said += 1
                assert not found, (file, file.read_text())
            else:
                denied, news = denied + (standing is not None), news + bool(found)
                if not found:
                    standing = standing_of(states, _LIMIT) or standing
        match chance.randrange(3):
            case 0 if is_nothing:
                git(root, "commit", "-qm", "more", "--allow-empty")
            case 1 if is_nothing:
                pass  # the next edit comes on top of it
            case _:
                git(root, "reset", "-q", "--hard")
    assert said > _COUNT // 25
    assert denied > 0
    assert news > 0
