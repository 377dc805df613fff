"""Experiment classes that are handed to code outside the project, which may build experiments of them, or not."""

import sys
from collections.abc import Iterable, Iterator

from huldra.experiments.evaluate.branches import run_optional
from huldra.experiments.evaluate.footprints import read_by
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.outcome import key_of
from huldra.experiments.evaluate.signals import LimitReached
from huldra.experiments.evaluate.spoiling import spoil
from huldra.experiments.evaluate.targets import bind
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
"""Modules of the standard library that call what they are given; the others read it."""
_KEEPERS = frozenset({"register", "add", "append", "update", "setdefault", "put", "dump", "dumps", "fields"})
"""What keeps or shows what it is given, by the names that such functions have everywhere."""
_OWN = frozenset({"chz", *(dialect.name for dialect in DIALECTS)})


def offer(machine: Machine, function: str, arguments: CallArguments, frame: Frame) -> None:
    """Effect: a dynamic site for each experiment class that a call outside the project may build.

    What it does with functions that it is given is found out when all that call them have been seen.
    """
    package, name = function.partition(".")[0], function.rpartition(".")[2]
    if package in _OWN or name in _KEEPERS or (package in sys.stdlib_module_names and package not in _CALLERS):
        return
    given = (*arguments.positional, *arguments.keywords.values())
    machine.found.offered |= {key_of(value) for value in given if isinstance(value, FunctionObject)}
    change = Unknown(f"{function}, which is outside the project, may change it", arguments.place)
    _rehearse(machine, given, change, frame)
    doubt = Unknown(f"{function}, which is outside the project, may build it", arguments.place)
    options = [*_builders(machine, given)]
    for option in options[:_MOST]:
        build_perhaps(machine, option, doubt, frame)


def _rehearse(machine: Machine, values: Iterable[AbstractValue], doubt: Unknown, frame: Frame) -> None:
    """Effect: put in doubt what functions change that code outside may call; what they build is found another time.

    One of which that is being found out just now (`machine.rehearsed`) is not asked again.
    """
    for function in [*_functions(values)][:_MOST]:
        key = id(function.definition)
        if key in machine.rehearsed:
            continue
        machine.rehearsed.add(key)
        called = frozenset(machine.found.called)
        try:
            with machine.rehearsal(), machine.fresh_steps():
                build_perhaps(machine, function, doubt, frame)
        except (LimitReached, RecursionError):
            spoil(machine, read_by(machine, function), doubt)
            for name in machine.exported_names(function):
                bind(machine, name, doubt, Frame(machine.modules[function.module], function.module, function.origin))
        finally:
            machine.rehearsed.discard(key)
            machine.found.called &= called


def _functions(values: Iterable[AbstractValue]) -> Iterator[FunctionObject]:
    """Yield the functions that values are, hold, or have as methods."""
    for value in values:
        match value:
            case ListObject(items=items):
                yield from _called((*items,))
            case tuple():
                yield from _called(value)
            case DictObject(items=items):
                yield from _called(items.values())
            case _:
                yield from _called((value,))


def _called(values: Iterable[AbstractValue]) -> Iterator[FunctionObject]:
    for value in values:
        match value:
            case FunctionObject():
                yield value
            case BoundMethod(function=FunctionObject() as function):
                yield function
            case Partial(function=FunctionObject() | BoundMethod() as inner):
                yield from _called((inner,))
            case InstanceObject(cls=cls):
                yield from _called((cls,))
            case ClassObject(info=info, members=members) if info.dialect is None:
                yield from (member for member in members.names.values() if isinstance(member, FunctionObject))
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
