"""What tells this program from others: whoever works on it must not be answered with what it said before."""

import os
from functools import cache

from huldra.sources.disk_state import program_version


@cache
def program_name() -> str:
    """Return a text that no other version of the program, of Python or of what it is built on has."""
    try:
        return repr(program_version())
    except OSError:
        return os.urandom(16).hex()  # not known, so nothing that was kept can be trusted
