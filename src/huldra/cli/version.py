"""Which version of us is installed. Imports nothing but Python's own doors to the system: it is asked to be instant."""

import os
import sys

_BEGIN, _END = "huldra_lab-", ".dist-info"


def installed_version() -> str | None:
    """Return the version that the installed package's records are named after; None where there are none such.

    `importlib.metadata` knows more, and takes as long to import as Python to start.
    """
    for directory in sys.path:
        if not directory.endswith("-packages"):
            continue
        try:
            names = os.listdir(directory)  # noqa: PTH208
        except OSError:
            continue
        found = [name for name in names if name.startswith(_BEGIN) and name.endswith(_END)]
        if len(found) == 1:
            return found[0].removeprefix(_BEGIN).removesuffix(_END)
    return None
