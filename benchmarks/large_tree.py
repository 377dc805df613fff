"""How fast we are on a tree of ten thousand files, as ratios to ruff and to an empty Python, measured in the same run.

`python benchmarks/large_tree.py [--quick] [--keep]` prints a table beside the figures that were kept, in
`benchmarks/large_tree.json`, and `--keep` puts these there; all go to `benchmarks/last_large_tree.json`.
`--quick` leaves out history and growth, `--no-server` the edits in the server.
"""

import argparse
import compileall
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tree import SEEDS, make_shared_tree, make_tree

import huldra
from huldra.formats.config_values import ConfigValue
from huldra.formats.identity import identity_hash

KEPT = Path(__file__).with_suffix(".json")
LAST = KEPT.with_name(f"last_{KEPT.name}")
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
    begin, found, waiting = time.process_time(), 0, ["."]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif entry.name.endswith(".py"):
                    with open(entry.path, "rb") as file:
                        found += b"huldra" in file.read()
    return time.process_time() - begin
"""
SCAN = (
    READ
    + """
import gc
from pathlib import Path
from huldra.analysis.host import look_at_files, open_workspace
from huldra.analysis.kept import Kept
from huldra.analysis.scanned import DiskSource
gc.set_threshold(800_000, 50, 100)  # as a command does
read()
bound = min(read() for _ in range(3))
workspace = open_workspace(Path.cwd())
begin = time.process_time()
scanned = look_at_files(workspace, DiskSource(workspace.documents), Kept())
print((time.process_time() - begin) / bound, len(scanned.relevant))
"""
)
SERVER = """
import gc, sys, time
from pathlib import Path
from huldra.analysis.live import LiveProject
from huldra.features.project_view import ProjectView
from huldra.lsp.garbage import Garbage
root, name = Path.cwd(), sys.argv[1]
gc.set_threshold(10_000, 10, 10)  # as the server does
garbage = Garbage()
live, text, last = LiveProject(root), Path(name).read_text(), None
def state(changed):
    global last
    begin = time.process_time()
    taken = live.take_state({name: changed})
    live.finish(taken)
    view = ProjectView(taken.workspace, taken.snapshot, None, last)
    view.prepare()
    garbage.set_aside()
    last = view
    return (time.process_time() - begin) * 1000
state(text)
live.make_room([name])
state(text), state(text + "# looked at")
live.get_ready([name], lambda: None)  # in a pause
added, body, built = text, [], []
lines = []
for number in range(20):
    body.append(state(text.replace("total = 0", f"total = {number}", 1)))
state(text)
for number in range(20):
    added = added.replace("total = 0", "total = 0\\n        more = 1", 1)
    lines.append(state(added))
state(text)
for number in range(20):
    built.append(state(text.replace("rows=10)", f"rows={number + 11})", 1)))
for taken in (body, lines, built):
    print(sorted(taken)[18])
