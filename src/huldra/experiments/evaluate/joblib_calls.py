"""`Parallel()(delayed(f)(x) for x in xs)` of joblib: each call is made once, in the order of the tasks."""

from huldra.experiments.evaluate.executors import run_in_worker
from huldra.experiments.evaluate.futures import take_result
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.offered import call_perhaps
from huldra.experiments.values import AbstractValue, DictObject, External, ListObject, Partial, Unknown

_MODULES = ("joblib", "joblib.parallel")
_DELAYED = frozenset(f"{module}.delayed" for module in _MODULES)
_PARALLEL = frozenset(f"{module}.Parallel" for module in _MODULES)
_TASK, _RUNNER = "joblib.parallel.delayed.<task>", "joblib.parallel.Parallel.<instance>"
JOBLIB = _DELAYED | _PARALLEL | {_TASK, _RUNNER}


def is_parallel(value: AbstractValue) -> bool:
    """Whether a value is an instance of `Parallel`."""
    return isinstance(value, Partial) and value.function == External(_RUNNER)


def call_joblib(machine: Machine, name: str, call: CallArguments, frame: Frame) -> AbstractValue:
    """Return what one of its names gives; an unknown value where it does not know what it is given."""
    if name in _PARALLEL:
        return Partial(External(_RUNNER), (), {})  # how many at a time, and where, nobody can tell from what they build
    if not call.positional:
        return Unknown("what joblib is given", call.place)
    if name in _DELAYED:
        return Partial(External(_TASK), tuple(call.positional[:1]), {})
    if name == _TASK:
        function, *given = call.positional
        doubt = next((value for value in (*given, *call.keywords.values()) if isinstance(value, Unknown)), None)
        if doubt is not None:
            # Of how many such tasks there are, and whether any, `Parallel` may never be told.
            once = CallArguments(given, dict(call.keywords), call.place)
            call_perhaps(machine, function, once, doubt, frame)
        return (function, tuple(given), DictObject({**call.keywords}))
    tasks = machine.iterate(call.positional[0], frame, call.place)
    if isinstance(tasks, Unknown):
        return tasks
    results: list[AbstractValue] = []
    for task in tasks:
        machine.step(call.place)
        results.append(_run(machine, task, call, frame))
    return ListObject(results)


def _run(machine: Machine, task: AbstractValue, call: CallArguments, frame: Frame) -> AbstractValue:
    match task:
        case (function, tuple(positional), DictObject(unknown=None, items=named)) if all(
            isinstance(key, str) for key in named
        ):
            keywords = {key: value for key, value in named.items() if isinstance(key, str)}
            # By default all is done in this process, else in others: what is changed is in doubt either way.
            given = CallArguments(list(positional), keywords, call.place)
            result = run_in_worker(machine, "thread", function, given, frame)
        case _:
            return Unknown("a task of joblib", call.place)
    return take_result(machine, result)
