"""Instances of the project's plain classes: those with an `__init__`, dataclasses, named tuples, pydantic models."""

from huldra.experiments.evaluate.annotations import fits_annotation
from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.library_classes import SAFE_BASES
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.model_configuration import is_configured, is_harmless
from huldra.experiments.evaluate.record_defaults import default_of, has_default, order_of
from huldra.experiments.evaluate.record_parameters import Fields, Kind, NotFollowed, bind_fields, field_kinds
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.evaluate.unseen_calls import made_outside
from huldra.experiments.value_identity import same_value
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    DictObject,
    External,
    FunctionObject,
    InstanceObject,
    ListObject,
    SetObject,
    Unknown,
)
from huldra.facts.expressions import Binary, Call, Constant, Expression, Subscript, TupleDisplay
from huldra.project.classes import ClassInfo
from huldra.project.symbols import ClassSymbol, ExternalSymbol

MODEL = "pydantic.BaseModel"
"""What every pydantic model derives from."""
_NAMED_TUPLE = "typing.NamedTuple"
_ALIASES = frozenset({"alias", "validation_alias", "alias_priority", "init", "strict", "annotation", "exclude_if"})
_TYPED_DICTS = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})
_CONTAINERS = frozenset({"builtins.list", "builtins.dict", "builtins.set", "builtins.frozenset"})


def is_model(info: ClassInfo) -> bool:
    """Whether a class is a pydantic model."""
    return MODEL in info.order


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
    outside = [base for base in info.order if base not in machine.project.classes and base not in SAFE_BASES]
    if set(outside) <= _TYPED_DICTS and outside and not arguments.positional and arguments.unknown is None:
        return DictObject({**arguments.keywords})  # at run time that is all that such a class is
    if outside:
        machine.doubtful_calls += 1
        return made_outside(machine, cls, outside[0], arguments, frame)
    if arguments.unknown is not None:
        return Unknown(f"an instance of {info.name}: {arguments.unknown.reason}", arguments.place)
    if any(argument.name == "metaclass" for argument in info.keywords):
        machine.doubtful_calls += 1
        return Unknown(f"an instance of {info.name}, whose metaclass may do anything", arguments.place)
    constructor = look_up(machine, info.order, "__init__")
    record = next((name for name in info.order if is_record(machine, name)), None)
    if record is not None and (constructor is None or info.order.index(record) < info.order.index(constructor[1].name)):
        if look_up(machine, info.order, "__new__") is not None:
            return Unknown(f"an instance of {info.name}, a record with a __new__", arguments.place)
        return _build_record(machine, cls, machine.project.classes[record], arguments, frame)
    instance = _new_instance(machine, cls, arguments, frame)
    if not isinstance(instance, InstanceObject) or instance.cls is not cls:
        return instance
    if constructor is not None and isinstance(constructor[0], FunctionObject) and not is_model(info):
        machine.call(BoundMethod(constructor[0], instance), arguments, frame)
    elif constructor is not None:
        return Unknown(f"an instance of {info.name}", arguments.place)
    elif (arguments.positional or arguments.keywords) and look_up(machine, info.order, "__new__") is None:
        raise Raised("TypeError", f"{info.qualname} takes no arguments", arguments.place)
    return instance


def _new_instance(machine: Machine, cls: ClassObject, arguments: CallArguments, frame: Frame) -> AbstractValue:
    """Return what `__new__` gives, which may be an instance that was made before; one without attributes by itself."""
    maker = look_up(machine, cls.info.order, "__new__")
    if maker is None:
        return InstanceObject(cls, {})
    if not isinstance(maker[0], FunctionObject):
        return Unknown(f"an instance of {cls.info.name}", arguments.place)
    given = CallArguments([cls, *arguments.positional], {**arguments.keywords}, arguments.place)
    made = machine.call(maker[0], given, frame)
    is_other = isinstance(made, InstanceObject) and made.cls is not cls and cls.name in made.cls.info.order
    return Unknown(f"an instance of a subclass of {cls.info.name}", arguments.place) if is_other else made


