"""Generators whose consumer works between their values. Their bodies are run to the end at once all the same.

That is exact only for what neither side can see of the other, so what the two share is no longer known afterwards, and
what a generator builds that is not read to its end may not be built.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from huldra.experiments.evaluate.iteration import force, iterate
from huldra.experiments.evaluate.journal import is_same_state, merge, take
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.reachable import mutable_parts
from huldra.experiments.values import AbstractValue, IteratorObject, Unknown, next_birth
from huldra.facts.expressions import Attribute, Call, Comprehension, Name, Node, Subscript, Walrus
from huldra.facts.statements import Assign, AugmentedAssign, Delete, For, Statement
from huldra.facts.walk import walk
from huldra.project.places import Place

PARTLY_CONSUMED = "an iterator that something else reads too"
_SHARED = "a generator changes it while it is read"


def hand_out(frame: Frame, values: Sequence[AbstractValue]) -> None:
    """Effect: note what a generator gives away, as it is at that moment."""
    for part in mutable_parts(values):
        if id(part) not in frame.handed:
            frame.handed[id(part)] = (part, take(part))


def force_in_turns(machine: Machine, iterator: IteratorObject, place: Place) -> None:
    """Effect: run the body of a generator for a consumer that acts between its values; what both see is in doubt."""
    if iterator.pending is None:
        return
    first = next_birth()
    section = machine.journal.open()
    try:
        force(machine, iterator)
    finally:
        machine.journal.close(section)
    older = ((value, before) for value, before in section.before.values() if value.born < first)
    doubt = Unknown(_SHARED, place)
    for value, before in (*older, *iterator.handed):
        if value is not iterator and not is_same_state(value, before):
            machine.touch(value)
            merge(value, before, doubt)


def share(machine: Machine, value: AbstractValue, frame: Frame, place: Place) -> list[AbstractValue] | Unknown:
    """Return the elements for something lazy that reads them as it is read itself: what is left is then unknown."""
    if isinstance(value, IteratorObject):
        force_in_turns(machine, value, place)
    items = iterate(machine, value, frame, place)
    if isinstance(value, IteratorObject):
        value.unknown = value.unknown or Unknown(PARTLY_CONSUMED, place)
    return items


def leave_off(machine: Machine, iterator: AbstractValue, built: range) -> None:
    """Effect: let what a generator built be conditional if its consumer has left it before its end.

    `built` are the sites that running its body recorded.
    """
    if isinstance(iterator, IteratorObject) and iterator.items:
        for index in built:
            if index < len(machine.sites):
                machine.sites[index] = replace(machine.sites[index], is_conditional=True)


def reads_what_is_changed(iterator: IteratorObject, loop: For) -> bool:
    """Whether the body of a loop may change what the generator that it runs over reads."""
    if iterator.source is None or iterator.pending is None:
        return False
    source = iterator.source
    changed = {name for statement in loop.body for name in _changed(statement)}
    if not changed:
        return False
    read = {node.id for part in (source, loop.iterable) for node in walk(part) if isinstance(node, Name)}
    if isinstance(source, Comprehension):
        own = {node.id for each in source.clauses for node in walk(each.target) if isinstance(node, Name)}
        return bool(changed & (read - own))
    own = {parameter.name for parameter in source.parameters}
    own |= {name for statement in source.body for name in _bound(statement)}
    targets = {node.id for node in walk(loop.target) if isinstance(node, Name)}
    given = {node.id for node in walk(loop.iterable) if isinstance(node, Name)}
    return bool(changed & ((read - own) | given) - targets)


def _changed(statement: Statement) -> Iterator[str]:
    """Yield the names that a statement binds, or that lead to what it changes."""
    yield from _bound(statement)
    for node in walk(statement):
        match node:
            case Call(function=Attribute(value=holder)):
                yield from _head(holder)
            case _:
                continue


def _bound(statement: Statement) -> Iterator[str]:
    for node in walk(statement):
        match node:
            case Assign(targets=targets) | Delete(targets=targets):
                for target in targets:
                    yield from _heads(target)
            case AugmentedAssign(target=target) | For(target=target):
                yield from _heads(target)
            case Walrus(target=name):
                yield name
            case _:
                continue


def _heads(target: object) -> Iterator[str]:
    if isinstance(target, Attribute | Subscript):
        yield from _head(target)
    elif isinstance(target, Node):
        yield from (node.id for node in walk(target) if isinstance(node, Name))


def _head(value: object) -> Iterator[str]:
    while isinstance(value, Attribute | Subscript):
        value = value.value
    if isinstance(value, Name):
        yield value.id
