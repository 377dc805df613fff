"""A rerun that outlives whoever starts it: an editor closes, the experiment goes on. Starts the command line only."""

import json
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal
from uuid import uuid4

from msgspec import Struct

from huldra.launch.session import launch_directory


class Detached(Struct, frozen=True):
    """A rerun that was started. SIGTERM to `pid` ends it, and leaves nothing half-done; `log` says how it goes."""

    pid: int
    log: Path


def rerun_command(
    root: Path,
    store: Path,
    keys: Sequence[str],
    *,
    code: Literal["now", "then"] = "now",
    with_upstream: bool = True,
    python: str | None = None,
) -> tuple[str, ...]:
    """Return the words of the command line that makes experiments, for people to read and for `start_detached`.

    Args:
        root: The project.
        store: Where results go.
        keys: What to make, as `class/hash` or in other words that the command line takes.
        code: As `--code`.
        with_upstream: Whether what they depend on is made first where that is needed.
        python: The interpreter, if one was chosen.
    """
    words = ["huldra", "rerun", *keys, "--root", str(root), "--store", str(store), "--yes"]
    words += ["--code", "then"] if code == "then" else []
    words += [] if with_upstream else ["--no-upstream"]
    words += ["--python", python] if python is not None else []
    return tuple(words)


def start_detached(root: Path, command: Sequence[str]) -> Detached:
    """Return the rerun that was started, after the user has agreed to it.

    Effect: starts a process in a session of its own, with its output in a log below the root's cache directory.
    """
    files = launch_directory(root) / "detached"
    files.mkdir(exist_ok=True)
    log = files / f"{uuid4().hex}.log"
    program = f"import sys; sys.path[:0] = {sys.path!r}; from huldra.cli.main import run; run()"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603  # our own command line
            [sys.executable, "-c", program, *command[1:]],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    # A server lives long: what has ended must not stay behind in the table of processes.
    threading.Thread(target=process.wait, name=f"huldra-rerun-{process.pid}", daemon=True).start()
    record = {"pid": process.pid, "command": list(command)}
    with suppress(OSError):
        log.with_suffix(".json").write_text(f"{json.dumps(record, indent=2)}\n", encoding="utf-8")
    return Detached(process.pid, log)
