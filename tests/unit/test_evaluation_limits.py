"""Values that would fill the memory: each makes its own site dynamic, with the limit at its place (see test_limits)."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

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
