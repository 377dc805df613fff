"""The comparisons that `functools.total_ordering` makes of the one that a class defines."""

from collections.abc import Mapping

from huldra.experiments.evaluate.class_members import bind_member, look_up
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.operators import truth
from huldra.experiments.values import NOT_IMPLEMENTED, AbstractValue, InstanceObject, Unknown
from huldra.project.classes import ClassInfo
from huldra.project.places import Place

ORDERS = ("__lt__", "__le__", "__gt__", "__ge__")
"""In the order in which Python prefers them as the root of the others."""
_OPPOSITES: Mapping[str, str] = {"__lt__": "__ge__", "__ge__": "__lt__", "__le__": "__gt__", "__gt__": "__le__"}


def totally_ordered(
    machine: Machine,
    owner: InstanceObject,
    decorated: ClassInfo,
    name: str,
    other: AbstractValue,
    frame: Frame,
    place: Place,
) -> AbstractValue | None:
    """Return what the made method gives; None where the decorator makes none of that name.

    Args:
        machine: The evaluation.
        owner: The instance whose method it is.
        decorated: The class that has the decorator.
        name: The method.
        other: The operand.
        frame: Where it is called.
        place: The place of the call.
    """
    roots = [each for each in ORDERS if look_up(machine, decorated.order, each) is not None]
    if not roots or name in roots:
        return None
    root = roots[0]
    found = look_up(machine, owner.cls.info.order, root)
    if found is None:
        return Unknown(f"{name}, which total_ordering makes", place)
    answer = machine.call_with(bind_member(machine, found[0], owner, frame, place), [other], frame, place)
    if answer == NOT_IMPLEMENTED:
        return answer
    holds = truth(answer)
    if isinstance(holds, Unknown):
        return holds
    if name == _OPPOSITES[root]:
        return not holds
    # What is left is the root's own direction with or without equality, or the other direction.
    same = truth(machine.rules.compare(machine, "==", owner, other, frame, place))
    if isinstance(same, Unknown):
        return same
    is_strict_root, is_same_way = root in {"__lt__", "__gt__"}, root[2] == name[2]
    if is_strict_root:
        return holds or same if is_same_way else not holds and not same
    return holds and not same if is_same_way else not holds or same
