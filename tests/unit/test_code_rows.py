"""What two processes find together is what one finds alone, whatever becomes of the second."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

import pytest

from huldra.sources import code_rows, two_processes
from huldra.sources.code_rows import code_lines
from huldra.sources.path_rows import CannotTellError
from huldra.sources.two_processes import shared

FOLDERS = 30
# A process of its own: the one that runs tests may have threads, and then nobody makes copies of it.
TOGETHER = """
import sys
from huldra.sources import code_rows, two_processes
code_rows._MANY_DIRECTORIES, two_processes._processors = 5, lambda: 2
made = []
shared = two_processes.shared
code_rows.shared = lambda *words: made.append(shared(*words)) or made[-1]
lines, newest = code_rows.code_lines(sys.argv[1], "")
print(*(part.count(b"\\n") for part in made[0] or ()))
print(newest, *lines, sep="\\n")
"""


def make_tree(root: Path) -> None:
    """Effect: write directories with files, deep and shallow, among them names that need care."""
    for number in range(FOLDERS):
        folder = root / f"lab{number:02}" / "in'ner" / "deep"
        folder.mkdir(parents=True)
        (folder / f"m{number}.py").write_text("x = 1\n" * number)
        (folder.parent / 'a "b" ü.py').write_text("")
        (folder.parent / "native.so").write_text("")
        (folder.parent / "notes.txt").write_text("not code")
    (root / "lab03" / "link.py").symlink_to(root / "lab04" / "in'ner" / "deep" / "m4.py")
    (root / "lab05" / ".git").mkdir()
    (root / "lab06" / "pyvenv.cfg").write_text("")


def run_together(root: Path) -> tuple[list[str], list[str]]:
    """Return how much each process found, and what they found together."""
    command = [sys.executable, "-c", TOGETHER, str(root)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    first, *rest = done.stdout.splitlines()
    return first.split(), rest


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system knows no copies of processes")
def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    make_tree(tmp_path)
    parts, found = run_together(tmp_path)
    lines, newest = code_lines(str(tmp_path), "")
    assert len(parts) == 2
    assert found == [str(newest), *lines]
    assert "('lab05/.git',)" in lines
    assert not any("lab06/in'ner" in line for line in lines)


def test_a_file_that_changes_changes_its_line_and_the_time(tmp_path: Path) -> None:
    make_tree(tmp_path)
    before, newest = code_lines(str(tmp_path), "")
    file = tmp_path / "lab07" / "in'ner" / "deep" / "m7.py"
    os.utime(file, ns=(newest + 5, newest + 5))
    after, later = code_lines(str(tmp_path), "")
    assert later >= newest + 5
    assert [line for line in after if line not in before] == [
        line for line in after if line.startswith('("lab07/in\'ner/deep/m7.py", ')
    ]


def numbers_as_bytes(numbers: Iterable[int]) -> bytes:
    return bytes(numbers)


def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Effect: let it seem that there are two processors, and no other thread."""
    monkeypatch.setattr(two_processes, "_processors", lambda: 2)
    monkeypatch.setattr(two_processes, "_other_threads_run", lambda: False)


def test_where_no_copy_can_be_made_one_does_it_all(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    make_tree(tmp_path)
    expected = code_lines(str(tmp_path), "")
    alone(monkeypatch)
    monkeypatch.setattr(code_rows, "_MANY_DIRECTORIES", 5)

    def refuse() -> int:
        raise OSError("no more processes")

    monkeypatch.setattr(os, "fork", refuse, raising=False)
    assert shared(3, numbers_as_bytes) is None
    assert code_lines(str(tmp_path), "") == expected


def test_one_processor_or_other_threads_make_no_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> int:
        raise AssertionError("a copy was made")

    monkeypatch.setattr(os, "fork", never, raising=False)
    alone(monkeypatch)
    monkeypatch.setattr(two_processes, "_processors", lambda: 1)
    assert shared(3, numbers_as_bytes) is None
    monkeypatch.undo()
    monkeypatch.setattr(os, "fork", never, raising=False)
    monkeypatch.setattr(two_processes, "_processors", lambda: 2)
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        assert shared(3, numbers_as_bytes) is None
    finally:
        end.set()
        thread.join()


BROKEN_COPY = """
import os
from huldra.sources import two_processes
two_processes._processors = lambda: 2
own = os.getpid()
def work(numbers):
    found = bytes(numbers)
    if os.getpid() != own:
        {what}
    return found
print(two_processes.shared(3, work), flush=True)
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("nobody left")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system knows no copies of processes")
@pytest.mark.parametrize("what", ["raise ValueError", "os.kill(os.getpid(), 9)", "raise SystemExit(0)"])
def test_a_copy_that_does_not_come_to_its_end_counts_for_nothing(what: str) -> None:
    script = BROKEN_COPY.format(what=what)
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["None", "nobody left"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system knows no copies of processes")
def test_what_cannot_be_told_is_raised_whoever_finds_it(tmp_path: Path) -> None:
    make_tree(tmp_path)
    (tmp_path / ".git").mkdir()
    modules = [f"lab{number}" for number in range(10, FOLDERS)]
    (tmp_path / ".gitmodules").write_text("".join(f'[submodule "{name}"]\n\tpath = {name}\n' for name in modules))
    for name in modules:
        (tmp_path / name / ".git").write_text(f"gitdir: ../.git/modules/{name}\n")
    with pytest.raises(CannotTellError):
        code_lines(str(tmp_path), "")
    command = [sys.executable, "-c", TOGETHER, str(tmp_path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert "CannotTellError" in done.stderr
