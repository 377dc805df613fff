"""What `huldra runs` says of a project at rest is what a look at code and store would say, whatever has changed."""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from huldra.analysis import keeping_verdicts
from huldra.analysis.disk_cache import DiskCache
from huldra.cli import kept_answers, kept_runs, opening
from huldra.cli.commands import runs as runs_command
from huldra.stored_runs.index import marks
from tests.cli.conftest import Answer, Huldra
from tests.unit.changing_stores import LATER_NS, digest, replace, tick
from tests.unit.test_code_verdicts import made  # noqa: F401  a fixture
from tests.unit.test_stored_runs_builder import attempt, make_good_run, metadata, state

QUERIES = (
    (),
    ("is stale", "--columns", "hash,verdict,reason,note,certainty,referenced,depends_on"),
    ("is failed or is crashed", "--format", "json"),
    ("verdict == current and version_controlled", "--format", "jsonl"),
    ("class == LogReg",),
    ("class <: TrainBase", "--sort", "-created", "--limit", "3"),
    ("config.lr > 0.05", "--format", "csv"),
    ("created > 2000-01-01", "--group", "class", "--columns", "hash,size"),
    ("+25af5b", "--format", "markdown"),
    ("not (is stale or config.seed == 1)", "--format", "json"),
    ("reason == code-changed",),
    ("verdict == incomplete and class ~ nothing",),
)


@pytest.fixture
def project(toytext: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample project, of which all is old enough to be trusted at once."""
    monkeypatch.setattr(kept_answers, "COARSEST_CLOCK_NS", -LATER_NS)
    monkeypatch.setattr(marks, "SETTLED_AFTER_NS", -LATER_NS)
    monkeypatch.setattr(keeping_verdicts, "SETTLED_AFTER_NS", -LATER_NS)
    found = shutil.copytree(toytext, tmp_path / "project", symlinks=True)
    shutil.rmtree(found / ".huldra_cache", ignore_errors=True)
    return found


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """What the command had to look at code for."""
    asked: list[object] = []
    plainly = opening.open_project

    def open_project(*words: object, **more: object) -> opening.Opened:
        asked.append(words)
        return plainly(*words, **more)  # type: ignore[arg-type]  # handed on as they came

    monkeypatch.setattr(opening, "open_project", open_project)
    return asked  # type: ignore[return-value]  # a fixture needs no end


def fresh(huldra: Huldra, at: Path, words: tuple[str, ...]) -> Answer:
    """Return the answer of a look at code and store. What else is kept has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runs_command, "kept_question", lambda _: None)
        return huldra("runs", *words, at=at)


def test_an_answer_is_said_again_without_a_look_at_code(huldra: Huldra, project: Path, anew: list[object]) -> None:
    for words in QUERIES:
        first = huldra("runs", *words, at=project)
        known = len(anew)
        assert huldra("runs", *words, at=project) == first
        assert len(anew) == known
        assert fresh(huldra, project, words) == first


def test_what_was_judged_once_is_known_to_other_questions(huldra: Huldra, project: Path, anew: list[object]) -> None:
    huldra("runs", "--columns", "verdict,reason,depends_on", at=project)
    known = {words: huldra("runs", *words, at=project) for words in QUERIES}
    assert len(anew) == 1
    assert {words: fresh(huldra, project, words) for words in QUERIES} == known


def test_a_question_about_one_class_minds_no_other(huldra: Huldra, project: Path, anew: list[object]) -> None:
    huldra("runs", at=project)  # the index
    words = ("class == LogReg", "--columns", "hash,verdict,reason")
    internal = next(path for path in sorted((project / "data-huldra").rglob(".huldra")) if "Corpus" not in str(path))
    for _ in range(2):
        tick()
        replace(internal / "state.json", (internal / "state.json").read_text())
        huldra("runs", "is stale", at=project)
        assert huldra("runs", *words, at=project) == fresh(huldra, project, words)
    assert len(anew) >= 3


