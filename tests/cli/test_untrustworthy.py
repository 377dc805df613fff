"""What a config does not say and a result depends on: only for those who ask."""

import pytest

LAB = """import os
import random
import time
from datetime import datetime as clock
from pathlib import Path

import huldra


def helper():
    {body}


class Run(huldra.Huldra[float]):
    def _create(self) -> float:
        return helper()

    def _load(self) -> float:
        return time.time()


class Other(Run):
    pass


FIXED = 3
COUNT = 0
WHERE = Path("a")


def count():
    global COUNT
    COUNT += 1


def unrelated():
    return os.environ["X"], time.time(), random.random()
"""


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("return (1 +\n            os.getenv('X'))", "12:13: HUL401 lab.helper reads os.getenv,"),
        ("return COUNT", "32:5: HUL403 lab.COUNT is assigned anew while the code runs,"),
        ("return random.Random().random()", "11:12: HUL402 lab.helper makes a random.Random without a seed,"),
        ("return random.Random(None).random()", "11:12: HUL402 lab.helper makes a random.Random without a seed,"),
        ("return float(open('a.txt').read())", "11:18: HUL406 lab.helper reads the file 'a.txt',"),
        ("return (WHERE / 'b').read_text()", "11:12: HUL406 lab.helper reads the file WHERE / 'b',"),
        ("return open('a.txt', 'w').write('')", None),
        ("return [open(name) for name in ()]", None),
        ("return FIXED", None),
        ("return os.environ['X']", "11:12: HUL401 lab.helper reads os.environ, reached from Other and 1 more"),
        ("return os.getenv('X')", "11:12: HUL401 lab.helper reads os.getenv,"),
        ("return random.random()", "11:12: HUL402 lab.helper reads random.random,"),
        ("return clock.now()", "11:12: HUL404 lab.helper reads datetime.datetime.now,"),
        ("random.seed(3); return random.random()", None),
        ("return random.Random(3).random()", None),
        ("return time.perf_counter()", None),
    ],
)
def test_what_create_reaches(huldra, tmp_path, body, found):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "lab.py").write_text(LAB.format(body=body))
    assert huldra("check", at=tmp_path).code == 0, "only on request"
    answer = huldra("check", "--select", "HUL4", at=tmp_path)
    assert answer.code == (0 if found is None else 1)
    lines = answer.out.splitlines()[:-1]
    assert [line.startswith(f"lab.py:{found}") for line in lines] == ([] if found is None else [True])


def test_a_comment_of_this_family_is_not_called_unused_by_those_who_do_not_ask(huldra, tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "lab.py").write_text(LAB.format(body="return os.getenv('X')") + "# huldra: file-ignore[HUL4]\n")
    assert huldra("check", at=tmp_path).code == 0
    assert huldra("check", "--select", "HUL4,HUL9", at=tmp_path).code == 0
