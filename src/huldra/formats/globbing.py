"""Names with wildcards, as `glob` and `pathlib` read them, and the files that they find. Reads no directory itself."""

import fnmatch
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

MOST_FILES = 1_000
"""More files than so many are not compared one by one."""
_MAGIC = re.compile(r"[*?\[]")
_ANY_DEPTH = "**"


Entries = Callable[[str], Iterable[tuple[str, bool]]]
"""What lies in a directory, by its root-relative name ("" is the root): names, and whether each is a directory itself.

Links and what is neither file nor directory are left out. Nothing where there is no such directory.
"""


class TooManyFilesError(Exception):
    """A pattern finds more than `MOST_FILES`."""


def is_pattern(text: str) -> bool:
    """Return whether a name has wildcards."""
    return _MAGIC.search(text) is not None


def fixed_directory(pattern: str) -> str:
    """Return the directory that all lies below which a pattern finds."""
    fixed: list[str] = []
    for segment in pattern.split("/")[:-1]:
        if is_pattern(segment):
            break
        fixed.append(segment)
    return "/".join(fixed)


def found_files(pattern: str, entries: Entries) -> tuple[str, ...]:
    """Return the root-relative names of the files that a root-relative pattern finds, sorted.

    `**` stands for directories of any depth, as for `pathlib` and `glob(…, recursive=True)`; at the end, for all files
    below. Names that begin with a dot are found, too, as `pathlib` does.

    Raises:
        TooManyFilesError: there are more than `MOST_FILES`.
    """
    found: dict[str, None] = {}
    for name in _below("", pattern.split("/"), entries):
        found[name] = None
        if len(found) > MOST_FILES:
            raise TooManyFilesError
    return tuple(sorted(found))


def entries_of(names: Iterable[str]) -> Entries:
    """Return what lies in the directories of some files, by their root-relative names."""
    found: dict[str, dict[str, bool]] = {}
    for name in names:
        directory, _, last = name.rpartition("/")
        found.setdefault(directory, {})[last] = False
        while directory:
            directory, _, last = directory.rpartition("/")
            found.setdefault(directory, {})[last] = True
    return lambda directory: found.get(directory, {}).items()


def _below(directory: str, segments: list[str], entries: Entries) -> Iterator[str]:
    first, rest = segments[0], segments[1:]
    if first == _ANY_DEPTH:
        yield from _below(directory, rest or ["*"], entries)
        for name, is_directory in entries(directory):
            if is_directory:
                yield from _below(_join(directory, name), segments, entries)
    elif rest and not is_pattern(first):
        yield from _below(_join(directory, first), rest, entries)
    else:
        matches = _matcher(first)
        for name, is_directory in entries(directory):
            if is_directory == bool(rest) and matches(name) is not None:
                whole = _join(directory, name)
                yield from _below(whole, rest, entries) if rest else (whole,)


def _join(directory: str, name: str) -> str:
    return f"{directory}/{name}" if directory else name


@lru_cache(maxsize=256)
def _matcher(segment: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(fnmatch.translate(segment)).match
