"""What stands behind a value that code calls: the functions, classes and configs that it closes over or holds.

What code reaches by the names of its module is not looked for: `mentions` goes by these.
"""

from collections.abc import Iterator

from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    FunctionObject,
    InstanceObject,
    ListObject,
    Method,
    Partial,
    PropertyObject,
    Scope,
    Unknown,
)

Behind = FunctionObject | ClassObject | ConfigObject


def stands_behind(machine: Machine, value: AbstractValue) -> Iterator[Behind]:
    """Yield what a value is or leads to that may build or load something, each once, the nearest first."""
    seen, waiting = set[int](), [value]
    for each in waiting:
        if id(each) not in seen:
            seen.add(id(each))
            if isinstance(each, Behind):
                yield each
            waiting += _held(machine, each)


def is_closure(function: FunctionObject) -> bool:
    """Whether a function was made by another one, so that it may call what its own text does not name."""
    return function.scope.parent is not None


def _held(machine: Machine, value: AbstractValue) -> Iterator[AbstractValue]:
    match value:
        case FunctionObject(scope=scope, defaults=defaults):
            yield from defaults.values()
            yield from _closed_over(scope)
        case BoundMethod(function=function, receiver=receiver):
            yield from (function, receiver)
        case Method(receiver=receiver):
            yield receiver
        case Partial(function=function, positional=positional, keywords=keywords):
            yield from (function, *positional, *keywords.values())
        case PropertyObject(function=function):
            yield function
        case InstanceObject(cls=cls, attributes=attributes):
            yield from attributes.values()
            for name in cls.info.order:
                made = machine.class_object(name) if name in machine.project.classes else None
                yield from () if made is None else made.members.names.values()
        case Unknown(aliases=aliases):
            yield from aliases
        case ListObject(items=items):
            yield from items
        case DictObject(items=items):
            yield from items.values()
        case tuple():
            yield from value
        case _:
            return


def _closed_over(scope: Scope) -> Iterator[AbstractValue]:
    """Yield what the functions around a function hold; the outermost scope is that of its module."""
    while scope.parent is not None:
        yield from scope.names.values()
        scope = scope.parent