def is_record(machine: Machine, name: str) -> bool:
    """Whether a class's constructor is made of its annotations: a model, a dataclass, a named tuple's own class."""
    info = machine.project.classes.get(name)
    if info is None:
        return False
    is_own_tuple = any(base.name == _NAMED_TUPLE for base in info.bases)
    return is_model(info) or is_own_tuple or is_dataclass(machine, info)


def annotated_fields(machine: Machine, record: ClassInfo) -> dict[str, tuple[ClassInfo, Expression]]:
    """Return the fields of a record and its ancestors, the farthest ancestor's first, and who annotates them."""
    fields: dict[str, tuple[ClassInfo, Expression]] = {}
    for ancestor in reversed(record.order):
        if is_record(machine, ancestor):
            info = machine.project.classes[ancestor]
            body = machine.project.tables.body(ancestor)
            fields.update({name: (info, field.annotation) for name, field in body.annotated.items()})
            for name in body.class_variables:
                fields.pop(name, None)  # it was one of an ancestor
    return {name: found for name, found in fields.items() if not _is_class_variable(machine, *found)}


def _is_class_variable(machine: Machine, owner: ClassInfo, annotation: Expression) -> bool:
    target = annotation.value if isinstance(annotation, Subscript) else annotation
    symbol = machine.project.symbols.resolve_expression(owner.module, target, owner.enclosing)
    return isinstance(symbol, ExternalSymbol) and symbol.name in {"typing.ClassVar", "typing_extensions.ClassVar"}


def _build_record(
    machine: Machine, cls: ClassObject, record: ClassInfo, arguments: CallArguments, frame: Frame
) -> AbstractValue:
    fields = annotated_fields(machine, record)
    is_pydantic = is_model(cls.info)
    if look_up(machine, cls.info.order, "__setattr__") is not None:
        machine.doubtful_calls += 1
        return Unknown(f"an instance of {cls.info.name}, which sets its attributes by itself", arguments.place)
    try:
        kinds = _model_kinds(machine, cls, fields) if is_pydantic else field_kinds(machine, record, fields)
    except NotFollowed as why:
        machine.doubtful_calls += 1
        return Unknown(str(why), arguments.place)
    if is_pydantic:
        fields = {name: field for name, field in fields.items() if not name.startswith("_")}
        known = {name: value for name, value in arguments.keywords.items() if name in fields}
        configured = is_configured(machine, cls)
        if configured and len(known) < len(arguments.keywords):
            return Unknown(f"an instance of {cls.info.name}, which has no such field", arguments.place)
        # Arguments that a model has no field for are ignored.
        arguments = CallArguments(arguments.positional, known, arguments.place)
    if is_pydantic and arguments.positional:
        raise Raised("TypeError", "a model takes keyword arguments only", arguments.place)
    given = bind_fields(kinds, arguments)
    values: dict[str, AbstractValue] = {}
    for name, (owner, annotation) in fields.items():
        if kinds[name] == "marker" or (kinds[name] == "unset" and not has_default(machine, order_of(cls, owner), name)):
            continue
        if name not in given:
            default = default_of(machine, order_of(cls, owner), name, arguments, frame)
            values[name] = _own_default(machine, default, arguments, frame) if is_pydantic else default
        else:
            value = given[name]
            values[name] = _stored(machine, owner, annotation, value, arguments, frame) if is_pydantic else value
    passed_on = [values.pop(name) for name, kind in kinds.items() if kind == "init_only"]
    if is_named_tuple(cls.info):
        values["*"] = tuple(values.values())
    instance = InstanceObject(cls, values)
    after = look_up(machine, cls.info.order, "__post_init__")
    if after is not None and isinstance(after[0], FunctionObject):
        machine.call_with(BoundMethod(after[0], instance), passed_on, frame, arguments.place)
    return instance


def _model_kinds(machine: Machine, cls: ClassObject, fields: Fields) -> dict[str, Kind]:
    doubt = _model_doubt(machine, cls)
    if doubt is not None:
        raise NotFollowed(doubt)
    return dict.fromkeys(fields, "keyword")


