"""Calling functions of the project: arguments bound to parameters, the body run in a scope of its own."""

from collections.abc import Callable, Mapping, Sequence

from huldra.experiments.evaluate.branches import degrade, last_early_path, settle, settled_value
from huldra.experiments.evaluate.function_attributes import defaults_of, has_other_code
from huldra.experiments.evaluate.held_back import hold_back
from huldra.experiments.evaluate.journal import with_aliases
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.reachable import mutable_parts
from huldra.experiments.evaluate.signals import (
    Endless,
    EndlessGenerator,
    LimitReached,
    Raised,
    ReturnSignal,
    TooLarge,
)
from huldra.experiments.evaluate.spoiling import spoil, spoil_everything, spoil_scope
from huldra.experiments.evaluate.unseen_calls import hashed
from huldra.experiments.values import (
    AbstractValue,
    DictObject,
    FunctionObject,
    IteratorObject,
    ListObject,
    Scope,
    Unknown,
)
from huldra.facts.expressions import Lambda, Parameter
from huldra.facts.statements import FunctionDefinition
from huldra.project.local_names import names_bound_in
from huldra.project.symbols import ClassSymbol

_STATEMENTS_GIVEN_UP = 8
"""Of one function; each leaves a tenth of the steps for the next."""


def call_function(
    machine: Machine,
    function: FunctionObject,
    arguments: CallArguments,
    frame: Frame,
    receiver: AbstractValue = None,
) -> AbstractValue:
    """Return what a function of the project gives; past the depth limit its result is unknown."""
    if frame.depth >= machine.limits.call_depth:
        _note_called(machine, function)
        return _too_deep(machine, function, arguments)
    machine.step(arguments.place)
    if has_other_code(function):
        doubt = Unknown(f"a call of {function.name}, whose code is set anew", arguments.place)
        return _not_followed(machine, function, arguments, doubt)
    names = bind_parameters(function.definition.parameters, defaults_of(function), arguments)
    _note_called(machine, function)
    if arguments.positional and receiver is None and function.owner is not None and function.kind == "plain":
        receiver = arguments.positional[0]
    if function.memo is None:
        return run_body(machine, function, names, frame.depth + 1, receiver)
    return _remembered(machine, function, names, frame, receiver)


def _note_called(machine: Machine, function: FunctionObject) -> None:
    """Effect: note that somebody runs a body. One that takes other arguments is not: `main()` in hydra."""
    definition = function.definition
    if isinstance(definition, Lambda) or not machine.local_names(definition).is_generator:
        machine.found.called.add((function.module, function.origin.place(definition.at)))


def _too_deep(machine: Machine, function: FunctionObject, arguments: CallArguments) -> Unknown:
    """A call that is not followed: what it could have changed is in doubt."""
    reason = f"calls deeper than {machine.limits.call_depth} are not followed"
    machine.report("HUL003", "warning", reason, arguments.place)
    machine.step(arguments.place, weight=1000)
    return _not_followed(machine, function, arguments, Unknown("a call that is nested too deep", arguments.place))


def _not_followed(machine: Machine, function: FunctionObject, arguments: CallArguments, doubt: Unknown) -> Unknown:
    """Effect: put in doubt whatever a call could change. Return what it gives."""
    spoil(machine, [*arguments.positional, *arguments.keywords.values()], doubt)
    scope: Scope | None = function.scope
    while scope is not None:
        definition = function.definition
        rebound = machine.local_names(definition).outer if isinstance(definition, FunctionDefinition) else ()
        spoil_scope(machine, scope, doubt, [name for name in rebound if name in scope.names])
        scope = scope.parent
    spoil_everything(machine, function.module, doubt)
    return doubt


def _remembered(
    machine: Machine, function: FunctionObject, names: dict[str, AbstractValue], frame: Frame, receiver: AbstractValue
) -> AbstractValue:
    """A cached function runs once for each set of arguments, and gives the same object again."""
    key = hashed(machine, tuple(names.values()), frame, function.origin.place(function.definition.at))
    memo = function.memo
    if memo is None or isinstance(key, Unknown):
        return run_body(machine, function, names, frame.depth + 1, receiver)
    if memo.unknown is None and key in memo.items:
        return memo.items[key]
    value = run_body(machine, function, names, frame.depth + 1, receiver)
    if memo.unknown is not None:
        return with_aliases(memo.unknown, [value]) if any(mutable_parts([value])) else value
    machine.touch(memo)
    memo.items[key] = value
    return value


