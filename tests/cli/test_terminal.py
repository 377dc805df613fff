"""Colours and plainness: a pipe gets whole plain lines, a terminal colours, and both what the user asked for."""

import io

import pytest

from huldra.cli.main import main

COMMANDS = [
    ("analyze",),
    ("classes",),
    ("graph",),
    ("doctor",),
    ("hash", "toytext/experiments.py:47"),
    ("rule", "HUL001"),
]


@pytest.mark.parametrize("words", COMMANDS)
def test_a_pipe_gets_no_escape_codes_and_no_cut_lines(huldra, toytext, monkeypatch, words):
    monkeypatch.setenv("COLUMNS", "40")
    answer = huldra(*words, at=toytext)
    assert answer.code == 0
    assert "\x1b" not in answer.out
    assert max(len(line) for line in answer.out.splitlines()) > 40
    assert all(line == line.rstrip() for line in answer.out.splitlines())


@pytest.mark.parametrize("words", COMMANDS)
def test_colours_when_they_are_forced(huldra, toytext, monkeypatch, words):
    plain = huldra(*words, at=toytext).out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in huldra(*words, at=toytext).out
    assert huldra(*words, "--no-color", at=toytext).out == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert huldra(*words, at=toytext).out == plain


def test_a_narrow_terminal_gets_verdicts_in_words(huldra, toytext, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    out = huldra("analyze", at=toytext).out
    assert "5 stale" in out


def test_json_is_never_coloured(huldra, toytext, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in huldra("analyze", "--format", "json", at=toytext).out


def test_an_output_that_knows_no_lines_or_dots(lab, monkeypatch):
    monkeypatch.chdir(lab)
    for encoding in ("ascii", "cp1252"):
        written = io.BytesIO()
        stream = io.TextIOWrapper(written, encoding=encoding, write_through=True)
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdout", stream)
            assert main(["classes"]) == 0
            assert main(["analyze"]) == 0
        assert b"lab.Train" in written.getvalue()
        assert b"\\u" not in written.getvalue()


def test_control_characters_of_the_code_do_not_reach_the_terminal(huldra, lab):
    (lab / "lab.py").write_text((lab / "lab.py").read_text() + '\nTrain(**{"\\x1b[31mred": 1})\n')
    answer = huldra("analyze", at=lab)
    assert "\x1b" not in answer.out