def _model_doubt(machine: Machine, cls: ClassObject) -> str | None:
    """Why what a pydantic model makes of its arguments cannot be told: configuration, validators."""
    for ancestor in cls.info.order:
        info = machine.project.classes.get(ancestor)
        if info is None:
            continue
        members = machine.project.tables.body(ancestor).members
        if ("model_config" in members and not is_harmless(members["model_config"].value)) or info.keywords:
            return f"an instance of {cls.info.name}, which has a configuration of its own"
        for member in members.values():
            if isinstance(member.value, Call) and _ALIASES.intersection(a.name or "" for a in member.value.arguments):
                return f"an instance of {cls.info.name}, which has aliases"
            for decorator in getattr(member.value, "decorators", ()):
                target = decorator.function if isinstance(decorator, Call) else decorator
                symbol = machine.project.symbols.resolve_expression(info.module, target)
                if (isinstance(symbol, ExternalSymbol) and "validator" in symbol.name) or _is_serializer(symbol):
                    return f"an instance of {cls.info.name}, which has validators or serializers"
    return None


def _is_serializer(symbol: object) -> bool:
    return isinstance(symbol, ExternalSymbol) and symbol.name.startswith("pydantic.") and "serializer" in symbol.name


def _own_default(machine: Machine, default: AbstractValue, arguments: CallArguments, frame: Frame) -> AbstractValue:
    """Return the default that an instance of a pydantic model has to itself: one that has no hash is copied."""
    if not _has_no_hash(machine, default):
        return default
    return machine.call_with(External("copy.deepcopy"), [default], frame, arguments.place)


def _has_no_hash(machine: Machine, value: AbstractValue) -> bool:
    match value:
        case ListObject() | DictObject():
            return True
        case SetObject(is_frozen=is_frozen):
            return not is_frozen
        case tuple():
            return any(_has_no_hash(machine, item) for item in value)
        case InstanceObject():
            return is_model(value.cls.info) or is_dataclass_instance(machine, value)
        case _:
            return False


def _stored(
    machine: Machine,
    owner: ClassInfo,
    annotation: Expression,
    value: AbstractValue,
    arguments: CallArguments,
    frame: Frame,
) -> AbstractValue:
    """Return what an instance of a pydantic model keeps of an argument: a container that it checks is made anew."""
    kept = _coerced(machine, owner, annotation, value, arguments)
    if isinstance(kept, ListObject | DictObject | SetObject) and _names(machine, owner, annotation) & _CONTAINERS:
        return machine.call_with(External("copy.copy"), [kept], frame, arguments.place)
    return kept


def _coerced(
    machine: Machine, owner: ClassInfo, annotation: Expression, value: AbstractValue, arguments: CallArguments
) -> AbstractValue:
    """Return what pydantic stores: an int becomes a float in a float field; what it would convert is unknown."""
    if isinstance(value, Unknown):
        return value
    if isinstance(annotation, Subscript) and (made := _made_of(machine, owner, annotation, value, arguments)):
        return made
    if isinstance(value, int) and not isinstance(value, bool) and _is_float(machine, owner, annotation):
        return float(value)
    if isinstance(value, InstanceObject) and not _is_exactly(machine, owner, annotation, value):
        return Unknown("a model of a subclass, of which a dump may leave something out", arguments.place)
    is_bool_as_number = (
        isinstance(value, bool)
        and fits_annotation(machine.project.symbols, owner, annotation, "text") is not True
        and not _mentions_bool(machine, owner, annotation)
    )
    if is_bool_as_number or fits_annotation(machine.project.symbols, owner, annotation, value) is not True:
        return Unknown("a value that a pydantic model may convert", arguments.place)
    return value


