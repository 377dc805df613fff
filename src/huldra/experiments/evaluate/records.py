"""Dataclasses, named tuples and pydantic models as records: their fields, and what they are as dicts and tuples."""

import keyword
from collections.abc import Callable, Mapping
from typing import Literal

from huldra.experiments.evaluate.holders import (
    annotated_fields,
    is_dataclass,
    is_model,
    is_named_tuple,
    is_record,
)
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.record_parameters import NotFollowed, field_kinds, field_option
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.evaluate.unseen_calls import COPIED, call_unseen
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    Concrete,
    ConfigObject,
    DictObject,
    External,
    InstanceObject,
    Key,
    ListObject,
    Scope,
    SetObject,
    Unknown,
    type_name,
)
from huldra.facts.expressions import Call
from huldra.facts.statements import ClassDefinition, FunctionDefinition
from huldra.formats.config_values import EnumValue, PathValue
from huldra.project.classes import ClassInfo
from huldra.project.places import Place
from huldra.project.symbols import ExternalSymbol

_Use = Literal["all", "repr", "compare"]
Rule = Callable[[Machine, CallArguments, Frame], AbstractValue]


def record_fields(machine: Machine, value: InstanceObject, use: _Use = "all") -> Mapping[str, AbstractValue] | None:
    """Return the fields of a record with their values, in order; None where they are not all plain fields.

    `use` leaves out those of which `field(…)` says that they have no part in a text or a comparison.
    """
    names = _field_names(machine, value.cls, use)
    if names is None or value.unknown is not None or not all(name in value.attributes for name in names):
        return None
    return {name: value.attributes[name] for name in names}


def _field_names(machine: Machine, cls: ClassObject, use: _Use = "all") -> list[str] | None:
    if "_fields" in cls.members.names and cls.info.name not in machine.project.classes:
        names = cls.members.names["_fields"]
        return [name for name in names if isinstance(name, str)] if isinstance(names, tuple) else None
    record = next((name for name in cls.info.order if is_record(machine, name)), None)
    if record is None:
        return None
    info = machine.project.classes[record]
    fields = annotated_fields(machine, info)
    if is_model(info):
        options = (_option_names(machine, owner, name) for name, (owner, _) in fields.items())
        return None if any("exclude" in given for given in options) else [n for n in fields if not n.startswith("_")]
    try:
        kinds = field_kinds(machine, info, fields)
    except NotFollowed:
        return None
    kept = [name for name in fields if kinds[name] not in {"init_only", "marker"}]
    if use == "all":
        return kept
    uses = {name: field_option(machine, fields[name][0], name, use, default=True) for name in kept}
    return None if None in uses.values() else [name for name in kept if uses[name]]


def _option_names(machine: Machine, owner: ClassInfo, name: str) -> frozenset[str | None]:
    member = machine.project.tables.body(owner.name).members.get(name)
    arguments = member.value.arguments if member is not None and isinstance(member.value, Call) else ()
    return frozenset(argument.name for argument in arguments)


