"""What values hold: the mutable parts inside them, and the key that Python takes for another. Changes nothing."""

from collections.abc import Iterable, Iterator, Mapping

from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    DictObject,
    DictView,
    InstanceObject,
    IteratorObject,
    Key,
    ListObject,
    Method,
    Mutable,
    Partial,
    SetObject,
    Unknown,
)
from huldra.formats.config_values import EnumValue

MutableValue = ListObject | DictObject | SetObject | InstanceObject | IteratorObject


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


def containers(values: Iterable[AbstractValue]) -> Iterator[Mutable]:
    """Yield those of the values, and the dicts behind views, whose elements code can exchange."""
    for value in values:
        if isinstance(value, DictView):
            yield value.table
        elif isinstance(value, ListObject | DictObject | SetObject):
            yield value
        elif isinstance(value, IteratorObject):
            yield from value.read


def mutable_parts(values: Iterable[AbstractValue]) -> Iterator[MutableValue]:
    """Yield every value that code can change and that these values are or hold, each once; configs are frozen."""
    seen: set[int] = set()
    stack = list(values)
    while stack:
        value = stack.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        match value:
            case ListObject(items=items) | IteratorObject(items=items):
                yield value
                stack.extend(items)
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
            case Unknown(aliases=aliases):
                stack.extend(aliases)
            case BoundMethod(receiver=receiver) | Method(receiver=receiver):
                stack.append(receiver)
            case Partial(positional=positional, keywords=keywords):
                stack.extend((*positional, *keywords.values()))
            case _:
                continue
