"""Which directories are submodules: repositories inside another one whose commit is a part of its own commits.

Imports next to nothing: it is asked of a disk that has to be looked over quickly.
"""

import os
import re

_PATH = re.compile(rb'^[ \t]*path[ \t]*=[ \t]*"?(.+?)"?[ \t]*\r?$', re.MULTILINE)


def is_submodule(directory: str) -> bool:
    """Whether the repository around a directory, which is a repository itself, names it in `.gitmodules`.

    Any other repository inside a project is none of its code: a clone to look at, another branch's working tree.

    Effect: reads the file.
    """
    above = os.path.dirname(directory)  # noqa: PTH120  # pathlib would take longer than the rest
    while not os.path.lexists(f"{above}/.git"):
        place, above = above, os.path.dirname(above)  # noqa: PTH120
        if place == above:
            return False
    name = os.fsencode(os.path.relpath(directory, above).replace(os.sep, "/"))
    try:
        with open(f"{above}/.gitmodules", "rb") as file:  # noqa: PTH123
            return name in _PATH.findall(file.read())
    except OSError:
        return False
