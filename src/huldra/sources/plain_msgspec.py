"""Imports msgspec without `typing_extensions`, which brings `inspect` with it and is half of what that takes.

What msgspec takes from there `typing` has, too, since Python 3.11, and msgspec itself falls back on it; none of our
records is described in other words. Packages that need `typing_extensions` import it later, as if nothing had been.
"""

import sys

TYPE_CHECKING = False  # as in `typing`, which takes long to import
if TYPE_CHECKING:
    from types import ModuleType

_NAME = "typing_extensions"


def import_msgspec() -> None:
    """Effect: import msgspec, unless that was done. For who starts a process, before others import it."""
    if _NAME in sys.modules or "msgspec" in sys.modules:
        return
    modules: dict[str, ModuleType | None] = sys.modules
    modules[_NAME] = None  # an import of it raises ImportError
    try:
        import msgspec  # noqa: F401, PLC0415  # not before
    finally:
        del sys.modules[_NAME]
