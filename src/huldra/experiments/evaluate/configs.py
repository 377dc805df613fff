"""Building a config: keyword arguments, defaults and factories by the field table, then validators."""

import difflib
from collections.abc import Mapping
from contextlib import suppress

from huldra.experiments.evaluate.annotations import fits_annotation
from huldra.experiments.evaluate.arguments import judge_arguments
from huldra.experiments.evaluate.attributes import attribute
from huldra.experiments.evaluate.branches import run_optional
from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.comparisons import compare
from huldra.experiments.evaluate.constructions import Construction, construction_of
from huldra.experiments.evaluate.default_values import evaluated_error
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.mentioned import mentioned_names
from huldra.experiments.evaluate.recorded import ClassFault
from huldra.experiments.evaluate.signals import LimitReached, Raised
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    External,
    FieldCall,
    FunctionObject,
    ListObject,
    Method,
    Unknown,
)
from huldra.formats.dialect import dialect_of_class
from huldra.project.fields import RAW_PREFIX, FieldDeclaration
from huldra.project.hierarchy import missing_methods
from huldra.project.places import LINE, Place

_CHECKS_OF_TYPES = frozenset({"chz.validators.typecheck", "chz.validators.instancecheck"})
_HOOK = "__init_subclass__"
_COMPARISONS = {"gt": ">", "lt": "<", "ge": ">=", "le": "<="}


def build_config(machine: Machine, cls: ClassObject, arguments: CallArguments, frame: Frame) -> AbstractValue:
    """Return the config that a call of its class builds, and record the site.

    Raises:
        Raised: the call certainly raises; a problem says so.
    """
    place = arguments.place
    _check_class(machine, cls, place)
    table = machine.project.tables.table(cls.name)
    _check_arguments(machine, cls, arguments, table)
    config = ConfigObject(cls, {}, _class_doubts(machine, cls, table))
    raw = {field.name: _field_value(machine, cls, field, arguments, frame) for field in table.values()}
    config.raw = raw
    _validate(machine, config, table, frame, arguments)
    judge_arguments(machine, cls, arguments, table)
    if cls.info.dialect is not None and _has_identity(machine, cls, place):
        machine.record(config, place, arguments.places)
    return config


def _has_identity(machine: Machine, cls: ClassObject, place: Place) -> bool:
    """Whether the class has a stable name; if not, hashing the config will raise, and a problem says so."""
    info = cls.info
    if info.is_local:
        message = f"{info.definition.name} is defined inside a function: its results have no place to lie"
        machine.report("HUL102", "error", f"{message}. Move it to the top level of the module", info.name_place)
        return False
    if machine.main_module == info.module:
        message = f"{info.qualname} is built at line {LINE} while its own file runs as a script"
        text = f"{message}: it is then a class of __main__. Move it to another module"
        machine.report("HUL101", "error", text, info.name_place, (place,))
        return False
    return True


def _check_class(machine: Machine, cls: ClassObject, place: Place) -> None:
    fault = machine.class_faults.get(cls.name)
    if fault is None:
        tables, symbols = machine.project.tables, machine.project.symbols
        error = machine.project.definition_error(cls.name) or evaluated_error(machine, cls)
        fault = ClassFault(error, missing_methods(cls.name, tables, symbols))
        machine.class_faults[cls.name] = fault
    if fault.error is not None:
        message = f"{cls.info.qualname} cannot be defined: {fault.error.message}"
        raise Raised(fault.error.error_type, message, place)
    if fault.missing:
        message = f"{cls.info.qualname} is abstract: it lacks {', '.join(fault.missing)}"
        machine.report("HUL106", "error", message, place)
        raise Raised("TypeError", message, place)


def _check_arguments(
    machine: Machine, cls: ClassObject, arguments: CallArguments, table: Mapping[str, FieldDeclaration]
) -> None:
    name = cls.info.qualname
    if cls.info.unseen:
        return
    if arguments.positional:
        message = f"{name} takes keyword arguments only"
        _report(machine, "HUL103", message, arguments, arguments.places.get("", arguments.place))
        raise Raised("TypeError", message, arguments.place)
    for keyword in arguments.keywords:
        if keyword not in table:
            near = difflib.get_close_matches(keyword, table, 1)
            message = f"{name} has no field {keyword!r}{f'; did you mean {near[0]!r}?' if near else ''}"
            _report(machine, "HUL103", message, arguments, arguments.places.get(keyword, arguments.place))
            raise Raised("TypeError", message, arguments.place)
    absent = [f.name for f in table.values() if f.is_required and f.name not in arguments.keywords and f.is_certain]
    if absent and arguments.unknown is None:
        message = f"{name} needs {', '.join(absent)}"
        _report(machine, "HUL104", message, arguments, arguments.place)
        raise Raised("TypeError", message, arguments.place)


