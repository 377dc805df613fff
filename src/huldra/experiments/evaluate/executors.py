"""Executors and pools of the standard library: what they are given is called once for each, in order.

In which order the calls are made really nobody knows; so what one of several threads changes is in doubt, and what
another process changes is not seen by this one.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import Literal

from msgspec import Struct

from huldra.experiments.evaluate.branches import run_optional
from huldra.experiments.evaluate.futures import FUTURE, Ended, call_future, results_of
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
from huldra.project.places import Place

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
_NOTHING = frozenset({"shutdown", "close", "join", "terminate"})
_CHUNKS_OF_A_WORKER = 4
"""Into how many chunks for each worker a pool divides what it maps."""


class _Calls(Struct, frozen=True):
    """What is called, with what each time; where there is a doubt, one call stands for any number of them."""

    function: AbstractValue
    calls: Sequence[CallArguments]
    doubt: Unknown | None = None


def make_executor(name: str, call: CallArguments) -> AbstractValue:
    """Return an executor; one that runs something of its own in each worker is not followed."""
    if len(call.positional) > 1 or not call.keywords.keys() <= _OPTIONS:
        return Unknown(f"an instance of {name}", call.place, name)
    workers = [*call.positional, *(call.keywords[key] for key in ("max_workers", "processes") if key in call.keywords)]
    return Partial(External(name), tuple(workers[:1]), {})


def is_executor(value: AbstractValue) -> bool:
    """Whether a value is an executor that is followed."""
    return isinstance(value, Partial) and isinstance(value.function, External) and value.function.name in _KINDS


def call_executor(
    machine: Machine, receiver: AbstractValue, name: str, call: CallArguments, frame: Frame
) -> AbstractValue | NoKey:
    """Return what a method of an executor or of a future gives; NO_KEY where that is not followed."""
    if not isinstance(receiver, Partial) or not isinstance(receiver.function, External) or call.unknown is not None:
        return NO_KEY
    if receiver.function == FUTURE:
        return call_future(machine, receiver, name, call.place)
    kind = _KINDS.get(receiver.function.name)
    if kind is None:
        return NO_KEY
    if name in _NOTHING:
        return None
    rows = _rows(machine, receiver.function.name, name, call, frame)
    if rows is None:
        return NO_KEY
    function, calls, doubt = rows.function, rows.calls, rows.doubt
    sent = [function, *(value for each in calls for value in (*each.positional, *each.keywords.values()))]
    if kind == "process" and not all(_has_name(machine, value) for value in sent):
        return NO_KEY  # what cannot be sent to another process is not called there
    if doubt is not None:
        run_optional(machine, frame, doubt, lambda: _drop(run_in_worker(machine, kind, function, calls[0], frame)))
        return Unknown(f"what workers give: {doubt.reason}", call.place)
    chunk = _chunk(receiver, name, call, len(calls))
    # Whoever leaves a pool ends what is still waiting in it, and nobody here has asked for the results yet.
    waits = _is_pool(receiver.function.name) and name in {"apply_async", "map_async", "starmap_async", "imap"}
    with machine.conditions.under(call.place) if waits else nullcontext():
        results = _run_in_chunks(
            machine, calls, chunk, lambda each: run_in_worker(machine, kind, function, each, frame)
        )
    return results_of(machine, name, results, is_pool=_is_pool(receiver.function.name))


def _drop(_ended: Ended) -> None:
    return


def _chunk(executor: Partial, name: str, call: CallArguments, tasks: int) -> int | None:
    """Return how many tasks a worker takes at a time, ending all with the first that raises; None where nobody knows.

    Nobody does either where whoever reads the results of others may end those that are left, once one has raised.
    """
    if name in {"submit", "apply", "apply_async"}:
        return 1
    is_pool = isinstance(executor.function, External) and _is_pool(executor.function.name)
    if not is_pool or name == "imap":
        return None
    given = call.positional[2] if len(call.positional) > 2 else call.keywords.get("chunksize")
    if given is not None:
        return given if isinstance(given, int) and given > 0 else None
    workers = next(iter(executor.positional), None)
    if tasks <= _CHUNKS_OF_A_WORKER:
        return 1
    return -(-tasks // (_CHUNKS_OF_A_WORKER * workers)) if isinstance(workers, int) and workers > 0 else None


def _run_in_chunks(
    machine: Machine, calls: Sequence[CallArguments], chunk: int | None, run: Callable[[CallArguments], Ended]
) -> list[Ended]:
    """Return how calls end; those that follow one that raises in its chunk are not made."""
    results: list[Ended] = []
    size = max(1, len(calls)) if chunk is None else chunk
    for start in range(0, len(calls), size):
        raised: Place | None = None
        is_certain = False
        for each in calls[start : start + size]:
            if is_certain and chunk is not None:
                break
            with nullcontext() if raised is None else machine.conditions.under(raised):
                ended = run(each)
            results.append(ended)
            is_certain = is_certain or isinstance(ended.value, Raised)
            raised = raised or (each.place if ended.has_raised or is_certain else None)
    return results


def _is_pool(executor: str) -> bool:
    return executor.startswith("multiprocessing.")


def _rows(machine: Machine, executor: str, name: str, call: CallArguments, frame: Frame) -> _Calls | None:
    """Return the function that is called, and with what; None where that is not known."""
    if not call.positional:
        return None
    function, *given = call.positional
    is_pool = _is_pool(executor)
    if name == "submit" and not is_pool:
        return _Calls(function, [CallArguments(given, dict(call.keywords), call.place)])
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
    if not given:
        return None
    if isinstance(zipped, Unknown):
        return _of_some(function, zipped, 1 if is_pool else len(given), call, is_spread=name.startswith("starmap"))
    rows = [list(row) for row in zipped if isinstance(row, tuple)]
    if name.startswith("starmap"):
        spread = [machine.iterate(row[0], frame, call.place) for row in rows]
        rows = [row for row in spread if not isinstance(row, Unknown)]
        if len(rows) < len(spread):
            return None
    machine.step(call.place, len(rows))
    return _Calls(function, [CallArguments(row, {}, call.place) for row in rows])


def _of_some(function: AbstractValue, cause: Unknown, count: int, call: CallArguments, *, is_spread: bool) -> _Calls:
    """Return the one call that stands for any number of them, with elements that nobody knows."""
    reason = f"an element of an unknown iterable: {cause.reason}"
    element = Unknown(reason, cause.place or call.place, aliases=cause.aliases)
    given = (
        CallArguments([], {}, call.place, element) if is_spread else CallArguments([element] * count, {}, call.place)
    )
    return _Calls(function, [given], Unknown(cause.reason, call.place))


def _applied(
    machine: Machine, function: AbstractValue, given: Sequence[AbstractValue], call: CallArguments, frame: Frame
) -> _Calls | None:
    positional = machine.iterate(given[0], frame, call.place) if given else []
    keywords = given[1] if len(given) > 1 else DictObject({})
    if isinstance(positional, Unknown) or not isinstance(keywords, DictObject) or keywords.unknown is not None:
        return None
    named = {key: value for key, value in keywords.items.items() if isinstance(key, str)}
    return _Calls(function, [CallArguments(positional, named, call.place)])


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
) -> Ended:
    """Return how one call ends, which nothing else here does. Effect: what others may see of it is in doubt."""
    doubtful = machine.doubtful_calls
    with machine.conditions.guarded():
        value = _run(machine, kind, function, call, frame)
        has_raised = machine.conditions.raised_inside
    ended = Ended(value, machine.doubtful_calls - doubtful, has_raised)
    machine.doubtful_calls = doubtful
    return ended


def _run(
    machine: Machine, kind: Literal["thread", "process"], function: AbstractValue, call: CallArguments, frame: Frame
) -> AbstractValue | Raised:
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
