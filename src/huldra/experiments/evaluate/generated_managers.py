"""Context managers made of generators: the body of the `with` statement runs where the generator yields.

So an exception of the body meets what stands around the `yield`, as it does in Python.
"""

from collections.abc import Callable

from huldra.experiments.evaluate.branches import run_optional
from huldra.experiments.evaluate.function_attributes import defaults_of
from huldra.experiments.evaluate.functions import bind_parameters, run_body
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.signals import BreakSignal, ContinueSignal, ReturnSignal
from huldra.experiments.values import AbstractValue, External, FunctionObject, Partial, Unknown
from huldra.facts.expressions import Yield, YieldFrom
from huldra.facts.statements import Assign, ExpressionStatement, FunctionDefinition, Statement, Try, With
from huldra.facts.walk import walk
from huldra.project.places import Place

DECORATOR = "contextlib.contextmanager"
MANAGER = External("contextlib._GeneratorContextManager")


def is_followed(function: FunctionObject) -> bool:
    """Whether a generator yields once on every way through it, which is then the place of the body."""
    definition = function.definition
    if not isinstance(definition, FunctionDefinition) or definition.is_async:
        return False
    yields = [node for node in walk(definition) if isinstance(node, Yield | YieldFrom)]
    return len(yields) == 1 and _yields(definition.body)


def _yields(body: tuple[Statement, ...]) -> bool:
    for statement in body:
        match statement:
            case ExpressionStatement(value=Yield()) | Assign(value=Yield()):
                return True
            case Try(body=inner) | With(body=inner):
                if _yields(inner):
                    return True
            case _:
                pass
    return False


def make_manager(machine: Machine, factory: Partial, call: CallArguments) -> AbstractValue:
    """Return the manager that a call gives; nothing of the generator runs yet."""
    if call.unknown is not None:
        machine.doubtful_calls += 1
        return Unknown(f"a context manager: {call.unknown.reason}", call.place)
    return Partial(MANAGER, (*factory.positional, *call.positional), dict(call.keywords))


def run_inside(
    machine: Machine, manager: Partial, enter: Callable[[AbstractValue], None], frame: Frame, place: Place
) -> None:
    """Effect: run a generator, and where it yields, what is to be done with what it yields.

    Raises:
        Raised: the generator raises, or lets through what the body raises.
    """
    function, *given = manager.positional
    definition = function.definition if isinstance(function, FunctionObject) else None
    if not isinstance(function, FunctionObject) or not isinstance(definition, FunctionDefinition):
        enter(Unknown("what a context manager gives", place))
        return
    left: list[ReturnSignal | BreakSignal | ContinueSignal] = []
    doubtful: list[int] = []

    def enter_once(value: AbstractValue) -> None:
        before = machine.doubtful_calls
        try:
            enter(value)
        except (ReturnSignal, BreakSignal, ContinueSignal) as signal:
            left.append(signal)
        doubtful.append(machine.doubtful_calls - before)

    arguments = CallArguments(list(given), dict(manager.keywords), place)
    names = bind_parameters(definition.parameters, defaults_of(function), arguments)
    machine.step(place)
    machine.found.called.add((function.module, function.origin.place(definition.at)))
    run_body(machine, function, names, frame.depth + 1, on_yield=enter_once)
    if not left:
        return
    if any(doubtful) and any(isinstance(node, Try | With) for node in walk(definition)):
        doubt = Unknown("depends on whether an exception is raised", place)
        run_optional(machine, frame, doubt, lambda: _leave(left[-1]))
    else:
        _leave(left[-1])


def _leave(signal: ReturnSignal | BreakSignal | ContinueSignal) -> None:
    raise signal
