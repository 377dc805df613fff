"""Instances of the project's plain classes: those with an `__init__`, dataclasses, named tuples, pydantic models."""

from collections.abc import Mapping

from huldra.experiments.evaluate.annotations import fits_annotation
from huldra.experiments.evaluate.attributes import look_up
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine, Raised
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    FunctionObject,
    InstanceObject,
    Unknown,
)
from huldra.facts.expressions import Binary, Call, Constant, Expression
from huldra.project.classes import ClassInfo
from huldra.project.symbols import ExternalSymbol

_MODEL = "pydantic.BaseModel"
_NAMED_TUPLE = "typing.NamedTuple"
_SAFE_BASES = frozenset({_MODEL, _NAMED_TUPLE, "builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})


def is_model(info: ClassInfo) -> bool:
    """Whether a class is a pydantic model."""
    return _MODEL in info.order


def is_named_tuple(info: ClassInfo) -> bool:
    """Whether a class is a `typing.NamedTuple`."""
    return _NAMED_TUPLE in info.order


def is_dataclass(machine: Machine, info: ClassInfo) -> bool:
    """Whether a class is decorated as a dataclass."""
    for decorator in info.definition.decorators:
        target = decorator.function if isinstance(decorator, Call) else decorator
        symbol = machine.project.symbols.resolve_expression(info.module, target)
        if isinstance(symbol, ExternalSymbol) and symbol.name == "dataclasses.dataclass":
            return True
    return False


def build_instance(machine: Machine, cls: ClassObject, arguments: CallArguments, frame: Frame) -> AbstractValue:
    """Return an instance of a class that is no config."""
    info = cls.info
    outside = [base for base in info.order if base not in machine.project.classes and base not in _SAFE_BASES]
    if outside:
        machine.doubtful_calls += 1
        return Unknown(f"an instance of {info.name}, whose base {outside[0]} is outside the project", arguments.place)
    if arguments.unknown is not None:
        return Unknown(f"an instance of {info.name}: {arguments.unknown.reason}", arguments.place)
    constructor = look_up(machine, info.order, "__init__")
    if constructor is None and (is_model(info) or is_named_tuple(info) or is_dataclass(machine, info)):
        return _build_record(machine, cls, arguments, frame)
    instance = InstanceObject(cls, {})
    if constructor is not None and isinstance(constructor[0], FunctionObject) and not is_model(info):
        machine.call(BoundMethod(constructor[0], instance), arguments, frame)
    elif constructor is not None or look_up(machine, info.order, "__new__") is not None:
        return Unknown(f"an instance of {info.name}", arguments.place)
    elif arguments.positional or arguments.keywords:
        raise Raised("TypeError", f"{info.qualname} takes no arguments", arguments.place)
    return instance


def _annotated_fields(machine: Machine, cls: ClassObject) -> dict[str, tuple[ClassInfo, Expression]]:
    """Return the annotated names of a class and its ancestors, those of the farthest ancestor first."""
    fields: dict[str, tuple[ClassInfo, Expression]] = {}
    for ancestor in reversed(cls.info.order):
        if ancestor in machine.project.classes:
            info = machine.project.classes[ancestor]
            annotated = machine.project.tables.body(ancestor).annotated
            fields.update({name: (info, field.annotation) for name, field in annotated.items()})
    return fields


def _build_record(machine: Machine, cls: ClassObject, arguments: CallArguments, frame: Frame) -> AbstractValue:
    fields = _annotated_fields(machine, cls)
    if is_model(cls.info):
        fields = {name: field for name, field in fields.items() if not name.startswith("_")}
        doubt = _model_doubt(machine, cls)
        if doubt is not None:
            return Unknown(doubt, arguments.place)
    given = _bind(fields, arguments)
    values: dict[str, AbstractValue] = {}
    for name, (owner, annotation) in fields.items():
        value = given[name] if name in given else _default(machine, cls, name, arguments, frame)
        values[name] = _coerced(machine, owner, annotation, value, arguments) if is_model(cls.info) else value
    if is_named_tuple(cls.info):
        values["*"] = tuple(values.values())
    instance = InstanceObject(cls, values)
    after = look_up(machine, cls.info.order, "__post_init__")
    if after is not None and isinstance(after[0], FunctionObject):
        machine.call_with(BoundMethod(after[0], instance), [], frame, arguments.place)
    return instance


def _bind(fields: Mapping[str, object], arguments: CallArguments) -> dict[str, AbstractValue]:
    given = dict(zip(fields, arguments.positional, strict=False))
    for name, value in arguments.keywords.items():
        if name not in fields or name in given:
            raise Raised("TypeError", f"unexpected argument {name!r}", arguments.place)
        given[name] = value
    if len(arguments.positional) > len(fields):
        raise Raised("TypeError", "too many positional arguments", arguments.place)
    return given


def _default(machine: Machine, cls: ClassObject, name: str, arguments: CallArguments, frame: Frame) -> AbstractValue:
    found = look_up(machine, cls.info.order, name)
    if found is None:
        raise Raised("TypeError", f"missing argument {name!r}", arguments.place)
    value, owner = found
    member = machine.project.tables.body(owner.name).members.get(name)
    if member is not None and isinstance(member.value, Call):
        return _field_default(machine, owner, member.value, frame, arguments)
    return value


def _field_default(
    machine: Machine, owner: ClassObject, call: Call, frame: Frame, arguments: CallArguments
) -> AbstractValue:
    """`dataclasses.field(default_factory=list)`, `pydantic.Field(default=9)`; other calls are plain defaults."""
    symbol = machine.project.symbols.resolve_expression(owner.info.module, call.function, owner.info.enclosing)
    if not isinstance(symbol, ExternalSymbol) or symbol.name not in {"dataclasses.field", "pydantic.Field"}:
        name = next((n for n, m in machine.project.tables.body(owner.name).members.items() if m.value is call), "")
        return owner.members.names.get(name, Unknown("a default that could not be evaluated", arguments.place))
    inner = Frame(owner.members, owner.info.module, owner.info.origin, enclosing=(owner.info.qualname,))
    for argument in call.arguments:
        if argument.name == "default" or (argument.name is None and not argument.star):
            return machine.evaluate(argument.value, inner)
        if argument.name == "default_factory":
            factory = machine.evaluate(argument.value, inner)
            return machine.call(factory, CallArguments([], {}, arguments.place), frame)
    raise Raised("TypeError", "missing argument", arguments.place)


def _model_doubt(machine: Machine, cls: ClassObject) -> str | None:
    """Why what a pydantic model makes of its arguments cannot be told: configuration, validators."""
    for ancestor in cls.info.order:
        info = machine.project.classes.get(ancestor)
        if info is None:
            continue
        members = machine.project.tables.body(ancestor).members
        if "model_config" in members or info.keywords:
            return f"an instance of {cls.info.name}, which has a configuration of its own"
        for member in members.values():
            for decorator in getattr(member.value, "decorators", ()):
                target = decorator.function if isinstance(decorator, Call) else decorator
                symbol = machine.project.symbols.resolve_expression(info.module, target)
                if (isinstance(symbol, ExternalSymbol) and "validator" in symbol.name) or _is_serializer(symbol):
                    return f"an instance of {cls.info.name}, which has validators or serializers"
    return None


def _is_serializer(symbol: object) -> bool:
    return isinstance(symbol, ExternalSymbol) and symbol.name.startswith("pydantic.") and "serializer" in symbol.name


def _coerced(
    machine: Machine, owner: ClassInfo, annotation: Expression, value: AbstractValue, arguments: CallArguments
) -> AbstractValue:
    """Return what pydantic stores: an int becomes a float in a float field; what it would convert is unknown."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and _is_float(machine, owner, annotation):
        return float(value)
    is_bool_as_number = (
        isinstance(value, bool)
        and fits_annotation(machine.project.symbols, owner, annotation, "text") is not True
        and not _mentions_bool(machine, owner, annotation)
    )
    if is_bool_as_number or fits_annotation(machine.project.symbols, owner, annotation, value) is not True:
        return Unknown("a value that a pydantic model may convert", arguments.place)
    return value


def _options(annotation: Expression) -> list[Expression]:
    if isinstance(annotation, Binary) and annotation.operator == "|":
        return [*_options(annotation.left), *_options(annotation.right)]
    return [annotation]


def _names(machine: Machine, owner: ClassInfo, annotation: Expression) -> set[str]:
    names: set[str] = set()
    for option in _options(annotation):
        symbol = machine.project.symbols.resolve_expression(owner.module, option, owner.enclosing)
        if isinstance(symbol, ExternalSymbol):
            names.add(symbol.name)
        elif isinstance(option, Constant):
            names.add("None")
    return names


def _is_float(machine: Machine, owner: ClassInfo, annotation: Expression) -> bool:
    names = _names(machine, owner, annotation)
    return "builtins.float" in names and "builtins.int" not in names


def _mentions_bool(machine: Machine, owner: ClassInfo, annotation: Expression) -> bool:
    return "builtins.bool" in _names(machine, owner, annotation)


def replace_instance(
    machine: Machine, instance: InstanceObject, method: str, arguments: CallArguments
) -> AbstractValue:
    """Return `dataclasses.replace(…)`, `row._replace(…)`; a pydantic copy is not followed."""
    if method == "model_copy" or instance.unknown is not None or arguments.unknown is not None:
        return Unknown("a changed copy that is not followed", arguments.place)
    if look_up(machine, instance.cls.info.order, "__post_init__") is not None:
        return Unknown("a changed copy of a class with __post_init__", arguments.place)
    values = {**instance.attributes, **arguments.keywords}
    if "*" in values:
        values["*"] = tuple(value for name, value in values.items() if name != "*")
    return InstanceObject(instance.cls, values)
