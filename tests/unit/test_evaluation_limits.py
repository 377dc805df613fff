"""Code that never ends, or would fill the memory: the evaluation ends, says where it stopped, and loses no site."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

_MEMORY = 1 << 30
_HEAD = """import itertools
import huldra


class T(huldra.Huldra[int]):
    v: object = None

    def _create(self): return 1
    def _load(self): return 1


"""
TOO_LARGE = [
    "'x' * 10**12",
    "b'x' * 10**12",
    "[0] * 10**10",
    "(1,) * 10**10",
    "7 ** 10**9",
    "1 << 10**10",
    "sum(range(10**9))",
    "list(range(10**9))",
    "'%1000000000d' % 3",
    "f'{3:1000000000}'",
    "'x'.ljust(10**12)",
    "'a'.join(['b'] * 10**9)",
    "list(itertools.product(range(1000), repeat=5))",
    "2 ** 2 ** 2 ** 2 ** 2 ** 2",
]


def analysed(root: Path, text: str) -> dict[str, list[dict[str, object]]]:
    """Return what `huldra analyze` says of a file, from a process that may take a gigabyte and no more."""
    (root / "pyproject.toml").write_text("[tool.huldra]\nlimits.steps = 20000\n")
    (root / "lab.py").write_text(_HEAD + text)
    done = subprocess.run(
        [sys.executable, "-m", "huldra", "analyze", "--format", "json"],
        cwd=root,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY)),
        env={**os.environ, "HULDRA_PATH": str(root / "store")},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def lines(found: list[dict[str, object]]) -> list[int]:
    return sorted(int(str(item["line"])) - _HEAD.count("\n") for item in found)


def test_values_that_are_too_large_make_their_site_dynamic(tmp_path: Path) -> None:
    found = analysed(tmp_path, "".join(f"T(v={value})\n" for value in TOO_LARGE))
    every = list(range(1, len(TOO_LARGE) + 1))
    assert lines(found["dynamic_sites"]) == every
    assert lines([problem for problem in found["problems"] if problem["code"] == "HUL003"]) == every


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("while True:\n        pass", "not reached"),
        ("n = 0\n    while n < 10**9:\n        n += 1", "exact"),
        ("for i in itertools.product(range(30), repeat=4):\n        i = i[0] + 1", "exact"),
        ("for i in range(10**9):\n        T(v=i)", "exact"),
        ("[T(v=i) for i in range(10**9)]", "exact"),
        ("ping(1)", "exact"),
        ("fib(200)", "exact"),
        ("xs = [0]\n    for i in range(100):\n        xs = xs + xs", "exact"),
    ],
)
def test_what_follows_work_without_end_is_found(tmp_path: Path, body: str, after: str) -> None:
    recursion = """def ping(n): return pong(n)
def pong(n): return ping(n)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)


"""
    found = analysed(tmp_path, f"{recursion}def main():\n    {body}\n    T(v='after')\n")
    exact = [item for item in found["experiments"] if item["config"] == {"__class__": "lab.T", "v": "after"}]
    assert bool(exact) is (after == "exact")
    assert "HUL003" in {problem["code"] for problem in found["problems"]}
    if "T(v=i)" in body:
        assert len(found["dynamic_sites"]) == 1