def as_dict(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`dataclasses.asdict(record)`."""
    call_unseen(machine, call.positional, COPIED, frame, call.place)
    if len(call.positional) != 1 or call.keywords:
        return Unknown("asdict() in a way that is not followed", call.place)
    return _dataclass_as(machine, call, dict_wanted=True)


def config_as_dict(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`chz.asdict(config)`: the fields as they read, those of configs inside it, too."""
    if len(call.positional) != 1 or call.keywords:
        return Unknown("chz.asdict() in a way that is not followed", call.place)
    value = call.positional[0]
    if not isinstance(value, ConfigObject):
        return Unknown("chz.asdict() of what may be no config", call.place)
    return _opened_config(machine, value, frame, call.place)


def _opened_config(machine: Machine, value: AbstractValue, frame: Frame, place: Place) -> AbstractValue:
    match value:
        case ConfigObject(cls=cls):
            names = machine.project.tables.table(cls.name)
            fields = {name: machine.attribute(value, name, frame, place) for name in names}
            return DictObject({name: _opened_config(machine, item, frame, place) for name, item in fields.items()})
        case ListObject(items=items, unknown=unknown):
            return ListObject([_opened_config(machine, item, frame, place) for item in items], unknown)
        case tuple():
            return tuple(_opened_config(machine, item, frame, place) for item in value)
        case DictObject(items=table, unknown=unknown, type_name="dict"):
            return DictObject({k: _opened_config(machine, item, frame, place) for k, item in table.items()}, unknown)
        case _:
            return machine.call_with(External("copy.deepcopy"), [value], frame, place)


def as_tuple(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`dataclasses.astuple(record)`."""
    if len(call.positional) != 1 or call.keywords:
        return Unknown("astuple() in a way that is not followed", call.place)
    return _dataclass_as(machine, call, dict_wanted=False)


def _dataclass_as(machine: Machine, call: CallArguments, *, dict_wanted: bool) -> AbstractValue:
    value = call.positional[0]
    if isinstance(value, InstanceObject) and _is_dataclass(machine, value.cls):
        return _opened(machine, value, call.place, lambda v: _is_dataclass(machine, v.cls), dict_wanted=dict_wanted)
    if isinstance(value, InstanceObject | Unknown):
        return value if isinstance(value, Unknown) else Unknown("asdict() of what may be no dataclass", call.place)
    raise Raised("TypeError", "asdict() should be called on dataclass instances", call.place)


def _is_dataclass(machine: Machine, cls: ClassObject) -> bool:
    return any(
        is_dataclass(machine, machine.project.classes[name])
        for name in cls.info.order
        if name in machine.project.classes
    )


def _opened(
    machine: Machine,
    value: AbstractValue,
    place: Place,
    opens: Callable[[InstanceObject], bool],
    *,
    dict_wanted: bool,
) -> AbstractValue:
    """Return a copy in which records are dicts or tuples, however deep; what would be copied otherwise is unknown."""

    def inner(item: AbstractValue) -> AbstractValue:
        return _opened(machine, item, place, opens, dict_wanted=dict_wanted)

    match value:
        case InstanceObject() if opens(value):
            fields = record_fields(machine, value)
            if fields is None:
                return value.unknown or Unknown(f"the fields of a {type_name(value)}", place)
            if not dict_wanted:
                return tuple(inner(item) for item in fields.values())
            return DictObject({name: inner(item) for name, item in fields.items()})
        case ListObject(items=items, unknown=unknown):
            return ListObject([inner(item) for item in items], unknown)
        case tuple():
            return tuple(inner(item) for item in value)
        case DictObject(items=table, unknown=unknown, type_name="dict"):
            return DictObject({key: inner(item) for key, item in table.items()}, unknown)
        case SetObject(items=keys, is_frozen=is_frozen, unknown=unknown):
            return SetObject(dict(keys), is_frozen, unknown)
        case Unknown() | EnumValue() | PathValue():
            return value
        case _ if isinstance(value, Concrete):
            return value
        case _:
            return Unknown(f"a copy of a {type_name(value)} inside a record", place)


def fields_of(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`dataclasses.fields(record)`: their names are known."""
    value = call.positional[0]
    cls = value.cls if isinstance(value, InstanceObject) else value
    if not isinstance(cls, ClassObject) or not _is_dataclass(machine, cls):
        return Unknown("the fields of what may be no dataclass", call.place)
    names = _field_names(machine, cls)
    if names is None:
        return Unknown(f"the fields of {cls.info.name}", call.place)
    rest = ("type", "default", "default_factory", "init", "repr", "hash", "compare", "metadata", "kw_only")
    hidden = {name: Unknown("what a dataclass field says", call.place) for name in rest}
    return tuple(DictObject({"name": name, **hidden}, type_name="SimpleNamespace") for name in names)


def is_dataclass_value(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`dataclasses.is_dataclass(value)`."""
    value = call.positional[0]
    cls = value.cls if isinstance(value, InstanceObject) else value
    if isinstance(cls, ClassObject) and not machine.project.tables.is_config_class(cls.name):
        return _is_dataclass(machine, cls)
    is_plain = value is None or isinstance(value, bool | int | float | str | bytes | tuple | ListObject | DictObject)
    return False if is_plain else Unknown("whether it is a dataclass", call.place)


def call_record_method(
    machine: Machine, value: InstanceObject | ClassObject, name: str, call: CallArguments, frame: Frame
) -> AbstractValue | None:
    """Return what a method that named tuples and pydantic models have gives; None for one that they do not have."""
    if isinstance(value, ClassObject):
        if name != "_make" or not is_named_tuple(value.info):
            return None
        items = machine.iterate(call.positional[0], frame, call.place) if len(call.positional) == 1 else None
        return items if isinstance(items, Unknown | None) else machine.call_with(value, items, frame, call.place)
    if value.unknown is not None:
        return value.unknown
    if is_named_tuple(value.cls.info) and name == "_asdict" and not call.positional:
        fields = record_fields(machine, value)
        return None if fields is None else DictObject({**fields})
    if is_named_tuple(value.cls.info) and name in {"index", "count"}:
        return machine.call_with(
            machine.attribute(value.attributes["*"], name, frame, call.place), call.positional, frame, call.place
        )
    if name == "model_dump" and is_model(value.cls.info):
        return _dumped_model(machine, value, call)
    return None


def _dumped_model(machine: Machine, value: InstanceObject, call: CallArguments) -> AbstractValue:
    """`model_dump()`; `include` and `exclude` may be sets of names."""
    chosen = {name: _names(given) for name, given in call.keywords.items()}
    if call.positional or chosen.keys() - {"include", "exclude"} or None in chosen.values():
        return Unknown("model_dump() with options that are not followed", call.place)
    if _has_computed(machine):
        return Unknown("model_dump() of a model with computed fields", call.place)
    dumped = _opened(machine, value, call.place, lambda v: is_model(v.cls.info), dict_wanted=True)
    if isinstance(dumped, DictObject):
        wanted, unwanted = chosen.get("include"), chosen.get("exclude") or set()
        left = {k: v for k, v in dumped.items.items() if (wanted is None or k in wanted) and k not in unwanted}
        return DictObject(left, dumped.unknown)
    return dumped


def _names(value: AbstractValue) -> set[Key] | None:
    """Return the names in a set; None for anything else."""
    if not isinstance(value, SetObject) or value.unknown is not None:
        return None
    return set(value.items) if all(isinstance(key, str) for key in value.items) else None


def _has_computed(machine: Machine) -> bool:
    """Whether any model of the project dumps more than its fields: it may be one inside another."""
    for info in machine.project.classes.values():
        if not is_model(info):
            continue
        for member in machine.project.tables.body(info.name).members.values():
            decorators = member.value.decorators if isinstance(member.value, FunctionDefinition) else ()
            symbols = (machine.project.symbols.resolve_expression(info.module, decorator) for decorator in decorators)
            if any(isinstance(s, ExternalSymbol) and s.name == "pydantic.computed_field" for s in symbols):
                return True
    return False


def field_names(machine: Machine, owner: AbstractValue, place: Place) -> AbstractValue:
    """Return `owner._fields` of a named tuple or its class."""
    cls = owner.cls if isinstance(owner, InstanceObject) else owner
    names = _field_names(machine, cls) if isinstance(cls, ClassObject) and is_named_tuple(cls.info) else None
    return Unknown(f"the names of the fields of a {type_name(owner)}", place) if names is None else tuple(names)


def make_tuple_class(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`namedtuple("Point", "x y")`: a class like one of the project's, whose members say what its fields are."""
    name, fields = (*call.positional, *(call.keywords[n] for n in ("typename", "field_names") if n in call.keywords))
    defaults = call.keywords.get("defaults", ())
    if isinstance(fields, str):
        names = fields.replace(",", " ").split()
    else:
        listed = machine.iterate(fields, frame, call.place)
        names = [] if isinstance(listed, Unknown) else [each for each in listed if isinstance(each, str)]
    values = machine.iterate(() if defaults is None else defaults, frame, call.place)
    is_known = isinstance(name, str) and not call.keywords.keys() - {"typename", "field_names", "defaults", "module"}
    are_good = bool(names) and len(set(names)) == len(names) and all(map(_is_good_name, names))
    if not isinstance(name, str) or not is_known or not are_good or isinstance(values, Unknown):
        return Unknown("a named tuple that is not followed", call.place)
    at = (call.place.line, call.place.column, call.place.end_line, call.place.end_column)
    full = f"{frame.module}.namedtuple {name}"
    definition = ClassDefinition(name, (), (), (), (), at, at)
    order = (full, "typing.NamedTuple")
    info = ClassInfo(
        full,
        frame.module,
        name,
        frame.origin,
        definition,
        (),
        (),
        order,
        None,
        ("typing.NamedTuple",),
        None,
        is_config=False,
        is_collection=False,
    )
    members = Scope({"_fields": tuple(names), _DEFAULTS: tuple(values)}, is_class=True)
    return ClassObject(info, members)


def _is_good_name(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name) and not name.startswith("_")


def is_made_tuple(machine: Machine, cls: ClassObject) -> bool:
    """Whether a class is one that `namedtuple` has made."""
    return _DEFAULTS in cls.members.names and cls.info.name not in machine.project.classes


def build_made_tuple(cls: ClassObject, call: CallArguments) -> AbstractValue:
    """Return an instance of a class that `namedtuple` has made.

    Raises:
        Raised: TypeError, where the arguments do not fit.
    """
    names, defaults = cls.members.names["_fields"], cls.members.names[_DEFAULTS]
    if call.unknown is not None or not isinstance(names, tuple) or not isinstance(defaults, tuple):
        return call.unknown or Unknown("a named tuple that is not followed", call.place)
    fields = [name for name in names if isinstance(name, str)]
    given = dict(zip(fields[len(fields) - len(defaults) :], defaults, strict=False))
    passed = dict(zip(fields, call.positional, strict=False))
    is_wrong = len(call.positional) > len(fields) or any(n not in fields or n in passed for n in call.keywords)
    values = {**given, **passed, **call.keywords}
    if is_wrong or any(name not in values for name in fields):
        raise Raised("TypeError", f"the arguments of {cls.info.qualname} do not fit", call.place)
    ordered = {name: values[name] for name in fields}
    return InstanceObject(cls, {**ordered, "*": tuple(ordered.values())})


_DEFAULTS = "defaults of a named tuple"
RECORD_FUNCTIONS: Mapping[str, Rule] = {
    "dataclasses.asdict": as_dict,
    **{f"{prefix}chz.asdict": config_as_dict for prefix in ("", "huldra.", "gren.", "furu.")},
    "dataclasses.astuple": as_tuple,
    "dataclasses.fields": fields_of,
    "dataclasses.is_dataclass": is_dataclass_value,
    "collections.namedtuple": make_tuple_class,
}
