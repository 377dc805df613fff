"""How fast we are on a tree of ten thousand files, as ratios to ruff and to an empty Python, measured in the same run.

`python benchmarks/large_tree.py [--quick] [--keep]` prints a table beside the figures that were kept, in
`benchmarks/large_tree.json`, and `--keep` puts these there. `--quick` leaves out history and growth.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tree import SEEDS, make_tree

from huldra.formats.config_values import ConfigValue
from huldra.formats.identity import identity_hash

KEPT = Path(__file__).with_suffix(".json")
BIN = Path(sys.executable).parent
HULDRA = [sys.executable, "-c", "from huldra.cli.main import run; run()"]
ANALYZE = [*HULDRA, "analyze", "--format", "json"]
STAGED = [*HULDRA, "check", "--staged", "--exit-zero"]
RUFF = [str(BIN / "ruff"), "check", "--quiet", "--exit-zero", "--select", "F401,F821"]
SETTLED_S = 2.2
REVISIONS, RUNS = 30, 1000

READ = """
import os, sys, time
def read():
    begin, found, waiting = time.perf_counter(), 0, ["."]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.name.endswith(".py"):
                    with open(entry.path, "rb") as file:
                        found += b"huldra" in file.read()
    return time.perf_counter() - begin
"""
SCAN = (
    READ
    + """
from pathlib import Path
from huldra.analysis.host import look_at_files, open_workspace
from huldra.analysis.kept import Kept
from huldra.analysis.scanned import DiskSource
read()
bound = min(read() for _ in range(3))
workspace = open_workspace(Path.cwd())
begin = time.perf_counter()
scanned = look_at_files(workspace, DiskSource(workspace.documents), Kept())
print((time.perf_counter() - begin) / bound, len(scanned.relevant))
"""
)
SERVER = """
import sys, time, gc
from pathlib import Path
from huldra.analysis.live import LiveProject
root, name = Path.cwd(), sys.argv[1]
live, text = LiveProject(root), Path(sys.argv[1]).read_text()
live.take_state({name: text})
taken = []
for number in range(20):
    changed = text.replace("total = 0", f"total = {number}", 1)
    begin = time.perf_counter()
    live.take_state({name: changed})
    taken.append(time.perf_counter() - begin)
