"""What `value.name` is, for every kind of value: the rules of attribute look-up, and those of chz for configs."""

from contextlib import suppress

from msgspec.structs import replace

from huldra.experiments.evaluate.attribute_dicts import attribute_dict
from huldra.experiments.evaluate.chain_maps import PROXY
from huldra.experiments.evaluate.class_members import bind_member, look_up
from huldra.experiments.evaluate.config_hashes import config_hash, is_hash_name, is_of_every_config
from huldra.experiments.evaluate.enums import enum_member, enum_value, held_by_member, is_enum, members_by_name
from huldra.experiments.evaluate.function_attributes import bound_attribute, function_attribute, partial_attribute
from huldra.experiments.evaluate.journal import CALLABLE, with_aliases
from huldra.experiments.evaluate.library import FACTORY, MAKE_PLAINLY, external_member
from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.mungers import cooked
from huldra.experiments.evaluate.record_parameters import is_read_by_descriptor
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.numpy_numbers import NumpyNumber
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    ConfigObject,
    DictObject,
    External,
    FieldCall,
    FunctionObject,
    InstanceObject,
    ListObject,
    Method,
    ModuleObject,
    Partial,
    PropertyObject,
    Scope,
    SetObject,
    SuperObject,
    Unknown,
)
from huldra.formats.config_values import EnumValue
from huldra.project.fields import RAW_PREFIX
from huldra.project.places import Place


def attribute(machine: Machine, value: AbstractValue, name: str, frame: Frame, place: Place) -> AbstractValue:
    """Return `value.name`."""
    match value:
        case Unknown():
            return _of_any(machine, value, name, frame, place)
        case ModuleObject(name=module):
            return _module_member(machine, module, name, frame, place)
        case External(name=owner):
            return external_member(owner, name)
        case ConfigObject():
            return _config_member(machine, value, name, frame, place)
        case ClassObject():
            return _class_member(machine, value, name, place)
        case InstanceObject():
            return _instance_member(machine, value, name, frame, place)
        case SuperObject():
            return _super_member(machine, value, name, frame, place)
        case EnumValue():
            return _enum_attribute(machine, value, name, frame, place)
        case FunctionObject():
            return function_attribute(machine, value, name, place)
        case PropertyObject(is_cached=False) if name in {"getter", "setter", "deleter"}:
            return Method(value, name)
        case BoundMethod():
            return bound_attribute(machine, value, name, place)
        case Partial(function=FunctionObject() | ClassObject() | BoundMethod()):
            return partial_attribute(value, name, place)
        case PropertyObject():
            return Unknown(f"the attribute {name!r} of a function", place)
        case DictObject(type_name="SimpleNamespace"):
            return _namespace_member(machine, value, name, place)
        case NumpyNumber() if name.startswith("__"):
            return Unknown(f"the attribute {name!r} of a {value.type_name}", place)
        case _:
            plain = plain_type(value)
            if plain is not None and name == "__class__":
                return External(f"builtins.{plain.__name__}")
            if name == "__class__":
                return Unknown("the class of what is not followed", place)
            if plain is bytes and name in _OF_OTHER_BYTES:
                return Unknown(f"the attribute {name!r} of what may be no bytes", place)
            if plain is not None and not hasattr(plain, name) and name not in _NEWER_METHODS:
                raise Raised("AttributeError", f"{plain.__name__!r} object has no attribute {name!r}", place)
            return Method(value, name)


_OF_OTHER_BYTES = frozenset(dir(bytearray)).union(dir(memoryview)).difference(dir(bytes))
"""What a bytearray or a memoryview has, which are kept as bytes."""
_NEWER_METHODS = frozenset({"is_integer"})
"""Methods that a later Python has given to the plain types."""


def plain_type(value: AbstractValue) -> type | None:
    """Return the type of a value of one of Python's own plain types; None for any other."""
    match value:
        case None | bool() | int() | float() | str() | bytes() | tuple() | range():
            return type(value)
        case ListObject():
            return list
        case DictObject(type_name="dict"):
            return dict
        case SetObject(is_frozen=is_frozen):
            return frozenset if is_frozen else set
        case _:
            return None


def _module_member(machine: Machine, module: str, name: str, frame: Frame, place: Place) -> AbstractValue:
    scope = machine.module(module)
    if scope is not None and name in scope.names:
        return scope.names[name]
    submodule = machine.project.modules.submodule(module, name)
    if submodule is not None:
        machine.module(submodule)
        return ModuleObject(submodule)
    if name == "__dict__" and scope is not None:
        return Unknown(f"the names of {module}", place, aliases=_callables(scope))
    if scope is not None and isinstance(hook := scope.names.get("__getattr__"), FunctionObject):
        return machine.call_with(hook, [name], frame, place)
    return Unknown(f"{module} has no name {name!r} that could be found", place)


def _callables(scope: Scope) -> tuple[AbstractValue, ...]:
    """Return what can be called of the names of a module or class: whoever looks into its table finds it."""
    return tuple(dict.fromkeys(value for value in scope.names.values() if isinstance(value, CALLABLE)))