def _made_of(
    machine: Machine, owner: ClassInfo, annotation: Subscript, value: AbstractValue, arguments: CallArguments
) -> AbstractValue:
    """Return what is stored of a `list[…]` or a `dict[…, …]`, element by element; None where that is not followed."""
    symbol = machine.project.symbols.resolve_expression(owner.module, annotation.value, owner.enclosing)
    outer = symbol.name if isinstance(symbol, ExternalSymbol) else ""
    match value, annotation.index:
        case ListObject(items=items, unknown=None), inner if outer == "builtins.list":
            return ListObject([_coerced(machine, owner, inner, item, arguments) for item in items])
        case DictObject(items=items, unknown=None), TupleDisplay(items=(key, inner)) if outer == "builtins.dict":
            keys = [_coerced(machine, owner, key, each, arguments) for each in items]
            if all(same_value(new, old) for new, old in zip(keys, items, strict=True)):
                return DictObject({k: _coerced(machine, owner, inner, v, arguments) for k, v in items.items()})
        case _:
            pass
    return None


def _is_exactly(machine: Machine, owner: ClassInfo, annotation: Expression, value: InstanceObject) -> bool:
    symbols = (
        machine.project.symbols.resolve_expression(owner.module, o, owner.enclosing) for o in _options(annotation)
    )
    return any(isinstance(symbol, ClassSymbol) and symbol.name == value.cls.name for symbol in symbols)


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


def is_dataclass_instance(machine: Machine, instance: InstanceObject) -> bool:
    """Whether an instance's own class is a dataclass, or one of its ancestors is."""
    known = (machine.project.classes.get(name) for name in instance.cls.info.order)
    return any(info is not None and is_dataclass(machine, info) for info in known)


def replace_fields(machine: Machine, instance: InstanceObject, arguments: CallArguments, frame: Frame) -> AbstractValue:
    """Return `dataclasses.replace(…)`: built anew, `__post_init__` and all, from its fields as they are now."""
    if instance.unknown is not None or arguments.unknown is not None:
        return Unknown("a changed copy that is not followed", arguments.place)
    if arguments.positional[1:]:
        raise Raised("TypeError", "replace() takes one positional argument", arguments.place)
    record = next(name for name in instance.cls.info.order if is_record(machine, name))
    fields = annotated_fields(machine, machine.project.classes[record])
    missing = Unknown("a field without a value", arguments.place)
    try:
        kinds = field_kinds(machine, machine.project.classes[record], fields)
    except NotFollowed as why:
        return Unknown(str(why), arguments.place)
    kept = {n: instance.attributes.get(n, missing) for n, kind in kinds.items() if kind in {"positional", "keyword"}}
    return machine.call(instance.cls, CallArguments([], {**kept, **arguments.keywords}, arguments.place), frame)


def replace_instance(instance: InstanceObject, method: str, arguments: CallArguments) -> AbstractValue:
    """Return `row._replace(…)`, `model.model_copy(update=…)`, `copy.replace(row, …)`."""
    if instance.unknown is not None or arguments.unknown is not None:
        return Unknown("a changed copy that is not followed", arguments.place)
    if method == "model_copy":
        return _copied_model(instance, arguments)
    if set(arguments.keywords) - set(instance.attributes) or arguments.positional[1:]:
        raise Raised("TypeError", "a field that is not there is replaced", arguments.place)
    values = {**instance.attributes, **arguments.keywords}
    if "*" in values:
        values["*"] = tuple(value for name, value in values.items() if name != "*")
    return InstanceObject(instance.cls, values)


def _copied_model(instance: InstanceObject, arguments: CallArguments) -> AbstractValue:
    """A shallow copy; what is put in is not checked and not converted."""
    update = arguments.keywords.get("update", DictObject({}))
    is_plain = not arguments.positional and arguments.keywords.keys() <= {"update"}
    if not is_plain or not isinstance(update, DictObject) or update.unknown is not None:
        return Unknown("a changed copy that is not followed", arguments.place)
    names = [name for name in update.items if isinstance(name, str) and name in instance.attributes]
    if len(names) < len(update.items) or any(isinstance(v, InstanceObject) for v in update.items.values()):
        return Unknown("a changed copy with values that are not followed", arguments.place)
    return InstanceObject(instance.cls, {**instance.attributes, **{name: update.items[name] for name in names}})
