"""Which entries of dictionaries a closure reads: who asks for `HPARAMS["lr"]` alone has nothing to do with the others.

Plain data in, plain data out.
"""

from collections.abc import Mapping

from msgspec import Struct

from huldra.fingerprints.model import Closure, Definition, Entry, Reference

Place = tuple[object, str]
"""Where something is read: a slot, or an entry and the how-manieth slot of it; and which of several targets it is."""


class Read(Struct, frozen=True):
    """What of two definitions is to be compared.

    Attributes:
        is_changed: What they mean by themselves, or an entry that is read, is not what it was.
        then: What the first reads, by where.
        now: The same of the second.
    """

    is_changed: bool
    then: Mapping[Place, Reference]
    now: Mapping[Place, Reference]


class EntriesRead:
    """Knows of two closures which entries of their dictionaries are read by literal keys, and by these alone."""

    def __init__(self, then: Closure, now: Closure) -> None:
        self._closures = (then, now)
        self._keys: tuple[Mapping[int, frozenset[str] | None], ...] | None = None

    def of(self, then: int, now: int) -> Read:
        """Return what is to be compared of two definitions."""
        theirs, ours = self._closures[0].definitions[then], self._closures[1].definitions[now]
        keys = self._read(then, now) if theirs.entries and ours.entries else None
        before, after = ({entry.key: entry for entry in each.entries} for each in (theirs, ours))
        # A key that is in neither may be one of theirs in other words: `1.0` finds what `1` has put in.
        if keys is None or not keys <= before.keys() | after.keys():
            return Read(theirs.form != ours.form, _by_slot(theirs), _by_slot(ours))
        read = {key for key in before.keys() | after.keys() if key in keys or not _is_idle(before, after, key)}
        is_changed = any(_form(before, key) != _form(after, key) for key in read)
        return Read(is_changed, _by_entry(theirs, read), _by_entry(ours, read))

    def _read(self, then: int, now: int) -> frozenset[str] | None:
        if self._keys is None:
            self._keys = tuple(map(_keys_read, self._closures))
        theirs, ours = self._keys[0].get(then), self._keys[1].get(now)
        return None if theirs is None or ours is None else theirs | ours


def _keys_read(closure: Closure) -> Mapping[int, frozenset[str] | None]:
    """Return the keys that each dictionary is asked for; None where it is read in another way as well."""
    found: dict[int, set[str] | None] = {
        index: set[str]() for index, each in enumerate(closure.definitions) if each.entries and not _is_filled(each)
    }
    for number, definition in enumerate(closure.definitions):
        for reference in definition.references:
            target = reference.target
            if not isinstance(target, int) or target not in found or target == number:
                continue
            keys = found[target]
            if keys is None or not reference.key or reference.slot < 0:
                found[target] = None
            else:
                keys.add(reference.key)
    return {index: None if keys is None else frozenset(keys) for index, keys in found.items()}


def _is_filled(definition: Definition) -> bool:
    """Whether something comes in from elsewhere, under a key that need not be known."""
    return any(reference.slot < 0 for reference in definition.references)


def _is_idle(before: Mapping[str, Entry], after: Mapping[str, Entry], key: str) -> bool:
    """Whether an entry is nothing to who does not ask for it, then and now."""
    return all(entries[key].is_plain for entries in (before, after) if key in entries)


def _form(entries: Mapping[str, Entry], key: str) -> str:
    return entries[key].form if key in entries else ""


def _by_slot(definition: Definition) -> Mapping[Place, Reference]:
    return {(each.slot, each.label): each for each in definition.references if each.slot >= 0}


def _by_entry(definition: Definition, read: set[str]) -> Mapping[Place, Reference]:
    places = {
        slot: (entry.key, slot - entry.first)
        for entry in definition.entries
        if entry.key in read
        for slot in range(entry.first, entry.end)
    }
    return {(places[each.slot], each.label): each for each in definition.references if each.slot in places}
