"""Which version of a distribution is installed. Imports nothing but Python's own doors to the system: it is instant."""

import os
import sys

_END = ".dist-info"


def installed_version(distribution: str) -> str | None:
    """Return the version that the records of an installed distribution are named after; None if it cannot be told so.

    `importlib.metadata` knows more, and takes as long to import as Python to start.

    Args:
        distribution: The name as its records spell it, with underscores.
    """
    begin = f"{distribution}-"
    for directory in sys.path:
        if not directory.endswith("-packages"):
            continue
        try:
            names = os.listdir(directory)  # noqa: PTH208
        except OSError:
            continue
        found = [name for name in names if name.startswith(begin) and name.endswith(_END)]
        if len(found) == 1:
            return found[0].removeprefix(begin).removesuffix(_END)
    return None