def run_body(
    machine: Machine,
    function: FunctionObject,
    names: dict[str, AbstractValue],
    depth: int,
    receiver: AbstractValue = None,
    on_yield: Callable[[AbstractValue], None] | None = None,
) -> AbstractValue:
    """Return what running a function's body with these parameters gives."""
    definition = function.definition
    machine.ran(function)
    scope = Scope(names, function.scope, owner=function.owner)
    inner = Frame(scope, function.module, function.origin, function, receiver, depth=depth)
    if isinstance(definition, Lambda):
        return machine.evaluate(definition.body, inner)
    local = machine.local_names(definition)
    inner.scope.local_names = local.names
    inner.scope.outer_names = local.outer
    inner.exports = local.exported
    inner.on_yield = on_yield
    if local.is_generator and on_yield is None:
        inner.yielded = ListObject([])
        return IteratorObject(
            [], pending=lambda: _run_generator(machine, function, definition, inner), source=definition, scope=scope
        )
    return _run_inside(machine, function, definition, inner)


def _run_generator(
    machine: Machine, function: FunctionObject, definition: FunctionDefinition, inner: Frame
) -> IteratorObject:
    """Run a generator's body to its end; what it yields before an exception is yielded all the same."""
    machine.found.called.add((function.module, function.origin.place(definition.at)))
    yielded = inner.yielded if inner.yielded is not None else ListObject([])
    unknown: Unknown | None = None
    error: Raised | None = None
    begin = len(machine.sites)
    inner.noting, machine.noting = machine.noting, None
    try:
        _run_inside(machine, function, definition, inner)
    except Raised as raised:
        if not yielded.items:
            raise
        error = raised
    except EndlessGenerator as endless:
        machine.report("HUL003", "warning", str(endless), endless.place)
        unknown = Unknown(str(endless), endless.place)
        spoil_everything(machine, function.module, unknown)
    handed = tuple(inner.handed.values())
    made = IteratorObject(list(yielded.items), yielded.unknown or unknown, handed=handed)
    hold_back(machine, made, begin, inner.marks, definition, error)
    return made


def _run_inside(
    machine: Machine, function: FunctionObject, definition: FunctionDefinition, inner: Frame
) -> AbstractValue:
    try:
        if inner.depth:
            machine.execute(definition.body, inner)
        else:
            _run_by_statement(machine, function, definition, inner)
        value: AbstractValue = None
    except ReturnSignal as signal:
        value = signal.value
    except TooLarge as limit:
        # A statement that was not carried out is no value that is not known: whoever called goes on from nowhere.
        settle(machine, inner.paths, keep_scope=inner)
        raise LimitReached(str(limit), limit.place) from limit
    except Raised as raised:
        early = last_early_path(machine, inner, [(inner.paths, 0)], raised)
        if not isinstance(early, ReturnSignal):
            raise
        value = early.value
    except LimitReached:
        settle(machine, inner.paths, keep_scope=inner)
        raise
    except RecursionError as error:
        settle(machine, inner.paths, keep_scope=inner)
        place = function.origin.place(definition.at)
        raise LimitReached(f"{function.name} nests too deep to be followed", place) from error
    value = settled_value(value, inner.paths)
    settle(machine, inner.paths, keep_scope=inner)
    return value


