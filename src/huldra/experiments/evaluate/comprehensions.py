"""Comprehensions and generator expressions: values that belong together stay together."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from huldra.experiments.evaluate.branches import doubt_at, run_optional, run_until_stable
from huldra.experiments.evaluate.footprints import take_footprint
from huldra.experiments.evaluate.held_back import hold_back
from huldra.experiments.evaluate.in_turns import has_read_what_changed, run_pending_in_turns
from huldra.experiments.evaluate.iteration import SET_ORDER, elements, has_known_order
from huldra.experiments.evaluate.lazy import Step, iter_of, next_element, remaining
from huldra.experiments.evaluate.loops import note_turns
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.operations import truth_of
from huldra.experiments.evaluate.reachable import stored_key
from huldra.experiments.evaluate.signals import TooLarge
from huldra.experiments.evaluate.unseen_calls import hashed
from huldra.experiments.values import (
    FINISHED,
    AbstractValue,
    ConfigObject,
    DictObject,
    Finished,
    InstanceObject,
    IteratorObject,
    ListObject,
    Scope,
    SetObject,
    Unknown,
)
from huldra.facts.expressions import Clause, Comprehension
from huldra.project.places import Place


def evaluate_comprehension(machine: Machine, node: Comprehension, frame: Frame) -> AbstractValue:
    """A comprehension, run as the nested loops that it is."""
    outermost = machine.evaluate(node.clauses[0].iterable, frame)
    if node.kind == "generator" and not isinstance(outermost, Unknown):
        return _generator(machine, node, outermost, frame)
    return _comprehend(machine, node, outermost, frame)


def _generator(machine: Machine, node: Comprehension, outermost: AbstractValue, frame: Frame) -> IteratorObject:
    """A generator expression: a turn of its outermost loop at a time, or all at once for whoever reads all of it."""
    # Only the outermost iterable is evaluated when the generator is made.
    frame.scope.is_captured = True
    source = iter_of(machine, outermost, frame, frame.place(node.clauses[0].iterable.at))
    is_plain = len(node.clauses) == 1 and not node.clauses[0].conditions
    whole = outermost if isinstance(outermost, SetObject | frozenset) else source
    return IteratorObject(
        [],
        pending=lambda: _generate(machine, node, whole, frame),
        step=_turns(machine, node, source, _inside(frame)),
        state=(),
        sources=(source,),
        shortens=min if is_plain else None,
        is_endless=source.is_endless,
        source=node,
        scope=frame.scope,
    )


def _turns(machine: Machine, node: Comprehension, source: IteratorObject, frame: Frame) -> Step:
    """Return what makes the next element. The state is what the present turn has made and nobody has taken."""
    place = frame.place(node.clauses[0].iterable.at)

    def turn(action: Callable[[ListObject, Callable[[], None]], None]) -> ListObject:
        made = ListObject([])

        def add() -> None:
            machine.step(frame.place(node.at))
            _add(machine, node, frame, made)

        action(made, add)
        return made

    def step(iterator: IteratorObject) -> AbstractValue | Finished:
        waiting = iterator.state if isinstance(iterator.state, tuple) else ()
        if waiting and has_read_what_changed(machine, iterator, place):
            turn(lambda made, add: _may_go_on(machine, node, source, frame, made, add))
            return FINISHED
        while not waiting:
            item = next_element(machine, source, place)
            if isinstance(item, Finished):
                iterator.unknown = source.unknown
                if source.unknown is not None:
                    turn(lambda made, add: _run(machine, node.clauses, frame, made, add, iterator.unknown))
                return FINISHED
            machine.step(frame.place(node.clauses[0].target.at))
            made = turn(partial(_one_of, machine, node, frame, item))
            if made.unknown is not None:
                turn(lambda made, add: _may_go_on(machine, node, source, frame, made, add))
                iterator.unknown = made.unknown
                return FINISHED
            waiting = tuple(made.items)
            iterator.footprint = take_footprint(machine, iterator) if waiting[1:] else None
        iterator.state = waiting[1:]
        return waiting[0]

    return step


def _one_of(
    machine: Machine,
    node: Comprehension,
    frame: Frame,
    item: AbstractValue,
    made: ListObject,
    add: Callable[[], None],
) -> None:
    _one(machine, node.clauses, frame, made, add, item)


def _may_go_on(
    machine: Machine,
    node: Comprehension,
    source: IteratorObject,
    frame: Frame,
    made: ListObject,
    add: Callable[[], None],
) -> None:
    """Effect: whatever is left of a generator whose present element is not known may be read."""
    iterable = node.clauses[0].iterable
    left = Unknown("an element of an endless iterator") if source.is_endless else source
    doubt = Unknown("how far it is read", frame.place(iterable.at))
    run_optional(machine, frame, doubt, lambda: _run(machine, node.clauses, frame, made, add, left))


def _generate(machine: Machine, node: Comprehension, outermost: AbstractValue, frame: Frame) -> IteratorObject:
    result = _comprehend(machine, node, outermost, frame)
    made = result if isinstance(result, IteratorObject) else IteratorObject([])
    turns = len(made.items) + (made.unknown is not None)
    note_turns(machine, node, turns, frame.place(node.clauses[0].iterable.at))
    return made


def _inside(frame: Frame) -> Frame:
    """Return a frame for what is inside a comprehension, which has a scope of its own."""
    return Frame(
        Scope(parent=frame.scope, is_comprehension=True),
        frame.module,
        frame.origin,
        frame.function,
        frame.receiver,
        frame.enclosing,
        frame.depth,
    )


def _comprehend(
    machine: Machine, node: Comprehension, outermost: AbstractValue, frame: Frame
) -> ListObject | DictObject | SetObject | IteratorObject:
    result: ListObject | DictObject | SetObject
    match node.kind:
        case "list" | "generator":
            result = ListObject([])
        case "set":
            result = SetObject({})
        case "dict":
            result = DictObject({})
    inner = _inside(frame)

    def add() -> None:
        machine.step(frame.place(node.at))
        _add(machine, node, inner, result)

    begin = len(machine.sites)
    _run(machine, node.clauses, inner, result, add, outermost)
    if node.kind == "generator" and isinstance(result, ListObject):
        made = IteratorObject(result.items, result.unknown)
        hold_back(machine, made, begin, inner.marks, node)
        return made
    return result


def _add(machine: Machine, node: Comprehension, frame: Frame, result: ListObject | DictObject | SetObject) -> None:
    element = machine.evaluate(node.element, frame)
    machine.touch(result)
    if isinstance(result, ListObject):
        result.items.append(element)
        frame.marks.append(len(machine.sites))
        return
    key = hashed(machine, element, frame, frame.place(node.at))
    # What is under an unknown key is built all the same.
    value = None if node.value is None else machine.evaluate(node.value, frame)
    if isinstance(key, Unknown):
        result.unknown = key
    elif isinstance(result, SetObject):
        result.items.setdefault(stored_key(result.items, key))
    else:
        result.items[stored_key(result.items, key)] = value


def _run(
    machine: Machine,
    clauses: Sequence[Clause],
    frame: Frame,
    result: ListObject | DictObject | SetObject,
    add: Callable[[], None],
    outermost: AbstractValue = None,
) -> None:
    if not clauses:
        add()
        return
    clause = clauses[0]
    iterable = machine.evaluate(clause.iterable, frame) if outermost is None else outermost
    if isinstance(iterable, InstanceObject | ConfigObject):
        iterable = iter_of(machine, iterable, frame, frame.place(clause.iterable.at))
    is_ordered = has_known_order(iterable)
    place = frame.place(clause.iterable.at)
    try:
        if isinstance(iterable, IteratorObject):
            items = _taken(machine, iterable, place)
        else:
            items = elements(machine, iterable, frame, place)
    except TooLarge as limit:
        items = machine.too_large(limit)
    if isinstance(items, Unknown):
        doubt = doubt_at(items, "loop", frame, clause.iterable)
        reason = f"an element of an unknown iterable: {items.reason}"
        element = Unknown(reason, items.place or doubt.place, aliases=items.aliases)
        machine.touch(result)
        result.unknown = result.unknown or doubt

        def turn() -> None:
            run_optional(machine, frame, doubt, lambda: _one(machine, clauses, frame, result, add, element))

        run_until_stable(machine, turn, doubt)  # a turn may read what an earlier one has changed
        return
    for item in items:
        machine.step(frame.place(clause.target.at))
        _one(machine, clauses, frame, result, add, item)
    if isinstance(iterable, IteratorObject) and iterable.unknown is not None:
        # It came to be unknown on the way: there may be any number more.
        _run(machine, clauses, frame, result, add, iterable.unknown)
    if not is_ordered and not isinstance(result, SetObject):
        result.unknown = result.unknown or Unknown(SET_ORDER, frame.place(clause.iterable.at))


def _taken(machine: Machine, iterable: IteratorObject, place: Place) -> Iterator[AbstractValue] | Unknown:
    """Return the elements of an iterator one by one, as what is done with each may change those to come."""
    if iterable.is_endless:
        raise TooLarge("an iterator without an end is too long to follow", place)
    run_pending_in_turns(machine, iterable, place)
    return iterable.unknown or remaining(machine, iterable, place)


def _one(
    machine: Machine,
    clauses: Sequence[Clause],
    frame: Frame,
    result: ListObject | DictObject | SetObject,
    add: Callable[[], None],
    item: AbstractValue,
) -> None:
    """One turn of the first clause's loop."""
    clause = clauses[0]
    machine.rules.assign(machine, clause.target, item, frame)
    for condition in clause.conditions:
        known = truth_of(machine, machine.evaluate(condition, frame), frame, frame.place(condition.at))
        if isinstance(known, Unknown):
            doubt = doubt_at(known, "condition", frame, condition)
            run_optional(machine, frame, doubt, lambda: _run(machine, clauses[1:], frame, result, add))
            return
        if not known:
            return
    _run(machine, clauses[1:], frame, result, add)
