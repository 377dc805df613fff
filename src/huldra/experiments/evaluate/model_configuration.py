"""What the `model_config` of a pydantic model says of what becomes of its arguments."""

from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.values import ClassObject
from huldra.facts.expressions import Call

_HARMLESS = frozenset({"frozen", "extra", "arbitrary_types_allowed", "protected_namespaces", "title"})


def is_harmless(configuration: object) -> bool:
    """Whether a `model_config` says nothing of what a model makes of the arguments that it has fields for."""
    match configuration:
        case Call(arguments=arguments) if all(argument.name is not None for argument in arguments):
            return {argument.name for argument in arguments} <= _HARMLESS
        case _:
            return False


def is_configured(machine: Machine, cls: ClassObject) -> bool:
    """Whether a model, or one that it derives from, has a configuration."""
    own = (name for name in cls.info.order if name in machine.project.classes)
    return any("model_config" in machine.project.tables.body(name).members for name in own)