def _is_data_descriptor(machine: Machine, member: AbstractValue) -> bool:
    """Whether a class attribute goes before what an instance itself has by that name."""
    if not isinstance(member, InstanceObject) or look_up(machine, member.cls.info.order, "__get__") is None:
        return False
    return any(look_up(machine, member.cls.info.order, name) is not None for name in ("__set__", "__delete__"))


def _class_member(machine: Machine, cls: ClassObject, name: str, place: Place) -> AbstractValue:
    if is_enum(cls) and (member := enum_member(machine, cls, name)) is not None:
        return member
    if name == "__members__" and is_enum(cls):
        return Partial(PROXY, (members_by_name(machine, cls),), {})
    found = look_up(machine, cls.info.order, name)
    if found is not None and not isinstance(found[0], FieldCall):
        member = found[0]
        tables = machine.project.tables
        is_field = tables.is_config_class(cls.name) and name in tables.table(cls.name)
        if is_field or is_read_by_descriptor(machine, found[1], name):
            return Unknown(f"{cls.info.qualname}.{name}, which is what instances are read by and not a default", place)
        if isinstance(member, Partial) and member.function == External("enum.nonmember"):
            return member.positional[0]
        if isinstance(member, InstanceObject):
            return bind_member(machine, member, cls, Frame(cls.members, cls.info.module, cls.info.origin), place)
        if isinstance(member, Partial) and member.function == FACTORY and len(member.positional) == 1:
            inner = member.positional[0]
            is_bound = isinstance(inner, FunctionObject) and inner.kind == "class"
            return Partial(FACTORY, (inner, cls), {}) if is_bound else member
        return BoundMethod(member, cls) if isinstance(member, FunctionObject) and member.kind == "class" else member
    if name == "__subclasses__":
        return Method(cls, name)
    if name == "__dict__":
        return Unknown(f"the attributes of the class {cls.info.qualname}", place, aliases=_callables(cls.members))
    if name in {"__name__", "__qualname__", "__module__"}:
        info = cls.info
        return {"__name__": info.definition.name, "__qualname__": info.qualname, "__module__": info.module}[name]
    dialect = cls.info.dialect
    if (dialect is not None and name in dialect.reserved_names) or cls.info.is_collection:
        return Method(cls, name)
    if is_enum(cls) or cls.info.unseen or name == "register":
        return Method(cls, name)
    return Unknown(f"{cls.info.qualname} has no attribute {name!r} that could be found", place)


def _instance_member(machine: Machine, value: InstanceObject, name: str, frame: Frame, place: Place) -> AbstractValue:
    if look_up(machine, value.cls.info.order, "__getattribute__") is not None:
        return Unknown(f"the attribute {name!r}, which __getattribute__ gives", place)
    if name == "__class__":
        return value.attributes.get(name, value.cls)
    if "__class__" in value.attributes:
        return Unknown(f"the attribute {name!r} of a {value.cls.info.qualname}, whose class is set anew", place)
    found = look_up(machine, value.cls.info.order, name)
    if found is not None and isinstance(found[0], PropertyObject):
        return _property_of_instance(machine, value, name, found[0], frame, place)
    if found is not None and _is_data_descriptor(machine, found[0]):
        return bind_member(machine, found[0], value, frame, place)
    if name == "__dict__":
        return attribute_dict(machine, value)
    if value.unknown is not None and (name in value.attributes or not isinstance(found and found[0], FunctionObject)):
        return value.unknown if found is None else with_aliases(value.unknown, (found[0],))
    if name in value.attributes:
        return value.attributes[name]
    if found is not None:
        return bind_member(machine, found[0], value, frame, place)
    hook = look_up(machine, value.cls.info.order, "__getattr__")
    if hook is not None and isinstance(hook[0], FunctionObject):
        return machine.call_with(bind_member(machine, hook[0], value, frame, place), [name], frame, place)
    if hook is not None:
        return Unknown(f"the attribute {name!r}, which __getattr__ gives", place)
    return Method(value, name)


def _property_of_instance(
    machine: Machine, value: InstanceObject, name: str, member: PropertyObject, frame: Frame, place: Place
) -> AbstractValue:
    """A property is computed each time, a cached one once."""
    if not member.is_cached:
        return bind_member(machine, member, value, frame, place)
    if name not in value.attributes and value.unknown is None:
        result = bind_member(machine, member, value, frame, place)
        machine.touch(value)
        value.attributes[name] = result
    return value.unknown or value.attributes[name]


def _namespace_member(machine: Machine, value: DictObject, name: str, place: Place) -> AbstractValue:
    if name == "__dict__":
        return attribute_dict(machine, value)
    if value.unknown is not None:
        return value.unknown
    if name not in value.items:
        raise Raised("AttributeError", f"the namespace has no attribute {name!r}", place)
    return value.items[name]


