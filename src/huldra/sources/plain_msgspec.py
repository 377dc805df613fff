"""Imports msgspec without `typing_extensions`, which brings `inspect` with it and is half of what that takes.

What msgspec takes from there `typing` has, too, since Python 3.11, and msgspec itself falls back on it; none of our
records is described in other words. Packages that need `typing_extensions` import it later, as if nothing had been.
"""

import sys
from types import ModuleType

_NAME = "typing_extensions"


def import_msgspec() -> None:
    """Effect: import msgspec, unless that was done. For who starts a process, before others import it."""
    if _NAME in sys.modules or "msgspec" in sys.modules:
        return
    sys.modules[_NAME] = ModuleType(_NAME)  # with nothing in it that could be imported
    try:
        __import__("msgspec")
    finally:
        del sys.modules[_NAME]
