"""Comprehensions and generator expressions: values that belong together stay together."""

from collections.abc import Callable, Sequence

from huldra.experiments.evaluate.branches import run_optional
from huldra.experiments.evaluate.iteration import has_known_order
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.operators import truth
from huldra.experiments.evaluate.statements import doubt_at
from huldra.experiments.values import (
    AbstractValue,
    DictObject,
    IteratorObject,
    ListObject,
    Scope,
    SetObject,
    Unknown,
    as_key,
)
from huldra.facts.expressions import Clause, Comprehension


def evaluate_comprehension(machine: Machine, node: Comprehension, frame: Frame) -> AbstractValue:
    """A comprehension, run as the nested loops that it is."""
    result: ListObject | DictObject | SetObject
    match node.kind:
        case "list" | "generator":
            result = ListObject([])
        case "set":
            result = SetObject({})
        case "dict":
            result = DictObject({})
    inner = Frame(
        Scope(parent=frame.scope, is_comprehension=True),
        frame.module,
        frame.origin,
        frame.function,
        frame.receiver,
        frame.enclosing,
        frame.depth,
    )

    def add() -> None:
        machine.step(frame.place(node.at))
        _add(machine, node, inner, result)

    _run(machine, node.clauses, inner, result, add)
    if node.kind == "generator" and isinstance(result, ListObject):
        return IteratorObject(result.items, result.unknown)
    return result


def _add(machine: Machine, node: Comprehension, frame: Frame, result: ListObject | DictObject | SetObject) -> None:
    element = machine.evaluate(node.element, frame)
    machine.touch(result)
    if isinstance(result, ListObject):
        result.items.append(element)
        return
    key = as_key(element)
    if isinstance(key, Unknown):
        result.unknown = key
    elif isinstance(result, SetObject):
        result.items.setdefault(key)
    elif node.value is not None:
        result.items[key] = machine.evaluate(node.value, frame)


def _run(
    machine: Machine,
    clauses: Sequence[Clause],
    frame: Frame,
    result: ListObject | DictObject | SetObject,
    add: Callable[[], None],
) -> None:
    if not clauses:
        add()
        return
    clause = clauses[0]
    iterable = machine.evaluate(clause.iterable, frame)
    is_ordered = has_known_order(iterable)
    items = machine.iterate(iterable, frame, frame.place(clause.iterable.at))
    if isinstance(items, Unknown):
        doubt = doubt_at(items, "loop", frame, clause.iterable)
        element = Unknown(f"an element of an unknown iterable: {items.reason}", items.place or doubt.place)
        run_optional(machine, frame, doubt, lambda: _one(machine, clauses, frame, result, add, element))
        result.unknown = result.unknown or doubt
        return
    for item in items:
        machine.step(frame.place(clause.target.at))
        _one(machine, clauses, frame, result, add, item)
    if not is_ordered and not isinstance(result, SetObject):
        result.unknown = result.unknown or Unknown("the order of a set", frame.place(clause.iterable.at))


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
        known = truth(machine.evaluate(condition, frame))
        if isinstance(known, Unknown):
            doubt = doubt_at(known, "condition", frame, condition)
            run_optional(machine, frame, doubt, lambda: _run(machine, clauses[1:], frame, result, add))
            return
        if not known:
            return
    _run(machine, clauses[1:], frame, result, add)
