"""What came into a table from afar then and comes into it now. Plain data in, plain data out."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from huldra.fingerprints.model import (
    BY_SCRIPT,
    FILLED,
    IN_ORDER,
    LOOKED_THROUGH,
    ONLY_FILLED,
    REGISTERED,
    Closure,
    Definition,
    Reference,
)


class Registrations(Struct, frozen=True):
    """What of a table is to be compared, what is gone, and what is new and found by what looks there.

    `is_reordered`: what one file puts in comes in another order, and the table keeps it.
    """

    pairs: tuple[tuple[int, int], ...]
    gone: tuple[Reference, ...]
    new: tuple[Reference, ...]
    is_reordered: bool


def paired_registrations(then: Closure, before: Definition, now: Closure, after: Definition) -> Registrations:
    """Pair what comes into a definition by its full name, or else by its last: it may have moved."""
    if _is_only_filled(before) and _is_only_filled(after):
        return Registrations((), (), (), is_reordered=False)
    old, new = _registered(before), _registered(after)
    pairs: list[tuple[int, int]] = []
    for is_full in (True, False):
        waiting: dict[str, list[Reference]] = {}
        for reference in old:
            waiting.setdefault(_name(then, reference, is_full=is_full), []).append(reference)
        for reference in tuple(new):
            alike = waiting.get(_name(now, reference, is_full=is_full))
            if alike:
                known = alike.pop(0)
                if isinstance(known.target, int) and isinstance(reference.target, int):
                    pairs.append((known.target, reference.target))
                old.remove(known)
                new.remove(reference)
    is_reordered = _keeps_order(before) and _keeps_order(after) and _are_reordered(then, now, pairs)
    return Registrations(tuple(pairs), tuple(old), tuple(_found_by_users(before, after, new)), is_reordered)


def _is_only_filled(definition: Definition) -> bool:
    return any(r.spelling == FILLED and r.target == ONLY_FILLED for r in definition.references)


def _keeps_order(definition: Definition) -> bool:
    return any(r.spelling == FILLED and r.rest == IN_ORDER for r in definition.references)


def _are_reordered(then: Closure, now: Closure, pairs: Sequence[tuple[int, int]]) -> bool:
    """Whether two that are put in by one file stand there otherwise than they stood; files have no order here."""
    lines: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for old, new in pairs:
        before, after = then.definitions[old], now.definitions[new]
        lines.setdefault((before.file, after.file), []).append((before.line, after.line))
    return any([new for _, new in sorted(of_file)] != sorted(new for _, new in of_file) for of_file in lines.values())


def _registered(definition: Definition) -> list[Reference]:
    return [reference for reference in definition.references if reference.spelling.startswith(REGISTERED)]


def _name(closure: Closure, reference: Reference, *, is_full: bool) -> str:
    if is_full and isinstance(reference.target, int):
        return closure.definitions[reference.target].name
    return reference.spelling


def _found_by_users(before: Definition, after: Definition, new: Sequence[Reference]) -> Iterable[Reference]:
    """Return the new entries that a run may be given: of a table that is not looked through, those of a known key."""
    uses = [reference for reference in (*before.references, *after.references) if reference.spelling == FILLED]
    new = [reference for reference in new if reference.rest != BY_SCRIPT]
    known = frozenset(key for reference in (*uses, *_registered(before)) for key in _keys(reference))
    if not known or any(reference.target == LOOKED_THROUGH for reference in uses):
        return new
    return (each for each in new if not (keys := _keys(each)) or not known.isdisjoint(keys))


def _keys(reference: Reference) -> frozenset[str]:
    # Names of classes often become keys in another case.
    return frozenset(key.casefold() for key in reference.label.split("\n") if key)
