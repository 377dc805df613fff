"""In which order many files are looked at for the first time. Nothing that is found follows from it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar

_Found = TypeVar("_Found")


def most_telling_first(names: Sequence[str]) -> list[str]:
    """Return names so that those come early which will have to be parsed, by others while the rest is read.

    The largest directories at the top are most often somebody else's code.
    """
    sizes = Counter(name.partition("/")[0] for name in names)
    return sorted(names, key=lambda name: sizes[name.partition("/")[0]])


def in_order(found: Mapping[str, _Found], names: Sequence[str]) -> dict[str, _Found]:
    """Return what was found of some of the names, in the order of the names."""
    return {name: found[name] for name in names if name in found}
