"""Streams that are closed, and such that take nothing more: what else a command does is not changed by them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

HULDRA = Path(sys.executable).parent / "huldra"


def shell(line, at, unbuffered=""):
    """Run a line of a shell, in which `huldra` is ours."""
    path = f"{HULDRA.parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "PYTHONUNBUFFERED": unbuffered}
    return subprocess.run(["sh", "-c", line], cwd=at, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "words", ["check", "analyze --format json", "runs --format json", "--version", "hash lab.py:18"]
)
def test_a_closed_stream_changes_nothing_else(lab, words):
    expected = shell(f"huldra {words}", lab)
    assert expected.returncode == 0
    for _ in range(2):  # the second answer may be a kept one
        unheard = shell(f"huldra {words} 2>&-", lab)
        assert (unheard.returncode, unheard.stdout, unheard.stderr) == (0, expected.stdout, "")
        for closed in ("<&-", ">&-", "<&- >&- 2>&-"):
            done = shell(f"huldra {words} {closed}", lab)
            assert done.returncode == 0, done.stderr
            assert "bug" not in done.stderr


def test_without_stdin_nobody_is_asked(lab):
    for words, why in (
        ("rerun Train", "nothing was started"),
        ("new Train lr=3.0 --into lab.py", "nothing was written"),
    ):
        done = shell(f"huldra {words} <&-", lab)
        assert done.returncode == 2
        assert done.stderr.splitlines()[-1].startswith(f"huldra: {why}: say --yes")
        assert "bug" not in done.stderr
    served = shell("huldra lsp --stdio <&-", lab)
    assert (served.returncode, served.stderr) == (1, "")  # as where an editor has left without a word


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_no_bug(lab, unbuffered):
    of_argparse = () if unbuffered else ("--help", "", "analyze --help")  # what stops it there it keeps to itself
    for words in ("doctor", "analyze --format json", "-q check", "--version", "graph --format json", *of_argparse):
        for _ in range(2 if "analyze" in words else 1):  # the second answer may be a kept one
            done = shell(f"huldra {words} > /dev/full", lab, unbuffered)
            assert done.stderr.splitlines()[-1:] == ["huldra: standard output: No space left on device"], words
            assert done.returncode == 2
    unheard = shell("huldra hash lab.py:1 2> /dev/full", lab, unbuffered)
    assert (unheard.returncode, unheard.stdout) == (2, "")


def test_a_working_directory_that_is_gone_is_no_bug(lab):
    for words in ("runs", f"runs --root '{lab}'"):
        done = shell(f'mkdir gone && cd gone && rmdir "$PWD" && huldra {words}', lab)
        assert done.returncode == 2
        assert done.stderr == "huldra: the working directory is not there any more: change to one that is\n"


def test_a_next_step_can_be_given_to_a_shell(lab):
    (lab / "dir name").mkdir()
    (lab / "lab.py").rename(lab / "dir name" / "x y.py")
    assert "`huldra rerun 'dir name/x y.py:19'`" in shell("huldra analyze", lab).stdout
