"""Collections of experiments (`HuldraList`): all of it is behaviour of the class object, over its own attributes."""

from collections.abc import Iterator

from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.value_identity import same_value
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    External,
    FunctionObject,
    ListObject,
    Method,
    Partial,
    PropertyObject,
    Unknown,
)
from huldra.project.places import Place

METHODS = frozenset({"all", "items", "items_iter", "by_name"})
_CALLABLE = (FunctionObject, BoundMethod, Partial, Method, PropertyObject, ClassObject, External)


def collection_entries(cls: ClassObject) -> Iterator[AbstractValue]:
    """Yield the entries in definition order: own attributes only, dicts and lists opened once, duplicates dropped."""
    seen: list[AbstractValue] = []
    for _, value in _attributes(cls):
        for entry in _opened(value):
            if isinstance(entry, Unknown) or not any(same_value(entry, other) for other in seen):
                seen.append(entry)
                yield entry


def _attributes(cls: ClassObject) -> list[tuple[str, AbstractValue]]:
    return [
        (name, value)
        for name, value in cls.members.names.items()
        if not name.startswith("_") and not isinstance(value, _CALLABLE)
    ]


def _opened(value: AbstractValue) -> list[AbstractValue]:
    match value:
        case DictObject():
            return [value.unknown] if value.unknown is not None else list(value.items.values())
        case ListObject():
            return [value.unknown] if value.unknown is not None else list(value.items)
        case _:
            return [value]


def call_collection(cls: ClassObject, method: str, arguments: list[AbstractValue], place: Place) -> AbstractValue:
    """Return what `Sweep.all()`, `.items()`, `.items_iter()` or `.by_name(name)` gives."""
    match method:
        case "all":
            return ListObject(list(collection_entries(cls)))
        case "items" | "items_iter":
            pairs = [(name, value) for name, value in _attributes(cls) if not isinstance(value, DictObject)]
            return ListObject(list(pairs))
        case _:
            name = arguments[0] if arguments else None
            if not isinstance(name, str):
                return name if isinstance(name, Unknown) else Unknown("a name that is not a string", place)
            return _by_name(cls, name, place)


def _by_name(cls: ClassObject, name: str, place: Place) -> AbstractValue:
    attributes = dict(_attributes(cls))
    value = attributes.get(name)
    if isinstance(value, ConfigObject) or (isinstance(value, ListObject | DictObject) and value.items):
        return value
    for group in attributes.values():
        if isinstance(group, DictObject) and group.unknown is not None:
            return group.unknown
        if isinstance(group, DictObject) and name in group.items:
            return group.items[name]
    if isinstance(value, Unknown):
        return value
    raise Raised("KeyError", f"{cls.info.qualname} has no entry {name!r}", place)
