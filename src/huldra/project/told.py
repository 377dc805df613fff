"""What code tells of a value without being run: which classes it can have, what it is made of. Plain data."""

from collections.abc import Iterable

from msgspec import Struct

from huldra.facts.statements import FunctionDefinition


class Untold(Struct, frozen=True):
    """Nothing is told."""


class Outside(Struct, frozen=True):
    """It is nothing of the project's: a number, or an object of another library."""


class Absent(Struct, frozen=True):
    """It is None, which beside anything else says nothing."""


class Instance(Struct, frozen=True):
    """An instance of one of these classes of the project, or of a subclass."""

    class_names: frozenset[str]


class ClassItself(Struct, frozen=True):
    """One of these classes."""

    class_names: frozenset[str]


class Several(Struct, frozen=True):
    """A collection; of a mapping, its values count."""

    item: "Told"


class Pair(Struct, frozen=True):
    """A tuple of which each part is told by itself."""

    parts: "tuple[Told, ...]"


class Function(Struct, frozen=True, eq=False):
    """A function of the project in its module; `owner` is the class through which a method was read."""

    definition: FunctionDefinition
    module: str
    owner: frozenset[str] = frozenset()


class Module(Struct, frozen=True):
    """A module of the project."""

    name: str


class Library(Struct, frozen=True):
    """Something of another library, by its dotted name."""

    name: str


Told = Untold | Outside | Absent | Instance | ClassItself | Several | Pair | Function | Module | Library

UNTOLD, OUTSIDE, ABSENT = Untold(), Outside(), Absent()


def agreed(alternatives: Iterable[Told]) -> Told:
    """Return what is told of a value that is one of several; nothing where they do not agree."""
    found = [told for told in dict.fromkeys(alternatives) if told != ABSENT]
    if not found:
        return ABSENT
    first = found[0]
    instances = [told.class_names for told in found if isinstance(told, Instance)]
    if len(instances) == len(found):
        return Instance(frozenset(name for names in instances for name in names))
    classes = [told.class_names for told in found if isinstance(told, ClassItself)]
    if len(classes) == len(found):
        return ClassItself(frozenset(name for names in classes for name in names))
    if all(isinstance(told, Several) for told in found):
        return Several(agreed(told.item for told in found if isinstance(told, Several)))
    if all(isinstance(told, Outside | Library) for told in found) and len(found) > 1:
        return OUTSIDE
    return first if len(found) == 1 else UNTOLD


def item_of(told: Told) -> Told:
    """Return what is told of an item of a collection."""
    match told:
        case Several(item=item):
            return item
        case Pair(parts=parts):
            return agreed(parts) if parts else OUTSIDE
        case Outside() | Library():
            return OUTSIDE
        case _:
            return UNTOLD


def part_of(told: Told, steps: Iterable[int]) -> Told:
    """Return what is told of a part of a tuple that is unpacked."""
    for step in steps:
        told = told.parts[step] if isinstance(told, Pair) and step < len(told.parts) else item_of(told)
    return told


def is_outside(told: Told) -> bool:
    """Whether no instance of the project's can be in it."""
    match told:
        case Outside() | Absent() | Library():
            return True
        case Several(item=item):
            return is_outside(item)
        case Pair(parts=parts):
            return all(is_outside(part) for part in parts)
        case _:
            return False
