"""Slices: their bounds as numbers, and lists that are changed by them."""

from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.evaluate.special_methods import NoMethod, call_special
from huldra.experiments.values import AbstractValue, InstanceObject, ListObject, Unknown
from huldra.facts.expressions import Slice


def slice_bounds(machine: Machine, cut: Slice, frame: Frame) -> slice | Unknown:
    """Return the bounds of a slice.

    Raises:
        Raised: ValueError, for a step of zero.
    """
    bounds: list[int | None] = []
    for part in (cut.lower, cut.upper, cut.step):
        bound = None if part is None else machine.evaluate(part, frame)
        if isinstance(bound, InstanceObject):
            index = call_special(machine, bound, "__index__", [], frame, frame.place(cut.at))
            bound = bound if isinstance(index, NoMethod) else index
        if isinstance(bound, Unknown):
            return bound
        if bound is not None and not isinstance(bound, int):
            return Unknown("a slice whose bounds are no numbers", frame.place(cut.at))
        bounds.append(bound)
    if bounds[2] == 0:
        raise Raised("ValueError", "slice step cannot be zero", frame.place(cut.at))
    return slice(*bounds)


def set_slice(machine: Machine, owner: AbstractValue, cut: Slice, value: AbstractValue, frame: Frame) -> None:
    """Effect: `values[1:3] = more`."""
    place = frame.place(cut.at)
    items = machine.iterate(value, frame, place)
    bounds = slice_bounds(machine, cut, frame)
    if not isinstance(owner, ListObject):
        return
    machine.touch(owner)
    if isinstance(items, Unknown) or isinstance(bounds, Unknown):
        owner.unknown = owner.unknown or Unknown("a slice that is not known was set", place)
    elif owner.unknown is None:
        try:
            owner.items[bounds] = items
        except ValueError as error:
            raise Raised("ValueError", str(error), place) from error


def delete_slice(machine: Machine, owner: AbstractValue, cut: Slice, frame: Frame) -> None:
    """Effect: `del values[1:3]`."""
    bounds = slice_bounds(machine, cut, frame)
    if not isinstance(owner, ListObject):
        return
    machine.touch(owner)
    if isinstance(bounds, Unknown):
        owner.unknown = owner.unknown or bounds
    elif owner.unknown is None:
        del owner.items[bounds]
