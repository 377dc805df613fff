"""What names the two sides of a change, so that somebody can say once and for all that it does not matter.

A side covers more than the definition itself: also what only this change brings in, for nothing else compares that.
So whatever is done there later gives another name, and what was said of the change no longer holds.
"""

import hashlib
from collections.abc import Collection, Iterable

import msgspec

from huldra.fingerprints.docstrings import asks_for_docstrings
from huldra.fingerprints.model import VERSION, Closure, Definition, Reference

_DIGEST_SIZE = 10
_Described = tuple[str, str, str, tuple[str, ...], tuple[str, ...], list[tuple[str, ...]], str]
NOTHING = "-"
"""Names the side of a change that is not there: a definition that is new, or gone."""


class Side:
    """One of two closures that were compared.

    Args:
        closure: The closure.
        paired: The indices of the definitions that were compared with one of the other closure.
        owned: The indices of those that changes are about: nobody else's business.
    """

    def __init__(self, closure: Closure, paired: Collection[int], owned: Collection[int]) -> None:
        self._closure = closure
        self._keywords = frozenset(word for found in closure.definitions for word in found.keywords)
        self._asks_docstrings = asks_for_docstrings(closure)
        self._paired = frozenset(paired)
        regions = [self._region(index) for index in owned]
        known = self._paired.union(owned, *regions)
        count = len(closure.definitions)
        # Members that only an attribute reaches: which change brought them in cannot be told, so each covers them.
        self._shared = frozenset(range(count)) - known

    def fingerprint(self, indices: Iterable[int | None]) -> str:
        """Return what names the definitions at these indices with all that only they bring in."""
        own = sorted({index for index in indices if index is not None})
        if not own:
            return NOTHING
        covered = {*own, *self._shared}.union(*(self._region(index) for index in own))
        parts = (VERSION, [self._described(index) for index in own], sorted(self._described(i) for i in covered))
        return hashlib.blake2b(msgspec.msgpack.encode(parts), digest_size=_DIGEST_SIZE).hexdigest()

    def _region(self, start: int) -> frozenset[int]:
        """Return what is reached from a definition without passing one that is compared by itself."""
        seen: set[int] = set()
        waiting = [start]
        while waiting:
            for reference in self._closure.definitions[waiting.pop()].references:
                target = reference.target
                if isinstance(target, int) and target not in seen and target not in self._paired:
                    seen.add(target)
                    waiting.append(target)
        return frozenset(seen)

    def _described(self, index: int) -> _Described:
        found = self._closure.definitions[index]
        references = [self._reference(reference) for reference in found.references]
        said = found.docstrings if self._asks_docstrings else ""
        return _last(found), found.kind, found.form, self._named_parameters(found), found.keywords, references, said

    def _named_parameters(self, found: Definition) -> tuple[str, ...]:
        """Return the parameters, those that no call names without their names."""
        every = "**" in self._keywords
        return tuple(name if every or name in self._keywords else "" for name in found.parameters)

    def _reference(self, found: Reference) -> tuple[str, ...]:
        target = found.target
        name = f"outside {target}" if isinstance(target, str) else _last(self._closure.definitions[target])
        return str(found.slot), found.spelling, name, found.rest, found.label


def _last(definition: Definition) -> str:
    # The module is left out: what a definition refers to may move.
    return definition.name.rpartition(".")[2]
