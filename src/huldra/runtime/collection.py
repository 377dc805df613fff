"""`HuldraList`: experiments under names, as attributes of a class that is never instantiated."""

from collections.abc import Iterator
from typing import Generic, Literal, TypeGuard, TypeVar, overload

from huldra.runtime.experiment import Huldra
from huldra.runtime.narrowing import is_dict, is_list

T = TypeVar("T")


class _Collection(type):
    """What the class object can do; all of it looks at the class's own attributes, not at inherited ones."""

    def __iter__(cls) -> Iterator[Huldra[object]]:
        return iter(cls.all())

    def all(cls) -> list[Huldra[object]]:
        """Return the experiments, lists and dicts unpacked, in order of definition, each hash once.

        Raises:
            TypeError: an attribute is, or holds, something else.
        """
        found: dict[str, Huldra[object]] = {}
        for name, attribute in cls._entries():
            for item in _unpacked(attribute):
                if not _is_experiment(item):
                    raise TypeError(f"{cls.__name__}.{name} holds a {type(item).__name__}, not an experiment")
                found.setdefault(item.huldra_hash, item)
        return list(found.values())

    def items(cls) -> list[tuple[str, object]]:
        """Return name and attribute of each entry; dicts are left out, and lists stay lists."""
        return list(cls.items_iter())

    def items_iter(cls) -> Iterator[tuple[str, object]]:
        """Yield what `items` returns."""
        return ((name, attribute) for name, attribute in cls._entries() if not is_dict(attribute))

    @overload
    def by_name(cls, name: str, *, strict: Literal[True] = True) -> object: ...
    @overload
    def by_name(cls, name: str, *, strict: bool) -> object | None: ...
    def by_name(cls, name: str, *, strict: bool = True) -> object | None:
        """Return the entry of a name: an attribute, or else the first dict's entry with that key.

        Raises:
            KeyError: there is none, and `strict` is set.
        """
        entries = dict(cls._entries())
        if entries.get(name):
            return entries[name]
        for attribute in entries.values():
            if is_dict(attribute) and name in attribute:
                return attribute[name]
        if strict:
            raise KeyError(name)
        return None

    def _entries(cls) -> Iterator[tuple[str, object]]:
        for name, attribute in vars(cls).items():
            if not name.startswith("_") and not callable(attribute):
                yield name, attribute


def _is_experiment(item: object) -> TypeGuard[Huldra[object]]:
    return isinstance(item, Huldra)


def _unpacked(attribute: object) -> list[object]:
    if is_dict(attribute):
        return list(attribute.values())
    return attribute if is_list(attribute) else [attribute]


class HuldraList(Generic[T], metaclass=_Collection):
    """The base of named collections: `class Sweep(HuldraList[Train]): small = Train(width=64)`."""
