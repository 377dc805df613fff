"""What the defaults of all experiment classes are worth, those of factories included. A question is not a site."""

from huldra.experiments.evaluate.default_values import report_mutable_defaults, shared_default
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.outcome import Outcome
from huldra.experiments.evaluate.signals import LimitReached, Raised
from huldra.experiments.freeze import Freezer
from huldra.experiments.values import AbstractValue, FieldCall, Scope, Unknown
from huldra.project.classes import ClassInfo
from huldra.project.fields import FieldDeclaration
from huldra.project.places import Place


def find_defaults(machine: Machine, info: ClassInfo) -> None:
    """Effect: note what the defaults of a class's fields are worth, and what is wrong with them."""
    cls, found = machine.class_object(info.name), machine.found
    tables = machine.project.tables
    if cls is not None and machine.project.definition_error(info.name) is None:
        report_mutable_defaults(machine, cls)
    freezer = Freezer(machine, info.name_place)
    for field in tables.table(info.name).values():
        if field.is_required:
            continue
        # Nobody has called the factory yet: what it changes, such as an iterator that it reads, stays as it is.
        section = machine.journal.open()
        try:
            with machine.piece_of_work() as asked:
                value = _default_value(machine, field, found)
            found.also_looked_at(asked)
            found.defaults[info.name, field.name] = freezer.value(value, field.name)
        finally:
            machine.journal.undo(section)


def _default_value(machine: Machine, field: FieldDeclaration, found: Outcome) -> AbstractValue:
    owner = machine.class_object(field.owner)
    if owner is None:
        return None
    if field.raw_name not in owner.members.names:
        return _unevaluated(field.place)
    value = owner.members.names[field.raw_name]
    if not isinstance(value, FieldCall):
        return value
    factory = value.arguments.get("default_factory")
    if factory is None:
        return value.arguments["default"] if "default" in value.arguments else _unevaluated(field.place)
    try:
        made = _made(machine, factory, field)
        shared = shared_default(field, made, _made(machine, factory, field))
    except (Raised, LimitReached) as stopped:
        return Unknown(f"the default factory stops: {stopped}", stopped.place)
    if shared is not None:
        found.problems.add(shared)
    return made


def _made(machine: Machine, factory: AbstractValue, field: FieldDeclaration) -> AbstractValue:
    with machine.fresh_steps():
        frame = Frame(Scope(), field.owner, field.origin)
        return machine.call(factory, CallArguments([], {}, field.place), frame)


def _unevaluated(place: Place) -> Unknown:
    return Unknown("a default that could not be evaluated", place)
