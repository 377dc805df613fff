"""What each statement does. What to do under an unknown condition is the business of `branches`; imports and
definitions have modules of their own.
"""

from collections.abc import Callable, Sequence

from huldra.experiments.evaluate.branches import run_branches, run_optional, run_until_stable, settle
from huldra.experiments.evaluate.exceptions import exception_name
from huldra.experiments.evaluate.frames import Frame, Paths
from huldra.experiments.evaluate.iteration import SET_ORDER, has_known_order, set_elements
from huldra.experiments.evaluate.lazy import iter_of, read_on
from huldra.experiments.evaluate.loops import loop_items, skims
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.evaluate.operations import binary_values, truth_of
from huldra.experiments.evaluate.operators import binary, extend
from huldra.experiments.evaluate.reachable import NoKey, find_key
from huldra.experiments.evaluate.signals import BreakSignal, ContinueSignal, Endless, OutOfSteps, Raised, ReturnSignal
from huldra.experiments.evaluate.slices import delete_slice
from huldra.experiments.evaluate.special_methods import NoMethod, call_special, changed_in_place
from huldra.experiments.evaluate.spoiling import spoil
from huldra.experiments.evaluate.targets import mangled
from huldra.experiments.value_identity import as_key
from huldra.experiments.values import (
    AbstractValue,
    DictObject,
    DictView,
    InstanceObject,
    IteratorObject,
    Key,
    ListObject,
    SetObject,
    Unknown,
)
from huldra.facts.expressions import Attribute, Constant, Expression, ListDisplay, Name, Slice, Subscript, TupleDisplay
from huldra.facts.statements import (
    AnnotatedAssign,
    Assert,
    Assign,
    AugmentedAssign,
    Break,
    Delete,
    ExpressionStatement,
    For,
    If,
    Raise,
    Return,
    Statement,
    While,
)
from huldra.facts.walk import walk
from huldra.project.places import Place

_MANY_PATHS = 100
_LIVE = ListObject | DictObject | DictView | InstanceObject
"""What is read as the loop goes on: its body may change what is still to come."""


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
    if isinstance(current, ListObject) and statement.operator in {"+", "*"}:
        _change_list(machine, current, statement.operator, value, frame, place)
        return
    if isinstance(current, InstanceObject) and current.unknown is None:
        changed = changed_in_place(machine, statement.operator, current, value, frame, place)
        if isinstance(changed, NoMethod):
            changed = binary_values(machine, statement.operator, current, value, frame, place)
        machine.rules.assign(machine, statement.target, changed, frame)
        return
    if isinstance(current, Unknown | InstanceObject):
        # Whatever it is, it may have been changed in place.
        spoil(machine, [current], Unknown(f"it was changed by `{statement.operator}=`", place))
    result = binary_values(machine, statement.operator, current, value, frame, place)
    if isinstance(current, DictObject) and isinstance(result, DictObject):
        machine.touch(current)
        current.items.clear()
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


def _change_list(
    machine: Machine, current: ListObject, operator: str, value: AbstractValue, frame: Frame, place: Place
) -> None:
    """`xs += more` and `xs *= n` change the list itself, so that every name for it sees the change."""
    machine.touch(current)
    if operator == "*":
        result = binary(machine, "*", current, value, place)
        if isinstance(result, ListObject):
            current.items[:] = result.items
        current.unknown = result.unknown if isinstance(result, ListObject) else Unknown("a repetition", place)
        return
    items = machine.iterate(value, frame, place)
    if isinstance(items, Unknown):
        current.unknown = items
    else:
        extend(machine, current, items, place)


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
    if _truth(machine, statement.test, frame) is False:
        raise Raised("AssertionError", "the assertion fails", frame.place(statement.at))


def run_delete(machine: Machine, statement: Delete, frame: Frame) -> None:
    """`del name`, `del container[key]`."""
    for target in statement.targets:
        for single in target.items if isinstance(target, TupleDisplay | ListDisplay) else (target,):
            _delete(machine, single, frame)