def _report(machine: Machine, code: str, message: str, arguments: CallArguments, place: Place) -> None:
    """Report that a class does not take its arguments, unless another may be what is called with them."""
    if not arguments.is_one_of_some:
        machine.report(code, "error", message, place)


def _class_doubts(machine: Machine, cls: ClassObject, table: Mapping[str, FieldDeclaration]) -> tuple[Unknown, ...]:
    """Why the fields themselves may be others than the table says."""
    doubts: list[Unknown] = []
    for ancestor in cls.info.order:
        info = machine.project.classes.get(ancestor)
        for base in () if info is None else info.unseen:
            reason = f"the base class {base} is outside the project and cannot be seen"
            doubts.append(Unknown(reason, cls.info.name_place))
            break
    uncertain = (field for field in table.values() if not field.is_certain)
    doubts.extend(Unknown(f"the field {f.name!r} is declared under a condition", f.place) for f in uncertain)
    known = machine.project.classes.get(cls.name)
    if known is None or known.definition is not cls.info.definition:
        doubts.append(Unknown(f"{cls.info.qualname} is defined more than once", cls.info.name_place))
    if cls.info.is_local or machine.main_module == cls.info.module:
        doubts.append(Unknown(f"{cls.info.definition.name} has no stable name", cls.info.name_place))
    if cls.info.order_error is not None:
        doubts.append(Unknown(cls.info.order_error, cls.info.name_place))
    stopped = _stopped_by(machine, cls)
    if stopped is not None:
        reason = f"{stopped}.__init_subclass__ does not call that of super(), by which a class is made a config class"
        doubts.append(Unknown(reason, cls.info.name_place))
    return tuple(dict.fromkeys(doubts))


def _stopped_by(machine: Machine, cls: ClassObject) -> str | None:
    """Return the ancestor that keeps the library from hearing of a class; Python asks the first of them alone."""
    for name in cls.info.order[1:] if cls.info.dialect is not None else ():
        if name not in machine.project.classes:
            if dialect_of_class(name) is not None:
                return None
        elif _HOOK in machine.project.tables.body(name).members:
            match look_up(machine, (name,), _HOOK):
                case FunctionObject() as hook, _ if "super" not in mentioned_names(hook.definition):
                    return name
                case _:
                    return None
    return None


def _field_value(
    machine: Machine, cls: ClassObject, field: FieldDeclaration, arguments: CallArguments, frame: Frame
) -> AbstractValue:
    if field.name in arguments.keywords:
        return arguments.keywords[field.name]
    if arguments.unknown is not None:
        doubt = Unknown(f"whether it is given is not known: {arguments.unknown.reason}", arguments.place)
        # If it is not, its factory is called, and builds what it builds.
        run_optional(machine, frame, doubt, lambda: _drop(_default_of(machine, cls, field, frame)))
        return doubt
    return _default_of(machine, cls, field, frame)


def _drop(_value: AbstractValue) -> None:
    return


def _owner_of(machine: Machine, cls: ClassObject, field: FieldDeclaration) -> ClassObject | None:
    """Return the class that declares a field: of those that functions make, the one that this class was made with."""
    names = (name for name in cls.info.order if name == field.owner) if cls.info.is_local else ()
    return machine.class_object(next(iter(names), field.owner))


def _default_of(machine: Machine, cls: ClassObject, field: FieldDeclaration, frame: Frame) -> AbstractValue:
    owner = _owner_of(machine, cls, field)
    names = {} if owner is None else owner.members.names
    default = names.get(field.raw_name)
    if default is None and (field.default is None or field.raw_name not in names):
        return _no_default(field)
    if not isinstance(default, FieldCall):
        return default
    factory = default.arguments.get("default_factory")
    if factory is not None:
        return _made_default(machine, field, factory, frame)
    return default.arguments["default"] if "default" in default.arguments else _no_default(field)


def _made_default(machine: Machine, field: FieldDeclaration, factory: AbstractValue, frame: Frame) -> AbstractValue:
    """Return what a default factory gives; it takes no arguments, so one that comes back to itself never ends."""
    key = (field.owner, field.name)
    if key in machine.factories:
        if not machine.conditions:
            message = f"the default of {field.name!r} builds a config that needs the same default, and so on for ever"
            machine.report("HUL108", "error", message, field.place)
        return Unknown("a default that depends on itself", field.place)
    machine.factories.append(key)
    try:
        with machine.building("default"):
            return machine.call(factory, CallArguments([], {}, field.place), frame)
    finally:
        machine.factories.pop()


def _no_default(field: FieldDeclaration) -> Unknown:
    return Unknown(f"the default of {field.name!r} could not be evaluated", field.place)


