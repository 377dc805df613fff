"""What each statement does. What to do under an unknown condition is the business of `branches`; imports and
definitions have modules of their own.
"""

from collections.abc import Callable, Sequence

from huldra.experiments.evaluate.branches import run_branches, run_optional, settle
from huldra.experiments.evaluate.exceptions import catches, exception_name
from huldra.experiments.evaluate.loops import loop_items, skims
from huldra.experiments.evaluate.machine import (
    BreakSignal,
    ContinueSignal,
    Frame,
    Machine,
    Paths,
    Raised,
    ReturnSignal,
)
from huldra.experiments.evaluate.operators import binary, truth
from huldra.experiments.values import (
    AbstractValue,
    DictObject,
    InstanceObject,
    ListObject,
    SetObject,
    Unknown,
    as_key,
)
from huldra.facts.expressions import Attribute, Expression, ListDisplay, Name, Subscript, TupleDisplay
from huldra.facts.statements import (
    AnnotatedAssign,
    Assert,
    Assign,
    AugmentedAssign,
    Delete,
    ExpressionStatement,
    For,
    Handler,
    If,
    Raise,
    Return,
    Statement,
    Try,
    While,
    With,
)


def run_assign(machine: Machine, statement: Assign, frame: Frame) -> None:
    """`a = b = value`."""
    value = machine.evaluate(statement.value, frame)
    for target in statement.targets:
        machine.rules.assign(machine, target, value, frame)


def run_annotated(machine: Machine, statement: AnnotatedAssign, frame: Frame) -> None:
    """`a: int = value`; an annotation alone does nothing that is followed."""
    if statement.value is not None:
        machine.rules.assign(machine, statement.target, machine.evaluate(statement.value, frame), frame)


def run_augmented(machine: Machine, statement: AugmentedAssign, frame: Frame) -> None:
    """`a += value`; lists, dicts and sets are changed in place."""
    place = frame.place(statement.at)
    current = machine.evaluate(statement.target, frame)
    value = machine.evaluate(statement.value, frame)
    if isinstance(current, ListObject) and statement.operator == "+":
        items = machine.iterate(value, frame, place)
        machine.touch(current)
        if isinstance(items, Unknown):
            current.unknown = items
        else:
            current.items.extend(items)
        return
    result = binary(machine, statement.operator, current, value, place)
    if isinstance(current, DictObject) and isinstance(result, DictObject):
        machine.touch(current)
        current.items.update(result.items)
        current.unknown = result.unknown
        return
    if isinstance(current, SetObject) and isinstance(result, SetObject) and not current.is_frozen:
        machine.touch(current)
        current.items.clear()
        current.items.update(result.items)
        current.unknown = result.unknown
        return
    machine.rules.assign(machine, statement.target, result, frame)


def run_expression(machine: Machine, statement: ExpressionStatement, frame: Frame) -> None:
    """An expression by itself."""
    machine.evaluate(statement.value, frame)


def run_return(machine: Machine, statement: Return, frame: Frame) -> None:
    """`return value`."""
    raise ReturnSignal(None if statement.value is None else machine.evaluate(statement.value, frame))


def run_raise(machine: Machine, statement: Raise, frame: Frame) -> None:
    """`raise exception`."""
    value = None if statement.exception is None else machine.evaluate(statement.exception, frame)
    raise Raised(exception_name(value), "raised by the code", frame.place(statement.at))


def run_assert(machine: Machine, statement: Assert, frame: Frame) -> None:
    """`assert test`: raises only when the test certainly fails."""
    if truth(machine.evaluate(statement.test, frame)) is False:
        raise Raised("AssertionError", "the assertion fails", frame.place(statement.at))


def run_delete(machine: Machine, statement: Delete, frame: Frame) -> None:
    """`del name`, `del container[key]`."""
    for target in statement.targets:
        for single in target.items if isinstance(target, TupleDisplay | ListDisplay) else (target,):
            _delete(machine, single, frame)


def _delete(machine: Machine, target: Expression, frame: Frame) -> None:
    match target:
        case Name(id=name) if name in frame.scope.names:
            machine.touch(frame.scope)
            del frame.scope.names[name]
        case Subscript(value=value, index=index):
            container = machine.evaluate(value, frame)
            key = machine.evaluate(index, frame)
            if isinstance(container, DictObject):
                machine.touch(container)
                known = as_key(key)
                if isinstance(known, Unknown):
                    container.unknown = known
                else:
                    container.items.pop(known, None)
            elif isinstance(container, ListObject):
                machine.touch(container)
                if isinstance(key, int) and -len(container.items) <= key < len(container.items):
                    del container.items[key]
                else:
                    container.unknown = Unknown("a deletion that is not followed", frame.place(target.at))
        case Attribute(value=value, name=name):
            owner = machine.evaluate(value, frame)
            if isinstance(owner, InstanceObject):
                machine.touch(owner)
                owner.attributes.pop(name, None)
        case _:
            pass


def run_if(machine: Machine, statement: If, frame: Frame) -> None:
    """A known condition takes its branch, an unknown one both."""
    known = truth(machine.evaluate(statement.test, frame))
    if isinstance(known, Unknown):
        doubt = doubt_at(known, "condition", frame, statement.test)
        bodies = (statement.body, statement.orelse)
        run_branches(machine, frame, doubt, [_block(machine, body, frame) for body in bodies])
    else:
        machine.execute(statement.body if known else statement.orelse, frame)


