"""Threads, timers and processes of the standard library: what they are given is called once they are started."""

from collections.abc import Mapping
from typing import Literal

from huldra.experiments.evaluate.executors import run_in_worker
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.offered import call_perhaps
from huldra.experiments.evaluate.reachable import NO_KEY, NoKey
from huldra.experiments.values import AbstractValue, DictObject, External, Partial, Unknown

_KINDS: Mapping[str, Literal["thread", "process"]] = {
    "threading.Thread": "thread",
    "threading.Timer": "thread",
    "multiprocessing.Process": "process",
    "multiprocessing.context.Process": "process",
}
THREADS = frozenset(_KINDS)
_PARAMETERS = ("group", "target", "name", "args", "kwargs", "daemon")
_OF_TIMERS = ("interval", "function", "args", "kwargs")
_NOTHING = frozenset({"join", "close"})


def make_thread(name: str, call: CallArguments) -> AbstractValue:
    """Return a thread that has not been started."""
    given = dict(zip(_OF_TIMERS if name.endswith("Timer") else _PARAMETERS, call.positional, strict=False))
    given |= call.keywords
    target = given.get("function", given.get("target"))
    if target is None or len(call.positional) > len(_PARAMETERS):
        return Unknown(f"an instance of {name}", call.place, name)  # it runs nothing that it is given
    return Partial(External(name), (target, given.get("args") or (), given.get("kwargs") or DictObject({})), {})


def call_thread(
    machine: Machine, receiver: AbstractValue, name: str, call: CallArguments, frame: Frame
) -> AbstractValue | NoKey:
    """Return what a method of a thread gives; NO_KEY where that is not followed."""
    if not isinstance(receiver, Partial) or not isinstance(receiver.function, External):
        return NO_KEY
    kind = _KINDS.get(receiver.function.name)
    if kind is None:
        return NO_KEY
    if name in _NOTHING:
        return None
    if name not in {"start", "run"}:
        return Unknown(f"the method {name} of a thread", call.place)
    target, args, kwargs = receiver.positional
    given = _given(machine, args, kwargs, call, frame)
    if receiver.function.name.endswith("Timer"):
        call_perhaps(machine, target, given, Unknown("a timer, which may be cancelled", call.place), frame)
    else:
        run_in_worker(machine, kind, target, given, frame)  # what it raises ends the thread, and nothing else
    return None


def _given(
    machine: Machine, args: AbstractValue, kwargs: AbstractValue, call: CallArguments, frame: Frame
) -> CallArguments:
    positional = machine.iterate(args, frame, call.place)
    if isinstance(positional, Unknown):
        return CallArguments([], {}, call.place, positional)
    if not isinstance(kwargs, DictObject) or kwargs.unknown is not None:
        doubt = kwargs if isinstance(kwargs, Unknown) else Unknown("the keywords of a thread", call.place)
        return CallArguments(positional, {}, call.place, doubt)
    return CallArguments(positional, {k: v for k, v in kwargs.items.items() if isinstance(k, str)}, call.place)
