"""Assignment: to names, through unpacking, to attributes and to elements."""

from collections.abc import Sequence

from huldra.experiments.evaluate.machine import Frame, Machine, Raised
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    InstanceObject,
    ListObject,
    ModuleObject,
    Scope,
    Unknown,
    as_key,
)
from huldra.facts.expressions import Attribute, Expression, ListDisplay, Name, Starred, Subscript, TupleDisplay
from huldra.project.places import Place


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
            _set_attribute(machine, machine.evaluate(owner, frame), name, value, frame.place(target.at))
        case Subscript(value=owner, index=index):
            key = machine.evaluate(index, frame)
            _set_item(machine, machine.evaluate(owner, frame), key, value, frame.place(target.at))
        case _:
            pass


def bind(machine: Machine, name: str, value: AbstractValue, frame: Frame) -> None:
    """Effect: bind a name in the scope that Python would."""
    scope = frame.scope
    if name in frame.exports:
        module = machine.modules.get(frame.module)
        scope = scope if module is None else module
    elif scope.local_names is not None and name not in scope.local_names:
        scope = _nonlocal(scope, name)
    if scope.is_class and frame.enclosing and name.startswith("__") and not name.endswith("__"):
        name = f"_{frame.enclosing[-1].rpartition('.')[2].lstrip('_')}{name}"
    machine.touch(scope)
    scope.names[name] = value


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
        for target in targets:
            part = Unknown(f"a part of an unknown value: {items.reason}", items.place or place)
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


def _set_attribute(machine: Machine, owner: AbstractValue, name: str, value: AbstractValue, place: Place) -> None:
    match owner:
        case InstanceObject():
            machine.touch(owner)
            owner.attributes[name] = value
        case ClassObject(members=members):
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
        case _:
            pass


def _set_item(machine: Machine, owner: AbstractValue, key: AbstractValue, value: AbstractValue, place: Place) -> None:
    match owner:
        case DictObject():
            machine.touch(owner)
            known = as_key(key)
            if isinstance(known, Unknown):
                owner.unknown = Unknown(f"an unknown key was set: {known.reason}", known.place or place)
            else:
                owner.items[known] = value
        case ListObject():
            machine.touch(owner)
            if not isinstance(key, int):
                owner.unknown = Unknown("an unknown index was set", place)
            elif owner.unknown is None:
                if not -len(owner.items) <= key < len(owner.items):
                    raise Raised("IndexError", "list assignment index out of range", place)
                owner.items[key] = value
        case _:
            pass
