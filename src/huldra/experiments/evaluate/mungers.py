"""What a field of a config reads as: through a munger, a converter, or a property that a class has put over it."""

from huldra.experiments.evaluate.class_members import bind_member
from huldra.experiments.evaluate.constructions import plain_fields
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.values import (
    AbstractValue,
    ConfigObject,
    External,
    FieldCall,
    Method,
    PropertyObject,
    Unknown,
)
from huldra.project.places import Place


def cooked(machine: Machine, config: ConfigObject, name: str, frame: Frame, place: Place) -> AbstractValue:
    """Return what a field reads as: through a munger, a converter, or a property that a class has put over it."""
    if name in config.cooked:
        return config.cooked[name]
    if name in plain_fields(machine, config.cls):
        value = config.raw[name] if name in config.raw else Unknown("a field without a value", place)
    else:
        config.cooked[name] = Unknown(f"the field {name!r} is computed from itself", place)
        try:
            with machine.remembering():
                value = _cook(machine, config, name, frame, place)
        finally:
            del config.cooked[name]
    config.cooked[name] = value
    return value


def _cook(machine: Machine, config: ConfigObject, name: str, frame: Frame, place: Place) -> AbstractValue:
    raw = config.raw.get(name, Unknown("a field without a value", place))
    tables = machine.project.tables
    for ancestor in config.cls.info.order:
        if ancestor not in machine.project.classes:
            continue
        members = tables.body(ancestor).members
        cls = machine.class_object(ancestor)
        member = members.get(name)
        if member is not None and member.kind in {"property", "init_property"}:
            value = None if cls is None else cls.members.names.get(name)
            if not isinstance(value, PropertyObject):
                return Unknown(f"the property {name!r} that could not be followed", place)
            return machine.call_with(value.function, [config], frame, place)
        own = next((field for field in tables.declared(ancestor) if field.name == name), None)
        is_plain = member is not None and (own is None or own.raw_name != name)
        if is_plain and cls is not None and name in cls.members.names:
            # What is no field is an attribute of the class, which hides the field of a class further up.
            return bind_member(machine, cls.members.names[name], config, frame, place)
        if own is None:
            continue
        if own.munger is not None or own.converter is not None:
            call = None if cls is None else cls.members.names.get(own.raw_name)
            return _munge(machine, config, call, raw, frame, place)
        if name not in tables.inherited(ancestor):
            return raw
    return raw


def _munge(
    machine: Machine, config: ConfigObject, call: AbstractValue, raw: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    if not isinstance(call, FieldCall):
        return Unknown("a munger that could not be followed", place)
    munger = call.arguments.get("munger") or call.arguments.get("converter")
    if isinstance(munger, Method) and munger.name in {"chz.mungers.if_none", "chz.mungers.attr_if_none"}:
        return _if_none(machine, config, munger, raw, frame, place)
    if munger is None or isinstance(munger, Unknown | External | Method):
        return munger if isinstance(munger, Unknown) else Unknown("a munger outside the project", place)
    if call.arguments.get("munger") is not None:
        return machine.call_with(munger, [config, raw], frame, place)
    return machine.call(munger, CallArguments([raw], {"chzself": config}, place), frame)


def _if_none(
    machine: Machine, config: ConfigObject, munger: Method, raw: AbstractValue, frame: Frame, place: Place
) -> AbstractValue:
    """`chz.mungers.if_none(f)` and `attr_if_none("name")`: replace None."""
    if isinstance(raw, Unknown) or raw is not None:
        return raw
    if munger.name == "chz.mungers.if_none":
        return machine.call_with(munger.receiver, [config], frame, place)
    if isinstance(munger.receiver, str):
        return machine.attribute(config, munger.receiver, frame, place)
    return Unknown("a munger whose argument is not known", place)
