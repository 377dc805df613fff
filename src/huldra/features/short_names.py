"""Names as people say them: the shortest endings that still tell apart, and what was probably meant by a wrong one."""

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import accumulate

from msgspec import Struct

SHORT_HASH = 8
_MOST_SUGGESTIONS = 3


class NoSuch(Struct, frozen=True):
    """There is nothing of that name: what kind of thing was asked for, and the nearest names that there are."""

    kind: str
    name: str
    nearest: tuple[str, ...]
    is_ambiguous: bool = False

    @property
    def message(self) -> str:
        """What to tell the person who asked."""
        if self.is_ambiguous:
            return f"{self.name!r} fits more than one {self.kind}: {', '.join(self.nearest)}"
        hint = f"; did you mean {_either(self.nearest)}?" if self.nearest else ""
        return f"there is no {self.kind} {self.name!r}{hint}"

    def with_list(self, words: str) -> str:
        """The same, and the words that say what lists all that there are."""
        return f"{self.message} {words}" if self.message.endswith("?") else f"{self.message}; {words}"


def no_such(kind: str, name: str, known: Iterable[str]) -> NoSuch:
    """Return the answer to a name that does not exist, with the nearest of the known ones."""
    by_folded = {candidate.casefold(): candidate for candidate in sorted(known, reverse=True)}
    by_ending = {folded.rpartition(".")[2]: candidate for folded, candidate in by_folded.items()}
    wanted = name.casefold()
    found = difflib.get_close_matches(wanted, by_folded, _MOST_SUGGESTIONS, cutoff=0.7)
    nearest = [by_folded[folded] for folded in found]
    ending = wanted.rpartition(".")[2]
    nearest += [by_ending[end] for end in difflib.get_close_matches(ending, by_ending, _MOST_SUGGESTIONS, cutoff=0.6)]
    return NoSuch(kind, name, tuple(dict.fromkeys(nearest))[:_MOST_SUGGESTIONS])


def short_names(names: Iterable[str]) -> Mapping[str, str]:
    """Return for each dotted name its shortest ending that no other of the names has: `Train`, or `a.Train`."""
    unique = sorted(set(names))
    counts = Counter(ending for name in unique for ending in _endings(name))
    return {name: next((e for e in _endings(name) if counts[e] == 1), name) for name in unique}


def short_key(key: str, names: Mapping[str, str]) -> str:
    """Return `class/hash` as `Train 1a2b3c4d`."""
    class_name, _, digest = key.rpartition("/")
    return f"{names.get(class_name, class_name)} {digest[:SHORT_HASH]}"


def _endings(name: str) -> Iterable[str]:
    return accumulate(reversed(name.split(".")), lambda ending, part: f"{part}.{ending}")


def _either(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
