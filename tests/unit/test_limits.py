"""The evaluator always ends, in bounded memory, says which limit it met and where, and finds what stands behind it."""

import json
import resource
import subprocess
import sys

import pytest

KINDS = """\
import huldra

class T(huldra.Huldra[int]):
    v: object = None

    def _create(self): return 1
    def _load(self): return 1

"""
MEMORY = 1_500_000_000
SECONDS = 120  # far more than any of them takes: only what never ends meets it
PROGRAMS = {
    "while True": "def f(n):\n    while True: n += 1\n    T(v='end')",
    "while True in a helper": "def g():\n    while True: pass\ndef f(n):\n    g()\n    T(v='end')",
    "while True in a script": "if __name__ == '__main__':\n    while True: pass\n    T(v='end')",
    "mutual recursion": "def a(n): return b(n + 1)\ndef b(n): return a(n + 1)\ndef f(n):\n    a(1)\n    T(v='end')",
    "branching recursion": "def a(n): return (a(n + 1), a(n + 2))\ndef f(n):\n    a(1)\n    T(v='end')",
    "a product of many": "def f(n):\n    for a in product(range(100), repeat=9): T(v=a)\n    T(v='end')",
    "nested loops": "def f(n):\n    for a in range(9999):\n        for b in range(9999): T(v=(a, b))\n    T(v='end')",
    "a comprehension": "def f(n):\n    x = [T(v=(a, b)) for a in range(9999) for b in range(9999)]\n    T(v='end')",
    "a long range": "def f(n):\n    for a in range(10**9): T(v=a)\n    T(v='end')",
    "a list of a range": "def f(n):\n    T(v=list(range(10**9)))\n    T(v='end')",
    "the sum of a range": "def f(n):\n    T(v=sum(range(10**30)))\n    T(v='end')",
    "a text": "def f(n):\n    T(v='x' * 10**12)\n    T(v='end')",
    "a padded text": "def f(n):\n    T(v='x'.ljust(10**12))\n    T(v='end')",
    "a formatted text": "def f(n):\n    T(v=f'{1:>1000000000000}')\n    T(v='end')",
    "a doubled text": "def f(n):\n    s = 'x'\n    for _ in range(99): s += s\n    T(v=s)\n    T(v='end')",
    "bytes": "def f(n):\n    T(v=b'x' * 10**12)\n    T(v='end')",
    "a list": "def f(n):\n    T(v=[0] * 10**10)\n    T(v='end')",
    "a doubled list": "def f(n):\n    s = [1]\n    for _ in range(99): s += s\n    T(v=s)\n    T(v='end')",
    "a tuple": "def f(n):\n    T(v=(0,) * 10**10)\n    T(v='end')",
    "a nested list": "def f(n):\n    s = []\n    for _ in range(99): s = [s, s]\n    T(v=s)\n    T(v='end')",
    "a power": "def f(n):\n    T(v=7 ** 10**9)\n    T(v='end')",
    "powers": "def f(n):\n    T(v=10 ** 10 ** 10)\n    T(v='end')",
    "a shift": "def f(n):\n    T(v=1 << 10**12)\n    T(v='end')",
    "squares": "def f(n):\n    s = 7\n    for _ in range(99): s *= s\n    T(v=s)\n    T(v='end')",
    "a generator": "def g():\n    while True: yield 1\ndef f(n):\n    T(v=list(g()))\n    T(v='end')",
}
ANALYSIS = """
import json, sys
from huldra.experiments.discover import discover_experiments
from huldra.facts.collect import collect_facts
from huldra.project.link import link_project
from huldra.project.modules import build_module_table
files = {"kinds.py": sys.argv[1], "case.py": sys.stdin.read()}
facts = {name: collect_facts(text) for name, text in files.items()}
found = discover_experiments(link_project(build_module_table(files, [""]), facts, tuple(files)))
print(json.dumps({
    "codes": sorted({problem.code for problem in found.problems}),
    "values": ["end" for e in found.by_key.values() if ("v", "end") in e.config.fields],
    "sites": len(found.by_key),
}))
"""


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@pytest.mark.parametrize("name", PROGRAMS)
def test_ends_and_goes_on(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ANALYSIS, KINDS],
        input="from itertools import product\nfrom kinds import T\n" + PROGRAMS[name],
        capture_output=True,
        text=True,
        preexec_fn=_bounded,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert "HUL003" in answer["codes"]
    # What follows an endless loop is never reached; what follows anything else is found.
    assert ("end" in answer["values"]) is not ("while True" in name)
    assert answer["sites"] <= 10_001
