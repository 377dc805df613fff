"""The first law against an oracle: code is edited at random, and run. What gives another result must not be current.

Each edit of the sample project `zoo` is judged by the engine, which does not run it, and made by the runtime, which
does. `HULDRA_MUTATIONS` sets how many edits are tried, `HULDRA_SEED` which; `make mutation` tries thousands.
"""

import json
import os
import random
import select
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from huldra.analysis.host import open_workspace, take_snapshot
from huldra.comparison.model import ComparedRun
from tests.mutation.random_edits import edited

_COUNT = int(os.environ.get("HULDRA_MUTATIONS", "200")) // 4
_SEED = int(os.environ.get("HULDRA_SEED", "20261123"))
_PATIENCE_SECONDS = 10
_ENDS_HERE = b"\0"

_SERVER = """
import json, os, sys, signal
import huldra, chz, enum, dataclasses, functools, operator, contextlib, importlib  # once, for all the forks
out = os.fdopen(os.dup(1), "wb")
os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
os.dup2(1, 2)
for line in sys.stdin:
    project, store = json.loads(line)
    child = os.fork()
    if not child:
        signal.alarm(%d)
        os.environ["HULDRA_PATH"] = store
        huldra.HULDRA_CONFIG.base_root = __import__("pathlib").Path(store)
        os.chdir(project)
        sys.path.insert(0, project)
        found = {}
        try:
            from zoo import pipelines
            for one in (*pipelines.ALL, *pipelines.ERRORS):
                key = f"{type(one).__module__}.{type(one).__qualname__}/{one._huldra_hash}"
                raised = None
                try:
                    one.load_or_create()
                except BaseException as error:
                    raised = f"raises {type(error).__name__}"
                result = one.huldra_dir / "result.json"  # what _create made, whatever _load makes of it
                found[key] = result.read_text() if result.exists() else raised
        except BaseException as error:
            found = {"": repr(error)}
        out.write(json.dumps(found).encode())
        out.flush()
        os._exit(0)
    os.waitpid(child, 0)
    out.write(b"\\0")
    out.flush()
"""


class Oracle:
    """Runs states of the project, each in a process of its own, forked from one that has imported the library."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._count = 0
        self._server = subprocess.Popen(
            [sys.executable, "-c", _SERVER % _PATIENCE_SECONDS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def results(self, project: Path) -> Mapping[str, str]:
        """Return what each experiment gives, as text, by `class/hash`; nothing if the code cannot be imported."""
        self._count += 1
        store = self._place / f"store{self._count}"
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps([str(project), str(store)]).encode() + b"\n")
        self._server.stdin.flush()
        said = b""
        while not said.endswith(_ENDS_HERE):
            assert select.select([self._server.stdout], [], [], 3 * _PATIENCE_SECONDS)[0], "the oracle is silent"
            said += os.read(self._server.stdout.fileno(), 1 << 20)
        shutil.rmtree(store, ignore_errors=True)
        found = json.loads(said[:-1] or b"{}")
        return {} if "" in found else found

    def close(self) -> None:
        self._server.kill()
        self._server.communicate()


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oracle]:
    oracle = Oracle(tmp_path_factory.mktemp("oracle"))
    yield oracle
    oracle.close()


def judged(root: Path, overlays: Mapping[str, str]) -> dict[str, ComparedRun]:
    runs = take_snapshot(open_workspace(root, root=root, overlays=overlays)).comparison.runs
    return {run.key: run for run in runs}


def test_unedited_all_is_current(zoo: Path, oracle: Oracle) -> None:
    found = judged(zoo, {})
    assert {run.verdict for run in found.values()} == {"current"}
    assert set(found) == set(oracle.results(zoo))


def test_what_gives_another_result_is_not_called_current(zoo: Path, oracle: Oracle, tmp_path: Path) -> None:
    due = oracle.results(zoo)
    chance = random.Random(_SEED)
    files = sorted(path.relative_to(zoo).as_posix() for path in zoo.glob("zoo/**/*.py"))
    weights = [len((zoo / name).read_text()) for name in files]
    missed: list[str] = []
    changed = 0
    for number in range(_COUNT):
        (name,) = chance.choices(files, weights)
        edit = edited((zoo / name).read_text(), chance)
        if edit is None:
            continue
        text, words = edit
        project = tmp_path / f"p{number}"
        shutil.copytree(zoo, project, ignore=shutil.ignore_patterns("store", ".git", "__pycache__", ".huldra_cache"))
        (project / name).write_text(text)
        results = oracle.results(project)
        shutil.rmtree(project)
        if not results:
            continue
        runs = judged(zoo, {name: text})
        for key, result in results.items():
            if key not in due or result == due[key]:
                continue
            changed += 1
            run = runs[key]
            if run.verdict in {"current", "orphan"} and run.certainty == "certain":  # a doubt is no false promise
                missed.append(f"{name} {words}: {key} is {run.verdict} ({run.certainty}): {due[key]} -> {result}")
    assert changed > _COUNT // 4, "too few edits changed a result for this to say anything"
    assert not missed, "\n" + "\n".join(missed)
