"""What pure functions go through: iterators and views as the lists that they see."""

from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.values import AbstractValue, DictView, IteratorObject, ListObject, Unknown

_TEXTUAL = frozenset({"builtins.str", "builtins.repr", "builtins.ascii", "builtins.format"})


def listed(machine: Machine, name: str, arguments: CallArguments, frame: Frame) -> CallArguments:
    """Return arguments in which iterators and views are lists, as a function that goes through them sees them."""
    if name in _TEXTUAL:
        return arguments
    positional: list[AbstractValue] = []
    for value in arguments.positional:
        made = value
        if isinstance(value, IteratorObject | DictView):
            items = machine.iterate(value, frame, arguments.place)
            made = items if isinstance(items, Unknown) else ListObject(items)
        positional.append(made)
    return CallArguments(positional, arguments.keywords, arguments.place, arguments.unknown, arguments.places)
