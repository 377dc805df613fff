"""A lock that lives as long as any process that has inherited it. Where the system has none, everything is held."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: a lock there dies with the process that took it
    fcntl = None


@contextmanager
def held_lock(file: Path) -> Generator[tuple[int, ...]]:
    """Give the open files that a process must inherit to hold the lock too.

    Effect: makes the file, and locks it.
    """
    if fcntl is None:
        yield ()
        return
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield (descriptor,)
    finally:
        os.close(descriptor)


def is_held(file: Path) -> bool:
    """Return whether a process holds the lock; what cannot be told counts as held, what is not there does not.

    Effect: takes the lock for a moment.
    """
    try:
        descriptor = os.open(file, os.O_RDWR)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    try:
        if fcntl is None:
            return True
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)