"""


class Measured(NamedTuple):
    """The least wall time and the least processor time in seconds, and the largest resident size in MB.

    The least, for whatever else a machine does only adds. Processor time is that of all processes together, and hardly
    minds who else is there; wall time is what one waits.
    """

    seconds: float
    processor: float
    memory: float


def make_bytecode() -> None:
    """Effect: compile our modules, as an installation does; where Python writes none, each start would do so again."""
    compileall.compile_dir(str(Path(huldra.__file__).parent), quiet=1)


def measure(
    command: list[str], directory: Path, runs: int = 5, before: Callable[[], object] = lambda: None
) -> Measured:
    """Return how long a command takes; `before` is done ahead of each run and not counted."""
    times, processor, sizes = [], [], []
    for _ in range(runs):
        before()
        begin = time.perf_counter()
        process = subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        times.append(time.perf_counter() - begin)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        processor.append(usage.ru_utime + usage.ru_stime)
        sizes.append(usage.ru_maxrss / 1024)
    return Measured(min(times), min(processor), max(sizes))


def asked(script: str, directory: Path, *words: str) -> list[float]:
    """Return the numbers that a script prints."""
    done = subprocess.run([sys.executable, "-c", script, *words], cwd=directory, check=True, capture_output=True)
    return [float(word) for word in done.stdout.split()]


def without_cache(root: Path) -> Callable[[], None]:
    return lambda: shutil.rmtree(root / ".huldra_cache", ignore_errors=True)


def edited(file: Path) -> Callable[[], None]:
    """Return what changes a number in a function body, to another one at each call."""
    text, count = file.read_text(), iter(range(1, 10**6))
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


def record_sources(root: Path) -> None:
    """Effect: have each run of the store record the files that it loaded, as our own runtime has them do."""
    git = ("git", "-C", str(root), "cat-file", "--batch")
    with subprocess.Popen(git, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for metadata in (root / "data-huldra").glob("data/**/.huldra/metadata.json"):
            told = json.loads(metadata.read_text())
            lab, module, _ = told["huldra_obj"]["__class__"].split(".")
            files: dict[str, str] = {}
            for name in (f"{lab}/__init__.py", f"{lab}/{module}.py"):
                process.stdin.write(f"{told['git_commit']}:{name}\n".encode())
                process.stdin.flush()
                _, _, size = process.stdout.readline().split()
                files[name] = hashlib.sha256(process.stdout.read(int(size) + 1)[:-1]).hexdigest()
            sources = {"schema_version": 1, "python": "3.12.1", "root_marker": "pyproject.toml", "entry": None}
            (metadata.parent / "sources.json").write_text(json.dumps(sources | {"files": files, "distributions": {}}))
        process.stdin.close()


class Row(NamedTuple):
    """A line of the table: what, the ratio, to what, the target in words, and the ratio of processor time."""

    what: str
    value: float
    unit: str
    target: str
    processor: float | None = None


def main_rows(root: Path, folder: Path, found: int) -> list[Row]:
    """Return the rows that need no history, and no second tree."""
    cold = measure([*RUFF, "--no-cache", "."], root, 4)
    warm_ruff = [*RUFF, "--cache-dir", str(folder / "ruff"), "."]
    measure(warm_ruff, root, 1)
    warm = measure(warm_ruff, root)
    empty = measure([sys.executable, "-c", "pass"], root, 9)
    version = measure([*HULDRA, "--version"], root, 9)
    ours_cold = measure(ANALYZE, root, 3, without_cache(root))
    measure(ANALYZE, root, 1)
    ours = measure(ANALYZE, root)
    lab, other = root / "lab02" / "m03.py", root / "django" / "utils" / "text.py"
    print(f"R, ruff cold: {cold.seconds:.2f} s; ruff warm: {warm.seconds:.3f} s; empty Python: {empty.seconds:.3f} s")
    elsewhere = measure(ANALYZE, root, 3, lambda: other.write_text(other.read_text() + "# more\n"))
    one = measure(ANALYZE, root, 3, edited(lab))
    ratio, chosen = min(asked(SCAN, root) for _ in range(3))
    return [
        _ratio("cold, no cache", ours_cold, cold, "R", "3"),
        _ratio("warm, nothing changed", ours, warm, "ruff warm", "2.5"),
        _ratio("a file that counts edited", one, cold, "R", "warm + 0.05"),
        _ratio("a file that does not count edited", elsewhere, cold, "R", "warm + 0.05"),
        _ratio("--version", version, empty, "python -c pass", "2"),
        Row("largest process, cold", ours_cold.memory, "MB", "250"),
        Row("largest process, warm", ours.memory, "MB", "120"),
        Row("the scan that chooses files", ratio, "reading", "4"),
        Row("files chosen too few", found - chosen, "files", "0"),
    ]


def _ratio(what: str, ours: Measured, other: Measured, unit: str, target: str) -> Row:
    return Row(what, ours.seconds / other.seconds, unit, target, ours.processor / other.processor)


def server_rows(root: Path) -> list[Row]:
    """Return what an edit in the server costs."""
    body, line, built = asked(SERVER, root, "lab02/m03.py")
    return [
        Row("edit of a function's body in the server, p95", body, "ms", "50"),
        Row("a line more in it, p95", line, "ms", "50"),
        Row("edit of what a module builds, p95", built, "ms", "150"),
    ]


def shared_rows(folder: Path) -> list[Row]:
    """Return what it costs to choose files where all of them lie in one package."""
    root = folder / "shared"
    found = len(make_shared_tree(root))
    ratio, chosen = min(asked(SCAN, root) for _ in range(3))
    shutil.rmtree(root)
    return [
        Row("the scan, all in one package", ratio, "reading", "4"),
        Row("... files chosen too few", found - chosen, "files", "0"),
    ]


def growth_rows(folder: Path) -> list[Row]:
    """Return what twice the files of either kind cost."""
    times: dict[tuple[int, int], tuple[float, float]] = {}
    for labs, third_party in ((1, 1), (1, 2), (2, 1)):
        root = folder / f"grown-{labs}-{third_party}"
        make_tree(root, labs, third_party)
        reading = min(asked(READ + "read(); print(read(), read())", root))
        times[labs, third_party] = measure(ANALYZE, root, 2, without_cache(root)).processor, reading
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
    warm = measure(warm_ruff, root)
    file, count = root / "lab02" / "m03.py", iter(range(11, 10**6))
    text = file.read_text()

    def stage(old: str = "total = 0", new: str = "total = {}") -> None:
        file.write_text(text.replace(old, new.format(next(count)), 1))
        git(root, "add", "lab02/m03.py")

    stage()
    measure(STAGED, root, 1)
    first = measure(STAGED, root, 5, stage)
    looked_at = measure(STAGED, root, 2, lambda: stage("rows=10)", "rows={})"))
    time.sleep(SETTLED_S)
    measure(STAGED, root, 1)
    again = measure(STAGED, root)
    measure(ANALYZE, root, 2)
    without = measure(ANALYZE, root)
    make_runs(root, commits)
    runs = measure(ANALYZE, root, 1)
    time.sleep(SETTLED_S)
    measure(ANALYZE, root, 1)
    second = measure(ANALYZE, root)
    at_edit = measure(ANALYZE, root, 3, edited(file))
    record_sources(root)
    measure(ANALYZE, root, 1)
    time.sleep(SETTLED_S)
    measure(ANALYZE, root, 1)
    recorded = measure(ANALYZE, root, 3, edited(file))
    return [
        _ratio("check --staged, just staged", first, warm, "ruff warm", "4"),
        _ratio("... what a module builds", looked_at, warm, "ruff warm", ""),
        _ratio("check --staged, asked again", again, warm, "ruff warm", "4"),
        _ratio("30 revisions, 1,000 runs: first call", runs, without, "without", ""),
        _ratio("30 revisions, 1,000 runs: second call", second, without, "without", "1.3"),
        _ratio("... a file edited, runs that recorded sources", recorded, at_edit, "those that did not", ""),
    ]


def show(rows: list[Row]) -> None:
    """Effect: print the table beside the figures that were kept."""
    kept = {row["what"]: row["value"] for row in json.loads(KEPT.read_text())} if KEPT.exists() else {}
    print(f"{'':42} {'now':>8} {'kept':>8} {'processor':>9}  {'unit':15} target")
    for row in rows:
        before = f"{kept[row.what]:8.2f}" if row.what in kept else f"{'-':>8}"
        processor = f"{'':9}" if row.processor is None else f"{row.processor:9.2f}"
        print(f"{row.what:42} {row.value:8.2f} {before} {processor}  {row.unit:15} {row.target}")


def main() -> None:
    """Effect: make the tree, measure, print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--quick", action="store_true", help="no history, no growth")
    words.add_argument("--no-server", dest="server", action="store_false", help="no edits in the server")
    words.add_argument("--keep", action="store_true", help=f"write the figures to {KEPT.name}")
    told = words.parse_args()
    make_bytecode()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        found = len(make_tree(folder / "tree"))
        time.sleep(SETTLED_S)
        rows = main_rows(folder / "tree", folder, found) + shared_rows(folder)
        if told.server:
            rows += server_rows(folder / "tree")
        if not told.quick:
            rows += history_rows(folder / "tree", folder)
            shutil.rmtree(folder / "tree")
            rows += growth_rows(folder)
    show(rows)
    rounded = [row._replace(value=round(row.value, 2)) for row in rows]
    for file in (LAST, KEPT) if told.keep else (LAST,):
        file.write_text(json.dumps([row._asdict() for row in rounded], indent=2) + "\n")


if __name__ == "__main__":
    main()
