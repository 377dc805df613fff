"""Garbage of states is found without anybody's being idle, and what is in use is never looked through for little."""

import gc
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from huldra.lsp.garbage import Garbage

MAKING = """
import gc, sys, threading
from huldra.lsp.garbage import Garbage

sys.setswitchinterval(1e-5)
faults, is_over = [], threading.Event()

def make():
    try:
        while not is_over.is_set():
            tuple(number for number in range(400))
    except SystemError as error:
        faults.append(error)

thread = threading.Thread(target=make)
thread.start()
garbage = Garbage()
held = [[] for _ in range(200_000)]
for _ in range(100):
    gc.unfreeze()
    garbage.set_aside()
is_over.set()
thread.join()
sys.exit(repr(faults) if faults else 0)
"""
"""A tuple that somebody else holds cannot be finished (bpo-15108)."""

LEAVING = """
import gc
from huldra.lsp.garbage import Garbage

class Held:
    def __init__(self):
        self.me = self

garbage = Garbage()
held = [[] for _ in range(200_000)]
garbage.set_aside()
at_first = most = gc.get_freeze_count()
for _ in range(40):
    left = [Held() for _ in range(20_000)]
    garbage.set_aside()
    most = max(most, gc.get_freeze_count())
    del left
print(at_first, most)
"""
"""In a process of its own, for what a process holds already, in a long run of tests much, lets it grow."""


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.collect()


def test_what_many_states_leave_is_found_though_nobody_rests(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(LEAVING)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=True)
    at_first, most = map(int, done.stdout.split())
    assert at_first > 200_000
    # All of it would be at least 800,000 more.
    assert most < 2 * at_first + 150_000 < at_first + 800_000


def test_what_other_threads_are_making_is_not_held(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(MAKING)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_few_states_are_no_reason_to_look() -> None:
    looks: list[None] = []
    garbage = Garbage(lambda: looks.append(None))
    kept = []
    for _ in range(300):
        kept.append([object() for _ in range(10)])
        garbage.set_aside()
    assert not looks
    garbage.look_at_leisure()
    assert len(looks) == 1
    garbage.look_at_leisure()
    assert len(looks) == 1
