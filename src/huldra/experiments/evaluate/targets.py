"""Assignment: to names, through unpacking, to attributes and to elements."""

from collections.abc import Sequence

from huldra.experiments.evaluate.attribute_dicts import set_attribute_dict, settle
from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.function_attributes import attributes_of, set_on_function
from huldra.experiments.evaluate.journal import with_aliases
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.reachable import stored_key
from huldra.experiments.evaluate.signals import LimitReached, Raised
from huldra.experiments.evaluate.slices import set_slice
from huldra.experiments.evaluate.special_methods import special_method
from huldra.experiments.evaluate.spoiling import spoil, spoil_scope
from huldra.experiments.evaluate.unseen_calls import call_unseen, hashed
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    External,
    FunctionObject,
    InstanceObject,
    ListObject,
    ModuleObject,
    Partial,
    PropertyObject,
    Scope,
    Unknown,
)
from huldra.facts.expressions import (
    Attribute,
    Call,
    Expression,
    ListDisplay,
    Name,
    Slice,
    Starred,
    Subscript,
    TupleDisplay,
)
from huldra.project.classes import ClassInfo
from huldra.project.fields import RAW_PREFIX
from huldra.project.places import Place
from huldra.project.symbols import ExternalSymbol


def assign(machine: Machine, target: Expression, value: AbstractValue, frame: Frame) -> None:
    """Effect: bind a target to a value."""
    match target:
        case Name(id=name):
            bind(machine, name, value, frame)
        case TupleDisplay(items=items) | ListDisplay(items=items):
            _unpack(machine, items, value, frame, frame.place(target.at))
        case Starred(value=inner):
            assign(machine, inner, value, frame)
        case Attribute(value=owner, name=name):
            value_of_owner = machine.evaluate(owner, frame)
            _set_attribute(machine, value_of_owner, mangled(name, frame), value, frame, frame.place(target.at))
        case Subscript(value=owner, index=Slice() as cut):
            set_slice(machine, machine.evaluate(owner, frame), cut, value, frame)
        case Subscript(value=owner, index=index):
            key = machine.evaluate(index, frame)
            _set_item(machine, machine.evaluate(owner, frame), key, value, frame, frame.place(target.at))
        case _:
            pass


def bind(machine: Machine, name: str, value: AbstractValue, frame: Frame) -> None:
    """Effect: bind a name in the scope that Python would."""
    scope = frame.scope
    if name in frame.exports:
        module = machine.modules.get(frame.module)
        scope = scope if module is None else module
    elif name in scope.outer_names:
        scope = _nonlocal(scope, name)
    if scope.is_class:
        name = mangled(name, frame)
    machine.touch(scope)
    scope.names[name] = value


def bind_outside_comprehension(machine: Machine, name: str, value: AbstractValue, frame: Frame) -> None:
    """Effect: bind the target of `name := value`, which a comprehension does not keep to itself."""
    scope = frame.scope
    while scope.is_comprehension and scope.parent is not None:
        scope = scope.parent
    if name in scope.outer_names:
        scope = _nonlocal(scope, name)
    module = machine.modules.get(frame.module)
    if frame.function is not None and name in machine.exported_names(frame.function) and module is not None:
        scope = module
    machine.touch(scope)
    scope.names[name] = value


def mangled(name: str, frame: Frame) -> str:
    """Return a name as the class that it stands in spells it: `__rate` inside `Train` is `_Train__rate`."""
    if not name.startswith("__") or name.endswith("__"):
        return name
    owner = frame.enclosing[-1].rpartition(".")[2] if frame.enclosing else ""
    scope: Scope | None = frame.scope
    while scope is not None and not owner:
        owner = "" if scope.owner is None else scope.owner.definition.name
        scope = scope.parent
    return f"_{owner.lstrip('_')}{name}" if owner.strip("_") else name


def closure_of(frame: Frame) -> Scope:
    """Return the scope that a function made here closes over: those around a class, not the class's own."""
    frame.scope.is_captured = True
    scope: Scope | None = frame.scope
    while scope is not None and scope.is_class:
        scope = scope.parent
    return scope if scope is not None else Scope()


def closure_owner(machine: Machine, frame: Frame) -> ClassInfo | None:
    """Return the class in whose body a function is made."""
    return machine.project.classes.get(f"{frame.module}.{frame.enclosing[-1]}") if frame.enclosing else None


