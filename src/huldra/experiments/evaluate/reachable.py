"""What values hold: the mutable parts inside them, and the key that Python takes for another. Changes nothing."""

from collections.abc import Iterable, Iterator, Mapping

from huldra.experiments.numpy_numbers import NumpyNumber
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    DictView,
    External,
    FunctionObject,
    InstanceObject,
    IteratorObject,
    Key,
    ListObject,
    Method,
    MutableValue,
    Partial,
    SetObject,
    Unknown,
)
from huldra.formats.config_values import EnumValue

_HOLDS_NOTHING = frozenset[type]({str, int, float, bool, type(None), ConfigObject, ClassObject, External, EnumValue})
"""Kinds of what most values are. Configs are frozen: what they hold is theirs (`mutable_parts_of`)."""
DEQUE = "collections.deque"
DEQUE_ITEMS = "items of a deque"


def deque_items(value: AbstractValue) -> ListObject | None:
    """Return the list that a deque holds; None for anything else, and for a deque that is not known."""
    if not isinstance(value, InstanceObject) or value.cls.name != DEQUE or value.unknown is not None:
        return None
    items = value.attributes.get(DEQUE_ITEMS)
    return items if isinstance(items, ListObject) else None


ARRAY = "numpy.ndarray"
ARRAY_ITEMS = "items of an array"
ARRAY_OF = "the array that an array is a view of"


def array_items(value: AbstractValue) -> tuple[NumpyNumber | Unknown, ...] | Unknown | None:
    """Return what an array of NumPy's holds, Unknown where it may have been changed; None for anything else."""
    if not isinstance(value, InstanceObject) or value.cls.name != ARRAY:
        return None
    holder: AbstractValue = value
    while isinstance(holder, InstanceObject):
        if holder.unknown is not None:
            return holder.unknown
        holder = holder.attributes.get(ARRAY_OF)
    items = value.attributes.get(ARRAY_ITEMS)
    return (
        tuple(item for item in items if isinstance(item, NumpyNumber | Unknown)) if isinstance(items, tuple) else None
    )


class NoKey:
    """There is no such key; None is one."""


NO_KEY = NoKey()


def stored_key(items: Mapping[Key, object], key: Key) -> Key:
    """Return the key under which Python stores an entry: the equal one that is there already, or the new one."""
    found = find_key(items, key)
    return key if isinstance(found, NoKey) else found


def find_key(items: Mapping[Key, object], key: Key) -> Key | NoKey:
    """Return the key of a dict or set that Python takes for the given one.

    Members of str and int enums equal their plain values, which the evaluator's own equality does not say.
    """
    if key in items:
        return key
    plain = _plain_key(key)
    if plain is not key and plain in items:
        return plain
    if isinstance(plain, str | int | float):
        return next((k for k in items if isinstance(k, EnumValue) and _plain_key(k) == plain), NO_KEY)
    return NO_KEY


def _plain_key(key: Key) -> Key:
    if isinstance(key, EnumValue) and key.is_plain and isinstance(key.value, str | int | float):
        return key.value
    return key


def mutable_parts(values: Iterable[AbstractValue]) -> Iterator[MutableValue]:
    """Yield every value that code can change and that these values are or hold, each once; configs are frozen."""
    seen: set[int] = set()
    stack = list(values)
    while stack:
        value = stack.pop()
        if type(value) in _HOLDS_NOTHING or id(value) in seen:
            continue
        seen.add(id(value))
        # The most frequent one first: to be told that a value is none of the others takes longer than to look inside.
        match value:
            case Unknown(aliases=aliases):
                if id(aliases) not in seen:
                    seen.add(id(aliases))
                    stack.extend(aliases)
            case ListObject(items=items):
                yield value
                stack.extend(items)
            case IteratorObject(items=items, sources=sources, state=state):
                yield value
                stack.extend((*items, state))
                stack.extend(_read_through(sources))
            case DictObject():
                yield value
                stack.extend(value.items.values())
            case SetObject():
                yield value
            case InstanceObject():
                yield value
                stack.extend(value.attributes.values())
            case DictView(table=table):
                stack.append(table)
            case tuple():
                stack.extend(value)
            case FunctionObject(attributes=DictObject() as attributes):
                stack.append(attributes)
            case BoundMethod(receiver=receiver) | Method(receiver=receiver):
                stack.append(receiver)
            case Partial(positional=positional, keywords=keywords):
                stack.extend((*positional, *keywords.values()))
            case _:
                continue


def mutable_parts_of(config: ConfigObject) -> Iterator[MutableValue]:
    """Yield the mutable values that a config holds, directly or in configs inside it."""
    values = list(config.raw.values())
    seen: set[int] = set()
    for value in values:
        if isinstance(value, ConfigObject) and id(value) not in seen:
            seen.add(id(value))
            values.extend(value.raw.values())
    return mutable_parts(values)


def _read_through(sources: Iterable[AbstractValue]) -> Iterator[AbstractValue]:
    """Yield what whoever reads a lazy iterator gets hold of: what its sources hold, and iterators that it advances."""
    for source in sources:
        match source:
            case ListObject(items=items):
                yield from items
            case DictView(table=DictObject(items=items)) | DictObject(items=items):
                yield from items.values()
            case SetObject():
                continue
            case _:
                yield source
