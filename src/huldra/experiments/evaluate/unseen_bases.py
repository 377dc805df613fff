"""Classes that get an experiment class as a base by a computation: it is said that their experiments are not seen."""

from collections.abc import Iterable

from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import AbstractValue, ClassObject, External, ListObject
from huldra.facts.statements import ClassDefinition
from huldra.formats.dialect import dialect_of_class
from huldra.project.classes import ClassInfo
from huldra.project.places import Place


def tell_unseen_bases(machine: Machine, info: ClassInfo, node: ClassDefinition, frame: Frame) -> None:
    """Effect: evaluate the bases of a class that are no names of classes, and report those that make it one of ours."""
    if info.dialect is not None or info.is_collection or not any(_is_computed(base.name) for base in info.bases):
        return
    values: list[AbstractValue] = []
    for argument in node.arguments:
        if argument.name is None:
            try:
                value = machine.evaluate(argument.value, frame)
            except Raised:
                return  # the class is not made, and nobody says of what
            values += value.items if isinstance(value, ListObject) else value if isinstance(value, tuple) else (value,)
    tell_made_class(machine, node.name, values, info.name_place)


def tell_made_class(machine: Machine, name: str, bases: Iterable[AbstractValue], place: Place) -> None:
    """Effect: report a class that cannot be seen, if it is one of experiments."""
    shown = next(filter(None, map(_experiment_class, bases)), None)
    if shown is not None:
        message = f"{name} gets its base {shown} by a computation, so its experiments are not seen"
        machine.report("HUL003", "warning", message, place)


def _experiment_class(value: AbstractValue) -> str | None:
    match value:
        case ClassObject(info=info) if info.dialect is not None:
            return info.qualname
        case External(name=name) if dialect_of_class(name) is not None:
            return name
        case _:
            return None


def _is_computed(name: str) -> bool:
    return name == "*" or name.startswith("?")
