"""Whether what the same code has made twice can be told apart: by what it holds, not by which object it is."""

from collections.abc import Iterable, Mapping, Sequence

from huldra.experiments.evaluate.journal import take
from huldra.experiments.value_identity import same_value
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    FieldCall,
    FunctionObject,
    InstanceObject,
    IteratorObject,
    Key,
    ListObject,
    Method,
    Mutable,
    Partial,
    PropertyObject,
    Scope,
    SetObject,
    Snapshot,
    Unknown,
)

_Seen = set[tuple[int, int]]
_WITH_CONTENT = ListObject | DictObject | SetObject | InstanceObject | IteratorObject
_Holding = Sequence[AbstractValue] | Mapping[str, AbstractValue] | Mapping[Key, AbstractValue] | Mapping[Key, None]


def are_alike(left: AbstractValue, right: AbstractValue) -> bool:
    """Whether two values hold the same; classes and functions by where they are defined, all doubts for the same."""
    return _alike(left, right, set())


def is_state_alike(value: Mutable, state: Snapshot) -> bool:
    """Whether a value holds what it holds in a snapshot of it."""
    now = take(value)
    if (now[1] is None) is not (state[1] is None):
        return False
    if now[2] is not None and state[2] is not None and not are_alike(now[2][1], state[2][1]):
        return False
    return _contents_alike(now[0], state[0], set())


def _alike(left: AbstractValue, right: AbstractValue, seen: _Seen) -> bool:
    if same_value(left, right) or (id(left), id(right)) in seen:
        return True
    if type(left) is not type(right):
        return False
    seen.add((id(left), id(right)))
    if isinstance(left, Unknown):
        return True
    return _all_alike(_parts(left), _parts(right), seen) and _are_of_one_kind(left, right, seen)


def _are_of_one_kind(left: AbstractValue, right: AbstractValue, seen: _Seen) -> bool:
    if isinstance(left, ClassObject) and isinstance(right, ClassObject):
        return left.name == right.name
    if isinstance(left, ConfigObject) and isinstance(right, ConfigObject):
        return bool(left.doubts) is bool(right.doubts)
    if isinstance(left, FunctionObject) and isinstance(right, FunctionObject):
        return left.definition is right.definition and _are_closures_alike(left.scope, right.scope, seen)
    if isinstance(left, _WITH_CONTENT) and isinstance(right, _WITH_CONTENT):
        return (left.unknown is None) is (right.unknown is None)
    return isinstance(left, tuple | PropertyObject | BoundMethod | Partial | Method | FieldCall) or left == right


def _parts(value: AbstractValue) -> list[AbstractValue]:
    """Return all that a value holds, in the order in which it does."""
    match value:
        case tuple():
            return list(value)
        case ListObject(items=items) | DictObject(items=items) | SetObject(items=items):
            return _flat(items)
        case IteratorObject(state=state, sources=sources, items=items):
            return [state, *sources, *items]
        case InstanceObject(cls=cls, attributes=attributes):
            return [cls, *_flat(attributes)]
        case ConfigObject(cls=cls, raw=raw):
            return [cls, *_flat(raw)]
        case FunctionObject(defaults=defaults, attributes=attributes):
            return [*_flat(defaults), *([] if attributes is None else _flat(attributes.items))]
        case PropertyObject(function=function):
            return [function]
        case BoundMethod(function=function, receiver=receiver):
            return [function, receiver]
        case Method(receiver=receiver, name=name):
            return [receiver, name]
        case FieldCall(arguments=arguments):
            return _flat(arguments)
        case Partial(function=function, positional=positional, keywords=keywords):
            return [function, *positional, *_flat(keywords)]
        case _:
            return []


def _are_closures_alike(left: Scope, right: Scope, seen: _Seen) -> bool:
    if left is right or left.is_class or (id(left), id(right)) in seen:
        return True
    seen.add((id(left), id(right)))
    return _contents_alike(left.names, right.names, seen)


def _contents_alike(left: _Holding, right: _Holding, seen: _Seen) -> bool:
    return _all_alike(_flat(left), _flat(right), seen)


def _flat(content: _Holding) -> list[AbstractValue]:
    """Return all that a container holds, its keys among it."""
    if isinstance(content, Mapping):
        return [value for pair in content.items() for value in pair]
    return list(content)


def _all_alike(left: Iterable[AbstractValue], right: Iterable[AbstractValue], seen: _Seen) -> bool:
    mine, theirs = tuple(left), tuple(right)
    return len(mine) == len(theirs) and all(_alike(a, b, seen) for a, b in zip(mine, theirs, strict=True))
