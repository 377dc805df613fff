"""Everything that real directories hold sooner or later: each gets a sensible answer, and none a traceback."""

import errno
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from fixtures.demo import unpack

CLASS = (
    "import huldra\n\n\nclass Train(huldra.Huldra[float]):\n    lr: float = 0.1\n\n"
    "    def _create(self) -> float:\n        return self.lr\n\n    def _load(self) -> float:\n        return 1.0\n"
)
COMMANDS = (("analyze",), ("analyze", "-v"), ("classes",), ("graph",), ("graph", "--level", "experiments"), ("doctor",))


@pytest.fixture
def ask(huldra):
    """Run every command in a directory; return the JSON analysis and the text of `analyze`."""

    def run(at: Path, *words: str, code: int = 0):
        for command in COMMANDS:
            expected = code if command[0] == "analyze" else 0
            assert huldra(*command, *words, at=at).code == expected
        text = huldra("analyze", *words, at=at)
        data = huldra("analyze", "--format", "json", *words, at=at)
        assert data.code == code
        return json.loads(data.out), text.out + text.err

    return run


def names(data):
    return [row["name"] for row in data["classes"]]


def codes(data):
    return [(problem["code"], problem["file"]) for problem in data["problems"]]


def write(root: Path, **files: str | bytes):
    for name, text in {"pyproject.toml": "", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def test_no_project(ask, tmp_path):
    data, text = ask(tmp_path)
    assert names(data) == []
    assert "No experiment class found: 0 Python files" in text
    assert "This is no project either" in text
    assert "--root DIR" in text


def test_a_project_without_experiments(ask, tmp_path):
    write(tmp_path, **{"a.py": "x = 1\n"})
    _, text = ask(tmp_path)
    assert "No experiment class found: 1 Python file" in text
    assert "huldra doctor" in text


def test_no_store(ask, tmp_path):
    write(tmp_path, **{"lab.py": f"{CLASS}\nTrain()\n"})
    data, text = ask(tmp_path)
    assert [row["verdict"] for row in data["experiments"]] == ["missing"]
    assert "No store found at data-huldra: set --store or HULDRA_PATH" in text


def test_an_empty_store(ask, tmp_path):
    write(tmp_path, **{"lab.py": CLASS})
    (tmp_path / "data-huldra").mkdir()
    assert "The store data-huldra is empty" in ask(tmp_path)[1]


@pytest.mark.parametrize("words", [(), ("--store", "lab.py")])
def test_a_store_that_is_a_file(ask, tmp_path, words):
    write(tmp_path, **{"lab.py": CLASS, "data-huldra": ""})
    data, text = ask(tmp_path, *words, code=2)
    assert names(data) == ["lab.Train"]
    assert "is a file, not a directory" in text


def test_a_store_that_is_a_broken_symlink_or_a_loop(huldra, ask, tmp_path):
    write(tmp_path, **{"lab.py": CLASS})
    (tmp_path / "data-huldra").symlink_to("nowhere")
    assert "No store found" in ask(tmp_path)[1]
    (tmp_path / "loop").symlink_to("loop")
    answer = huldra("analyze", "--store", "loop", at=tmp_path)
    assert answer.code == 2
    assert "loop" in answer.out + answer.err


def test_unreadable_directories(ask, tmp_path, monkeypatch):
    write(tmp_path, **{"lab.py": CLASS, "closed/a.py": CLASS, "data-huldra/data/lab/x": ""})
    really = os.scandir

    def scandir(path):
        if str(path).rstrip("/").endswith(("closed", "lab")):
            raise PermissionError(13, "Permission denied")
        return really(path)

    monkeypatch.setattr(os, "scandir", scandir)
    data, text = ask(tmp_path)
    assert names(data) == ["lab.Train"]
    assert "left out closed: directory cannot be read: Permission denied" in text
    assert "could not look into 1 place of the store" in text


def test_an_unreadable_root(ask, tmp_path, monkeypatch):
    write(tmp_path)

    scandir = os.scandir

    def denied(path):
        if str(path).startswith(str(tmp_path)):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", denied)
    assert "left out .: directory cannot be read" in ask(tmp_path)[1]


def test_broken_symlinks_and_symlink_loops(ask, tmp_path):
    write(tmp_path, **{"lab.py": CLASS, "pkg/__init__.py": ""})
    (tmp_path / "gone.py").symlink_to("nowhere.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    (tmp_path / "pkg" / "up").symlink_to("..")
    (tmp_path / "here").symlink_to("here")
    data, text = ask(tmp_path)
    assert names(data) == ["lab.Train"]
    assert "left out 3 files and directories" in text


def test_a_large_file(ask, tmp_path):
    write(tmp_path, **{"lab.py": CLASS, "big.py": "x = 1\n" * 2_000_000})
    data, text = ask(tmp_path)
    assert codes(data) == [("HUL003", "big.py")]
    assert "12000000 bytes" in text
    write(tmp_path, **{"big.py": CLASS + "x = 1\n" * 2_000})
    assert names(ask(tmp_path)[0]) == ["big.Train", "lab.Train"]


@pytest.mark.parametrize(
    "text",
    [b"import huldra\nx = '\x00'\n", b"import huldra\nx = '\xff\xfe'\n", b"# coding: no-such-code\nimport huldra\n"],
    ids=["NUL", "UTF-8", "encoding"],
)
def test_bytes_that_are_no_text(ask, tmp_path, text):
    write(tmp_path, **{"lab.py": CLASS, "bad.py": text})
    data, shown = ask(tmp_path)
    assert names(data) == ["lab.Train"]
    assert codes(data) == [("HUL001", "bad.py")]
    assert "Next: fix HUL001 at bad.py:" in shown


@pytest.mark.parametrize(
    "text",
    [
        CLASS.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + CLASS.encode(),
        ("# -*- coding: latin-1 -*-\n# \xe9\n" + CLASS).encode("latin-1"),
        ("# vim: set fileencoding=shift_jis :\n# \u65e5\u672c\n" + CLASS).encode("shift_jis"),
        CLASS.replace("\n", "\r").encode(),
        (CLASS + "\x0c\n").encode(),
    ],
    ids=["CRLF", "BOM", "latin-1", "shift_jis", "CR", "form feed"],
)
def test_odd_text(ask, tmp_path, text):
    write(tmp_path, **{"lab.py": text})
    data, _ = ask(tmp_path)
    assert names(data) == ["lab.Train"]
    assert data["problems"] == []


def test_a_directory_named_like_a_file(ask, tmp_path):
    write(tmp_path, **{"lab.py": CLASS, "x.py/inner.py": CLASS})
    assert "lab.Train" in names(ask(tmp_path)[0])


def test_two_modules_of_one_name(ask, tmp_path):
    write(tmp_path, **{"lab.py": CLASS, "lab/__init__.py": CLASS.replace("Train", "Other")})
    data, text = ask(tmp_path)
    assert ("HUL004", "lab.py") in codes(data)
    assert "has the same module name and wins" in text


def test_circular_imports(ask, tmp_path):
    write(
        tmp_path,
        **{
            "a.py": f"from b import Base\n{CLASS}\nclass Late(Base): ...\n",
            "b.py": "import huldra\nfrom a import Train\nclass Base(Train): ...\n",
            "c.py": "from c import *\nfrom c import nothing\nimport huldra\n",
        },
    )
    assert set(names(ask(tmp_path)[0])) == {"a.Train", "a.Late", "b.Base"}


def test_circular_inheritance(ask, tmp_path):
    circle = "class Me(Me): ...\nclass A(B): ...\nclass B(A): ...\nA()\nMe()\n"
    write(tmp_path, **{"lab.py": f"{CLASS}\n{circle}"})
    assert names(ask(tmp_path)[0]) == ["lab.Train"]


def test_circular_inheritance_of_experiments(ask, tmp_path):
    circle = "class A(B, huldra.Huldra[int]): ...\nclass B(A, huldra.Huldra[int]): ...\nA()\n"
    write(tmp_path, **{"lab.py": f"{CLASS}\n{circle}"})
    assert "lab.Train" in names(ask(tmp_path)[0])


def test_a_class_that_shadows_the_library(ask, tmp_path):
    write(
        tmp_path,
        **{
            "lab.py": "import huldra\nclass Huldra: ...\nclass No(Huldra): ...\nclass Yes(huldra.Huldra[int]): ...\n",
            "other.py": "import huldra\nclass huldra:\n    class Huldra: ...\nclass No(huldra.Huldra): ...\n",
        },
    )
    assert names(ask(tmp_path)[0]) == ["lab.Yes"]


def test_a_project_inside_a_project(ask, huldra, tmp_path):
    write(tmp_path, **{"lab.py": CLASS, "inner/pyproject.toml": "", "inner/.git/HEAD": "", "inner/deep.py": CLASS})
    assert names(ask(tmp_path)[0]) == ["lab.Train"]
    assert names(ask(tmp_path / "inner")[0]) == ["deep.Train"]
    assert "inner: a repository of its own; analyse it with --root" in huldra("doctor", at=tmp_path).out


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ("[tool.huldra]\nstroe = 'x'\n", "pyproject.toml:2: unknown key 'stroe'"),
        ("[tool.huldra]\n\nstore = 3\n", "pyproject.toml:3: 'store' in [tool.huldra]: expected a string"),
        ("[tool]\nhuldra = 1\n", "expected a table"),
        ("[tool.huldra\n", "is not valid TOML"),
        ("[tool.huldra.limits]\nsteps = 0\n", "pyproject.toml:2: "),
    ],
)
def test_wrong_settings(huldra, tmp_path, settings, message):
    write(tmp_path, **{"pyproject.toml": settings})
    for command in COMMANDS:
        answer = huldra(*command, at=tmp_path)
        assert (answer.code, answer.out) == (2, "")
        assert message in answer.err
        assert answer.err.count("\n") == 1


