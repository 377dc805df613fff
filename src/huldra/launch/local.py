"""Jobs on this machine: in order, some at a time, and nothing half-done whatever happens. Shows nothing itself."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from huldra.formats.layout import internal_directory, previous_directory, success_file
from huldra.launch.processes import Job, keep_log_elsewhere, last_words, signal_job, start_job
from huldra.launch.set_aside import set_aside, settle

INTERRUPTED = "interrupted"
STOPPED = "an earlier one failed; --keep-going goes on"
Result = Literal["success", "failed", "interrupted", "not-started"]

_LOOK_SECONDS = 0.05
_GRACE_SECONDS = 10.0
_SIGNALS = tuple(found for found in signal.Signals if found.name in {"SIGINT", "SIGTERM", "SIGHUP"})


class Task(Struct, frozen=True):
    """A job in its place.

    Attributes:
        job: What its process does.
        path: Where the run lies below the store.
        after: The keys of the tasks that must succeed before.
        is_set_aside: Whether a success stands that the library would not keep by itself.
        healing: The program that brings back what the library had set aside when it was killed; None if it never does.
        kept_log: Where the log goes if there is no run to keep it in.
    """

    job: Job
    path: str
    after: tuple[str, ...]
    is_set_aside: bool
    healing: str | None
    kept_log: Path


class Outcome(Struct, frozen=True):
    """How a task ended. `seconds` is None for what was never started; `message` says why it did not succeed."""

    key: str
    result: Result
    seconds: float | None
    exit_code: int | None
    log: Path | None
    message: str


class Started(Struct, frozen=True):
    """A task has begun: the `number`-th of `total`."""

    key: str
    number: int
    total: int


Report = Callable[[Started | Outcome], None]


def run_tasks(tasks: Sequence[Task], *, jobs: int, keeps_going: bool, report: Report) -> tuple[Outcome, ...]:
    """Return how each task ended, in the order of the tasks.

    A Ctrl-C, SIGTERM or SIGHUP ends what runs, brings back what was set aside, and is told in the outcomes: nothing is
    raised. What does not end within ten seconds, or before a second one, is killed.

    Effect: starts processes, and waits for them; writes to the store through them.

    Args:
        tasks: In an order in which each comes after those that it waits for.
        jobs: How many run at a time.
        keeps_going: Whether a failure stops only what depends on it.
        report: Told of each beginning and each end.
    """
    return _Running(tuple(tasks), jobs, keeps_going, report).run()


class _Process(Struct):
    task: Task
    process: "subprocess.Popen[bytes]"
    began: float
    marker: bytes | None
    kept: Path | None


class _Running(Struct):
    tasks: tuple[Task, ...]
    jobs: int
    keeps_going: bool
    report: Report
    outcomes: dict[str, Outcome] = {}
    processes: dict[str, _Process] = {}
    begun: int = 0
    is_stopped: bool = False
    signals: int = 0

    def run(self) -> tuple[Outcome, ...]:
        with _listening(self._note_signal):
            self._work()
            if self.signals:
                self._interrupt()
        return tuple(self.outcomes[task.job.key] for task in self.tasks)

    def _work(self) -> None:
        while len(self.outcomes) < len(self.tasks) and not self.signals:
            self._start_ready()
            for running in [found for found in self.processes.values() if found.process.poll() is not None]:
                self._finish(running)
            if self.processes:
                time.sleep(_LOOK_SECONDS)

    def _start_ready(self) -> None:
        for task in self.tasks:
            key = task.job.key
            if key in self.outcomes or key in self.processes:
                continue
            obstacle = self._obstacle(task)
            if obstacle is not None:
                self._end(_not_started(key, obstacle))
            elif len(self.processes) < self.jobs and all(name in self.outcomes for name in task.after):
                self._start(task)

    def _obstacle(self, task: Task) -> str | None:
        """Return why a task will not be started, as far as that is known by now."""
        for name in task.after:
            before = self.outcomes.get(name)
            if before is not None and before.result != "success":
                return f"{name}, which it depends on, was not made"
        return STOPPED if self.is_stopped else None

    def _start(self, task: Task) -> None:
        self.begun += 1
        self.report(Started(task.job.key, self.begun, len(self.tasks)))
        marker = _marker(task.job)
        kept = set_aside(task.job.store, task.path) if task.is_set_aside and task.job.directory.is_dir() else None
        began = time.monotonic()
        try:
            process = start_job(task.job)
        except OSError as error:
            if kept is not None:
                settle(task.job.store, kept)
            self._end(Outcome(task.job.key, "failed", 0.0, None, None, f"it cannot be started: {error}"))
            return
        self.processes[task.job.key] = _Process(task, process, began, None if kept else marker, kept)

    def _finish(self, running: _Process, *, is_interrupted: bool = False) -> None:
        job, code = running.task.job, running.process.wait()
        seconds = time.monotonic() - running.began
        is_made = _marker(job) not in {None, running.marker}
        message = "" if is_made else _why(job, code)
        _heal(running, is_made=is_made)
        log = keep_log_elsewhere(job, running.task.kept_log)
        result: Result = "success" if is_made else "interrupted" if is_interrupted else "failed"
        del self.processes[job.key]
        said = (INTERRUPTED if result == "interrupted" else message, "" if is_made else _not_healed(job))
        self._end(Outcome(job.key, result, seconds, code, log, "; ".join(filter(None, said))))

    def _end(self, outcome: Outcome) -> None:
        self.outcomes[outcome.key] = outcome
        if outcome.result == "failed" and not self.keeps_going:
            self.is_stopped = True
        self.report(outcome)

    def _interrupt(self) -> None:
        for running in self.processes.values():
            signal_job(running.process, signal.SIGTERM)
        end = time.monotonic() + _GRACE_SECONDS
        is_patient = self.signals
        while any(found.process.poll() is None for found in self.processes.values()):
            if time.monotonic() > end or self.signals > is_patient:
                break
            time.sleep(_LOOK_SECONDS)
        for running in list(self.processes.values()):
            signal_job(running.process, signal.SIGKILL)
            self._finish(running, is_interrupted=True)
        for task in self.tasks:
            if task.job.key not in self.outcomes:
                self._end(_not_started(task.job.key, INTERRUPTED))

    def _note_signal(self) -> None:
        self.signals += 1


@contextmanager
def _listening(on_signal: Callable[[], None]) -> Generator[None]:
    """Have `on_signal` called, instead of the process ended or interrupted, while this is open.

    An exception that may come anywhere could come between moving a result away and noting that it was moved.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    # `nohup` and background jobs of a shell mean what they ignore; a handler of C code could not be put back.
    replaced = {number: handler for number, handler in before.items() if handler not in {signal.SIG_IGN, None}}

    def listen(_number: int, _frame: FrameType | None) -> None:
        on_signal()

    for number in replaced:
        signal.signal(number, listen)
    try:
        yield
    finally:
        for number, handler in replaced.items():
            signal.signal(number, handler)


