"""What each statement does. What to do under an unknown condition is the business of `branches`; imports and
definitions have modules of their own.
"""

from collections.abc import Callable, Sequence

from huldra.experiments.evaluate.attribute_dicts import settle
from huldra.experiments.evaluate.branches import (
    doubt_at,
    run_branches,
)
from huldra.experiments.evaluate.exceptions import exception_name
from huldra.experiments.evaluate.frames import Frame
from huldra.experiments.evaluate.machine import CallArguments, Machine
from huldra.experiments.evaluate.methods import update_dict
from huldra.experiments.evaluate.operations import binary_values, test_truth
from huldra.experiments.evaluate.operators import binary
from huldra.experiments.evaluate.reachable import NoKey, find_key
from huldra.experiments.evaluate.signals import Raised, ReturnSignal
from huldra.experiments.evaluate.slices import delete_slice
from huldra.experiments.evaluate.special_methods import NoMethod, call_special, changed_in_place
from huldra.experiments.evaluate.spoiling import spoil
from huldra.experiments.evaluate.taking_in import extend_with
from huldra.experiments.evaluate.targets import mangled
from huldra.experiments.evaluate.unseen_calls import hashed
from huldra.experiments.values import (
    AbstractValue,
    DictObject,
    InstanceObject,
    ListObject,
    SetObject,
    Unknown,
)
from huldra.facts.expressions import Attribute, Expression, ListDisplay, Name, Slice, Subscript, TupleDisplay
from huldra.facts.statements import (
    AnnotatedAssign,
    Assert,
    Assign,
    AugmentedAssign,
    Delete,
    ExpressionStatement,
    If,
    Raise,
    Return,
    Statement,
)
from huldra.project.places import Place


def run_assign(machine: Machine, statement: Assign, frame: Frame) -> None:
    """`a = b = value`."""
    value = machine.evaluate(statement.value, frame)
    for target in statement.targets:
        machine.rules.assign(machine, target, value, frame)


def run_annotated(machine: Machine, statement: AnnotatedAssign, frame: Frame) -> None:
    """`a: int = value`; an annotation alone does nothing that is followed."""
    if statement.value is not None:
        machine.rules.assign(machine, statement.target, machine.evaluate(statement.value, frame), frame)


_UPDATED_BY_OR = frozenset({"dict", "defaultdict", "OrderedDict"})
"""The dicts for which `a |= b` is `a.update(b)`."""


def run_augmented(machine: Machine, statement: AugmentedAssign, frame: Frame) -> None:
    """`a += value`; lists, dicts and sets are changed in place."""
    place = frame.place(statement.at)
    current = machine.evaluate(statement.target, frame)
    value = machine.evaluate(statement.value, frame)
    if isinstance(current, ListObject) and statement.operator in {"+", "*"}:
        _change_list(machine, current, statement.operator, value, frame, place)
        return
    if isinstance(current, DictObject) and statement.operator == "|" and current.type_name in _UPDATED_BY_OR:
        machine.touch(current)
        update_dict(machine, current, CallArguments([value], {}, place), frame)
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
    extend_with(machine, current, value, frame, place)


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
    if test_truth(machine, statement.test, frame) is False:
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
                known = hashed(machine, key, frame, frame.place(target.at))
                found = known if isinstance(known, Unknown) else find_key(container.items, known)
                if isinstance(found, Unknown):
                    container.unknown = found
                elif not isinstance(found, NoKey):
                    del container.items[found]
                    settle(container)
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


def run_if(machine: Machine, statement: If, frame: Frame) -> None:
    """A known condition takes its branch, an unknown one both."""
    known = test_truth(machine, statement.test, frame)
    if isinstance(known, Unknown):
        doubt = doubt_at(known, "condition", frame, statement.test)
        bodies = (statement.body, statement.orelse)
        run_branches(machine, frame, doubt, [_block(machine, body, frame) for body in bodies])
    else:
        machine.execute(statement.body if known else statement.orelse, frame)


def _block(machine: Machine, body: Sequence[Statement], frame: Frame) -> Callable[[], None]:
    return lambda: machine.execute(body, frame)
