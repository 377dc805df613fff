"""What importing modules does to packages outside the project, such as a seed, belongs to what uses these."""

import pytest

from tests.harness.code_states import changes_between, closure_of

PROJECT = {
    "lab/__init__.py": "",
    "lab/exp.py": """import os
import random

import torch
import huldra
from lab.seeds import set_seed
import lab.setup


class Run(huldra.Huldra[int]):
    def _create(self) -> int:
        return random.random() + torch.rand(1)
""",
    "lab/seeds.py": """import random


def set_seed(seed):
    random.seed(seed)


def shout(text):
    print(text)
""",
    "lab/setup.py": "import random\n",
}


def _with(statement: str, file: str = "lab/exp.py") -> dict[str, str]:
    return {**PROJECT, file: PROJECT[file] + f"\n\n{statement}\n"}


@pytest.mark.parametrize(
    ("statement", "file"),
    [
        ("random.seed(7)", "lab/exp.py"),
        ("if torch.cuda.is_available():\n    torch.cuda.manual_seed(7)", "lab/exp.py"),
        ("torch.backends.cudnn.benchmark = 7", "lab/exp.py"),
        ("torch.flags['a'] = 7", "lab/exp.py"),
        ("from random import seed\nseed(7)", "lab/exp.py"),
        ("set_seed(7)", "lab/exp.py"),
        ("SEED = 7\nrandom.seed(SEED)", "lab/exp.py"),
        ("import random\nrandom.seed(7)", "lab/__init__.py"),
        ("random.seed(7)", "lab/setup.py"),
        ("random.seed(7)", "lab/seeds.py"),
    ],
)
def test_what_is_done_at_import_counts(statement: str, file: str) -> None:
    then = _with(statement, file)
    now = {**then, file: then[file].replace("7", "8")}
    for before, after in ((then, now), (PROJECT, now), (then, PROJECT)):
        changes = changes_between(before, after, "lab.exp.Run")
        assert len(changes) == 1
        assert not changes[0].is_certain


@pytest.mark.parametrize(
    "statement",
    [
        "import numpy\nnumpy.random.seed(7)",
        "print(7)",
        "import logging\nlogging.basicConfig(level=7)",
        "import sys\nsys.path.append('7')",
        "os.environ['THREADS'] = '7'",
        "from lab.seeds import shout\nshout(7)",
        "def main():\n    random.seed(7)",
        "if __name__ == '__main__':\n    random.seed(7)",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    random.seed(7)",
        "GENERATOR = random.Random(7)",
    ],
)
def test_what_nothing_uses_and_what_import_does_not_do_does_not_count(statement: str) -> None:
    assert changes_between(PROJECT, _with(statement), "lab.exp.Run") == ()


def test_the_environment_counts_where_it_is_read() -> None:
    reads = {**PROJECT, "lab/exp.py": PROJECT["lab/exp.py"].replace("torch.rand(1)", "int(os.environ['THREADS'])")}
    one, other = ({**reads, "lab/setup.py": f"import os\nos.environ['THREADS'] = '{n}'\n"} for n in (1, 2))
    assert [change.definition for change in changes_between(one, other, "lab.exp.Run")] == ["lab.setup.os"]


def test_a_module_that_is_imported_two_steps_away_is_missed() -> None:
    """FIXME: only the packages of what is reached and what that imports itself are looked at."""
    far = {**PROJECT, "lab/setup.py": "import lab.far\n"}
    one, other = ({**far, "lab/far.py": f"import random\nrandom.seed({n})\n"} for n in (1, 2))
    assert changes_between(one, other, "lab.exp.Run") == ()


def test_a_program_that_is_run_is_a_doubt() -> None:
    runs = {
        **PROJECT,
        "lab/exp.py": PROJECT["lab/exp.py"]
        .replace("import os", "import subprocess")
        .replace("torch.rand(1)", "subprocess.call('train')"),
    }
    (doubt,) = closure_of(runs, "lab.exp.Run").doubts
    assert doubt.message == "subprocess.call runs what is not followed"