print(sorted(taken)[18] * 1000)
"""


class Measured(NamedTuple):
    """A median in seconds, and the largest resident size in MB of one process."""

    seconds: float
    memory: float


def measure(
    command: list[str], directory: Path, runs: int = 5, before: Callable[[], object] = lambda: None
) -> Measured:
    """Return how long a command takes; `before` is done ahead of each run and not counted."""
    times, sizes = [], []
    for _ in range(runs):
        before()
        begin = time.perf_counter()
        process = subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        times.append(time.perf_counter() - begin)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        sizes.append(usage.ru_maxrss / 1024)
    return Measured(statistics.median(times), max(sizes))


def asked(script: str, directory: Path, *words: str) -> list[float]:
    """Return the numbers that a script prints."""
    done = subprocess.run([sys.executable, "-c", script, *words], cwd=directory, check=True, capture_output=True)
    return [float(word) for word in done.stdout.split()]


def without_cache(root: Path) -> Callable[[], None]:
    return lambda: shutil.rmtree(root / ".huldra_cache", ignore_errors=True)


def edited(file: Path) -> Callable[[], None]:
    """Return what changes a number in a function body, to another one at each call."""
    text, count = file.read_text(), iter(range(10**6))
    return lambda: file.write_text(text.replace("total = 0", f"total = {next(count)}", 1)) and None


def git(root: Path, *words: str) -> str:
    names = ("-c", "user.name=bench", "-c", "user.email=bench@example.org")
    done = subprocess.run(["git", *names, *words], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def make_history(root: Path) -> list[str]:
    """Effect: make a repository with revisions that each change a function that results depend on. Return them."""
    (root / ".gitignore").write_text("data-huldra/\n.huldra_cache/\n")
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "all")
    commits = [git(root, "rev-parse", "HEAD")]
    for number in range(1, REVISIONS):
        file = root / f"lab0{number % 6}" / f"m0{number % SEEDS}.py"
        file.write_text(file.read_text().replace("% 1_000_003", f"% 1_000_003 + {number} - {number}", 1))
        git(root, "commit", "-q", "-a", "-m", f"change {number}")
        commits.append(git(root, "rev-parse", "HEAD"))
    return commits


def make_runs(root: Path, commits: list[str]) -> None:
    """Effect: write a store of runs, made at these commits in turn."""
    for number in range(RUNS):
        lab, module = number % 6, number % SEEDS
        name = f"lab0{lab}.m0{module}.Data0{lab}x0{module}"
        fields = {"name": f"d0{lab}x0{module}", "rows": number, "shuffled": True}
        digest = identity_hash(ConfigValue(name, tuple(fields.items())))
        internal = root / "data-huldra" / "data" / name.replace(".", "/") / digest / ".huldra"
        internal.mkdir(parents=True)
        at = "2026-01-01T00:00:00+00:00"
        attempt = {"id": f"{number:032x}", "number": 1, "backend": "local", "status": "success", "started_at": at}
        attempt |= {"heartbeat_at": at, "lease_duration_sec": 120.0, "lease_expires_at": at, "ended_at": at}
        owner = {"pid": 1, "host": "node", "hostname": "node", "user": "user", "command": "x"}
        attempt |= {"owner": owner, "scheduler": {}, "reason": None}
        result = {"status": "success", "created_at": at}
        state = {"schema_version": 1, "result": result, "attempt": attempt, "updated_at": at}
        (internal / "state.json").write_text(json.dumps(state))
        (internal / "SUCCESS.json").write_text(json.dumps({"attempt_id": attempt["id"], "created_at": at}))
        metadata = {"huldra_obj": {"__class__": name, **fields}, "huldra_hash": digest, "git_branch": "main"}
        metadata |= {"git_commit": commits[number % len(commits)], "timestamp": at, "git_remote": None}
        metadata |= {"git_patch": "# === unstaged ===\n# === staged ===\n# === untracked ===", "git_submodules": {}}
        metadata |= {"huldra_python_def": "", "huldra_path": "", "command": "x", "python_version": "3.12.1"}
        metadata |= {"executable": "x", "platform": "x", "hostname": "node", "user": "user", "pid": 1}
        (internal / "metadata.json").write_text(json.dumps(metadata))


class Row(NamedTuple):
    """A line of the table: what was measured, the ratio, to what, and the target in words."""

    what: str
    value: float
    unit: str
    target: str


def main_rows(root: Path, folder: Path, found: int) -> list[Row]:
    """Return the rows that need no history, and no second tree."""
    cold = measure([*RUFF, "--no-cache", "."], root, 3).seconds
    warm_ruff = [*RUFF, "--cache-dir", str(folder / "ruff"), "."]
    measure(warm_ruff, root, 1)
    warm = measure(warm_ruff, root).seconds
    empty = measure([sys.executable, "-c", "pass"], root, 9).seconds
    version = measure([*HULDRA, "--version"], root, 9).seconds
    ours_cold = measure(ANALYZE, root, 3, without_cache(root))
    measure(ANALYZE, root, 1)
    ours_warm = measure(ANALYZE, root)
    lab, other = root / "lab02" / "m03.py", root / "django" / "utils" / "text.py"
    print(f"R, ruff cold: {cold:.2f} s; ruff warm: {warm:.3f} s; empty Python: {empty:.3f} s")
    one = measure(ANALYZE, root, 3, edited(lab)).seconds
    elsewhere = measure(ANALYZE, root, 3, lambda: other.write_text(other.read_text() + "# more\n")).seconds
    ratio, chosen = asked(SCAN, root)
    (p95,) = asked(SERVER, root, "lab02/m03.py")
    return [
        Row("cold, no cache", ours_cold.seconds / cold, "R", "3 R"),
        Row("warm, nothing changed", ours_warm.seconds / warm, "ruff warm", "2.5"),
        Row("a file that counts edited, more than warm", (one - ours_warm.seconds) / cold, "R", "0.05 R"),
        Row("a file that does not count edited", (elsewhere - ours_warm.seconds) / cold, "R", "0.05 R"),
        Row("edit in the server to a new snapshot, p95", p95, "ms", "50 ms"),
        Row("--version", version / empty, "python -c pass", "2"),
        Row("largest process, cold", ours_cold.memory, "MB", "250 MB"),
        Row("largest process, warm", ours_warm.memory, "MB", "120 MB"),
        Row("the scan that chooses files", ratio, "reading", "4"),
        Row("files chosen too few", found - chosen, "files", "0"),
    ]


def growth_rows(folder: Path) -> list[Row]:
    """Return what twice the files of either kind cost."""
    times: dict[tuple[int, int], tuple[float, float]] = {}
    for labs, third_party in ((1, 1), (1, 2), (2, 1)):
        root = folder / f"grown-{labs}-{third_party}"
        make_tree(root, labs, third_party)
        reading = min(asked(READ + "read(); print(read(), read())", root))
        times[labs, third_party] = measure(ANALYZE, root, 2, without_cache(root)).seconds, reading
        shutil.rmtree(root)
    (base, read), (others, more), (labs, _) = times[1, 1], times[1, 2], times[2, 1]
    return [
        Row("twice the files that don't count, added", (others - base) / (more - read), "reading them", "4"),
        Row("twice the files that count", labs / base, "once", "2"),
    ]


def history_rows(root: Path, folder: Path) -> list[Row]:
    """Return what git and stored runs cost."""
    warm_ruff = [*RUFF, "--cache-dir", str(folder / "ruff"), "."]
    commits = make_history(root)
    warm = measure(warm_ruff, root).seconds
    change = edited(root / "lab02" / "m03.py")

    def stage() -> None:
        change()
        git(root, "add", "lab02/m03.py")

    stage()
    measure(STAGED, root, 1)
    first = measure(STAGED, root, 3, stage).seconds
    time.sleep(SETTLED_S)
    measure(STAGED, root, 1)
    again = measure(STAGED, root).seconds
    measure(ANALYZE, root, 2)
    without = measure(ANALYZE, root).seconds
    make_runs(root, commits)
    begin = time.perf_counter()
    measure(ANALYZE, root, 1)
    seconds = time.perf_counter() - begin
    time.sleep(SETTLED_S)
    measure(ANALYZE, root, 1)
    ours = measure(ANALYZE, root).seconds
    return [
        Row("check --staged, just staged", first / warm, "ruff warm", "4"),
        Row("check --staged, asked again", again / warm, "ruff warm", "4"),
        Row("30 revisions, 1,000 runs: first call", seconds, "s", ""),
        Row("30 revisions, 1,000 runs: second call", ours / without, "without", "1.3"),
    ]


def show(rows: list[Row]) -> None:
    """Effect: print the table beside the figures that were kept."""
    kept = {row["what"]: row["value"] for row in json.loads(KEPT.read_text())} if KEPT.exists() else {}
    print(f"{'':46} {'now':>8} {'kept':>8}  {'unit':15} target")
    for row in rows:
        before = f"{kept[row.what]:8.2f}" if row.what in kept else f"{'-':>8}"
        print(f"{row.what:46} {row.value:8.2f} {before}  {row.unit:15} {row.target}")


def main() -> None:
    """Effect: make the tree, measure, print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--quick", action="store_true", help="no history, no growth")
    words.add_argument("--keep", action="store_true", help=f"write the figures to {KEPT.name}")
    told = words.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        found = len(make_tree(folder / "tree"))
        time.sleep(SETTLED_S)
        rows = main_rows(folder / "tree", folder, found)
        if not told.quick:
            rows += history_rows(folder / "tree", folder)
            shutil.rmtree(folder / "tree")
            rows += growth_rows(folder)
    show(rows)
    if told.keep:
        KEPT.write_text(json.dumps([row._asdict() for row in rows], indent=2) + "\n")


if __name__ == "__main__":
    main()
