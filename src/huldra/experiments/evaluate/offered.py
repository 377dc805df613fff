"""Experiment classes that are handed to code outside the project, which may build experiments of them, or not."""

import sys
from collections.abc import Iterable, Iterator

from huldra.experiments.evaluate.branches import run_optional
from huldra.experiments.evaluate.inert import is_inert
from huldra.experiments.evaluate.library import is_pure
from huldra.experiments.evaluate.library_classes import SAFE_BASES
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.outcome import key_of
from huldra.experiments.evaluate.unseen_calls import SHOWN, call_unseen, rehearse
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    DictObject,
    FunctionObject,
    InstanceObject,
    ListObject,
    Partial,
    Unknown,
)
from huldra.formats.dialect import DIALECTS
from huldra.project.hierarchy import missing_methods

_MOST = 20
_CALLERS = frozenset({"threading", "concurrent", "multiprocessing", "asyncio", "atexit", "sched", "signal"})
"""Modules of the standard library that call what they are given, whenever that may be."""
_READERS = frozenset(
    {
        *("functools", "abc", "typing", "dataclasses", "enum", "inspect", "types", "weakref", "copyreg"),
        *("unittest", "warnings", "operator", "pickle", "copy", "collections", "builtins"),
    }
)
"""Those that make something of functions, or look at them, and call none of them at once."""
_DECORATORS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})
_KEEPERS = frozenset({"register", "add", "append", "update", "setdefault", "put", "dump", "dumps", "fields"})
"""What keeps or shows what it is given, by the names that such functions have everywhere."""
_CALLED_BY = {"builtins.hash": ("__hash__",), "builtins.len": ("__len__",), "pprint.pprint": SHOWN, "rich.print": SHOWN}
_LOGGING = ("logging.", "loguru.", "structlog.")
_OWN = frozenset({"chz", *(dialect.name for dialect in DIALECTS)})


def offer(machine: Machine, function: str, arguments: CallArguments, frame: Frame) -> None:
    """Effect: a dynamic site for each experiment class that a call outside the project may build.

    What it does with functions that it is given is found out when all that call them have been seen.
    """
    package, name = function.partition(".")[0], function.rpartition(".")[2]
    if package in _OWN or name in _KEEPERS:
        return
    given = (*arguments.positional, *arguments.keywords.values())
    change = Unknown(f"{function}, which is outside the project, may change it", arguments.place)
    if package in sys.stdlib_module_names and package not in _CALLERS:
        if package not in _READERS and function not in _DECORATORS:
            read_by_library(machine, given, change, frame)
        return
    machine.found.offered |= {key_of(value) for value in given if isinstance(value, FunctionObject)}
    _rehearse(machine, _functions(machine, given), change, frame)
    doubt = Unknown(f"{function}, which is outside the project, may build it", arguments.place)
    options = [*_builders(machine, given)]
    for option in options[:_MOST]:
        build_perhaps(machine, option, doubt, frame)


def read_by_library(machine: Machine, given: Iterable[AbstractValue], doubt: Unknown, frame: Frame) -> None:
    """Effect: put in doubt what the standard library may change by calling what it is given.

    It calls functions, the special methods of any value, and of classes that derive from its own the methods that it
    knows of.
    """
    if doubt.place is None:
        raise ValueError("a call that is not known has a place all the same")
    listed = list(given)
    own = [v for v in listed if not isinstance(v, ClassObject | InstanceObject) or _is_of_outside(machine, v)]
    _rehearse(machine, _functions(machine, own), doubt, frame)
    call_unseen(machine, listed, None, frame, doubt.place)


