"""The attributes of functions: their names, those that code sets, and what `functools.wraps` takes from another one."""

from collections.abc import Mapping
from typing import Literal

from msgspec.structs import replace

from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import (
    AbstractValue,
    BoundMethod,
    ClassObject,
    DictObject,
    External,
    FunctionObject,
    Partial,
    Unknown,
)
from huldra.facts.statements import FunctionDefinition
from huldra.project.places import Place

KINDS_OF_METHODS: Mapping[str | None, Literal["static", "class"]] = {
    "builtins.staticmethod": "static",
    "builtins.classmethod": "class",
}
_UPDATE = External("functools.update_wrapper")


def function_attribute(machine: Machine, function: FunctionObject, name: str, place: Place) -> AbstractValue:
    """Return `function.name`: what was set, or what every function has."""
    held = function.attributes
    if held is not None and held.unknown is not None:
        return held.unknown
    if held is not None and name in held.items:
        return held.items[name]
    if name == "__name__":
        return function.name
    if name == "__call__" or (name == "__func__" and function.kind != "plain"):
        return function
    if name == "__wrapped__" and function.memo is not None:
        return replace(function, memo=None)
    if name in {"__defaults__", "__kwdefaults__"} and function.memo is None:
        return _held_defaults(machine, function, name)
    if name == "__qualname__" and machine.modules.get(function.module) is function.scope:
        # What is defined in a function, or in a class in one, has the names of these before its own.
        return function.name if function.owner is None else f"{function.owner.qualname}.{function.name}"
    if not name.startswith("__") and _is_bare(function):
        raise Raised("AttributeError", f"{function.name} has no attribute {name!r}", place)
    return Unknown(f"the attribute {name!r} of a function", place)


def _held_defaults(machine: Machine, function: FunctionObject, name: str) -> AbstractValue:
    """Return the defaults as Python holds them: a tuple, and a dict that code may change; None where there are none."""
    kinds = {"keyword_only"} if name == "__kwdefaults__" else {"positional", "positional_only"}
    names = [p.name for p in function.definition.parameters if p.kind in kinds and p.name in function.defaults]
    if not names:
        return None
    if name == "__defaults__":
        return tuple(function.defaults[each] for each in names)
    held = DictObject({each: function.defaults[each] for each in names}, born=function.scope.born)
    set_on_function(machine, function, name, held)
    return held


def _is_bare(function: FunctionObject) -> bool:
    """Whether nothing but code that is followed can have given a function attributes."""
    has_decorators = isinstance(function.definition, FunctionDefinition) and bool(function.definition.decorators)
    return not has_decorators and function.memo is None


def partial_attribute(bound: Partial, name: str, place: Place) -> AbstractValue:
    """Return `functools.partial(function, …).name`."""
    match name:
        case "func":
            return bound.function
        case "args":
            return bound.positional
        case "keywords":
            return DictObject({**bound.keywords})
        case "__name__" | "__qualname__":
            raise Raised("AttributeError", f"a partial object has no attribute {name!r}", place)
        case _:
            return Unknown(f"the attribute {name!r} of a partial object", place)


def bound_attribute(machine: Machine, bound: BoundMethod, name: str, place: Place) -> AbstractValue:
    """Return `instance.method.name`: what belongs to the binding, or to the function."""
    match name:
        case "__func__":
            return bound.function
        case "__self__":
            return bound.receiver
        case "__call__":
            return bound
        case "__name__" | "__qualname__" | "__wrapped__":
            return function_attribute(machine, bound.function, name, place)
        case _:
            return Unknown(f"the attribute {name!r} of a function", place)


def attributes_of(function: FunctionObject) -> DictObject:
    """Return what code has set on a function, to be changed. It belongs to whoever has made the function."""
    if function.attributes is None:
        function.attributes = DictObject({}, born=function.scope.born)
    return function.attributes


def set_on_function(machine: Machine, function: FunctionObject, name: str, value: AbstractValue) -> None:
    """Effect: `function.name = value`."""
    held = attributes_of(function)
    machine.touch(held)
    held.items[name] = value


def defaults_of(function: FunctionObject) -> Mapping[str, AbstractValue]:
    """Return what parameters are that a call gives no value: as defined, unless code has set other ones since."""
    held = {} if function.attributes is None else function.attributes.items
    if "__defaults__" not in held and "__kwdefaults__" not in held:
        return function.defaults
    parameters, found = function.definition.parameters, dict(function.defaults)
    by_keyword = [p.name for p in parameters if p.kind == "keyword_only"]
    by_position = [p.name for p in parameters if p.kind in {"positional", "positional_only"}]
    for attribute, names in (("__defaults__", by_position), ("__kwdefaults__", by_keyword)):
        if attribute not in held:
            continue
        found = {name: value for name, value in found.items() if name not in names}
        match held[attribute]:
            case None:
                pass
            case tuple(values):
                found.update(zip(reversed(names), reversed(values), strict=False))
            case DictObject(unknown=None, items=items):
                found.update((name, value) for name, value in items.items() if isinstance(name, str))
            case _:
                doubt = Unknown(f"a default of {function.name}, whose {attribute} are set anew")
                found.update(dict.fromkeys(names, doubt))
    return found


def has_other_code(function: FunctionObject) -> bool:
    """Whether code has set what a function does."""
    return function.attributes is not None and "__code__" in function.attributes.items


def make_wraps(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`functools.wraps(function)`: as the library has it, `update_wrapper` that waits for what wraps it."""
    wrapped = call.positional[0] if call.positional else call.keywords.get("wrapped")
    return Partial(_UPDATE, (), {**call.keywords, "wrapped": wrapped})


def update_wrapper(machine: Machine, call: CallArguments, frame: Frame) -> AbstractValue:  # noqa: ARG001
    """`functools.update_wrapper(wrapper, wrapped)`: the names of the one are those of the other from now on."""
    wrapper, *more = call.positional
    wrapped = more[0] if more else call.keywords.get("wrapped")
    if isinstance(wrapped, BoundMethod):
        wrapped = wrapped.function
    if not isinstance(wrapper, FunctionObject):
        return wrapper
    held = attributes_of(wrapper)
    machine.touch(held)
    is_plain = call.keywords.keys() <= {"wrapped"} and len(more) <= 1
    if is_plain and isinstance(wrapped, FunctionObject):
        names = ("__name__", "__qualname__", "__doc__", "__module__")
        held.items.update((name, function_attribute(machine, wrapped, name, call.place)) for name in names)
        own = wrapped.attributes
        held.items.update({} if own is None else own.items)
        held.unknown = held.unknown or (None if own is None else own.unknown)
        held.items["__wrapped__"] = wrapped
    elif is_plain and isinstance(wrapped, ClassObject):
        info = wrapped.info
        held.items.update({"__name__": info.definition.name, "__qualname__": info.qualname, "__wrapped__": wrapped})
    else:
        held.unknown = held.unknown or Unknown("an attribute of what a function wraps, which is not known", call.place)
    return wrapper