def test_damaged_runs_are_listed(huldra, tmp_path):
    store = tmp_path / "runs"
    run = store / "data" / "lab" / "Train" / ("0" * 20)
    (run / ".huldra").mkdir(parents=True)
    (run / ".huldra" / "state.json").write_text("{")
    write(tmp_path, **{"lab.py": CLASS})
    answer = huldra("analyze", "--store", str(store), at=tmp_path)
    assert answer.code == 0
    assert "the run cannot be read" in answer.out
    assert json.loads(huldra("analyze", "--store", "runs", "--format", "json", at=tmp_path).out)["runs"][0][
        "result"
    ] == ("unreadable")


@pytest.mark.parametrize("words", [("check", "--exit-zero"), ("runs",), ("show", "05c93b"), ("analyze",), ("graph",)])
def test_a_cache_that_nobody_may_look_into_is_none(huldra, toytext, tmp_path, monkeypatch, words):
    lab = tmp_path / "lab"
    shutil.copytree(toytext, lab, symlinks=True, ignore=shutil.ignore_patterns(".huldra_cache"))
    expected = huldra("-q", *words, at=lab)
    shutil.rmtree(lab / ".huldra_cache", ignore_errors=True)
    for name in ("stat", "mkdir", "scandir"):
        real = getattr(os, name)

        def refused(path, *rest, real=real, **more):
            if ".huldra_cache/" in str(path):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
            return real(path, *rest, **more)

        monkeypatch.setattr(os, name, refused)
    (lab / ".huldra_cache").mkdir()
    assert huldra("-q", *words, at=lab) == expected


