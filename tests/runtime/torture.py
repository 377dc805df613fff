"""The crash test: processes that contend for the same experiments, killed at random points, hundreds of times.

`python -m tests.runtime.torture --kills 500` prints what happened; a violation of what is promised ends with 1.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
CONTENDERS = 4
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
WORK = "from tests.runtime.torture_pipeline import work; work({seed})"
FINAL_SECONDS = 120
SIGNAL_SECONDS = 30


def torture(folder, kills, seed=0):
    """Kill workers `kills` times; return counts of what happened, and a list of broken promises."""
    environment = environment_for(folder)
    chance = random.Random(seed)
    counts, deaf = Counter(), []
    workers = [start(environment, seed + index) for index in range(CONTENDERS)]
    try:
        for kill in range(kills):
            time.sleep(chance.random() * 0.25)
            index = chance.randrange(CONTENDERS)
            number = chance.choice(SIGNALS)
            if chance.random() < 0.9:  # the others are killed while they start
                workers[index].stdout.readline()
            workers[index].send_signal(number)
            deaf += ended_by(workers[index], number, counts)
            counts[f"killed by {number.name}"] += 1
            counts[f"exit code {workers[index].returncode}"] += 1
            workers[index] = start(environment, seed + CONTENDERS + kill)
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
    return counts, deaf + check(folder, environment, counts)


def ended_by(worker, number, counts):
    """Wait for the end of a worker that was sent a signal; say so if it goes on, and end it.

    An exception that a signal raises in a callback of the interpreter's own (an import's lock that goes, a finalizer)
    is printed and forgotten there, in any program; that is no fault of ours, and is counted.
    """
    try:
        worker.communicate(timeout=SIGNAL_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.communicate()
        said = worker.errors.read_text()
        if "Exception ignored in" in said:
            counts["signals that the interpreter forgot"] += 1
            return []
        return [f"goes on after {number.name}: {said}"]
    return []


def environment_for(folder):
    return {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "HULDRA_PATH": str(folder / "störe of tests"),
        "TORTURE_TRACE": str(folder / "trace"),
        "HULDRA_LOG_LEVEL": "ERROR",
        "HULDRA_HEARTBEAT_SECS": "0.05",
        "HULDRA_POLL_INTERVAL_SECS": "0.05",
        "GIT_CEILING_DIRECTORIES": str(folder),
    }


def start(environment, seed):
    Path(environment["TORTURE_TRACE"]).mkdir(exist_ok=True)
    path = Path(environment["TORTURE_TRACE"]) / f"errors of {seed}"
    with path.open("w") as errors:
        worker = subprocess.Popen(
            [sys.executable, "-c", WORK.format(seed=seed)],
            env=environment,
            cwd=Path(environment["TORTURE_TRACE"]).parent,
            stdout=subprocess.PIPE,
            stderr=errors,
        )
    worker.errors = path
    return worker


def check(folder, environment, counts):
    """Return every promise that was broken."""
    broken = lines_of(folder / "trace" / "violations") + uncaught(folder / "trace")
    broken += unreadable(folder)
    finals = finish(environment)
    if isinstance(finals, str):
        return [*broken, finals]
    once = {json.loads(line)[0] for line in lines_of(folder / "trace" / "returned")}
    tokens = {tuple(line.split()[:2]) for line in lines_of(folder / "trace" / "created")}
    counts["results returned"] = len(lines_of(folder / "trace" / "returned"))
    counts["_create that ended"] = len(lines_of(folder / "trace" / "created"))
    for digest, final in finals.items():
        if digest in once and final["created"]:
            broken.append(f"{digest}: an earlier success is lost")
        if (digest, final["token"]) not in tokens:
            broken.append(f"{digest}: the result is none that was ever finished")
    broken += [f"left behind: {path}" for path in folder.rglob("*") if path.name in {"previous", ".compute.lock"}]
    broken += [f"left behind: {path}" for path in folder.rglob("*.tmp") if path.is_dir()]
    counts["attempts started"] = count_events(folder, "attempt_started")
    counts["experiments"] = len(finals)
    return broken + unreadable(folder)


FINISH = """
import json, os
from tests.runtime import torture_pipeline as pipeline
found = {}
for experiment in pipeline.experiments():
    size = sum(1 for _ in open(pipeline.TRACE / "created")) if (pipeline.TRACE / "created").exists() else 0
    token = experiment.load_or_create()
    lines = open(pipeline.TRACE / "created").read().splitlines()[size:]
    found[experiment.huldra_hash] = {
        "token": token, "created": any(line.startswith(experiment.huldra_hash) for line in lines)}
for experiment in pipeline.experiments():
    again = experiment.load_or_create(force=True)
    assert experiment.load_or_create() == again
print(json.dumps(found))
"""


def finish(environment):
    """Ask for everything, first as it is and then anew, in one process; return what came, or what went wrong."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", FINISH],
            env=environment,
            cwd=Path(environment["TORTURE_TRACE"]).parent,
            capture_output=True,
            text=True,
            timeout=FINAL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"deadlock: not everything could be computed in {FINAL_SECONDS} s"
    return json.loads(done.stdout) if done.returncode == 0 else f"not computable: {done.stderr}"


def lines_of(path):
    return path.read_text().splitlines() if path.exists() else []


def uncaught(trace):
    """Return the errors that a worker died of; KeyboardInterrupt is what SIGINT raises where nothing is under way."""
    texts = [path.read_text() for path in trace.glob("errors of *")]
    return [text for text in texts if "Traceback" in text and "KeyboardInterrupt" not in text]


def unreadable(folder):
    """Return every JSON file, and every line of events, that cannot be read; and each success that is none.

    A draft may be torn, and so may what a directory that is a draft holds: nobody reads it by that name.
    """
    broken = []
    for path in folder.rglob("*.json*"):
        if any(part.endswith(".tmp") for part in path.relative_to(folder).parts):
            continue
        try:
            text = path.read_text()
            for document in text.splitlines() if path.suffix == ".jsonl" else [text]:
                json.loads(document)
        except FileNotFoundError:
            continue
        except ValueError as error:
            broken.append(f"unreadable: {path}: {error}")
    for path in folder.rglob("state.json"):
        run = path.parent.parent
        if path.parent.name == ".huldra" and json.loads(path.read_text())["result"]["status"] == "success":
            tokens = [part.read_text() for part in run.glob("part*")]
            if len(tokens) != 6 or len(set(tokens)) != 1:
                broken.append(f"a success that is incomplete: {run}: {tokens}")
    return broken


def count_events(folder, kind):
    return sum(line.count(f'"{kind}"') for path in folder.rglob("events.jsonl") for line in lines_of(path))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else time.time_ns() % 1_000_000
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        counts, broken = torture(Path(name), options.kills, seed)
    print(f"seed {seed}, {CONTENDERS} processes, {time.monotonic() - began:.0f} s")
    for what, count in sorted(counts.items()):
        print(f"  {what}: {count}")
    print(f"  broken promises: {len(broken)}")
    for line in broken:
        print(f"    {line}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
