"""`yield` and `yield from`: what a generator gives is kept for whoever iterates; what is sent back is not known."""

from huldra.experiments.evaluate.in_turns import hand_out
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.signals import EndlessGenerator
from huldra.experiments.values import AbstractValue, ListObject, Unknown
from huldra.facts.expressions import Yield, YieldFrom


def evaluate_yield(machine: Machine, node: Yield, frame: Frame) -> AbstractValue:
    """`yield value`: kept for whoever iterates; what is sent back is not known."""
    value = None if node.value is None else machine.evaluate(node.value, frame)
    if frame.on_yield is not None:
        frame.on_yield(value)
        return None
    if frame.yielded is not None:
        machine.step(frame.place(node.at))
        machine.touch(frame.yielded)
        frame.yielded.items.append(value)
        frame.marks.append(len(machine.sites))
        hand_out(frame, (value,))
        if len(frame.yielded.items) > machine.limits.generated_values:
            reason = f"a generator of more than {machine.limits.generated_values} values"
            raise EndlessGenerator(reason, frame.place(node.at))
    return Unknown("what is sent into a generator", frame.place(node.at))


def evaluate_yield_from(machine: Machine, node: YieldFrom, frame: Frame) -> AbstractValue:
    """`yield from value`."""
    place = frame.place(node.at)
    source = machine.evaluate(node.value, frame)
    items = machine.iterate(source, frame, place)
    if frame.noting is not None and not isinstance(source, tuple | ListObject | str | range):
        frame.noting(None)
    if frame.yielded is not None:
        machine.touch(frame.yielded)
        if isinstance(items, Unknown):
            frame.yielded.unknown = items
        else:
            frame.yielded.items.extend(items)
            frame.marks.extend(len(machine.sites) for _ in items)
            hand_out(frame, items)
    return Unknown("what a generator returns", place)