def _delete(machine: Machine, target: Expression, frame: Frame) -> None:
    match target:
        case Name(id=name):
            module = machine.modules.get(frame.module)
            scope = module if name in frame.exports and module is not None else frame.scope
            if name in scope.names:
                machine.touch(scope)
                del scope.names[name]
        case Subscript(value=value, index=Slice() as cut):
            delete_slice(machine, machine.evaluate(value, frame), cut, frame)
        case Subscript(value=value, index=index):
            container = machine.evaluate(value, frame)
            key = machine.evaluate(index, frame)
            if isinstance(container, DictObject):
                machine.touch(container)
                known = as_key(key)
                found = known if isinstance(known, Unknown) else find_key(container.items, known)
                if isinstance(found, Unknown):
                    container.unknown = found
                elif not isinstance(found, NoKey):
                    del container.items[found]
                elif container.unknown is None and container.type_name != "Counter":
                    raise Raised("KeyError", repr(known), frame.place(target.at))
            elif isinstance(container, ListObject):
                machine.touch(container)
                if container.unknown is None and isinstance(key, int):
                    if not -len(container.items) <= key < len(container.items):
                        raise Raised("IndexError", "list assignment index out of range", frame.place(target.at))
                    del container.items[key]
                else:
                    container.unknown = Unknown("a deletion that is not followed", frame.place(target.at))
            elif isinstance(
                call_special(machine, container, "__delitem__", [key], frame, frame.place(target.at)), NoMethod
            ):
                spoil(machine, [container], Unknown("an element was deleted", frame.place(target.at)))
        case Attribute(value=value, name=name):
            owner = machine.evaluate(value, frame)
            if isinstance(owner, InstanceObject):
                machine.touch(owner)
                owner.attributes.pop(mangled(name, frame), None)
            else:
                spoil(machine, [owner], Unknown("an attribute was deleted", frame.place(target.at)))
        case _:
            pass


def _truth(machine: Machine, test: Expression, frame: Frame) -> bool | Unknown:
    return truth_of(machine, machine.evaluate(test, frame), frame, frame.place(test.at))


def run_if(machine: Machine, statement: If, frame: Frame) -> None:
    """A known condition takes its branch, an unknown one both."""
    known = _truth(machine, statement.test, frame)
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
    return Unknown(f"depends on the {what}: {cause.reason}", place)


def run_while(machine: Machine, statement: While, frame: Frame) -> None:
    """A loop on a known condition runs; one on an unknown condition may run any number of times."""
    early = len(frame.paths.sections)
    turns = 0
    frame.loops.append(Paths())
    try:
        while True:
            known = _truth(machine, statement.test, frame)
            if isinstance(known, Unknown) or _is_split(frame, early):
                cause = known if isinstance(known, Unknown) else Unknown("how often the loop runs")
                doubt = doubt_at(cause, "condition", frame, statement.test)
                _any_number(machine, frame, doubt, statement.body, statement.test)
                _maybe_else(machine, frame, doubt, statement)
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
    except OutOfSteps as limit:
        if _is_endless(statement):
            raise Endless(str(limit), limit.place) from limit
        if not machine.recovers(limit):
            raise
        doubt = Unknown("how often a long loop runs", frame.place(statement.at))
        _any_number(machine, frame, doubt, statement.body, statement.test)
        _maybe_else(machine, frame, doubt, statement)
    finally:
        settle(machine, frame.loops.pop())


def _is_endless(loop: While) -> bool:
    """Whether what follows a loop is never reached, but by an exception."""
    is_true = isinstance(loop.test, Constant) and loop.test.word == "True"
    return is_true and not any(isinstance(node, Break) for inner in loop.body for node in walk(inner))


def _is_split(frame: Frame, early: int) -> bool:
    """Whether so many paths have left the loop that it is no use to follow each of its turns."""
    return len(frame.loops[-1].sections) + len(frame.paths.sections) - early > _MANY_PATHS