def _nonlocal(scope: Scope, name: str) -> Scope:
    outer = scope.parent
    while outer is not None:
        if name in outer.names and not outer.is_class:
            return outer
        outer = outer.parent
    return scope


def _unpack(machine: Machine, targets: Sequence[Expression], value: AbstractValue, frame: Frame, place: Place) -> None:
    items = machine.iterate(value, frame, place)
    if isinstance(items, Unknown):
        machine.doubtful_calls += 1
        for target in targets:
            part = Unknown(f"a part of an unknown value: {items.reason}", items.place or place, aliases=items.aliases)
            assign(machine, target.value if isinstance(target, Starred) else target, part, frame)
        return
    star = next((i for i, target in enumerate(targets) if isinstance(target, Starred)), None)
    if star is None:
        if len(items) != len(targets):
            raise Raised("ValueError", f"cannot unpack {len(items)} values into {len(targets)} names", place)
        for target, item in zip(targets, items, strict=True):
            assign(machine, target, item, frame)
        return
    after = len(targets) - star - 1
    if len(items) < star + after:
        raise Raised("ValueError", f"cannot unpack {len(items)} values into {len(targets)} names", place)
    end = len(items) - after
    for target, item in zip(targets[:star], items[:star], strict=True):
        assign(machine, target, item, frame)
    assign(machine, targets[star], ListObject(items[star:end]), frame)
    for target, item in zip(targets[star + 1 :], items[end:], strict=True):
        assign(machine, target, item, frame)


def _set_attribute(
    machine: Machine, owner: AbstractValue, name: str, value: AbstractValue, frame: Frame, place: Place
) -> None:
    match owner:
        case InstanceObject():
            _set_on_instance(machine, owner, name, value, frame, place)
        case ClassObject(members=members):
            if machine.project.tables.is_config_class(owner.name) and _may_matter_to_configs(machine, owner, name):
                machine.reassign(owner, Unknown(f"{owner.info.qualname}.{name} is reassigned", place))
            machine.touch(members)
            members.names[name] = value
        case ConfigObject():
            raise Raised("FrozenInstanceError", f"cannot modify field {name!r}", place)
        case ModuleObject(name=module):
            scope = machine.module(module)
            if scope is not None:
                # Whether another module reads the name before or after this line is not known.
                machine.touch(scope)
                scope.names[name] = Unknown(f"{module}.{name} is reassigned from outside its module", place)
        case DictObject(type_name="SimpleNamespace"):
            machine.touch(owner)
            owner.items[name] = value
        case FunctionObject():
            set_on_function(machine, owner, name, value)
        case Partial(function=External()):
            pass  # an executor, a future, a thread: nothing that it calls reads that
        case _:
            spoil(machine, [owner], Unknown(f"its attribute {name!r} was set", place))


def _may_matter_to_configs(machine: Machine, cls: ClassObject, name: str) -> bool:
    """Whether setting an attribute of a config class may change what its configs are, other than where it is read."""
    dialect = cls.info.dialect
    if dialect is not None and name in {dialect.create_method, dialect.restore_method}:
        return False  # who they are does not follow from how they are computed
    if name.startswith(("__", RAW_PREFIX)) or name in machine.project.tables.table(cls.name):
        return True
    if cls.info.unseen or (dialect is not None and name in dialect.reserved_names):
        return True
    ancestors = (ancestor for ancestor in cls.info.order if ancestor in machine.project.classes)
    members = (machine.project.tables.body(ancestor).members.get(name) for ancestor in ancestors)
    return any(member is not None and member.kind != "value" for member in members)


