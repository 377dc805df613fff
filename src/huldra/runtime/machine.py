"""This process and this machine: names, numbers, and whether another process of it lives."""

import os
import platform
import sys
import time
from functools import cache

from huldra.formats.records import OwnerRecord
from huldra.runtime.times import now

STARTED = time.time()
"""When this process began to use the library, as near to its start as can be told."""


@cache
def host_name() -> str:
    """Return the name of this machine."""
    return platform.node()  # what socket.gethostname() says, without the price of sockets


@cache
def user_name() -> str:
    """Return who runs this process; the number if there is no name."""
    import getpass  # noqa: PLC0415  only attempts pay for it

    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return str(os.getuid()) if hasattr(os, "getuid") else "unknown"


def command_line() -> str:
    """Return the arguments of this process, joined by spaces."""
    return " ".join(sys.argv)


def this_process() -> OwnerRecord:
    """Return who makes a local attempt."""
    host = host_name()
    return OwnerRecord(pid=os.getpid(), host=host, hostname=host, user=user_name(), command=command_line())


def this_environment() -> OwnerRecord:
    """Return who submits a batch attempt: as `this_process`, with when, and with which Python."""
    return this_process().model_copy(
        update={
            "timestamp": now().isoformat(timespec="microseconds"),
            "python_version": sys.version,
            "executable": sys.executable,
            "platform": platform.platform(),
        }
    )


def process_lives(pid: int) -> bool:
    """Return whether a process of this machine exists; one of another user does."""
    if sys.platform == "win32":
        return True  # signal 0 is Ctrl-C there: the lease decides
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (ProcessLookupError, OverflowError):
        return False
    return True
