"""Lock files: one line of JSON whose existence is the lock. Knows no states and no leases.

A holder also keeps the kernel's lock on the file (`flock`), which ends with the process however it dies. Only who has
that lock, and finds that the path still names the same file, may remove it: so no lock is taken from the living.
"""

import contextlib
import errno
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from uuid import uuid4

from pydantic import ValidationError

from huldra.formats.json_values import dump_json
from huldra.formats.records import LockRecord
from huldra.runtime.machine import host_name, process_lives
from huldra.runtime.times import now_text

try:
    import fcntl
except ImportError:  # no such locks on Windows: owners are judged by pid and lease there
    fcntl = None

_NO_LINKS = frozenset({errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK})
_MODE = 0o644


@dataclass(frozen=True, slots=True)
class HeldLock:
    """A lock that this process holds; `descriptor` keeps the kernel's lock."""

    path: Path
    descriptor: int
    pid: int


@dataclass(frozen=True, slots=True)
class FoundLock:
    """A lock file whose owner does not hold the kernel's lock.

    `record` is None if the file says nothing; `is_free` is False where the kernel cannot tell.
    """

    record: LockRecord | None
    age_seconds: float
    is_free: bool

    @property
    def owner_is_gone(self) -> bool:
        """Whether the owner is certainly dead: its process is, or has its number in an earlier life of the machine."""
        if self.record is None or self.record.host != host_name():
            return False
        if self.record.pid == os.getpid():
            return self.is_free
        return not process_lives(self.record.pid)


_HELD: dict[int, HeldLock] = {}


def _forget_locks_of_parent() -> None:
    for descriptor in _HELD:
        with contextlib.suppress(OSError):
            os.close(descriptor)  # a copy of it would keep the lock after the parent's death
    _HELD.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_locks_of_parent)


def take_lock(path: Path) -> HeldLock | None:
    """Take a lock, or return None if somebody has it.

    Effect: makes the lock file, with its text in it from the first moment on.
    """
    if path.exists():
        return None
    record = LockRecord(pid=os.getpid(), host=host_name(), created_at=now_text(), lock_id=uuid4().hex)
    draft = path.with_name(f"{path.name}.{record.lock_id}.tmp")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, _MODE)
    try:
        _kernel_lock(descriptor, wait=True)
        os.write(descriptor, _line(record))
        descriptor = _publish(draft, path, descriptor, record)
    except FileExistsError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    finally:
        draft.unlink(missing_ok=True)
    held = HeldLock(path, descriptor, record.pid)
    _HELD[descriptor] = held
    return held


def _publish(draft: Path, path: Path, descriptor: int, record: LockRecord) -> int:
    """Give the finished draft its name, or make the file anew where there are no hard links."""
    try:
        os.link(draft, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        made = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _MODE)
        _kernel_lock(made, wait=True)
        os.write(made, _line(record))
        os.close(descriptor)
        return made
    return descriptor


def _line(record: LockRecord) -> bytes:
    return f"{dump_json(record.model_dump())}\n".encode()


def release_lock(held: HeldLock) -> None:
    """Give a lock back.

    Effect: removes the lock file, if it is still the one that was taken, and only in the process that took it.
    """
    if held.pid != os.getpid() or _HELD.pop(held.descriptor, None) is None:
        return
    try:
        if _is_same_file(held.path, held.descriptor):
            held.path.unlink(missing_ok=True)
    finally:
        os.close(held.descriptor)


def release_own_lock(path: Path) -> None:
    """Give a lock back by its path, if this process has it: for a process that is about to end.

    Effect: as `release_lock`.
    """
    for held in [held for held in _HELD.values() if held.path == path]:
        release_lock(held)


def remove_abandoned_lock(path: Path, is_abandoned: Callable[[FoundLock], bool]) -> bool:
    """Return whether the lock is worth another try: nobody has it (any more).

    Effect: removes the lock file if its owner does not hold the kernel's lock and `is_abandoned` says so.
    """
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    except PermissionError:
        return False
    try:
        kernel = _kernel_lock(descriptor, wait=False)
        if kernel == "refused":
            return False
        age = time.time() - os.fstat(descriptor).st_mtime
        found = FoundLock(_parse(os.pread(descriptor, 4096, 0)), age, kernel == "taken")
        if not is_abandoned(found):
            return False
        if _is_same_file(path, descriptor):
            path.unlink(missing_ok=True)
        return True
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Return whether a living process certainly has a lock: the kernel says so."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return _kernel_lock(descriptor, wait=False) == "refused"
    finally:
        os.close(descriptor)


@contextmanager
def blocking_lock(path: Path, *, timeout: float, stale_after: float) -> Generator[None]:
    """Hold a lock that is only ever held for moments.

    Effect: makes and removes the lock file; breaks one whose owner is gone or that is older than `stale_after` seconds.

    Raises:
        TimeoutError: it could not be had in `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    pause = 0.001
    while (held := take_lock(path)) is None:
        if remove_abandoned_lock(path, lambda lock: lock.owner_is_gone or lock.age_seconds > stale_after):
            continue
        if time.monotonic() > deadline:
            raise TimeoutError(f"{path} is held by another process for more than {timeout:g} s")
        time.sleep(pause)
        pause = min(pause * 2, 0.05)
    try:
        yield
    finally:
        release_lock(held)


def _parse(text: bytes) -> LockRecord | None:
    try:
        return LockRecord.model_validate_json(text)
    except ValidationError:
        return None  # half-written by the library's first version


def _is_same_file(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _kernel_lock(descriptor: int, *, wait: bool) -> Literal["taken", "refused", "unknown"]:
    if fcntl is None:
        return "unknown"
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return "refused"
    except OSError:
        return "unknown"  # a file system without such locks
    return "taken"