def _set_on_instance(
    machine: Machine, owner: InstanceObject, name: str, value: AbstractValue, frame: Frame, place: Place
) -> None:
    """Set a plain attribute, or let a setter or a descriptor do that; a `__setattr__` may do anything to the instance.

    Raises:
        Raised: the attribute is a property without a setter.
    """
    if name == "__dict__":
        set_attribute_dict(machine, owner, value, place)
        return
    if name == "__class__":
        machine.touch(owner)
        owner.attributes[name] = value
        owner.unknown = owner.unknown or Unknown("what it is once its class is set anew", place)
        return
    order = owner.cls.info.order
    found = look_up(machine, order, name)
    is_followed = look_up(machine, order, "__setattr__") is None
    match None if found is None else found[0]:
        case PropertyObject(is_cached=False, setter=None) if is_followed:
            raise Raised("AttributeError", f"the property {name!r} has no setter", place)
        case PropertyObject(is_cached=False, setter=setter) if is_followed:
            machine.call_with(setter, [owner, value], frame, place)
            return
        case InstanceObject() as member if is_followed and not _is_field(machine, found, name):
            if (method := special_method(machine, member, "__set__", frame, place)) is not None:
                machine.call_with(method, [owner, value], frame, place)
                return
        case member:
            is_followed = is_followed and not (isinstance(member, Unknown) and not _is_field(machine, found, name))
    machine.touch(owner)
    if is_followed:
        owner.attributes[name] = value
    else:
        reason = f"its attribute {name!r} was set in a way that is not followed"
        owner.unknown = owner.unknown or Unknown(reason, place)
        call_unseen(machine, [owner], ("__setattr__",), frame, place)


def _is_field(machine: Machine, found: tuple[AbstractValue, ClassObject] | None, name: str) -> bool:
    """Whether a class attribute does no more than declare a field."""
    if found is None:
        return False
    info = found[1].info
    member = machine.project.tables.body(info.name).members.get(name)
    if member is None or not isinstance(member.value, Call):
        return False
    function = machine.project.symbols.resolve_expression(info.module, member.value.function, info.enclosing)
    return isinstance(function, ExternalSymbol) and function.name in {"dataclasses.field", "pydantic.Field"}


def set_attribute(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:
    """`setattr(owner, name, value)` and `delattr(owner, name)`."""
    owner, name, *rest = call.positional
    if isinstance(name, str) and rest:
        _set_attribute(machine, owner, name, rest[0], frame, call.place)
        return None
    doubt = Unknown("its attributes were set by name", call.place)
    if isinstance(owner, FunctionObject):
        owner = attributes_of(owner)
    spoil(machine, [owner], doubt)
    if isinstance(owner, ModuleObject) and (scope := machine.module(owner.name)) is not None:
        spoil_scope(machine, scope, doubt, list(scope.names))
    if isinstance(owner, ClassObject):
        machine.reassign(owner, doubt)
        spoil_scope(machine, owner.members, doubt)
    return None


def set_plainly(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`object.__setattr__(owner, name, value)`: whatever the class says of setting attributes is passed by."""
    owner, name, value = call.positional
    is_instance = isinstance(owner, InstanceObject) and isinstance(name, str) and name != "__dict__"
    if not isinstance(owner, InstanceObject) or not is_instance or not isinstance(name, str):
        spoil(machine, [owner], Unknown("its attributes were set in a way that is not followed", call.place))
        return None
    found = look_up(machine, owner.cls.info.order, name)
    machine.touch(owner)
    owner.attributes[name] = value
    is_special = found is not None and isinstance(found[0], PropertyObject | InstanceObject | Unknown)
    if is_special and not _is_field(machine, found, name):
        owner.unknown = owner.unknown or Unknown(f"its attribute {name!r} was set past a descriptor", call.place)
    return None


def _set_item(
    machine: Machine, owner: AbstractValue, key: AbstractValue, value: AbstractValue, frame: Frame, place: Place
) -> None:
    match owner:
        case DictObject():
            machine.touch(owner)
            known = hashed(machine, key, frame, place)
            if isinstance(known, Unknown):
                owner.unknown = with_aliases(
                    Unknown(f"an unknown key was set: {known.reason}", known.place or place), [value]
                )
            else:
                owner.items[stored_key(owner.items, known)] = value
                settle(owner)
        case ListObject():
            machine.touch(owner)
            if not isinstance(key, int):
                owner.unknown = with_aliases(Unknown("an unknown index was set", place), [value])
            elif owner.unknown is None:
                if not -len(owner.items) <= key < len(owner.items):
                    raise Raised("IndexError", "list assignment index out of range", place)
                owner.items[key] = value
        case InstanceObject() if (method := special_method(machine, owner, "__setitem__", frame, place)) is not None:
            machine.call_with(method, [key, value], frame, place)
        case bytes():
            raise LimitReached("a bytearray that is changed is not followed", place)
        case ModuleObject() | ClassObject() | External():
            machine.doubtful_calls += 1
        case _:
            call_unseen(machine, [owner], ("__setitem__",), frame, place)
            spoil(machine, [owner], Unknown("an element was set in a way that is not followed", place))
