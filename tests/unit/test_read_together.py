"""Runs read by several processes: as by one, whatever becomes of the others."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from huldra.stored_runs.find import walk_store
from huldra.stored_runs.index import reading_together
from huldra.stored_runs.index.reading import _task
from huldra.stored_runs.index.reading_here import Task, read_task
from huldra.stored_runs.own_processes import start_process
from tests.unit.changing_stores import fill

DIES = "import sys; sys.stdin.buffer.read(9)"
SAYS_NONSENSE = "import sys; sys.stdout.buffer.write(bytes(7) + bytes([3]) + b'abc'); sys.stdin.buffer.read()"
SAYS_TOO_LITTLE = (
    "import sys; sys.stdout.buffer.write(bytes(7) + bytes([2]) + bytes([145, 144])); sys.stdin.buffer.read()"
)


@pytest.fixture
def tasks(tmp_path: Path) -> list[Task]:
    fill(tmp_path / "store", 9)
    (damaged, *_) = (tmp_path / "store").rglob("state.json")
    damaged.write_text("{")
    return [
        (name, path, (run,))
        for name, path, runs in (_task(group) for group in walk_store(tmp_path / "store").groups)
        for run in runs
    ]


def test_a_process_of_our_own_reads_the_same(tasks: list[Task]) -> None:
    process = start_process("huldra.stored_runs.index.reading_together")
    assert process is not None
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdin as to, process.stdout as back:
        assert reading_together._answer(to, back, tasks) == [read_task(task) for task in tasks]
    assert process.wait() == 0


@pytest.mark.parametrize("script", [DIES, SAYS_NONSENSE, SAYS_TOO_LITTLE])
def test_what_a_process_does_not_read_is_read_here(
    tasks: list[Task], monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    asked = threading.Event()
    plain = reading_together._answer

    def answer(*words: object) -> object:
        found = plain(*words)
        asked.set()
        return found

    def start(_: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(reading_together, "_answer", answer)
    monkeypatch.setattr(reading_together, "start_process", start)
    found = reading_together.read_together([[task] for task in tasks], 1)
    readings = dict([next(found)])
    assert asked.wait(20)
    readings |= dict(found)
    assert readings == {number: [read_task(task)] for number, task in enumerate(tasks)}


def test_where_no_process_can_be_started(tasks: list[Task], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_together, "start_process", lambda _: None)
    assert dict(reading_together.read_together([tasks], 3)) == {0: [read_task(task) for task in tasks]}