def run_for(machine: Machine, statement: For, frame: Frame) -> None:
    """A loop over known elements runs; one over unknown elements may run any number of times."""
    iterable = machine.evaluate(statement.iterable, frame)
    if isinstance(iterable, _LIVE):
        iterable = iter_of(machine, iterable, frame, frame.place(statement.iterable.at))
    early = len(frame.paths.sections)
    frame.loops.append(Paths())
    try:
        if isinstance(iterable, SetObject | frozenset) and not has_known_order(iterable):
            _run_in_any_order(machine, statement, iterable, frame)
            machine.execute(statement.orelse, frame)
            return
        items = loop_items(machine, statement, iterable, statement.iterable, frame)
        if isinstance(items, Unknown):
            _run_unknown(machine, statement, items, frame)
            return
        for item in items:
            machine.step(frame.place(statement.at))
            if _is_split(frame, early):
                cause = Unknown("how often the loop runs")
                read_on(machine, iterable, cause, frame.place(statement.iterable.at))
                _run_unknown(machine, statement, cause, frame)
                return
            _turn(machine, statement, item, frame)
        if isinstance(iterable, IteratorObject) and iterable.unknown is not None:
            _run_unknown(machine, statement, iterable.unknown, frame)
            return
        machine.execute(statement.orelse, frame)
    except BreakSignal:
        pass
    except OutOfSteps as limit:
        if not machine.recovers(limit):
            raise
        _run_unknown(machine, statement, Unknown("an element of a long loop", frame.place(statement.at)), frame)
    finally:
        settle(machine, frame.loops.pop())


def _turn(machine: Machine, statement: For, item: AbstractValue, frame: Frame) -> None:
    machine.rules.assign(machine, statement.target, item, frame)
    try:
        machine.execute(statement.body, frame)
    except ContinueSignal:
        return


def _run_unknown(machine: Machine, statement: For, cause: Unknown, frame: Frame) -> None:
    """A loop over unknown elements: any number of turns, then what stands under `else`."""
    doubt = doubt_at(cause, "loop", frame, statement.iterable)
    reason = f"an element of an unknown iterable: {cause.reason}"
    element = Unknown(reason, cause.place or doubt.place, aliases=cause.aliases)
    machine.rules.assign(machine, statement.target, element, frame)
    _any_number(machine, frame, doubt, statement.body)
    _maybe_else(machine, frame, doubt, statement)


def _run_in_any_order(machine: Machine, statement: For, iterable: SetObject | frozenset[Key], frame: Frame) -> None:
    """A loop over a set: each element from a state in which any of the others may have come before it."""
    place = frame.place(statement.iterable.at)
    if isinstance(iterable, SetObject) and iterable.unknown is not None:
        _run_unknown(machine, statement, iterable.unknown, frame)
        return
    doubt = Unknown(SET_ORDER, None)
    items = set_elements(iterable)

    def all_turns() -> None:
        for item in items:
            machine.step(place)
            run_optional(machine, frame, doubt, _turn_alone(machine, statement, item, frame))

    with machine.rehearsal():
        run_until_stable(machine, all_turns, doubt)
    all_turns()


def _turn_alone(machine: Machine, statement: For, item: AbstractValue, frame: Frame) -> Callable[[], None]:
    return lambda: _turn(machine, statement, item, frame)


def _any_number(
    machine: Machine, frame: Frame, doubt: Unknown, body: Sequence[Statement], test: Expression | None = None
) -> None:
    """Run a body that may run any number of times, until a further turn would leave nothing else in doubt."""

    def turn() -> None:
        try:
            if test is None or _truth(machine, test, frame) is not False:
                machine.execute(body, frame)
        except (BreakSignal, ContinueSignal):
            return

    run_until_stable(machine, lambda: run_optional(machine, frame, doubt, turn), doubt)


def _maybe_else(machine: Machine, frame: Frame, doubt: Unknown, statement: For | While) -> None:
    """`else` of a loop that may have been left by `break`."""
    if not statement.orelse:
        return
    if any(isinstance(node, Break) for inner in statement.body for node in walk(inner)):
        run_optional(machine, frame, doubt, lambda: machine.execute(statement.orelse, frame))
    else:
        machine.execute(statement.orelse, frame)
