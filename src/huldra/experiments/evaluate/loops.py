"""Loops as such: those that build are sweeps, whose turns are counted; long ones that build nothing can be skimmed.

A skimmed loop runs as if over unknown elements: a training loop need not be followed to its end. That happens only
while `machine.skimmed_unless` is set, which is when a method has been found to take too many steps otherwise.
"""

from collections.abc import Iterator

from huldra.experiments.evaluate.in_turns import run_pending_in_turns
from huldra.experiments.evaluate.iteration import live_elements
from huldra.experiments.evaluate.lazy import known_length
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.mentions import calls_builder, may_build
from huldra.experiments.evaluate.signals import TooLarge
from huldra.experiments.values import (
    AbstractValue,
    IteratorObject,
    SetObject,
    Unknown,
)
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
) -> Iterator[AbstractValue] | Unknown:
    """Return what a loop runs over, as it takes it; unknown where it is skimmed."""
    place = frame.place(expression.at)
    _begin(machine, iterable, place)
    turns = _known_length(iterable)
    if turns is not None and skims(machine, loop, turns):
        note_turns(machine, loop, turns, place)
        return Unknown(f"a loop of {turns} turns that builds nothing and is not followed", place)
    try:
        items = live_elements(machine, iterable, frame, place)
    except TooLarge as limit:
        items = machine.too_large(limit)
    note_turns(machine, loop, 1 if isinstance(items, Unknown) or turns is None else turns, place)
    return items


def _begin(machine: Machine, iterable: AbstractValue, place: Place) -> None:
    """Run the generator that a loop is certain to ask for an element at once."""
    source = iterable
    while isinstance(source, IteratorObject):
        run_pending_in_turns(machine, source, place)
        source = source.sources[0] if len(source.sources) == 1 else None


def _known_length(iterable: AbstractValue) -> int | None:
    """Return how many elements there are, None where that takes more than a look."""
    if isinstance(iterable, SetObject):
        return None if iterable.unknown is not None else len(iterable.items)
    found = known_length([iterable])
    return None if found is None else found[0]


def note_turns(machine: Machine, loop: Node, turns: int, place: Place) -> None:
    """Effect: count the turns of a loop that builds; that a parameter's default is empty says nothing of callers."""
    if turns == 0 and machine.is_guessing:
        return
    known = machine.sweeping_loops.get(id(loop))
    if known is None:
        known = machine.sweeping_loops[id(loop)] = (loop, calls_builder(loop, machine.building_names))
    if known[1]:
        machine.found.turns[place] = machine.found.turns.get(place, 0) + turns