def replace_state(project: Path) -> None:
    internal = next(iter(sorted((project / "data-huldra").rglob("state.json")))).parent
    replace(internal / "state.json", json.dumps(state("failed", attempt("failed"))))


def edit_state_in_place(project: Path) -> None:
    file = sorted((project / "data-huldra").rglob("state.json"))[1]
    file.write_text(json.dumps(state("failed", attempt("failed"))))


def edit_code(project: Path) -> None:
    for file in sorted((project / "src").rglob("*.py")) or sorted(project.rglob("*.py")):
        text = file.read_text()
        if "def _create" in text:
            file.write_text(text.replace("def _create(self)", "def _create(self, extra=1)"))


def add_run(project: Path) -> None:
    make_good_run(project / "data-huldra", digest=digest(77))


def remove_run(project: Path) -> None:
    shutil.rmtree(max((project / "data-huldra" / "data").rglob(".huldra")).parent)


def damage_run(project: Path) -> None:
    sorted((project / "data-huldra").rglob("state.json"))[2].write_text("{")


def damage_sources(project: Path) -> None:
    for file in (project / "data-huldra").rglob("sources.json"):
        file.write_text("{")


def damage_copies(project: Path) -> None:
    for file in (project / "data-huldra" / "sources").rglob("*.gz"):
        file.write_bytes(b"nothing")


def damage_metadata(project: Path) -> None:
    for file in sorted((project / "data-huldra").rglob("metadata.json"))[::3]:
        file.write_text(json.dumps(metadata()))


def change_settings(project: Path) -> None:
    with (project / "pyproject.toml").open("a") as file:
        file.write('\n[tool.huldra.fingerprint]\nignore-calls = ["print"]\n')


def exclude_code(project: Path) -> None:
    (project / "huldra.toml").write_text('exclude = ["**/train*"]\n')


def lose_repository(project: Path) -> None:
    shutil.rmtree(project / ".git")


def add_code(project: Path) -> None:
    (project / "more.py").write_text(
        "import huldra\n\n\nclass More(huldra.Huldra[int]):\n    seed: int = 1\n\n\nm = More()\n"
    )


CHANGES: tuple[Callable[[Path], None], ...] = (
    *(replace_state, edit_state_in_place, edit_code, add_run, remove_run, damage_run, damage_sources, damage_copies),
    *(damage_metadata, change_settings, exclude_code, lose_repository, add_code),
)


WITHOUT_EFFECT = (damage_sources, damage_copies, change_settings, add_code)
"""The sample's runs recorded no sources, and what is added is none of theirs."""


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_changes_is_seen(huldra: Huldra, project: Path, change: Callable[[Path], None]) -> None:
    every = ("", "--columns", "path,verdict,reason,note,certainty,referenced,depends_on,result")
    asked = (every, ("class == LogReg", "--format", "json"))
    before = [huldra("runs", *words, at=project) for words in asked]
    tick()
    change(project)
    after = [huldra("runs", *words, at=project) for words in asked]
    assert [huldra("runs", *words, at=project) for words in asked] == after
    assert [fresh(huldra, project, words) for words in asked] == after
    assert (after != before) is (change not in WITHOUT_EFFECT)


@pytest.mark.parametrize("seed", range(2))
def test_after_any_changes_one_after_the_other(huldra: Huldra, project: Path, seed: int) -> None:
    generator = random.Random(seed)
    harmless = [each for each in CHANGES if each not in (lose_repository, exclude_code, change_settings)]
    for change in generator.sample(harmless, 4):
        for words in generator.sample(QUERIES, 3):
            huldra("runs", *words, at=project)
        tick()
        change(project)
        for words in generator.sample(QUERIES, 4):
            assert huldra("runs", *words, at=project) == fresh(huldra, project, words)


