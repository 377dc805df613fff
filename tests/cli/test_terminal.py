"""Colours and plainness: a pipe gets whole plain lines, a terminal colours, and both what the user asked for."""

import io
import subprocess
import sys

import pytest
from rich.console import Console
from rich.text import Text

from huldra.cli.main import main
from huldra.cli.terminal import _Stream
from huldra.exports.harmless_text import CONTROLS

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


@pytest.mark.parametrize(
    "parts",
    [
        ("",),
        ("a long line " * 40, ("code", "red"), Text(" styled", style="bold")),
        ("tab\there", "\x07\x08\x0b\x0c\r\n\x1b[31m", "ünïcödé 漢字 \u202e…├", "  trailing  "),
        ("[bold]no markup[/bold] :smile: 'quoted' 123",),
    ],
)
def test_a_pipe_gets_what_the_library_that_colours_would_write(parts):
    written, expected = io.StringIO(), io.StringIO()
    _Stream(written, has_color=True).write(parts)
    text = Text.assemble(*parts)
    console = Console(
        file=expected, force_terminal=False, color_system=None, highlight=False, markup=False, emoji=False
    )
    console.print(Text(text.plain.translate(CONTROLS), spans=text.spans), soft_wrap=True)
    assert written.getvalue() == expected.getvalue()


def test_nothing_that_colours_is_imported_for_a_check_in_a_pipe(lab):
    script = "import sys; from huldra.cli.main import main; main(['check']); sys.exit('rich' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], cwd=lab, check=False, capture_output=True).returncode == 0
