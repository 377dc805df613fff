"""What code that is not followed may have changed: values are put in doubt, never left as they were."""

from collections.abc import Iterable

from huldra.experiments.evaluate.machine import Frame, Machine
from huldra.experiments.evaluate.reachable import mutable_parts
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    External,
    FunctionObject,
    ModuleObject,
    PropertyObject,
    Scope,
    Unknown,
)
from huldra.facts.expressions import Concatenation, Expression, FormattedString, Literal, Name

_DEFINITIONS = (FunctionObject, ClassObject, PropertyObject, ModuleObject, External)


def spoil(machine: Machine, values: Iterable[AbstractValue], doubt: Unknown) -> None:
    """Effect: put every mutable value in doubt that these values are or hold."""
    for value in mutable_parts(values):
        machine.touch(value)
        value.unknown = value.unknown or doubt


def spoil_scope(machine: Machine, scope: Scope, doubt: Unknown, rebound: Iterable[str] = ()) -> None:
    """Effect: put in doubt what the names of a scope hold, and the names that may have been bound anew."""
    spoil(machine, [v for v in scope.names.values() if not isinstance(v, _DEFINITIONS)], doubt)
    machine.touch(scope)
    for name in rebound:
        scope.names[name] = doubt


def spoil_everything(machine: Machine, module: str, doubt: Unknown, rebound: Iterable[str] = ()) -> None:
    """Effect: put in doubt whatever the code of a module can have changed."""
    scope = machine.modules.get(module)
    if scope is None:
        return
    names = set(rebound)
    for value in scope.names.values():
        function = value.function if isinstance(value, PropertyObject) else value
        if isinstance(function, FunctionObject):
            names |= machine.exported_names(function)
    spoil_scope(machine, scope, doubt, names)


def spoil_holder(machine: Machine, holder: Expression, frame: Frame, doubt: Unknown) -> None:
    """Effect: put in doubt what a method may have changed that was not carried out."""
    if isinstance(holder, Literal | FormattedString | Concatenation):
        return
    scope: Scope | None = frame.scope
    while scope is not None:
        if not isinstance(holder, Name):
            spoil_scope(machine, scope, doubt)
        elif holder.id in scope.names:
            spoil(machine, [scope.names[holder.id]], doubt)
            return
        scope = scope.parent
