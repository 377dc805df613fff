"""Which `class/hash` a hash belongs to, of all that code builds and the store holds. It costs nothing until asked."""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from huldra.comparison.model import ComparedRun


class KeysOfHash(Mapping[str, tuple[str, ...]]):
    """The `class/hash` of every hash that code or store know. Of a stored run it holds two numbers.

    Args:
        built: What the code builds, by `class/hash`.
        runs: All runs.
        found: The runs that are known by `class/hash`.
    """

    def __init__(self, built: Collection[str], runs: Sequence[ComparedRun], found: Mapping[str, ComparedRun]) -> None:
        self._built = built
        self._runs = runs
        self._found = found

    def __getitem__(self, digest: str) -> tuple[str, ...]:
        keys = dict.fromkeys((*self._keys_built.get(digest, ()), *self._stored(digest)))
        if not keys:
            raise KeyError(digest)
        return tuple(keys)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(map(_digest, (*self._built, *self._found))))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @cached_property
    def _keys_built(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key in self._built:
            found.setdefault(_digest(key), []).append(key)
        return found

    @cached_property
    def _numbers(self) -> "tuple[array[int], array[int]]":
        """A number of each run's hash, sorted, and which run that is."""
        numbers = array("q", (hash(_digest(run.key)) for run in self._runs))
        order = array("I", sorted(range(len(numbers)), key=numbers.__getitem__))
        return array("q", (numbers[index] for index in order)), order

    def _stored(self, digest: str) -> Iterator[str]:
        numbers, order = self._numbers
        number = hash(digest)
        for place in range(bisect_left(numbers, number), len(numbers)):
            if numbers[place] != number:
                break
            key = self._runs[order[place]].key
            if _digest(key) == digest and key in self._found:
                yield key


def _digest(key: str) -> str:
    return key.rpartition("/")[2]
