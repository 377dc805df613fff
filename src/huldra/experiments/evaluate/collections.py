"""Collections of experiments (`HuldraList`): all of it is behaviour of the class object, over its own attributes."""

from collections.abc import Iterator

from huldra.experiments.evaluate.attributes import look_up
from huldra.experiments.evaluate.journal import with_aliases
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.frozen import PartialConfig
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    External,
    FunctionObject,
    InstanceObject,
    ListObject,
    Method,
    Partial,
    PropertyObject,
    Unknown,
)
from huldra.formats.config_values import ConfigValue, Value
from huldra.formats.identity import IdentityTypeError, IdentityValueError, canonical_json, identity_hash
from huldra.project.places import Place

METHODS = frozenset({"all", "items", "items_iter", "by_name"})
_CALLABLE = (FunctionObject, BoundMethod, Partial, Method, PropertyObject, ClassObject, External)


def collection_entries(machine: Machine, cls: ClassObject, place: Place) -> list[AbstractValue] | Unknown:
    """Return the entries in definition order: own attributes only, dicts and lists opened once, each hash once.

    Where it is not known how many there are, nobody knows which is the second.
    """
    found: list[AbstractValue] = []
    named: list[ConfigValue | PartialConfig] = []
    entries = [entry for _, value in _attributes(machine, cls) for entry in _opened(value)]
    for entry in entries:
        if isinstance(entry, Unknown):
            return with_aliases(entry, entries)
        frozen = machine.rules.freeze(machine, entry, place) if isinstance(entry, ConfigObject) else None
        if frozen is None:
            found.append(entry)
            continue
        same = [_is_same(frozen, other) for other in named]
        doubt = next((answer for answer in same if isinstance(answer, Unknown)), None)
        if doubt is not None:
            return with_aliases(doubt, entries)
        if True not in same:
            found.append(entry)
            named.append(frozen)
    return found


def _is_same(mine: ConfigValue | PartialConfig, other: ConfigValue | PartialConfig) -> bool | Unknown:
    """Whether two configs have one hash, as far as can be told from what is known of them."""
    if mine.class_name != other.class_name:
        return False
    if isinstance(mine, ConfigValue) and isinstance(other, ConfigValue):
        try:
            return identity_hash(mine) == identity_hash(other)
        except (IdentityTypeError, IdentityValueError) as problem:
            return Unknown(f"whether two entries are one: {problem}")
    ours, theirs = dict(_known(mine)), dict(_known(other))
    for name in ours.keys() & theirs.keys():
        try:
            if canonical_json(ours[name]) != canonical_json(theirs[name]):
                return False
        except (IdentityTypeError, IdentityValueError):
            continue
    return Unknown("whether two entries are one, and count once")


def _known(config: ConfigValue | PartialConfig) -> Iterator[tuple[str, Value]]:
    fields = config.known if isinstance(config, PartialConfig) else config.fields
    return ((name, value) for name, value in fields if not name.startswith("_"))


def _attributes(machine: Machine, cls: ClassObject) -> list[tuple[str, AbstractValue]]:
    return [
        (name, value)
        for name, value in cls.members.names.items()
        if not name.startswith("_") and not _is_callable(machine, value)
    ]


def _is_callable(machine: Machine, value: AbstractValue) -> bool:
    if isinstance(value, ConfigObject | InstanceObject):
        return look_up(machine, value.cls.info.order, "__call__") is not None
    return isinstance(value, _CALLABLE)


def _opened(value: AbstractValue) -> list[AbstractValue]:
    match value:
        case DictObject():
            return [value.unknown] if value.unknown is not None else list(value.items.values())
        case ListObject():
            return [value.unknown] if value.unknown is not None else list(value.items)
        case _:
            return [value]


def call_collection(
    machine: Machine, cls: ClassObject, method: str, arguments: list[AbstractValue], place: Place
) -> AbstractValue:
    """Return what `Sweep.all()`, `.items()`, `.items_iter()` or `.by_name(name)` gives."""
    match method:
        case "all":
            found = collection_entries(machine, cls, place)
            return found if isinstance(found, Unknown) else ListObject(found)
        case "items" | "items_iter":
            pairs = [(name, value) for name, value in _attributes(machine, cls) if not isinstance(value, DictObject)]
            return ListObject(list(pairs))
        case _:
            name = arguments[0] if arguments else None
            if not isinstance(name, str):
                return name if isinstance(name, Unknown) else Unknown("a name that is not a string", place)
            return _by_name(machine, cls, name, place)


def _by_name(machine: Machine, cls: ClassObject, name: str, place: Place) -> AbstractValue:
    attributes = dict(_attributes(machine, cls))
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