def _validate(
    machine: Machine,
    config: ConfigObject,
    table: Mapping[str, FieldDeclaration],
    frame: Frame,
    arguments: CallArguments,
) -> None:
    """Run validators; one that certainly raises ends the construction, with a problem."""
    place, construction = arguments.place, construction_of(machine, config.cls)
    try:
        for field in construction.validated:
            place = arguments.places.get(field.name, arguments.place)
            _field_validators(machine, config, field, frame, arguments.place)
        place = arguments.place
        for function in _validate_methods(machine, construction):
            machine.call_with(function, [config], frame, arguments.place)
        order = config.cls.info.order
        for name in [name for name in construction.init_properties if look_up(machine, order, name) is not None]:
            attribute(machine, config, name, frame, arguments.place)
        for name in construction.munged:
            _munge(machine, config, name, frame, arguments.place)
        if construction.is_typechecked:
            _typecheck(machine, config, table, frame, arguments)
    except Raised as raised:
        where = raised.message if raised.message != "raised by the code" else f"raises {raised.type_name}"
        message = f"{config.cls.info.qualname} cannot be built with these values: {where}"
        machine.report("HUL107", "error", message, raised.place if raised.place in arguments.places.values() else place)
        raise Raised(raised.type_name, message, arguments.place) from raised


def _munge(machine: Machine, config: ConfigObject, name: str, frame: Frame, place: Place) -> None:
    """A munger is called as the config is built. One that goes on for too long is looked at where its value counts."""
    with suppress(LimitReached), machine.fresh_steps():
        attribute(machine, config, name, frame, place)


def _field_validators(
    machine: Machine, config: ConfigObject, field: FieldDeclaration, frame: Frame, place: Place
) -> None:
    owner = _owner_of(machine, config.cls, field)
    call = None if owner is None else owner.members.names.get(field.raw_name)
    if not isinstance(call, FieldCall):
        return
    given = call.arguments.get("validator")
    munged = field.munger is not None or field.converter is not None
    names = [field.name, f"{RAW_PREFIX}{field.name}"] if munged else [f"{RAW_PREFIX}{field.name}"]
    for validator in given.items if isinstance(given, ListObject) else [given]:
        for name in names:
            if isinstance(validator, Method) and validator.name.startswith("chz.validators."):
                _known_validator(machine, validator, config, name, frame, place)
            elif isinstance(validator, External) and validator.name.removeprefix("huldra.") in _CHECKS_OF_TYPES:
                _check_type(machine, config, field, name, frame, place)
            elif isinstance(validator, FunctionObject):
                machine.call_with(validator, [config, name], frame, place)


def _check_type(
    machine: Machine, config: ConfigObject, field: FieldDeclaration, name: str, frame: Frame, place: Place
) -> None:
    """Raise where a value certainly does not fit the annotation of its field."""
    value = attribute(machine, config, name, frame, place)
    owner = machine.project.classes[field.owner]
    if field.annotation is None:
        return
    if fits_annotation(machine.project.symbols, owner, field.annotation, value) is False:
        raise Raised("TypeError", f"{field.name!r} is no {field.annotation_text}", place)


def _known_validator(
    machine: Machine, validator: Method, config: ConfigObject, name: str, frame: Frame, place: Place
) -> None:
    """`chz.validators.gt(3)` and its kin; the others cannot be told to fail."""
    symbol = _COMPARISONS.get(validator.name.rpartition(".")[2])
    if symbol is None:
        return
    value = attribute(machine, config, name, frame, place)
    if compare(symbol, value, validator.receiver, place) is False:
        shown = name.removeprefix(RAW_PREFIX)
        raise Raised("ValueError", f"{shown!r} must be {symbol} {validator.receiver!r}", place)


def _validate_methods(machine: Machine, construction: Construction) -> list[FunctionObject]:
    found: list[FunctionObject] = []
    for ancestor, names in construction.validate_methods:
        owner = machine.class_object(ancestor)
        if owner is not None and names:
            values = map(owner.members.names.get, names)
            found += (value for value in values if isinstance(value, FunctionObject))
    return found


def _typecheck(
    machine: Machine,
    config: ConfigObject,
    table: Mapping[str, FieldDeclaration],
    frame: Frame,
    arguments: CallArguments,
) -> None:
    """`class K(Base, typecheck=True)`: a value that certainly does not fit its annotation raises."""
    for field in table.values():
        place = arguments.places.get(field.name, arguments.place)
        _check_type(machine, config, field, f"{RAW_PREFIX}{field.name}", frame, place)


def external_validator(name: str, arguments: CallArguments) -> AbstractValue:
    """Return `chz.validators.gt(3)` as a value that remembers its argument."""
    argument = arguments.positional[0] if arguments.positional else External(name)
    return Method(argument, name.removeprefix("huldra.").removeprefix("gren.").removeprefix("furu."))
