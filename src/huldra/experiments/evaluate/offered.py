"""Experiment classes that are handed to code outside the project, which may build experiments of them, or not."""

import sys
from collections.abc import Iterable, Iterator

from huldra.experiments.evaluate.branches import run_optional
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.outcome import key_of
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    DictObject,
    FunctionObject,
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
    doubt = Unknown(f"{function}, which is outside the project, may build it", arguments.place)
    options = [*_builders(machine, given)]
    for option in options[:_MOST]:
        build_perhaps(machine, option, doubt, frame)


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
