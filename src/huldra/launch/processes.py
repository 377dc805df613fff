"""One experiment, one process: its program, its log, how it ended. Knows files and processes, and no order."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from huldra.formats.dialect import Dialect
from huldra.formats.layout import internal_directory, state_file

PROGRAM, LOG, RECORD = "huldra_rerun.py", "output.log", "job.json"
_LAST_WORDS = 4096


class Job(Struct, frozen=True):
    """What one process is to do.

    `directory` is the run's; `root` the directory that it is started in; `store` where results go. `held` are open
    files that it is to keep open as long as it lives.
    """

    key: str
    directory: Path
    dialect: Dialect
    program: str
    python: str
    root: Path
    store: Path
    log_name: str = LOG
    held: tuple[int, ...] = ()

    @property
    def files(self) -> Path:
        """Where the program, the log and the record of the process lie."""
        return internal_directory(self.directory, self.dialect) / "launch"

    @property
    def log(self) -> Path:
        """What the process prints."""
        return self.files / self.log_name


def start_job(job: Job) -> "subprocess.Popen[bytes]":
    """Return the process, which has a session of its own: a Ctrl-C in the terminal is for us to hand on.

    Effect: writes the program and the record; starts it.
    """
    job.files.mkdir(parents=True, exist_ok=True)
    program = job.files / PROGRAM
    program.write_text(job.program, encoding="utf-8")
    command = [job.python, str(program)]
    with job.log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # what the user has asked to run
            command,
            cwd=job.root,
            env=_environment(job),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=job.held,
        )
    record = {"pid": process.pid, "command": command, "directory": str(job.root), "started_at": _now()}
    (job.files / RECORD).write_text(f"{json.dumps(record, indent=2)}\n", encoding="utf-8")
    return process


def signal_job(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    """Effect: send a signal to a process and all that it has started."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.terminate()


def last_words(job: Job) -> str:
    """Return the last line that the process printed, which for an error is the error."""
    with suppress(OSError), job.log.open("rb") as log:
        log.seek(0, os.SEEK_END)
        log.seek(max(0, log.tell() - _LAST_WORDS))
        lines = [line.strip() for line in log.read().decode(errors="replace").splitlines() if line.strip()]
        return lines[-1] if lines else ""
    return ""


def keep_log_elsewhere(job: Job, kept: Path) -> Path:
    """Return where the log lies in the end: a process that never came to the library leaves no run behind.

    Effect: if nothing of the library's is in the run's directory, moves our files to `kept` and removes it.
    """
    internal = internal_directory(job.directory, job.dialect)
    entries = [entry for entry in job.directory.iterdir() if entry != internal] if job.directory.is_dir() else []
    inside = [entry for entry in internal.iterdir() if entry != job.files] if internal.is_dir() else []
    if entries or inside or state_file(internal).exists() or not job.files.is_dir():
        return job.log
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(kept, ignore_errors=True)
    shutil.move(job.files, kept)
    with suppress(OSError):
        internal.rmdir()
        job.directory.rmdir()
    return kept / job.log_name


def _environment(job: Job) -> Mapping[str, str]:
    prefix = job.dialect.environment_prefix
    # What was asked for is one experiment; the rest of a chain is made by steps of its own.
    left_out = {f"{prefix}_{name}" for name in ("FORCE_RECOMPUTE", "ALWAYS_RERUN")}
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    return kept | {f"{prefix}_PATH": str(job.store), f"{prefix}_RICH_UNCAUGHT_TRACEBACKS": "0", "PYTHONUNBUFFERED": "1"}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
