"""Global options, help, version, exit codes, and the one place where a crash is caught."""

import errno
import os
import socket
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

import huldra.cli.main as main_module
from huldra.cli.main import main


@pytest.mark.parametrize(
    "words", [("--version",), ("analyze", "--version"), ("hash", "--version"), ("-q", "--version")]
)
def test_version(huldra, words):
    answer = huldra(*words)
    assert (answer.code, answer.out, answer.err) == (0, f"huldra {version('huldra-lab')}\n", "")


def test_no_arguments_print_help(huldra):
    answer = huldra()
    assert answer.code == 0
    assert answer.out == huldra("--help").out
    for command in ("analyze", "classes", "graph", "hash", "doctor", "rule"):
        assert f"\n    {command} " in answer.out
        assert huldra(command, "--help").code == 0


def test_help_and_version_import_only_the_command_line():
    script = (
        "import sys; from huldra.cli.main import main; main(sys.argv[1:]); "
        "print(sorted(m for m in sys.modules if m.startswith(('huldra', 'rich', 'libcst', 'networkx', 'pydantic'))))"
    )
    of_help = (
        "arguments",
        "judging_arguments",
        "kept_answers",
        "kept_changes",
        "kept_data",
        "kept_reach",
        "main",
        "manifest_arguments",
        "new_arguments",
        "numbers_on_the_line",
    )
    of_help += ("rerun_arguments", "run_arguments", "sealed")
    for word, own in (("--help", of_help), ("--version", ("main",))):
        done = subprocess.run([sys.executable, "-c", script, word], capture_output=True, text=True, check=True)
        of_kept = (
            "code_rows",
            "disk_state",
            "path_rows",
            "plain_msgspec",
            "store_listing",
            "submodules",
            "two_processes",
        )
        found = of_kept if word == "--help" else ("installed_version",)
        sources = ["huldra.sources", *(f"huldra.sources.{source}" for source in found)]
        expected = ["huldra", "huldra.cli", *(f"huldra.cli.{name}" for name in own), *sources]
        assert done.stdout.splitlines()[-1] == str(expected)


def test_what_takes_long_to_import_is_not_needed_to_judge(lab):
    # `inspect` comes with the first dataclass, and with `typing_extensions`, which msgspec would rather have.
    slow = ("inspect", "dataclasses", "typing_extensions", "shutil", "socket", "libcst", "pydantic")
    script = (
        "import sys; from huldra.cli.main import main; main(['check', '--exit-zero']); "
        f"print([name for name in {slow} if name in sys.modules]); "
        "import typing_extensions; print(typing_extensions.Self)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=lab)
    assert done.stdout.splitlines()[-2:] == ["[]", "typing.Self"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("analyse",), "there is no command 'analyse'; did you mean analyze?"),
        (("xyz",), "there is no command 'xyz'"),
        (("analyze", "--no-such"), "unrecognized arguments: --no-such"),
        (("classes", "--format", "dot"), "classes has no format 'dot': choose text or json"),
        (("--format", "mermaid", "doctor"), "doctor has no format 'mermaid'"),
        (("analyze", "--format", "xml"), "invalid choice: 'xml'"),
        (("graph", "--depth", "2"), "--depth counts steps from --focus"),
        (("graph", "--focus", "A", "--depth", "-1"), "--depth"),
        (("graph", "--level", "modules"), "invalid choice: 'modules'"),
        (("hash",), "FILE:LINE"),
        (("hash", "nowhere"), "is no place"),
        (("rule", "HUL999"), "there is no problem code 'HUL999'"),
        (("analyze", "--root", "no/such/dir"), "no such directory"),
        (("manifest",), "the following arguments are required: {export,check}\n"),
        (("lsp", "--tcp", "70000"), "argument --tcp: expected a port, at most 65535, found '70000'"),
        (("check", "--since"), "does not lie in a git repository"),
    ],
)
def test_wrong_words_exit_with_two(huldra, lab, words, message):
    answer = huldra(*words, at=lab)
    assert answer.code == 2
    assert answer.out == ""
    assert message in answer.err


def test_a_port_that_somebody_listens_on(huldra):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = huldra("lsp", "--tcp", str(port))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"huldra: --tcp {port}: ")


def test_global_options_before_and_after_the_command(huldra, lab, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    before = huldra("--root", lab, "--format", "json", "--store", lab / "runs", "analyze", at=elsewhere)
    after = huldra("analyze", "--root", lab, "--output-format", "json", "--store", lab / "runs", at=elsewhere)
    assert before == after
    assert before.code == 0
    assert '"store": "runs"' in before.out


def test_quiet_leaves_out_hints(huldra, lab):
    assert "No store found" in huldra("analyze", "--format", "json", at=lab).err
    assert huldra("-q", "analyze", "--format", "json", at=lab).err == ""
    assert "Next:" not in huldra("analyze", "-q", at=lab).out


def test_what_the_system_refuses_is_no_bug(monkeypatch, capsys):
    def refused(_: object) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), "/lab/huldra-accepted.toml")

    monkeypatch.setattr(main_module, "_execute", refused)
    assert main(["accept", "Train", "--reason", "x"]) == 2
    assert capsys.readouterr().err == "huldra: /lab/huldra-accepted.toml: Read-only file system\n"


def test_a_crash_is_called_a_bug(monkeypatch, capsys):
    def crash(_: object) -> int:
        raise ValueError("something\nlong")

    monkeypatch.setattr(main_module, "_execute", crash)
    assert main(["analyze"]) == 2
    err = capsys.readouterr().err
    assert "ValueError: something\n" in err
    assert "bug in huldra" in err
    assert "Traceback" not in err
    assert main(["analyze", "-v"]) == 2
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (BrokenPipeError(), 141)])
def test_leaving_early(monkeypatch, capfd, error, code):
    def leave(_: object) -> int:
        raise error

    monkeypatch.setattr(main_module, "_execute", leave)
    monkeypatch.setattr(main_module.sys, "stdout", open("/dev/null", "w"))  # noqa: SIM115, PTH123
    with main_module.sys.stdout:
        assert main(["analyze"]) == code
    assert "Traceback" not in capfd.readouterr().err


def test_reader_that_leaves_early(toytext: Path):
    command = Path(sys.executable).parent / "huldra"
    with subprocess.Popen(
        [command, "analyze", "--format", "json"], cwd=toytext, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode in {0, 141}


def test_installed_command(toytext: Path):
    command = Path(sys.executable).parent / "huldra"
    done = subprocess.run([command, "analyze"], cwd=toytext, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("toytext · 16 classes · 28 experiments in code · 47 runs in data-huldra · at 3d130f2")