def test_what_may_stand_in_a_file_that_cannot_be_read_is_not_said_to_be_nowhere(huldra, tmp_path):
    unpack(tmp_path / "toytext")
    project = tmp_path / "toytext"
    file = project / "toytext" / "train.py"
    before, header, after = file.read_text().partition("class LogReg(")
    file.write_text(f"{before}{header}{after.replace(chr(10), f'{chr(10)}<<<<<<< HEAD{chr(10)}', 1)}")
    line = before.count("\n") + 2
    where = "; it may stand in toytext/train.py, which could not be read: toytext/train.py:"
    for words in (("new", "LogReg", "lr=1"), ("rerun", "LogReg", "--dry-run", "--python", sys.executable)):
        answer = huldra(*words, at=project)
        assert where in answer.out + answer.err, words
        assert f"toytext/train.py:{line} " in answer.out + answer.err


def test_a_file_without_text_says_why_it_has_no_lenses(huldra, tmp_path):
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "nul.py").write_bytes(b"x = 1\0\n")
    assert "nul.py cannot be read: " in huldra("lens", "nul.py", at=tmp_path).err
    (tmp_path / "notes.txt").touch()
    assert "is not one of the project's Python files" in huldra("lens", "notes.txt", at=tmp_path).err


def test_a_place_without_classes_says_nothing_of_the_whole_project(huldra, toytext):
    said = huldra("analyze", "toytext/textutil.py", at=toytext)
    assert "No experiment class in toytext/textutil.py; the project has " in said.out
    assert "No experiment class found" not in said.out
