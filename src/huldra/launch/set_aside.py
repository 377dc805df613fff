"""A success that is moved away while its experiment is made again by a library that cannot keep it itself.

    <store>/.set-aside/<host>.<pid>.<n>/<path of the run>     the old run, whole

One rename moves it there, and one brings it back; `restore_all` finishes what a killed process left.
"""

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

from huldra.formats.dialect import DIALECTS
from huldra.formats.json_values import parse_json
from huldra.formats.layout import compute_lock_file, internal_directory, success_file
from huldra.stored_runs.liveness import process_is_alive

DIRECTORY = ".set-aside"
_numbers = count(1)


def set_aside(store: Path, path: str) -> Path:
    """Return where a run is now: out of the way of the one that replaces it.

    Effect: renames the run's directory.
    """
    session = store / DIRECTORY / f"{socket.gethostname()}.{os.getpid()}.{next(_numbers)}"
    kept = session / path
    kept.parent.mkdir(parents=True)
    (store / path).rename(kept)
    return kept


def settle(store: Path, kept: Path) -> None:
    """Drop what was set aside if the new run has succeeded, else bring it back.

    Effect: deletes one of the two runs. The log of a failed attempt is moved into the run that comes back.
    """
    session = next(parent for parent in kept.parents if parent.parent == store / DIRECTORY)
    current = store / kept.relative_to(session)
    if _has_success(current):
        pass
    elif kept.is_dir():
        failed = session / "failed"
        if current.is_dir():
            current.rename(failed)
        current.parent.mkdir(parents=True, exist_ok=True)
        _keep_log(failed, kept)
        kept.rename(current)
    shutil.rmtree(session, ignore_errors=True)
    _drop_if_empty(store)


def restore_all(store: Path) -> tuple[str, ...]:
    """Return the paths of runs that a killed process had left aside, and that are settled now.

    Effect: as `settle`. What another process works at is left alone.
    """
    done: list[str] = []
    for session in _abandoned(store):
        for kept in _left_in(store, session):
            settle(store, kept)
            done.append(kept.relative_to(session).as_posix())
        if not list(_runs_in(session)):
            shutil.rmtree(session, ignore_errors=True)
    _drop_if_empty(store)  # it may have been killed before it moved anything
    return tuple(done)


def left_aside(store: Path) -> tuple[str, ...]:
    """Return the paths of the runs that `restore_all` would settle. Effect: looks."""
    return tuple(
        kept.relative_to(session).as_posix() for session in _abandoned(store) for kept in _left_in(store, session)
    )


def _abandoned(store: Path) -> Iterator[Path]:
    """Yield the sessions of this machine whose process is gone."""
    for session in sorted((store / DIRECTORY).glob("*.*.*")) if (store / DIRECTORY).is_dir() else ():
        host, _, rest = session.name.rpartition(".")[0].rpartition(".")
        if host == socket.gethostname() and rest.isdecimal() and not process_is_alive(int(rest)):
            yield session


def _left_in(store: Path, session: Path) -> list[Path]:
    return [kept for kept in _runs_in(session) if not _is_under_way(store / kept.relative_to(session))]


def _drop_if_empty(store: Path) -> None:
    with suppress(OSError):
        (store / DIRECTORY).rmdir()


def _runs_in(session: Path) -> Iterator[Path]:
    for directory, names, _ in os.walk(session):
        if any(dialect.internal_directory in names for dialect in DIALECTS):
            names.clear()
            if Path(directory) != session / "failed":
                yield Path(directory)


def _has_success(run: Path) -> bool:
    return any(success_file(internal_directory(run, dialect)).is_file() for dialect in DIALECTS)


def _is_under_way(run: Path) -> bool:
    """Whether a process of this machine holds the run's compute lock; the program outlives the one that started it."""
    for dialect in DIALECTS:
        with suppress(OSError, ValueError):
            lock = parse_json(compute_lock_file(internal_directory(run, dialect)).read_text(encoding="utf-8"))
            match lock:
                case {"pid": int(pid)}:
                    return process_is_alive(pid)
                case _:
                    pass
    return False


def _keep_log(failed: Path, kept: Path) -> None:
    for dialect in DIALECTS:
        log = internal_directory(failed, dialect) / "launch"
        if log.is_dir():
            target = internal_directory(kept, dialect) / "launch"
            shutil.rmtree(target, ignore_errors=True)
            with suppress(OSError):
                log.rename(target)
