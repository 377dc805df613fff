"""Tasks without any library: programs that do to a run's directory what a library would, and are killed at it."""

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time

import pytest

from huldra.formats.dialect import HULDRA
from huldra.launch.detached import rerun_command, start_detached
from huldra.launch.interpreter import Interpreter, Unusable, ask_library, find_interpreter
from huldra.launch.local import Task, run_tasks
from huldra.launch.processes import Job
from huldra.launch.set_aside import DIRECTORY, left_aside, restore_all, set_aside, settle
from huldra.launch.worktree import remove_abandoned, worktree_of
from huldra.sources.repository import Repository, open_repository
from huldra.sources.revision_files import commit_files

SUCCEEDS = "write('value.txt', 'new'); write('.huldra/SUCCESS.json', 'new')"
FAILS = "write('value.txt', 'half'); sys.exit('told to fail')"
KILLED = "write('value.txt', 'half'); os.kill(os.getpid(), 9)"
NOTHING = "pass"


def program(run, body):
    head = f"""
        import os, sys, pathlib, time
        def write(name, text):
            path = pathlib.Path({str(run)!r}) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    """
    return f"{textwrap.dedent(head)}\n{body}\n"


def task(store, name, body, after=(), *, aside=False):
    path = f"data/lab/Train/{name}"
    job = Job(
        key=f"lab.Train/{name}",
        directory=store / path,
        dialect=HULDRA,
        program=program(store / path, body),
        python=sys.executable,
        root=store,
        store=store,
    )
    keys = tuple(f"lab.Train/{word}" for word in after)
    return Task(job, path, keys, is_set_aside=aside, healing=None, kept_log=store / "logs" / name)


def old_success(store, name):
    run = store / "data" / "lab" / "Train" / name
    (run / ".huldra").mkdir(parents=True)
    (run / ".huldra" / "SUCCESS.json").write_text("old")
    (run / "value.txt").write_text("old")
    return run


def results(outcomes):
    return [outcome.result for outcome in outcomes]


def silent(_):
    pass


@pytest.mark.parametrize("jobs", [1, 2, 8])
def test_each_task_comes_after_those_it_waits_for(tmp_path, jobs):
    seen = []
    tasks = [
        task(tmp_path, "a", SUCCEEDS),
        task(tmp_path, "b", SUCCEEDS),
        task(tmp_path, "c", SUCCEEDS, after=("a", "b")),
        task(tmp_path, "d", SUCCEEDS, after=("c",)),
    ]
    outcomes = run_tasks(tasks, jobs=jobs, keeps_going=False, report=seen.append)
    assert results(outcomes) == ["success"] * 4
    order = [(type(event).__name__, event.key[-1]) for event in seen]
    assert order.index(("Started", "c")) > max(order.index(("Outcome", "a")), order.index(("Outcome", "b")))
    assert order.index(("Started", "d")) > order.index(("Outcome", "c"))


@pytest.mark.parametrize("keeps_going", [True, False])
def test_what_a_failure_stops(tmp_path, keeps_going):
    tasks = [
        task(tmp_path, "a", FAILS),
        task(tmp_path, "b", SUCCEEDS, after=("a",)),
        task(tmp_path, "c", SUCCEEDS, after=("b",)),
        task(tmp_path, "d", SUCCEEDS),
    ]
    outcomes = run_tasks(tasks, jobs=1, keeps_going=keeps_going, report=silent)
    assert results(outcomes) == ["failed", "not-started", "not-started", "success" if keeps_going else "not-started"]
    assert outcomes[0].message == "told to fail"
    assert outcomes[0].exit_code == 1


def test_a_process_that_ends_well_without_a_new_result_has_failed(tmp_path):
    old_success(tmp_path, "a")
    (outcome,) = run_tasks([task(tmp_path, "a", NOTHING)], jobs=1, keeps_going=False, report=silent)
    assert (outcome.result, outcome.message) == ("failed", "it ended without a new result")


