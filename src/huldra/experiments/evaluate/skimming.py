"""Long loops that build nothing, run as if over unknown elements: a training loop need not be followed to its end.

Only while `machine.skimmed_unless` is set, which is when a method has been found to take too many steps otherwise.
"""

from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.mentions import may_build
from huldra.experiments.values import AbstractValue, Unknown
from huldra.facts.expressions import Expression, Node

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
    if not isinstance(items, Unknown) and skims(machine, loop, len(items)):
        return Unknown(f"a loop of {len(items)} turns that builds nothing and is not followed", place)
    return items