def test_an_attempt_that_ends_by_itself(huldra: Huldra, project: Path, anew: list[object]) -> None:
    """Whether a process lives is written nowhere."""
    internal = min((project / "data-huldra" / "data").rglob("state.json")).parent
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        here = os.uname().nodename
        owner = {"pid": process.pid, "host": here, "hostname": here, "user": "u", "command": "c"}
        made = attempt("running", owner=owner, lease_expires_at="2999-01-01T00:00:00+00:00")
        replace(internal / "state.json", json.dumps(state("incomplete", made)))
        (internal / "SUCCESS.json").unlink(missing_ok=True)
        words = ("", "--columns", "hash,verdict,reason")
        for _ in range(2):
            assert " running" in huldra("runs", *words, at=project).out
        known = len(anew)
        assert known == 1
        process.kill()
    answer = huldra("runs", *words, at=project)
    assert " running" not in answer.out
    assert "crashed" in answer.out
    assert fresh(huldra, project, words) == answer


def test_what_is_young_is_not_kept(
    huldra: Huldra, project: Path, anew: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answers, "COARSEST_CLOCK_NS", 3_600_000_000_000)
    for _ in range(2):
        huldra("runs", at=project)
    assert len(anew) == 2


def test_a_clock_that_has_gone_back(
    huldra: Huldra, project: Path, anew: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    huldra("runs", at=project)
    then = time.time_ns() - 10_000_000_000
    monkeypatch.setattr(kept_runs.time, "time_ns", lambda: then)
    huldra("runs", at=project)
    assert len(anew) == 2


def test_damaged_verdicts_are_found_again(huldra: Huldra, project: Path) -> None:
    first = huldra("runs", at=project)
    for file in (project / ".huldra_cache").glob("kept-*"):
        data = bytearray(file.read_bytes())
        data[len(data) // 3 :: 97] = bytes(len(data[len(data) // 3 :: 97]))
        file.write_bytes(data)
    for _ in range(2):
        assert huldra("runs", at=project) == first


@pytest.mark.parametrize("words", [("", "--columns", "hash,result,config.lr"), ("config.seed == 1",), ("is failed",)])
def test_runs_of_a_damaged_index_are_read_again(huldra: Huldra, project: Path, words: tuple[str, ...]) -> None:
    first = huldra("runs", *words, at=project)
    huldra("runs", *words, at=project)
    (file,) = (project / ".huldra_cache").glob("runs-*.sqlite")
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE segments SET body = x'00' || body")
    connection.close()
    for _ in range(2):
        assert huldra("runs", *words, at=project) == first


@pytest.mark.parametrize("where", ["surroundings", "directory"])
def test_verdicts_that_say_nonsense(huldra: Huldra, project: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    first = huldra("runs", at=project)
    plainly = DiskCache.get

    def get(self: DiskCache, kind: str, key: bytes) -> bytes | None:
        return b"\xc1nonsense" if kind == "verdicts" and where == "surroundings" else plainly(self, kind, key)

    def get_all(self: DiskCache, kind: str, keys: tuple[bytes, ...]) -> dict[bytes, bytes]:
        del self, kind
        return dict.fromkeys(keys, b"\xc1nonsense")

    monkeypatch.setattr(DiskCache, "get", get)
    if where == "directory":
        monkeypatch.setattr(DiskCache, "get_all", get_all)
    assert huldra("runs", at=project) == first


@pytest.mark.parametrize("name", ["sources.json", "metadata.json"])
def test_what_was_recorded_of_the_code_is_damaged_in_place(
    huldra: Huldra,
    project: Path,
    made: Path,  # noqa: F811
    tmp_path: Path,
    anew: list[object],
    name: str,
) -> None:
    """No directory shows a trace of it."""
    del project  # for what it lets be trusted at once
    root = shutil.copytree(made, tmp_path / "recorded")
    words = ("", "--columns", "class,verdict,reason")
    before = huldra("runs", *words, at=root)
    assert huldra("runs", *words, at=root) == before
    assert len(anew) == 1
    tick()
    (file,) = root.glob(f"store/data/lab/Data/*/.huldra/{name}")
    file.write_text("{")
    after = huldra("runs", *words, at=root)
    assert after != before
    assert fresh(huldra, root, words) == after
