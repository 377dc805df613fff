"""Facts are the same, and all there, whether other processes parse, die, talk nonsense or cannot be started."""

import sys
from pathlib import Path

import pytest

from huldra.analysis import host, parsing
from huldra.analysis.disk_cache import DiskCache
from huldra.analysis.host import look_at_files, open_workspace
from huldra.analysis.kept import Cancelled, Kept
from huldra.analysis.kept_facts import KeptFacts
from huldra.analysis.live import LiveProject
from huldra.analysis.scanned import DiskSource
from huldra.facts.collect import collect_facts
from huldra.stored_runs import own_processes

COUNT = 24


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(host, "MANY_FILES", 1)
    monkeypatch.setattr(parsing, "_BATCH_BYTES", 200)
    monkeypatch.setattr(parsing, "processors", lambda: 3)
    (tmp_path / "pyproject.toml").touch()
    for number in range(COUNT):
        text = f"import huldra\n\nclass C{number}(huldra.Huldra[int]):\n    x: int = {number}\n"
        text += {3: "def broken(:\n", 5: "y = '\\ud800é'\n", 7: "z = 1\0\n"}.get(number, "")
        (tmp_path / f"m{number}.py").write_text(text)
    # Whoever imports from where he stands falls into these.
    for name in ("libcst", "msgspec", "huldra"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'run')!r}, 'w')\nraise SystemExit(1)\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(project: Path) -> list[str]:
    """Return the files that were parsed in this process; every fact must be right."""
    workspace = open_workspace(project, root=project)
    kept = Kept(disk=KeptFacts(DiskCache(project)))
    parsed: list[str] = []
    real = kept.facts

    def noted(name: str, text: str) -> object:
        if not kept.knows(text):
            parsed.append(name)
        return real(name, text)

    kept.facts = noted
    scanned = look_at_files(workspace, DiskSource(workspace.documents), kept)
    assert len(scanned.relevant) >= COUNT - 1  # one of them holds a NUL, which is no text
    for name in scanned.relevant:
        assert real(name, scanned.texts[name]) == collect_facts(scanned.texts[name])
    assert not (project / "run").exists()
    return parsed


def leave_all_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Effect: from now on, two other processes have as long as they like to take everything."""
    finish = parsing.Parsing.finish

    def late(self, parse):
        self._is_complete.set()
        with self._is_more:
            self._is_more.notify_all()
        assert len(self._workers) == 2
        for thread, _ in self._workers:
            thread.join(60)
            assert not thread.is_alive()
        finish(self, parse)

    monkeypatch.setattr(parsing.Parsing, "finish", late)


def test_other_processes_take_their_share(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_all_to_others(monkeypatch)
    # What cannot be read is never kept, so that it is read here again.
    assert set(check(project)) <= {"m3.py"}


def test_this_process_does_what_nobody_else_did(project: Path) -> None:
    check(project)


def test_what_fits_into_no_pipe_has_nobody_wait_for_ever(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the texts do, nor what is said of them: both would wait until the other reads."""
    for number in range(6):
        fields = "".join(f"    x{field}: int = {field}\n" for field in range(6000))
        (project / f"large{number}.py").write_text(f"import huldra\n\nclass L{number}(huldra.Huldra[int]):\n{fields}")
    sizes = list[int]()
    real = parsing.send
    monkeypatch.setattr(parsing, "send", lambda to, data: sizes.append(len(data)) or real(to, data))
    leave_all_to_others(monkeypatch)
    assert set(check(project)) <= {"m3.py"}
    assert sum(size > 65536 for size in sizes) == 6


@pytest.mark.parametrize(
    "script",
    [
        "raise SystemExit(1)",
        "import sys; sys.stdin.buffer.read(20)",
        "import sys; sys.stdout.buffer.write(b'\\xff' * 4000)",
        "import sys; sys.stdout.buffer.write((3).to_bytes(8) + b'abc')",
        "import sys; sys.stdout.buffer.write((300).to_bytes(8) + b'abc')",
    ],
)
def test_a_process_that_fails_costs_only_time(project: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(own_processes, "_SCRIPT", script)
    check(project)


def test_without_other_processes_nothing_is_missing(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(project / "no-such-python"))
    assert len(check(project)) >= COUNT - 1


def test_a_fault_ends_the_processes(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    real = parsing.start_process
    monkeypatch.setattr(parsing, "start_process", lambda module: started.append(real(module)) or started[-1])

    def fail(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(host, "scan_files", fail)
    with pytest.raises(KeyboardInterrupt):
        check(project)
    assert len(started) == 2
    assert all(process.poll() is not None for process in started)


def test_an_editor_has_its_first_state_parsed_by_all(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    real = parsing.start_process
    monkeypatch.setattr(parsing, "_LEAST_BYTES", 1)
    monkeypatch.setattr(parsing, "start_process", lambda module: started.append(real(module)) or started[-1])
    told = list[float]()
    live = LiveProject(project, told=lambda _words, share: told.append(share))
    first = live.take_state({})
    assert len(started) == 2
    assert all(process.poll() == 0 for process in started)
    for name in first.snapshot.project.relevant:
        assert first.snapshot.project.facts[name] == collect_facts(first.snapshot.inputs.texts[name])
    assert told == sorted(told)
    live.finish(first)
    live.take_state({"m1.py": "import huldra\n\nx = 1\n"})
    assert len(started) == 2


def test_an_editor_that_wants_something_newer_ends_the_processes(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    real = parsing.start_process
    monkeypatch.setattr(parsing, "_LEAST_BYTES", 1)
    monkeypatch.setattr(parsing, "start_process", lambda module: started.append(real(module)) or started[-1])

    def check() -> None:
        if started:
            raise Cancelled

    with pytest.raises(Cancelled):
        LiveProject(project, check=check).take_state({})
    assert len(started) == 2
    assert all(process.poll() is not None for process in started)


def test_processes_that_were_got_ready_are_those_that_parse(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    real = parsing.start_process
    monkeypatch.setattr(parsing, "start_process", lambda module: started.append(real(module)) or started[-1])
    parsing.get_ready()
    parsing.get_ready()
    assert len(started) == 2
    check(project)
    assert len(started) == 2
    assert all(process.poll() == 0 for process in started)
