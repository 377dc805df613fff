"""How long the index of a store takes, as ratios to a bare walk, to reading the files, and to a plain scan.

`index.py [COUNT…]` makes stores of so many runs (1,000 and 10,000 unless told) and prints a table; `index.py DIRECTORY`
measures one that `stores.py` made. Figures are CPU seconds of the process and its children, which a shared machine
disturbs least; the parallel first build is also given in seconds of the clock. The memory is that of a process of its
own, read from `/proc` where there is one: what the system says of a child begins with what its parent had.
"""

import gc
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from stores import make_store

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.analysis.live import LiveProject
from huldra.analysis.watching import StoreWatch
from huldra.features.asked_runs import asked_runs
from huldra.features.first_lenses import first_lenses
from huldra.features.project_view import ProjectView
from huldra.stored_runs.index.held import Touched
from huldra.stored_runs.index.refresh import read_indexed
from huldra.stored_runs.read import read_store

_SETTLED_S = 2.5
_CHANGED = 100
_TIMES = 9
_OPEN = "lib/m0.py"
_COMMANDS = (
    "class == C7",  # only runs of this class are looked at
    "is failed",  # all are
)
_QUERIES = (
    "class == C7 and config.lr > 3e-4",  # one class
    "config.seed == 3",  # the configs of all
    "created > 2026-05-25",  # the records of all
    "is failed",
    "is stale",  # every run is judged
)


def walk(store: Path) -> Iterator[str]:
    """Yield the internal directory of every run, by a bare walk that stops there."""
    waiting = [os.fspath(store)]
    while waiting:
        path = waiting.pop()
        with os.scandir(path) as entries:
            names = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
        internal = f"{path}/.huldra"
        if internal in names:
            yield internal
        else:
            waiting += names


def read_files(store: Path) -> None:
    """Read state and metadata of every run: the lower bound of a first index."""
    for internal in walk(store):
        for name in ("state.json", "metadata.json"):
            Path(internal, name).read_bytes()


def scan_plainly(store: Path) -> None:
    """Find and parse everything, as a dashboard does for every request."""
    for internal in store.rglob(".huldra"):
        for name in ("state.json", "metadata.json"):
            json.loads((internal / name).read_text())


def change_some(store: Path, count: int) -> None:
    """Replace the state of some runs by itself."""
    for internal, _ in zip(walk(store), range(count), strict=False):
        state = Path(internal, "state.json")
        draft = state.with_suffix(".tmp")
        draft.write_bytes(state.read_bytes())
        draft.replace(state)


def cpu_seconds() -> float:
    """Return what this process and those that it has waited for have used."""
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def measure(work: Callable[[], object]) -> tuple[float, float]:
    """Return the CPU seconds and those of the clock that something takes."""
    used, begin = cpu_seconds(), time.perf_counter()
    work()
    return cpu_seconds() - used, time.perf_counter() - begin


def measure_store(project: Path) -> None:
    """Effect: build an index anew, and print how long each step takes."""
    store, cache = project / "data-huldra", project / ".huldra_cache"
    shutil.rmtree(cache, ignore_errors=True)
    count = sum(1 for _ in walk(store))
    walking, _ = min(measure(lambda: list(walk(store))) for _ in range(3))
    reading, reading_clock = min(measure(lambda: read_files(store)) for _ in range(2))
    scanning, _ = measure(lambda: scan_plainly(store))
    time.sleep(_SETTLED_S)
    first, first_clock = measure(lambda: read_indexed(store, cache))
    again, _ = min(measure(lambda: read_indexed(store, cache)) for _ in range(3))
    change_some(store, _CHANGED)
    time.sleep(_SETTLED_S)
    changed, _ = measure(lambda: read_indexed(store, cache))
    change_some(store, 1)
    time.sleep(_SETTLED_S)
    one, _ = measure(lambda: read_indexed(store, cache))
    plainly, _ = measure(lambda: read_store(store))
    print(f"\n{count:,} runs: walk {walking:.2f} s, reading {reading:.2f} s, plain scan {scanning:.2f} s (CPU)")
    print(f"  first index        {first:8.2f} s  {first / reading:.2f} x reading", end="")
    print(f" ({first_clock:.1f} s by the clock, {first_clock / reading_clock:.2f} x reading)")
    print(f"  nothing changed    {again:8.2f} s  {again / walking:.2f} x walk, scan / this {scanning / again:.1f}")
    print(f"  {_CHANGED} runs changed   {changed:8.2f} s  {changed - again:+.2f} s")
    print(f"  1 run changed      {one:8.2f} s")
    print(f"  everything plainly {plainly:8.2f} s  {plainly / reading:.2f} x reading")
    print(f"  memory             {memory_of(_INDEX, store, cache):8.0f} MB")
    for query in _COMMANDS:
        whole = min(measure_command(project, query) for _ in range(3))
        print(
            f"  huldra runs        {whole:8.2f} s  {whole / walking:.2f} x walk, scan / this {scanning / whole:.1f}",
            end="",
        )
        print(f"  {query}")
    for query in _QUERIES:
        print(f"  {measure_query(project, query) * 1000:8.0f} ms  {query}")
    measure_server(project)


