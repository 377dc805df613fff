"""Whether one of many files has changed is told by two numbers of each, whichever of them changes, comes or goes."""

import os
from pathlib import Path

from huldra.analysis.watching import FileWatch

LONG_AGO = 1_600_000_000
NAMES = ["a.py", "sub/b.py", "gone.py", "", "sub"]


def put(path: Path, text: str, seconds: int = LONG_AGO) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    os.utime(path, (seconds, seconds))


def test_each_change_is_seen_once(tmp_path: Path) -> None:
    put(tmp_path / "a.py", "x = 1\n")
    put(tmp_path / "sub/b.py", "x = 1\n")
    for directory in (tmp_path, tmp_path / "sub"):
        os.utime(directory, (LONG_AGO, LONG_AGO))
    watch = FileWatch()
    read_at = (LONG_AGO + 10) * 10**9

    def look(names: list[str] = NAMES) -> list[bool]:
        return [watch.has_changed(tmp_path, names, read_at) for _ in range(2)]

    assert look() == [False, False]
    put(tmp_path / "sub/b.py", "x = 22\n")  # another size at the same time
    assert look() == [True, False]
    put(tmp_path / "sub/b.py", "x = 33\n", LONG_AGO + 1)  # another time at the same size
    assert look() == [True, False]
    put(tmp_path / "sub/b.py", "x = 33\n", LONG_AGO - 1)  # a time that goes back
    assert look() == [True, False]
    (tmp_path / "a.py").unlink()
    assert look() == [True, False]
    os.utime(tmp_path, (LONG_AGO, LONG_AGO))
    put(tmp_path / "gone.py", "", 0)  # empty, and of the earliest time there is
    assert look() == [True, False]
    (tmp_path / "sub/new.py").write_text("")
    assert look() == [True, False]
    assert look([*NAMES, "sub/new.py"]) == [True, False]
    assert look(NAMES) == [True, False]


def test_what_is_younger_than_what_was_read_counts_at_the_first_look(tmp_path: Path) -> None:
    put(tmp_path / "a.py", "x = 1\n")
    put(tmp_path / "b.py", "x = 1\n", LONG_AGO + 5)
    assert not FileWatch().has_changed(tmp_path, ["a.py", "b.py"], (LONG_AGO + 10) * 10**9)
    assert FileWatch().has_changed(tmp_path, ["a.py", "b.py"], (LONG_AGO + 5) * 10**9)
    assert FileWatch().has_changed(tmp_path, ["b.py", "a.py"], (LONG_AGO + 5) * 10**9)
