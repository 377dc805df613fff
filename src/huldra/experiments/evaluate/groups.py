"""Notes what the text groups: lists that are written as one, and how much comprehensions build."""

from huldra.experiments.evaluate import comprehensions
from huldra.experiments.evaluate.expressions import display_items
from huldra.experiments.evaluate.loops import note_turns
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.recorded import Group
from huldra.experiments.values import AbstractValue, ConfigObject, DictObject, ListObject, SetObject
from huldra.facts.expressions import Comprehension, ListDisplay
from huldra.project.places import Place


def evaluate_list(machine: Machine, node: ListDisplay, frame: Frame) -> AbstractValue:
    """`[a, *b]`."""
    items, unknown = display_items(machine, node.items, frame)
    result = ListObject(items, unknown)
    if len(items) == len(node.items):
        _note_group(machine, result, [frame.place(item.at) for item in node.items])
    return result


def evaluate_comprehension(machine: Machine, node: Comprehension, frame: Frame) -> AbstractValue:
    """A comprehension; one that builds is a sweep, which should not be empty."""
    result = comprehensions.evaluate_comprehension(machine, node, frame)
    if isinstance(result, ListObject | SetObject | DictObject):
        turns = len(result.items) + (result.unknown is not None)
        note_turns(machine, node, turns, frame.place(node.clauses[0].iterable.at))
    if isinstance(result, ListObject):
        _note_group(machine, result, [frame.place(node.element.at)] * len(result.items))
    return result


def _note_group(machine: Machine, value: ListObject, places: list[Place]) -> None:
    if sum(isinstance(item, ConfigObject) for item in value.items) > 1:
        machine.found.groups.append(Group(value, tuple(value.items), tuple(places)))
