"""How long an analysis takes and how much memory, as ratios to a lower bound measured in the same run.

Prints a table and writes `benchmarks/last.json`. Whole processes, cold: nothing is cached between runs.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 5


def measure(command: list[str], directory: Path) -> tuple[float, float]:
    """Return the median wall time in seconds and the largest resident size in MB of a command."""
    times: list[float] = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        subprocess.run(command, cwd=directory, check=True, capture_output=True)
        times.append(time.perf_counter() - begin)
    script = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], capture_output=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    size = subprocess.run([sys.executable, "-c", script, *command], cwd=directory, check=True, capture_output=True)
    return statistics.median(times), float(size.stdout)


def generated_project(directory: Path, files: int) -> Path:
    """Write a project in which every file defines a class and a sweep of eight experiments."""
    package = directory / "generated"
    package.mkdir(parents=True)
    (directory / "pyproject.toml").write_text("")
    (package / "__init__.py").write_text("")
    (package / "m0.py").write_text(_module(0, "import huldra", "huldra.Huldra[int]"))
    for number in range(1, files):
        base = f"C{number // 2}"
        (package / f"m{number}.py").write_text(_module(number, f"from .m{number // 2} import {base}", base))
    return directory


def _module(number: int, imports: str, base: str) -> str:
    return (
        f"{imports}\n\n\nclass C{number}({base}):\n    f{number}: int = {number}\n\n"
        f"    def _create(self) -> int:\n        total = 0\n        for i in range(self.f{number}):\n"
        f"            total += i * {number}\n        return total\n\n"
        "    def _load(self) -> int:\n        return 0\n\n\n"
        f"sweep = [C{number}(f{number}=i) for i in range(8)]\n"
    )


def sample_project(directory: Path) -> Path:
    """Unpack the sample project with its store."""
    fixture = ROOT / "fixtures" / "toytext"
    subprocess.run(["git", "clone", "-q", str(fixture / "repo.bundle"), str(directory)], check=True)
    subprocess.run(["tar", "xzf", str(fixture / "store.tar.gz"), "-C", str(directory)], check=True)
    return directory


def main() -> None:
    """Effect: measure, print the table, write the figures."""
    huldra = str(Path(sys.executable).parent / "huldra")
    parse = "import libcst,pathlib;[libcst.parse_module(p.read_text()) for p in pathlib.Path('.').rglob('*.py')]"
    rows: list[dict[str, float | str]] = []
    with tempfile.TemporaryDirectory() as folder:
        projects = {
            "sample (12 files, 47 runs)": sample_project(Path(folder) / "sample"),
            "generated (300 files, 2,400 experiments)": generated_project(Path(folder) / "generated", 300),
        }
        for name, directory in projects.items():
            bound, _ = measure([sys.executable, "-c", parse], directory)
            seconds, memory = measure([huldra, "analyze", "--format", "json"], directory)
            rows.append({"what": name, "seconds": seconds, "ratio": seconds / bound, "memory_mb": memory})
        empty, _ = measure([sys.executable, "-c", "pass"], Path(folder))
        version, size = measure([huldra, "--version"], Path(folder))
        rows.append({"what": "huldra --version", "seconds": version, "ratio": version / empty, "memory_mb": size})
    print(f"{'':44} {'seconds':>8} {'ratio':>7} {'MB':>6}   (ratio: to LibCST on the same files; to an empty Python)")
    for row in rows:
        print(f"{row['what']:44} {row['seconds']:8.2f} {row['ratio']:7.2f} {row['memory_mb']:6.0f}")
    (ROOT / "benchmarks" / "last.json").write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