def _run_by_statement(machine: Machine, function: FunctionObject, definition: FunctionDefinition, inner: Frame) -> None:
    """Run the body of a function that nobody calls; what a statement changed that takes too long is in doubt."""
    left = _STATEMENTS_GIVEN_UP
    for statement in definition.body:
        section = machine.journal.open()
        stopped: LimitReached | None = None
        try:
            machine.execute((statement,), inner)
        except (Endless, EndlessGenerator):
            raise
        except LimitReached as limit:
            if machine.gives_up or left == 0:
                raise
            left -= 1
            machine.report("HUL003", "warning", str(limit), limit.place)
            machine.steps.go_on()
            stopped = limit
        finally:
            machine.journal.close(section)
        if stopped is not None:
            doubt = Unknown(f"a limit was reached: {stopped}", stopped.place)
            degrade(machine, section, doubt, names_bound_in((statement,)), inner.scope)
            # What was still to come could have changed more than what has been.
            scope: Scope | None = inner.scope
            while scope is not None:
                spoil_scope(machine, scope, doubt, machine.local_names(definition).outer & scope.names.keys())
                scope = scope.parent
            spoil_everything(machine, function.module, doubt)


def bind_parameters(
    parameters: Sequence[Parameter], defaults: Mapping[str, AbstractValue], arguments: CallArguments
) -> dict[str, AbstractValue]:
    """Return the value of each parameter.

    Raises:
        Raised: TypeError, when the arguments certainly do not fit.
    """
    names: dict[str, AbstractValue] = {}
    positional = list(arguments.positional)
    keywords = dict(arguments.keywords)
    for parameter in parameters:
        match parameter.kind:
            case "positional_only" | "positional" if positional:
                names[parameter.name] = positional.pop(0)
            case "var_positional":
                names[parameter.name] = arguments.unknown or tuple(positional)
                positional = []
            case "var_keyword":
                names[parameter.name] = DictObject({**keywords}, arguments.unknown)
                keywords = {}
            case "positional" | "keyword_only" if parameter.name in keywords:
                names[parameter.name] = keywords.pop(parameter.name)
            case _:
                names[parameter.name] = _default(parameter, defaults, arguments)
    if (positional or keywords) and arguments.unknown is None:
        extra = f"{len(positional)} positional arguments" if positional else f"argument {next(iter(keywords))!r}"
        raise Raised("TypeError", f"unexpected {extra}", arguments.place)
    return names


def _default(parameter: Parameter, defaults: Mapping[str, AbstractValue], arguments: CallArguments) -> AbstractValue:
    if arguments.unknown is not None:
        return Unknown(f"the argument {parameter.name!r}: {arguments.unknown.reason}", arguments.place)
    if parameter.name in defaults:
        return defaults[parameter.name]
    raise Raised("TypeError", f"missing argument {parameter.name!r}", arguments.place)


def unknown_parameters(
    machine: Machine, function: FunctionObject, receiver: AbstractValue = None
) -> dict[str, AbstractValue]:
    """Return parameters for a function that nobody is seen to call: defaults where there are any, else unknown."""
    names: dict[str, AbstractValue] = {}
    for index, parameter in enumerate(function.definition.parameters):
        place = function.origin.place(parameter.at)
        if index == 0 and receiver is not None and not parameter.kind.startswith("var_"):
            names[parameter.name] = receiver
        elif parameter.name in (defaults := defaults_of(function)):
            names[parameter.name] = defaults[parameter.name]
        else:
            annotated = _annotated_class(machine, function, parameter)
            names[parameter.name] = Unknown(f"argument of {function.name}()", place, annotated=annotated)
    return names


def own_parameters(machine: Machine, function: FunctionObject, receiver: AbstractValue) -> dict[str, AbstractValue]:
    """Return the parameters of a method that is given its receiver alone; what else it wants is unknown."""
    arguments = CallArguments([receiver], {}, function.origin.place(function.definition.at))
    try:
        return bind_parameters(function.definition.parameters, defaults_of(function), arguments)
    except Raised:
        return unknown_parameters(machine, function, receiver)


def _annotated_class(machine: Machine, function: FunctionObject, parameter: Parameter) -> str | None:
    if parameter.annotation is None or parameter.kind in {"var_positional", "var_keyword"}:
        return None
    symbol = machine.project.symbols.resolve_expression(function.module, parameter.annotation)
    info = machine.project.classes.get(symbol.name) if isinstance(symbol, ClassSymbol) else None
    return None if info is None or info.dialect is None else info.name
