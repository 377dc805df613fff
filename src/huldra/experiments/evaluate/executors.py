"""Executors and pools of the standard library: what they are given is called once for each, in order.

In which order the calls are made really nobody knows; so what one of several threads changes is in doubt, and what
another process changes is not seen by this one.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from huldra.experiments.evaluate.journal import differs, merge
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.reachable import NO_KEY, NoKey, mutable_parts
from huldra.experiments.evaluate.signals import LimitReached, Raised
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    DictObject,
    External,
    FunctionObject,
    IteratorObject,
    ListObject,
    Partial,
    Unknown,
    next_birth,
)

_KINDS: Mapping[str, Literal["thread", "process"]] = {
    "concurrent.futures.ThreadPoolExecutor": "thread",
    "concurrent.futures.thread.ThreadPoolExecutor": "thread",
    "concurrent.futures.ProcessPoolExecutor": "process",
    "concurrent.futures.process.ProcessPoolExecutor": "process",
    "multiprocessing.Pool": "process",
    "multiprocessing.pool.Pool": "process",
    "multiprocessing.pool.ThreadPool": "thread",
    "multiprocessing.dummy.Pool": "thread",
}
EXECUTORS = tuple(_KINDS)
_OPTIONS = frozenset({"max_workers", "processes", "thread_name_prefix", "mp_context", "maxtasksperchild"})
_FUTURE = External("concurrent.futures.Future")
_NOTHING = frozenset({"shutdown", "close", "join", "terminate"})


def make_executor(name: str, call: CallArguments) -> AbstractValue:
    """Return an executor; one that runs something of its own in each worker is not followed."""
    if len(call.positional) > 1 or not call.keywords.keys() <= _OPTIONS:
        return Unknown(f"an instance of {name}", call.place, name)
    return Partial(External(name), (), {})


def is_executor(value: AbstractValue) -> bool:
    """Whether a value is an executor that is followed."""
    return isinstance(value, Partial) and isinstance(value.function, External) and value.function.name in _KINDS


def call_executor(
    machine: Machine, receiver: AbstractValue, name: str, call: CallArguments, frame: Frame
) -> AbstractValue | NoKey:
    """Return what a method of an executor or of a future gives; NO_KEY where that is not followed."""
    if not isinstance(receiver, Partial) or not isinstance(receiver.function, External) or call.unknown is not None:
        return NO_KEY
    if receiver.function == _FUTURE:
        if name == "exception":
            return None  # what a worker raises is no such value
        return receiver.positional[0] if name in {"result", "get"} else NO_KEY
    kind = _KINDS.get(receiver.function.name)
    if kind is None:
        return NO_KEY
    if name in _NOTHING:
        return None
    rows = _rows(machine, receiver.function.name, name, call, frame)
    if rows is None:
        return NO_KEY
    function, calls = rows
    sent = [function, *(value for each in calls for value in (*each.positional, *each.keywords.values()))]
    if kind == "process" and not all(_has_name(machine, value) for value in sent):
        return NO_KEY  # what cannot be sent to another process is not called there
    results = [run_in_worker(machine, kind, function, each, frame) for each in calls]
    return _given(name, results, is_pool=_is_pool(receiver.function.name))


def _is_pool(executor: str) -> bool:
    return executor.startswith("multiprocessing.")


def _rows(
    machine: Machine, executor: str, name: str, call: CallArguments, frame: Frame
) -> tuple[AbstractValue, list[CallArguments]] | None:
    """Return the function that is called, and with what; None where that is not known."""
    if not call.positional:
        return None
    function, *given = call.positional
    is_pool = _is_pool(executor)
    if name == "submit" and not is_pool:
        return function, [CallArguments(given, dict(call.keywords), call.place)]
    if not is_pool and (name != "map" or not call.keywords.keys() <= {"timeout", "chunksize", "buffersize"}):
        return None
    if is_pool and not call.keywords.keys() <= {"chunksize"}:
        return None
    if is_pool and name in {"apply", "apply_async"} and len(given) <= 2:
        return _applied(machine, function, given, call, frame)
    many = {"map", "imap", "map_async", "starmap", "starmap_async"}
    if is_pool and (name not in many or len(given) not in {1, 2}):
        return None
    together = machine.call_with(External("builtins.zip"), given[:1] if is_pool else given, frame, call.place)
    zipped = machine.iterate(together, frame, call.place)  # others may go on for ever, where one comes to an end
    if isinstance(zipped, Unknown) or not given:
        return None
    rows = [list(row) for row in zipped if isinstance(row, tuple)]
    if name.startswith("starmap"):
        spread = [machine.iterate(row[0], frame, call.place) for row in rows]
        rows = [row for row in spread if not isinstance(row, Unknown)]
        if len(rows) < len(spread):
            return None
    machine.step(call.place, len(rows))
    return function, [CallArguments(row, {}, call.place) for row in rows]


def _applied(
    machine: Machine, function: AbstractValue, given: Sequence[AbstractValue], call: CallArguments, frame: Frame
) -> tuple[AbstractValue, list[CallArguments]] | None:
    positional = machine.iterate(given[0], frame, call.place) if given else []
    keywords = given[1] if len(given) > 1 else DictObject({})
    if isinstance(positional, Unknown) or not isinstance(keywords, DictObject) or keywords.unknown is not None:
        return None
    named = {key: value for key, value in keywords.items.items() if isinstance(key, str)}
    return function, [CallArguments(positional, named, call.place)]


def _has_name(machine: Machine, value: AbstractValue) -> bool:
    """Whether a value can be sent to another process: functions and classes by the names that their modules have."""
    match value:
        case FunctionObject(module=module, name=name):
            scope = machine.modules.get(module)
            return scope is not None and scope.names.get(name) is value
        case BoundMethod(receiver=receiver):
            return _has_name(machine, receiver)
        case Partial(function=function, positional=positional, keywords=keywords):
            return all(_has_name(machine, part) for part in (function, *positional, *keywords.values()))
        case ClassObject(info=info):
            return "<locals>" not in info.qualname
        case ListObject(items=items):
            return all(_has_name(machine, item) for item in items)
        case tuple():
            return all(_has_name(machine, item) for item in value)
        case IteratorObject():
            return False
        case _:
            return True


def run_in_worker(
    machine: Machine, kind: Literal["thread", "process"], function: AbstractValue, call: CallArguments, frame: Frame
) -> AbstractValue | Raised:
    """Return what one call gives, or raises. Effect: what others may see of it is in doubt."""
    first, begin = next_birth(), len(machine.sites)
    section = machine.journal.open()
    held = machine.held
    if kind == "process":
        machine.held = {}  # what it changes are copies: no config here holds them
    result: AbstractValue | Raised
    try:
        result = machine.call(function, call, frame)
    except Raised as raised:
        result = raised
    except (LimitReached, RecursionError):
        machine.journal.close(section)
        raise
    finally:
        machine.held = held
    changed = [value for value, before in section.before.values() if value.born < first and differs(value, before)]
    if kind == "process":
        machine.journal.undo(section)
        inside = {id(part) for part in mutable_parts([] if isinstance(result, Raised) else [result])}
        if not isinstance(result, Raised) and any(id(value) in inside for value in changed):
            result = Unknown("another process has changed it", call.place)
        elif not isinstance(result, Raised) and not _has_name(machine, result):
            result = Unknown("what cannot be sent back from another process", call.place)
    else:
        machine.journal.close(section)
        doubt = Unknown("a thread changes it", call.place)
        for value in changed:
            machine.touch(value)
            machine.journal.work += merge(value, section.before[id(value)][1], doubt)
    # It may still be at work when what it was given is changed.
    for part in mutable_parts([*call.positional, *call.keywords.values()]):
        machine.held.setdefault(id(part), (part, []))[1].extend(site.config for site in machine.sites[begin:])
    return result


def _given(name: str, results: list[AbstractValue | Raised], *, is_pool: bool) -> AbstractValue:
    """Return what the one who asked for some calls is given, by how it asked.

    Raises:
        Raised: what one of the calls raises, where that is told at once.
    """
    error = next((result for result in results if isinstance(result, Raised)), None)
    values = [result for result in results if not isinstance(result, Raised)]
    if error is not None:
        if is_pool and name in {"map", "starmap", "apply"}:
            raise error
        doubt = Unknown(f"a worker raises {error.type_name}", error.place)
        return doubt if name in {"submit", "apply_async", "map_async", "starmap_async"} else IteratorObject([], doubt)
    match name:
        case "submit" | "apply_async":
            return Partial(_FUTURE, (values[0],), {})
        case "map_async" | "starmap_async":
            return Partial(_FUTURE, (ListObject(values),), {})
        case "apply":
            return values[0]
        case _:
            return ListObject(values) if is_pool and name != "imap" else IteratorObject(values)
