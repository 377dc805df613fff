"""Collections of experiments (`HuldraList`): all of it is behaviour of the class object, over its own attributes."""

from collections.abc import Iterator
from contextlib import suppress

from huldra.experiments.evaluate.class_members import look_up
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
from huldra.formats.config_values import ConfigValue
from huldra.formats.identity import IdentityTypeError, IdentityValueError, canonical_json, identity_hash
from huldra.project.places import Place

METHODS = frozenset({"all", "items", "items_iter", "by_name"})
_CALLABLE = (FunctionObject, BoundMethod, Partial, Method, PropertyObject, ClassObject, External)


def collection_entries(machine: Machine, cls: ClassObject, place: Place) -> list[AbstractValue] | Unknown:
    """Return the entries in definition order: own attributes only, dicts and lists opened once, each hash once.

    Where it is not known how many there are, nobody knows which is the second.
    """
    found: list[AbstractValue] = []
    named: dict[str, _Named] = {}
    entries = [entry for _, value in _attributes(machine, cls) for entry in _opened(value)]
    for entry in entries:
        if isinstance(entry, Unknown):
            return with_aliases(entry, entries)
        frozen = machine.rules.freeze(machine, entry, place) if isinstance(entry, ConfigObject) else None
        if frozen is None:
            found.append(entry)
            continue
        answer = named.setdefault(frozen.class_name, _Named()).is_new(frozen)
        if isinstance(answer, Unknown):
            return with_aliases(answer, entries)
        if answer:
            found.append(entry)
    return found


class _Named:
    """The configs of one class that a collection has so far, told apart by their hashes."""

    def __init__(self) -> None:
        self._digests: set[str] = set()
        self._texts: list[dict[str, str]] = []
        """Of each config how the fields that are known of it are hashed."""
        self._unsure: list[dict[str, str]] = []
        """The same, of those whose hash is not known."""

    def is_new(self, config: ConfigValue | PartialConfig) -> bool | Unknown:
        """Effect: take a config in. Return whether no other has its hash, as far as can be told from what is known."""
        digest = _digest(config)
        if digest in self._digests:
            return False
        texts = dict(_texts(config))
        if any(_may_be_same(texts, others) for others in (self._texts if digest is None else self._unsure)):
            return Unknown("whether two entries are one, and count once")
        self._texts.append(texts)
        if digest is None:
            self._unsure.append(texts)
        else:
            self._digests.add(digest)
        return True


def _digest(config: ConfigValue | PartialConfig) -> str | None:
    if isinstance(config, PartialConfig):
        return None
    try:
        return identity_hash(config)
    except (IdentityTypeError, IdentityValueError):
        return None


def _texts(config: ConfigValue | PartialConfig) -> Iterator[tuple[str, str]]:
    fields = config.known if isinstance(config, PartialConfig) else config.fields
    for name, value in fields:
        if not name.startswith("_"):
            with suppress(IdentityTypeError, IdentityValueError):  # of which nothing can be told
                yield name, canonical_json(value)


def _may_be_same(texts: dict[str, str], others: dict[str, str]) -> bool:
    return all(others.get(name, text) == text for name, text in texts.items())


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
