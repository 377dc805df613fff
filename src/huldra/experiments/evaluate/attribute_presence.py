"""Whether a value has an attribute, where that can be told by its name alone."""

from huldra.experiments.evaluate.class_members import look_up
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.values import FunctionObject, InstanceObject, Unknown

_BASES_WITH_NOTHING = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})


def has_attribute(machine: Machine, value: InstanceObject, name: str) -> bool | None:
    """Return whether an instance of a plain class has an attribute; None where that cannot be told by its name."""
    order = value.cls.info.order
    hooks = ("__getattr__", "__getattribute__")
    is_seen = all(base in machine.project.classes or base in _BASES_WITH_NOTHING for base in order)
    is_plain = is_seen and not name.startswith("__") and value.unknown is None and "*" not in value.attributes
    if not is_plain or any(look_up(machine, order, hook) is not None for hook in hooks):
        return None
    found = look_up(machine, order, name)
    if found is not None and not isinstance(found[0], FunctionObject) and name not in value.attributes:
        return None  # a property may raise, and a slot hold nothing
    return found is not None or name in value.attributes


def module_has(machine: Machine, module: str, name: str) -> bool | Unknown:
    """Whether a module of the project has a name."""
    scope = machine.module(module)
    if scope is None or "__getattr__" in scope.names or "*" in scope.names:
        return Unknown(f"whether {module} has {name!r}")
    if isinstance(value := scope.names.get(name), Unknown):
        return value  # it may be one that was bound under a condition
    return name in scope.names or machine.project.modules.submodule(module, name) is not None