@pytest.mark.parametrize(
    ("body", "result", "value"),
    [(SUCCEEDS, "success", "new"), (FAILS, "failed", "old"), (KILLED, "failed", "old"), (NOTHING, "failed", "old")],
)
def test_a_success_is_set_aside_and_comes_back_unless_it_is_replaced(tmp_path, body, result, value):
    run = old_success(tmp_path, "a")
    (outcome,) = run_tasks([task(tmp_path, "a", body, aside=True)], jobs=1, keeps_going=False, report=silent)
    assert outcome.result == result
    assert (run / "value.txt").read_text() == value
    assert (run / ".huldra" / "SUCCESS.json").read_text() == value
    assert not (tmp_path / DIRECTORY).exists()
    assert outcome.log.is_file()


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.3, 0.6])
def test_what_was_set_aside_comes_back_after_both_processes_are_killed(tmp_path, delay):
    run = old_success(tmp_path, "a")
    body = "write('value.txt', 'half'); time.sleep(60)"
    launcher = f"""
        import sys; sys.path[:0] = {sys.path!r}
        from pathlib import Path
        from tests.unit.test_launch import silent, task
        from huldra.launch.local import run_tasks
        print("ready", flush=True)
        run_tasks([task(Path({str(tmp_path)!r}), "a", {body!r}, aside=True)], jobs=1, keeps_going=False, report=silent)
    """
    command = [sys.executable, "-c", textwrap.dedent(launcher)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True)
    process.stdout.readline()
    time.sleep(delay)
    process.kill()
    process.communicate()
    for record in tmp_path.rglob("job.json"):
        pid = int(record.read_text().split('"pid": ')[1].split(",")[0])
        os.killpg(pid, signal.SIGKILL)
    restore_all(tmp_path)
    assert (run / "value.txt").read_text() == "old"
    assert (run / ".huldra" / "SUCCESS.json").read_text() == "old"
    assert not (tmp_path / DIRECTORY).exists()


def test_what_a_living_process_has_set_aside_is_left_alone(tmp_path):
    old_success(tmp_path, "a")
    kept = set_aside(tmp_path, "data/lab/Train/a")
    assert restore_all(tmp_path) == ()
    assert kept.is_dir()
    settle(tmp_path, kept)
    assert (tmp_path / "data/lab/Train/a/value.txt").read_text() == "old"


def test_the_order_in_which_a_python_is_looked_for(tmp_path, monkeypatch):
    def environment(name):
        python = tmp_path / name / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)
        return str(python)

    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    monkeypatch.delenv("UV_PROJECT_ENVIRONMENT", raising=False)
    assert find_interpreter(tmp_path, None, None) == Interpreter(sys.executable, "the Python of huldra itself")
    conda = environment("conda")
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path / "conda"))
    assert find_interpreter(tmp_path, None, None) == Interpreter(conda, "conda")
    pdm = environment("by-pdm")
    (tmp_path / ".pdm-python").write_text(f"{pdm}\n")
    assert find_interpreter(tmp_path, None, None) == Interpreter(pdm, "pdm")
    own = environment(".venv")
    assert find_interpreter(tmp_path, None, None) == Interpreter(own, ".venv of the project")
    active = environment("active")
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / "active"))
    assert find_interpreter(tmp_path, None, None) == Interpreter(active, "VIRTUAL_ENV")
    setting = environment("setting")
    assert find_interpreter(tmp_path, None, "setting") == Interpreter(setting, "[tool.huldra.run] python")
    assert find_interpreter(tmp_path, conda, "setting") == Interpreter(conda, "--python")
    assert isinstance(find_interpreter(tmp_path, None, "nowhere"), Unusable)


@pytest.fixture
def no_environment(monkeypatch):
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT"):
        monkeypatch.delenv(name, raising=False)


def a_python(environment):
    python = environment / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    return str(python)


@pytest.mark.usefixtures("no_environment")
def test_a_member_of_a_workspace_has_the_environment_of_the_whole(tmp_path):
    """Above the repository nothing is looked for: an environment in the home directory is another project's."""
    foreign, whole = a_python(tmp_path / ".venv"), a_python(tmp_path / "work" / ".venv")
    member = tmp_path / "work" / "packages" / "member"
    member.mkdir(parents=True)
    assert find_interpreter(member, None, None).path not in {foreign, whole}
    (tmp_path / "work" / ".git").mkdir()
    assert find_interpreter(member, None, None) == Interpreter(whole, f".venv of {tmp_path / 'work'}")
    own = a_python(member / ".venv")
    assert find_interpreter(member, None, None) == Interpreter(own, ".venv of the project")