def _block(machine: Machine, body: Sequence[Statement], frame: Frame) -> Callable[[], None]:
    return lambda: machine.execute(body, frame)


def doubt_at(cause: Unknown, what: str, frame: Frame, expression: Expression) -> Unknown:
    """Return the doubt that an unknown condition or iterable leaves behind it."""
    place = frame.place(expression.at)
    return Unknown(f"depends on the {what} at line {place.line}: {cause.reason}", place)


def run_while(machine: Machine, statement: While, frame: Frame) -> None:
    """A loop on a known condition runs; one on an unknown condition may run any number of times."""
    turns = 0
    frame.loops.append(Paths())
    try:
        while True:
            known = truth(machine.evaluate(statement.test, frame))
            if isinstance(known, Unknown):
                _any_number(machine, frame, doubt_at(known, "condition", frame, statement.test), statement.body)
                break
            if not known:
                machine.execute(statement.orelse, frame)
                break
            machine.step(frame.place(statement.at))
            turns += 1
            if skims(machine, statement, turns):
                doubt = Unknown("a long loop that builds nothing and is not followed", frame.place(statement.at))
                _any_number(machine, frame, doubt, statement.body)
                break
            try:
                machine.execute(statement.body, frame)
            except ContinueSignal:
                continue
    except BreakSignal:
        pass
    finally:
        settle(machine, frame.loops.pop())


def run_for(machine: Machine, statement: For, frame: Frame) -> None:
    """A loop over known elements runs; one over unknown elements may run any number of times."""
    iterable = machine.evaluate(statement.iterable, frame)
    items = loop_items(machine, statement, iterable, statement.iterable, frame)
    frame.loops.append(Paths())
    try:
        if isinstance(items, Unknown):
            doubt = doubt_at(items, "loop", frame, statement.iterable)
            element = Unknown(f"an element of an unknown iterable: {items.reason}", items.place or doubt.place)
            machine.rules.assign(machine, statement.target, element, frame)
            _any_number(machine, frame, doubt, statement.body)
        else:
            for item in items:
                machine.step(frame.place(statement.at))
                machine.rules.assign(machine, statement.target, item, frame)
                try:
                    machine.execute(statement.body, frame)
                except ContinueSignal:
                    continue
            machine.execute(statement.orelse, frame)
    except BreakSignal:
        pass
    finally:
        settle(machine, frame.loops.pop())


def _any_number(machine: Machine, frame: Frame, doubt: Unknown, body: Sequence[Statement]) -> None:
    """Run a body that may run any number of times: once as it would first run, once with what that left in doubt."""

    def once() -> None:
        try:
            machine.execute(body, frame)
        except (BreakSignal, ContinueSignal):
            return

    run_optional(machine, frame, doubt, once)
    run_optional(machine, frame, doubt, once)


def run_with(machine: Machine, statement: With, frame: Frame) -> None:
    """The managers are unknown unless they are the project's; the body runs."""
    for value, target in statement.items:
        manager = machine.evaluate(value, frame)
        entered: AbstractValue = Unknown("what a context manager gives", frame.place(value.at))
        if isinstance(manager, InstanceObject) and "__enter__" in manager.cls.members.names:
            method = machine.attribute(manager, "__enter__", frame, frame.place(value.at))
            entered = machine.call_with(method, [], frame, frame.place(value.at))
        elif isinstance(manager, Unknown):
            entered = manager
        if target is not None:
            machine.rules.assign(machine, target, entered, frame)
    machine.execute(statement.body, frame)


def run_try(machine: Machine, statement: Try, frame: Frame) -> None:
    """A handler runs when the body certainly raises what it catches, and may run when the body makes unknown calls."""
    try:
        _run_handled(machine, statement, frame)
    except (Raised, ReturnSignal, BreakSignal, ContinueSignal):
        machine.execute(statement.final, frame)
        raise
    machine.execute(statement.final, frame)


def _run_handled(machine: Machine, statement: Try, frame: Frame) -> None:
    doubtful = machine.doubtful_calls
    try:
        machine.execute(statement.body, frame)
    except Raised as raised:
        handler = next((h for h in statement.handlers if catches(machine, h, raised, frame)), None)
        if handler is None:
            raise
        _run_handler(machine, handler, frame)
    else:
        if machine.doubtful_calls > doubtful:
            for handler in statement.handlers:
                _maybe_handle(machine, handler, frame)
        machine.execute(statement.orelse, frame)


def _run_handler(machine: Machine, handler: Handler, frame: Frame) -> None:
    if handler.name is not None:
        machine.touch(frame.scope)
        frame.scope.names[handler.name] = Unknown("a caught exception", frame.place(handler.at))
    machine.execute(handler.body, frame)


def _maybe_handle(machine: Machine, handler: Handler, frame: Frame) -> None:
    doubt = Unknown("depends on whether an exception is raised", frame.place(handler.at))
    run_optional(machine, frame, doubt, lambda: _run_handler(machine, handler, frame))
