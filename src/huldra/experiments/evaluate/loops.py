"""Loops as such: those that build are sweeps, whose turns are counted; long ones that build nothing can be skimmed.

A skimmed loop runs as if over unknown elements: a training loop need not be followed to its end. That happens only
while `machine.skimmed_unless` is set, which is when a method has been found to take too many steps otherwise.
"""

from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.mentions import calls_builder, may_build
from huldra.experiments.values import AbstractValue, Unknown
from huldra.facts.expressions import Expression, Node
from huldra.project.places import Place

FEW = 16
"""Turns that are always followed."""


def skims(machine: Machine, loop: Node, turns: int) -> bool:
    """Whether a loop with so many turns is skimmed."""
    names = machine.skimmed_unless
    if names is None or turns <= FEW:
        return False
    known = machine.building_loops.get(id(loop))
    if known is None:
        # The node is kept with the answer, so that its id stays its own.
        known = machine.building_loops[id(loop)] = (loop, may_build(loop, names))
    return not known[1]


def loop_items(
    machine: Machine, loop: Node, iterable: AbstractValue, expression: Expression, frame: Frame
) -> list[AbstractValue] | Unknown:
    """Return what a loop runs over; unknown where it is skimmed."""
    place = frame.place(expression.at)
    items = machine.iterate(iterable, frame, place)
    note_turns(machine, loop, 1 if isinstance(items, Unknown) else len(items), place)
    if not isinstance(items, Unknown) and skims(machine, loop, len(items)):
        return Unknown(f"a loop of {len(items)} turns that builds nothing and is not followed", place)
    return items


def note_turns(machine: Machine, loop: Node, turns: int, place: Place) -> None:
    """Effect: count the turns of a loop that builds; that a parameter's default is empty says nothing of callers."""
    if turns == 0 and machine.is_guessing:
        return
    known = machine.sweeping_loops.get(id(loop))
    if known is None:
        known = machine.sweeping_loops[id(loop)] = (loop, calls_builder(loop, machine.building_names))
    if known[1]:
        machine.turns[place] = machine.turns.get(place, 0) + turns