@pytest.mark.usefixtures("no_environment")
@pytest.mark.parametrize(
    ("manager", "file", "text", "arguments", "answers_python"),
    [
        ("poetry", "poetry.lock", "", "env info --executable", True),
        ("pdm", "pyproject.toml", "[tool.pdm]", "info --python", True),
        ("hatch", "pyproject.toml", "[tool.hatch.envs.default]", "env find", False),
        ("pipenv", "Pipfile", "", "--py", True),
    ],
)
def test_what_manages_the_project_is_asked(tmp_path, monkeypatch, manager, file, text, arguments, answers_python):
    python = a_python(tmp_path / "kept elsewhere")
    said = python if answers_python else str(tmp_path / "kept elsewhere")
    command = tmp_path / "commands" / manager
    command.parent.mkdir()
    command.write_text(f"#!/bin/sh\n[ \"$*\" = '{arguments}' ] && echo '{said}'\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent))
    assert find_interpreter(tmp_path, None, None).source != manager
    (tmp_path / file).write_text(text)
    assert find_interpreter(tmp_path, None, None) == Interpreter(python, manager)
    command.write_text("#!/bin/sh\nexit 1\n")
    assert find_interpreter(tmp_path, None, None).source != manager


def test_what_our_library_can_do(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    library = ask_library(Interpreter(sys.executable, "--python"), HULDRA, (), tmp_path)
    assert not isinstance(library, Unusable)
    assert (library.call, library.forced_call) == ("load_or_create()", "load_or_create(force=True)")


def test_a_library_that_cannot_force_is_asked_plainly(tmp_path):
    """The contract has no way to make a result again: the run is set aside for such a version."""
    (tmp_path / "huldra.py").write_text(
        "class Huldra:\n    def load_or_create(self, executor=None): ...\n__version__ = '0.1.4'\n"
    )
    library = ask_library(Interpreter(sys.executable, "--python"), HULDRA, (str(tmp_path),), tmp_path)
    assert not isinstance(library, Unusable)
    assert (library.version, library.call, library.forced_call) == ("0.1.4", "load_or_create()", None)


def test_a_worktree_that_nobody_holds_is_removed_and_one_in_use_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    root = tmp_path / "project"
    root.mkdir()
    (root / "lab.py").write_text("value = 1\n")
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qm", "one"]):
        subprocess.run(["git", *words], cwd=root, check=True)
    repository = open_repository(root)
    assert isinstance(repository, Repository)
    commit = repository.commit_named("HEAD")
    files = commit_files(repository, commit)
    with worktree_of(repository, commit, "", files) as tree:
        assert (tree.root / "lab.py").read_text() == "value = 1\n"
        assert remove_abandoned(root) == 0
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=tree.held)
        os.close(tree.held[0])  # as if we were killed: the child goes on
        assert remove_abandoned(root) == 0
        child.communicate()
        assert remove_abandoned(root) == 1
        assert not tree.root.exists()
        os.open(os.devnull, os.O_RDONLY)  # takes the number that is closed at the end
    repository.close()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_what_was_left_aside_can_be_looked_at_without_bringing_it_back(tmp_path, monkeypatch):
    run = old_success(tmp_path, "a")
    kept = set_aside(tmp_path, "data/lab/Train/a")
    assert left_aside(tmp_path) == ()
    monkeypatch.setattr("huldra.launch.set_aside.process_is_alive", lambda _pid: False)
    assert left_aside(tmp_path) == ("data/lab/Train/a",)
    assert kept.is_dir()
    assert not run.exists()
    assert restore_all(tmp_path) == ("data/lab/Train/a",)
    assert left_aside(tmp_path) == ()
    assert (run / "value.txt").read_text() == "old"


def test_a_detached_rerun_is_the_command_line_with_its_output_in_a_log(tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    command = rerun_command(tmp_path, tmp_path / "store", ["lab.Train/0123"], code="then", python="python3")
    root, store = str(tmp_path), str(tmp_path / "store")
    expected = ["huldra", "rerun", "lab.Train/0123", "--root", root, "--store", store, "--yes", "--code", "then"]
    assert list(command) == [*expected, "--python", "python3"]
    started = start_detached(tmp_path, command)
    (waiting,) = (thread for thread in threading.enumerate() if thread.name == f"huldra-rerun-{started.pid}")
    waiting.join()
    assert "no stored run has 'lab.Train/0123' as its hash" in started.log.read_text()
    assert f'"pid": {started.pid}' in started.log.with_suffix(".json").read_text()


@pytest.mark.parametrize("made", ["", "host.1.1"])
def test_nothing_is_left_of_a_process_that_was_killed_before_it_moved_anything(tmp_path, made, monkeypatch):
    monkeypatch.setattr("huldra.launch.set_aside.socket.gethostname", lambda: "host")
    monkeypatch.setattr("huldra.launch.set_aside.process_is_alive", lambda _pid: False)
    (tmp_path / DIRECTORY / made).mkdir(parents=True)
    assert restore_all(tmp_path) == ()
    assert not (tmp_path / DIRECTORY).exists()