def measure_server(project: Path) -> None:
    """Effect: change a run, then code that runs are made with, and print what a new state in the server costs."""
    store, live = project / "data-huldra", LiveProject(project)

    def next_state(buffers: Mapping[str, str], last: ProjectView | None) -> ProjectView:
        state = live.take_state(buffers)
        live.finish(state)
        view = ProjectView(state.workspace, state.snapshot, None, last)
        view.prepare()
        return view

    lens = measure_first_lens(project)
    views: list[ProjectView] = []
    first, _ = measure(lambda: views.append(next_state({}, None)))
    watch, internals = StoreWatch(), list(walk(store))
    watch.touched(store, live.held_store, time.time_ns())
    looks, runs, edits = list[float](), list[float](), list[float]()
    for number in range(_TIMES):
        internal = Path(internals[number * len(internals) // _TIMES])
        make_later(internal / "state.json", number)
        path = internal.parent.relative_to(store).as_posix()
        looks.append(measure(lambda: watch.touched(store, live.held_store, time.time_ns()))[0])
        live.forget_store(Touched(runs=frozenset({path})))
        runs.append(measure(lambda: views.append(next_state({}, views[-1])))[0])
    name = _OPEN
    text = (project / name).read_text()
    for number in range(_TIMES):
        edited = text.replace("self.seed", f"self.seed + {number}").replace("range(16)", f"range({number})")
        state = partial(next_state, {name: edited})
        edits.append(measure(lambda: views.append(state(views[-1])))[0])  # noqa: B023  called at once
    print(f"  server: first lens {lens:.1f} s, first state {first:.1f} s, a look {median(looks) * 1000:.0f} ms", end="")
    print(f", one run changed {median(runs) * 1000:.0f} ms, code of one class {median(edits) * 1000:.0f} ms (medians)")
    print(f"  server: memory {memory_of(_SERVER, project):.0f} MB")


def measure_first_lens(project: Path) -> float:
    """Return the CPU seconds until the lenses of an open file are known, while not all runs are judged yet."""

    def first() -> None:
        live = LiveProject(project)
        state = live.take_state({})
        live.find_experiments(state)
        first_lenses(state.workspace, state.snapshot, [_OPEN], datetime.now(UTC))

    return measure(first)[0]


def make_later(state: Path, second: int) -> None:
    """Effect: replace the state of a run by one that was written at another time."""
    said = json.loads(state.read_text())
    said["updated_at"] = f"2027-01-01T00:{time.time_ns() % 60:02}:{second:02}+00:00"
    if "created_at" in said["result"]:
        said["result"]["created_at"] = said["updated_at"]
    draft = state.with_suffix(".tmp")
    draft.write_text(json.dumps(said))
    draft.replace(state)


def measure_command(project: Path, query: str) -> float:
    """Return the CPU seconds of the whole command, from the start of Python, with bytecode in a place of its own."""
    with tempfile.TemporaryDirectory() as bytecode:
        around = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode}
        around.pop("PYTHONDONTWRITEBYTECODE", None)
        command = [sys.executable, "-m", "huldra", "--root", project, "runs", query, "--limit", "20"]
        subprocess.run(command, check=True, capture_output=True, env=around)  # writes what the next reads
        used, _ = measure(lambda: subprocess.run(command, check=True, capture_output=True, env=around))
    return used


def measure_query(project: Path, query: str) -> float:
    """Return the CPU seconds that a query takes when all runs are known, and none has been looked into."""
    workspace = open_workspace(project)
    snapshot = take_snapshot(workspace)
    runs = snapshot.comparison_on_demand.runs
    used, _ = measure(lambda: asked_runs(workspace, snapshot.project, runs, query))
    return used


_INDEX = (
    "from huldra.stored_runs.index.refresh import read_indexed\n"
    "found = read_indexed(Path(sys.argv[1]), Path(sys.argv[2]))\n"
)
_SERVER = (
    "from huldra.analysis.live import LiveProject\n"
    "from huldra.features.project_view import ProjectView\n"
    "live = LiveProject(Path(sys.argv[1]))\n"
    "state = live.take_state({})\n"
    "live.finish(state)\n"
    "ProjectView(state.workspace, state.snapshot).prepare()\n"
)


def memory_of(work: str, *paths: Path) -> float:
    """Return the largest resident size in MB of a process that does some work."""
    script = (
        f"import re, resource, sys; from pathlib import Path\n{work}"
        "status = Path('/proc/self/status')\n"
        "most = re.search(r'VmHWM:\\s+(\\d+)', status.read_text()) if status.exists() else None\n"
        "print((int(most[1]) if most else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", script, *paths], check=True, capture_output=True)
    return float(done.stdout)


def main(words: list[str]) -> None:
    """Effect: measure what was asked for."""
    gc.set_threshold(50_000, 50, 100)  # as the command line does
    for word in words or ["1000", "10000"]:
        if not word.isdigit():
            measure_store(Path(word))
            continue
        with tempfile.TemporaryDirectory() as folder:
            make_store(Path(folder), int(word))
            measure_store(Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