def note_unseen(
    machine: Machine, name: str, result: AbstractValue, arguments: CallArguments, frame: Frame
) -> AbstractValue:
    """Return what a call outside the project gave. Effect: what it may have called where it was not followed is so.

    Special methods may have been; by pure functions the functions that they are given, too.
    """
    if not isinstance(result, Unknown):
        return result
    given = (*arguments.positional, *arguments.keywords.values())
    if is_pure(name):
        change = Unknown(f"{name.removeprefix('builtins.')}, which is not followed, may change it", arguments.place)
        read_by_library(machine, given, change, frame)
    else:
        called = SHOWN if name.startswith(_LOGGING) else _CALLED_BY.get(name)
        call_unseen(machine, given, called, frame, arguments.place)
    return result


def _is_of_outside(machine: Machine, value: ClassObject | InstanceObject) -> bool:
    cls = value.cls if isinstance(value, InstanceObject) else value
    return any(name not in machine.project.classes and name not in SAFE_BASES for name in cls.info.order)


def _rehearse(machine: Machine, functions: Iterable[FunctionObject], doubt: Unknown, frame: Frame) -> None:
    """Effect: put in doubt what functions change that code outside may call; what they build is found another time."""
    for function in [*functions][:_MOST]:
        if not is_inert(machine, function):
            rehearse(machine, function, doubt, frame)


def _functions(machine: Machine, values: Iterable[AbstractValue]) -> Iterator[FunctionObject]:
    """Yield the functions that values are, hold, or have as methods."""
    for value in values:
        match value:
            case ListObject(items=items):
                yield from _called(machine, (*items,))
            case tuple():
                yield from _called(machine, value)
            case DictObject(items=items):
                yield from _called(machine, items.values())
            case Unknown(aliases=aliases):
                yield from _called(machine, (alias for alias in aliases if isinstance(alias, InstanceObject)))
            case _:
                yield from _called(machine, (value,))


def _called(machine: Machine, values: Iterable[AbstractValue]) -> Iterator[FunctionObject]:
    for value in values:
        match value:
            case FunctionObject():
                yield value
            case BoundMethod(function=FunctionObject() as function):
                yield function
            case Partial(function=FunctionObject() | BoundMethod() as inner):
                yield from _called(machine, (inner,))
            case InstanceObject(cls=cls):
                yield from _called(machine, (cls,))
            case ClassObject(info=info) if info.dialect is None:
                found = (machine.class_object(name) for name in info.order if name in machine.project.classes)
                members = (member for cls in found if cls is not None for member in cls.members.names.values())
                yield from (member for member in members if isinstance(member, FunctionObject))
            case _:
                continue


def build_perhaps(machine: Machine, builder: AbstractValue, doubt: Unknown, frame: Frame) -> None:
    """Effect: call something with arguments that are not known, if it is called at all."""
    place = doubt.place
    if place is None:
        raise ValueError("a call that is not known has a place all the same")
    call_perhaps(machine, builder, CallArguments([], {}, place, doubt), doubt, frame)


def call_perhaps(machine: Machine, function: AbstractValue, given: CallArguments, doubt: Unknown, frame: Frame) -> None:
    """Effect: call something, which may or may not happen."""
    run_optional(machine, frame, doubt, lambda: _drop(machine, function, given, frame))


def _drop(machine: Machine, builder: AbstractValue, given: CallArguments, frame: Frame) -> None:
    machine.call(builder, given, frame)


def is_buildable(machine: Machine, value: AbstractValue) -> bool:
    """Whether a value is an experiment class of which there can be experiments."""
    if not isinstance(value, ClassObject) or value.info.dialect is None or value.name not in machine.project.classes:
        return False
    return not missing_methods(value.name, machine.project.tables, machine.project.symbols)


def _builders(machine: Machine, values: Iterable[AbstractValue]) -> Iterator[AbstractValue]:
    for value in values:
        match value:
            case ClassObject() if is_buildable(machine, value):
                yield value
            case Partial(function=ClassObject() as cls) if is_buildable(machine, cls):
                yield value
            case ListObject(items=items):
                yield from (item for item in items if is_buildable(machine, item))
            case tuple():
                yield from (item for item in value if is_buildable(machine, item))
            case DictObject(items=items):
                yield from (item for item in items.values() if is_buildable(machine, item))
            case _:
                continue
