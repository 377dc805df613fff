"""What the runtime costs: a cache hit, a hash, an import, the record of sources. Ratios are against the same run.

`python benchmarks/runtime.py` prints a table. Nothing here is asserted.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

EXPERIMENT = """
import huldra


class Leaf(huldra.Huldra[int]):
    n: int = 1
    name: str = "leaf"
    rate: float = 0.1

    def _create(self):
        (self.huldra_dir / "value").write_text(str(self.n))
        return self.n

    def _load(self):
        return int((self.huldra_dir / "value").read_text())


class Top(Leaf):
    left: Leaf = Leaf(n=2)
    right: Leaf = Leaf(n=3)
"""

HIT = """
import logging, pathlib, time, huldra, experiment
from huldra.runtime import store, sources_record

def best(function, times, rounds=7):
    found = []
    for _ in range(rounds):
        began = time.perf_counter()
        for _ in range(times):
            function()
        found.append((time.perf_counter() - began) / times)
    return min(found) * 1e6

top = experiment.Top()
top.load_or_create()
print("load_or_create, hit", best(top.load_or_create, 500))
fresh = [experiment.Top(n=n) for n in range(3500)]
numbers = iter(fresh)
print("huldra_hash, first", best(lambda: next(numbers).huldra_hash, 500))
print("huldra_hash, again", best(lambda: top.huldra_hash, 5000))
path = top.huldra_dir / ".huldra" / "state.json"
print("reading state.json", best(lambda: (path.read_bytes(), top._load()), 500))
began = time.perf_counter()
sources_record.write_sources(top.huldra_dir, "experiment")
first = time.perf_counter() - began
print("sources.json, next runs", best(lambda: sources_record.write_sources(top.huldra_dir, "experiment"), 50))
counter = iter(range(10**6, 10**7))
print("a whole new run", best(lambda: experiment.Leaf(n=next(counter)).load_or_create(), 20, 3))
"""

SOURCES_FIRST = """
import time, experiment
from huldra.runtime import sources_record
directory = experiment.Leaf().huldra_dir
(directory / ".huldra").mkdir(parents=True)
began = time.perf_counter()
sources_record.write_sources(directory, "experiment")
print("sources.json, first run", (time.perf_counter() - began) * 1e6)
"""

IMPORTS = ("pass", "import huldra", "import huldra; huldra.Huldra", "import chz, pydantic; pydantic.BaseModel")


def run(code: str, folder: Path) -> str:
    environment = {**os.environ, "HULDRA_PATH": str(folder / "store"), "HULDRA_LOG_LEVEL": "ERROR"}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout


def import_milliseconds(folder: Path, rounds: int = 15) -> dict[str, float]:
    """Return the least time of each import, interpreter start taken off."""
    least = dict.fromkeys(IMPORTS, float("inf"))
    for _ in range(rounds):
        for code in IMPORTS:
            began = time.perf_counter()
            run(code, folder)
            least[code] = min(least[code], (time.perf_counter() - began) * 1000)
    return {code: found - least["pass"] for code, found in least.items() if code != "pass"}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "experiment.py").write_text(EXPERIMENT)
        (folder / "pyproject.toml").touch()
        for line in (run(SOURCES_FIRST, folder) + run(HIT, folder)).splitlines():
            what, _, microseconds = line.rpartition(" ")
            print(f"{what:45} {float(microseconds):10.1f} µs")
        imports = import_milliseconds(folder)
        base = imports[IMPORTS[-1]]
        for code, milliseconds in imports.items():
            print(f"{code:45} {milliseconds:10.1f} ms   {milliseconds / base:5.2f} of chz + pydantic")


if __name__ == "__main__":
    main()
