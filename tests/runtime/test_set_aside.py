"""Computing again although there is a result: it is replaced by a better one, or it comes back."""

import signal
import time
from pathlib import Path

import pytest

import huldra
from huldra.formats.layout import success_file
from huldra.runtime import set_aside
from huldra.runtime.machine import this_process
from huldra.runtime.state import start_attempt
from huldra.runtime.store import has_result, update_state
from tests.runtime.experiments import CALLS, Double, Moody, Number, Stuck
from tests.runtime.reading import attempt_of, events_of, picture, result_of

FORCE = "from tests.runtime.experiments import *; Stuck(n=9, seconds={}).load_or_create(force=True)"


def without_history(found):
    """What a run holds, but for what only grows."""
    return {name: content for name, (content, _) in found.items() if not name.endswith(("huldra.log", "events.jsonl"))}


def extra_files(experiment):
    return [path.name for path in (experiment.huldra_dir / ".huldra").iterdir() if "previous" in path.name]


def test_a_forced_run_replaces_the_result():
    number = Number(n=4)
    number.load_or_create()
    (number.huldra_dir / "left over.txt").write_text("of the first run")
    assert number.load_or_create(force=True) == 4
    assert CALLS == ["create 4", "create 4"]
    assert attempt_of(number)["number"] == 2
    assert not (number.huldra_dir / "left over.txt").exists()
    assert extra_files(number) == []
    assert number.load_or_create() == 4
    assert CALLS[-1] == "load 4"


def test_the_earlier_result_comes_back_if_the_new_attempt_fails(monkeypatch):
    Moody().load_or_create()
    before = without_history(picture(Moody().huldra_dir))
    monkeypatch.setattr(Moody, "error", ArithmeticError("worse"))
    with pytest.raises(ArithmeticError, match="worse"):
        Moody().load_or_create(force=True)
    assert without_history(picture(Moody().huldra_dir)) == before
    assert Moody().exists()
    assert [event["status"] for event in events_of(Moody())] == ["running", "success", "running", "failed"]
    CALLS.clear()
    assert Moody().load_or_create() == 1
    assert CALLS == ["load 1"]


def test_a_reader_never_takes_the_halves_for_the_whole(monkeypatch):
    Number().load_or_create()
    seen = []
    create = Number._create
    monkeypatch.setattr(
        Number,
        "_create",
        lambda self: seen.append((has_result(self.huldra_dir), list(self.huldra_dir.glob("*.txt")))) or create(self),
    )
    Number().load_or_create(force=True)
    assert seen == [(False, [])]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_the_earlier_result_comes_back_if_the_new_attempt_is_killed(number, python, tmp_path, monkeypatch):
    trace = tmp_path / "trace"
    monkeypatch.setenv("TRACE", str(trace))
    stuck = Stuck(n=9, seconds=20)
    monkeypatch.setattr("tests.runtime.experiments.time.sleep", lambda _: None)
    stuck.load_or_create()
    monkeypatch.undo()
    huldra.set_huldra_root(tmp_path / "data-huldra")
    before = without_history(picture(stuck.huldra_dir))
    trace.unlink()
    process = python(FORCE.format(20), TRACE=str(trace))
    while not trace.exists():
        assert process.poll() is None
        time.sleep(0.01)
    assert not stuck.exists()
    process.send_signal(number)
    process.wait()
    CALLS.clear()
    assert stuck.load_or_create() == 9
    assert CALLS == ["load 9"], "nothing is computed: the earlier result is there"
    assert without_history(picture(stuck.huldra_dir)) == before


class Cut(BaseException):
    """Stands for SIGKILL: nothing of the library catches it, and nothing is cleaned up."""


def recompute_in_vain(directory, steps, monkeypatch):
    """Set aside, begin, and bring back again; die at the given change of the disk. Return whether it came to that."""
    left = [steps]

    def counted(function):
        def call(*arguments, **named):
            if left[0] == 0:
                raise Cut
            left[0] -= 1
            return function(*arguments, **named)

        return call

    with monkeypatch.context() as patch:
        for name in ("rename", "replace", "mkdir", "write_bytes"):
            patch.setattr(Path, name, counted(getattr(Path, name)))
        try:
            set_aside.set_records_aside(directory)
            update_state(directory, begun)
            set_aside.set_payload_aside(directory)
            (directory / "number.txt").write_text("half")
            (directory / "new.txt").write_text("half")
            set_aside.bring_back(directory)
        except Cut:
            return True
    return False


def begun(state):
    return start_attempt(state, backend="local", owner=this_process(), lease_seconds=60)


def test_every_step_may_be_the_last_one(monkeypatch):
    number = Number(n=6)
    number.load_or_create()
    for name in ("a.txt", "b.txt"):
        (number.huldra_dir / name).write_text(name)
    before = without_history(picture(number.huldra_dir))
    steps = 0
    while recompute_in_vain(number.huldra_dir, steps, monkeypatch):
        CALLS.clear()
        assert number.load_or_create() == 6, steps
        assert CALLS == ["load 6"], steps
        assert success_file(number.huldra_dir / ".huldra").is_file(), steps
        set_aside.recover(number.huldra_dir)  # what is only left over waits for the next one that computes
        sweep(number)
        assert without_history(picture(number.huldra_dir)) == before, steps
        steps += 1
    assert steps > 15
    assert without_history(picture(number.huldra_dir)) == before


def sweep(experiment):
    """Remove the drafts that a killed process leaves; they would go by themselves after ten minutes."""
    for draft in (experiment.huldra_dir / ".huldra").glob("*.tmp"):
        draft.unlink()


@pytest.mark.parametrize(
    "names", ["Double", "tests.runtime.experiments.Double", "Other, Double", "all", "{digest}", "Double/{digest}"]
)
def test_the_environment_can_force_too_once_in_a_process(names, monkeypatch):
    double = Double()
    double.load_or_create()
    monkeypatch.setattr("huldra.runtime.forcing._computed", set())
    monkeypatch.setenv("HULDRA_FORCE_RECOMPUTE", names.format(digest=double.huldra_hash))
    assert double.load_or_create() == 2
    assert attempt_of(double)["number"] == 2
    assert double.load_or_create() == 2
    assert attempt_of(double)["number"] == 2
    assert attempt_of(double.number)["number"] == (2 if names == "all" else 1)


def test_forcing_what_was_never_computed_just_computes_it():
    assert Number().load_or_create(force=True) == 1
    assert result_of(Number()) == "success"