def _heal(running: _Process, *, is_made: bool) -> None:
    """Effect: make an earlier success a success again unless a new one stands."""
    task = running.task
    if running.kept is not None:
        settle(task.job.store, running.kept)
    if not is_made and task.healing is not None and _set_aside(task.job).is_dir():
        # The process was killed before it could bring back the earlier result: the next one that asks does.
        with suppress(OSError):
            start_job(replace(task.job, program=task.healing, log_name="recovery.log")).wait()


def _not_healed(job: Job) -> str:
    """Return where the earlier result lies if it could not be brought back; it is not lost."""
    left = _set_aside(job)
    return f"the earlier result waits in {left}, and the next load_or_create() brings it back" if left.is_dir() else ""


def _set_aside(job: Job) -> Path:
    return previous_directory(internal_directory(job.directory, job.dialect))


def _marker(job: Job) -> bytes | None:
    """Return what is different for each success."""
    try:
        return success_file(internal_directory(job.directory, job.dialect)).read_bytes()
    except OSError:
        return None


def _why(job: Job, code: int) -> str:
    said = last_words(job)
    if code < 0:
        number = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return f"killed by {number}" + (f"; its last words: {said}" if said else "")
    if code == 0:
        return "it ended without a new result"
    return said or f"exit code {code}"


def _not_started(key: str, message: str) -> Outcome:
    return Outcome(key, "not-started", None, None, None, message)