def _super_member(machine: Machine, value: SuperObject, name: str, frame: Frame, place: Place) -> AbstractValue:
    receiver = value.receiver
    cls = receiver.cls if isinstance(receiver, ConfigObject | InstanceObject) else receiver
    if not isinstance(cls, ClassObject):
        return Unknown("super() of an unknown object", place)
    order = cls.info.order
    rest = order[order.index(value.owner.name) + 1 :] if value.owner.name in order else ()
    found = look_up(machine, rest, name)
    if found is None and name == "__new__":
        return External(MAKE_PLAINLY)
    if found is None:
        return Unknown(f"super().{name} of a class outside the project", place)
    if isinstance(receiver, ClassObject):
        member = found[0]
        return BoundMethod(member, cls) if isinstance(member, FunctionObject) and member.kind == "class" else member
    return bind_member(machine, found[0], receiver, frame, place)


def _enum_attribute(machine: Machine, value: EnumValue, name: str, frame: Frame, place: Place) -> AbstractValue:
    if name in {"name", "_name_"}:
        return value.member
    if name == "__class__":
        return machine.class_object(value.class_name) or Unknown("the class of an enum member", place)
    if name in {"value", "_value_"}:
        cls = machine.class_object(value.class_name)
        return Unknown("an enum value", place) if cls is None else enum_value(machine, cls, value)
    cls = machine.class_object(value.class_name)
    found = None if cls is None else look_up(machine, cls.info.order, name)
    held = None if cls is None else held_by_member(cls, value)
    is_computed = found is not None and isinstance(found[0], PropertyObject)
    if held is not None and not is_computed and (held.unknown is not None or name in held.attributes):
        return held.unknown or held.attributes[name]
    if found is not None:
        return bind_member(machine, found[0], value, frame, place)
    if cls is not None and ("__init__" in cls.members.names or "__new__" in cls.members.names):
        return Unknown(f"the attribute {name!r} of an enum member", place)
    return Method(value.value if value.is_plain and isinstance(value.value, str | int) else value, name)


def _of_any(machine: Machine, value: Unknown, name: str, frame: Frame, place: Place) -> Unknown:
    """Return an attribute of what is not known: of classes, modules and instances that it may be; none of functions."""
    if not any(
        isinstance(alias, (*CALLABLE, ModuleObject, InstanceObject, ConfigObject, EnumValue)) for alias in value.aliases
    ):
        return value
    kept: list[AbstractValue] = []
    for alias in value.aliases:
        if isinstance(alias, InstanceObject | ConfigObject):
            kept += (alias, *_method_of(machine, alias, name, frame, place))
        elif isinstance(alias, ClassObject | ModuleObject | EnumValue):
            with suppress(Raised):
                kept.append(attribute(machine, alias, name, frame, place))
        elif not isinstance(alias, FunctionObject | BoundMethod | Partial):
            kept.append(alias)
    return replace(value, aliases=tuple(kept))


def _method_of(
    machine: Machine, value: InstanceObject | ConfigObject, name: str, frame: Frame, place: Place
) -> tuple[AbstractValue, ...]:
    """Return the method that an attribute of what may be some value is, if it is one."""
    found = look_up(machine, value.cls.info.order, name)
    doubt = Unknown("the attribute of what may be another value", place)
    if found is None:
        hook = look_up(machine, value.cls.info.order, "__getattr__")
        if hook is not None and isinstance(hook[0], FunctionObject):
            machine.rules.rehearse(machine, BoundMethod(hook[0], value), doubt, frame)
        return (Method(value, name),)
    match found[0]:
        case PropertyObject(function=FunctionObject() as function):
            machine.rules.rehearse(machine, BoundMethod(function, value), doubt, frame)
            return ()
        case FunctionObject(kind="static") as function:
            return (function,)
        case FunctionObject(kind=kind) as function:
            return (BoundMethod(function, value.cls if kind == "class" else value),)
        case _:
            return ()


def _config_member(machine: Machine, config: ConfigObject, name: str, frame: Frame, place: Place) -> AbstractValue:
    """Fields are cooked; `X_name` is the raw value; everything else is looked up as Python does."""
    table = machine.project.tables.table(config.cls.name)
    if name in table:
        return cooked(machine, config, name, frame, place)
    if name.startswith(RAW_PREFIX) and name.removeprefix(RAW_PREFIX) in table:
        return config.raw.get(name.removeprefix(RAW_PREFIX), Unknown("a field without a value", place))
    found = look_up(machine, config.cls.info.order, name)
    if found is not None:
        return bind_member(machine, found[0], config, frame, place)
    if name == "__class__":
        return config.cls
    dialect = config.cls.info.dialect
    if is_hash_name(dialect, name):
        return config_hash(machine, config, place)
    if dialect is not None and name in dialect.reserved_names:
        return Method(config, name)
    if config.cls.info.unseen or is_of_every_config(name):
        return Unknown(f"the attribute {name!r} of a {config.cls.info.definition.name}, from outside", place)
    raise Raised("AttributeError", f"{config.cls.info.qualname} has no attribute {name!r}", place)
