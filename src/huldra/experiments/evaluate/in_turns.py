"""Generators whose consumer works between their values. Their bodies are run to the end at once all the same.

What a generator builds and changes is held back until it is read that far. Where it cannot be told what belongs
to which element, what the two share is no longer known afterwards.
"""

from collections.abc import Sequence

from huldra.experiments.evaluate.footprints import is_changed, take_footprint
from huldra.experiments.evaluate.held_back import acts_when_left
from huldra.experiments.evaluate.journal import is_same_state, merge, take
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.reachable import mutable_parts
from huldra.experiments.evaluate.stages import SHARED, begin_stages, unroll
from huldra.experiments.values import AbstractValue, IteratorObject, Unknown, next_birth
from huldra.project.places import Place

_AT_ITS_END = "a generator changes it when it is left"
_READ = "what a generator reads is changed while it is read"
_PARTS_OF_A_STEP = 100


def hand_out(frame: Frame, values: Sequence[AbstractValue]) -> None:
    """Effect: note what a generator gives away, and what else it has changed, as it is at that moment."""
    if frame.noting is not None:
        frame.noting(values)
    for part in mutable_parts(values):
        if id(part) not in frame.handed:
            frame.handed[id(part)] = (part, take(part))


def run_pending(machine: Machine, iterator: IteratorObject) -> None:
    """Effect: run the body of a generator that nobody has asked for an element yet."""
    if iterator.pending is None:
        return
    machine.touch(iterator)
    run, iterator.pending = iterator.pending, None
    result = run()
    machine.touch(iterator)
    iterator.items.extend(result.items)
    iterator.unknown = iterator.unknown or result.unknown
    iterator.handed = result.handed
    iterator.reach = result.reach


def run_pending_in_turns(machine: Machine, iterator: IteratorObject, place: Place) -> None:
    """Effect: run the body of a generator for a consumer that acts between its values; what both see is in doubt."""
    if iterator.pending is None or iterator.step is not None:
        return
    first = next_birth()
    section = machine.journal.open()
    stages = begin_stages(machine, section, iterator)
    machine.noting = stages.note_given
    try:
        run_pending(machine, iterator)
        stages.note(())
    finally:
        machine.noting = None
        machine.journal.close(section)
    if not iterator.items and iterator.unknown is None:
        return  # it has come to its end before its consumer could do anything
    if unroll(machine, iterator, stages, place):
        return
    older = ((value, before) for value, before in section.before.values() if value.born < first)
    is_left = iterator.source is not None and acts_when_left(iterator.source)
    doubt = Unknown(_AT_ITS_END if is_left else SHARED, place)
    for value, before in (*older, *iterator.handed):
        if value is not iterator and not is_same_state(value, before):
            machine.touch(value)
            machine.journal.work += merge(value, before, doubt)
    iterator.footprint = take_footprint(machine, iterator)


def doubt_what_is_left(machine: Machine, iterator: IteratorObject, place: Place) -> None:
    """Effect: put the rest of a generator in doubt if its consumer has changed what its body reads."""
    if iterator.items and iterator.unknown is None:
        has_read_what_changed(machine, iterator, place)


def has_read_what_changed(machine: Machine, iterator: IteratorObject, place: Place) -> bool:
    """Return whether what a generator has read to make the elements that wait was changed since.

    Effect: puts the rest of it in doubt, then.
    """
    footprint = iterator.footprint
    if footprint is None:
        return False
    machine.step(place, len(footprint.parts) // _PARTS_OF_A_STEP)
    if not is_changed(footprint):
        return False
    machine.touch(iterator)
    iterator.unknown = Unknown(_READ, place)
    return True
