"""`chz.replace`, `dataclasses.replace` and `copy.replace`: a copy in which something is another value."""

from huldra.experiments.evaluate.config_methods import replace_config, replace_unknown
from huldra.experiments.evaluate.holders import is_dataclass_instance, replace_fields, replace_instance
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.signals import Raised
from huldra.experiments.values import AbstractValue, ConfigObject, InstanceObject, Unknown


def replace_value(machine: Machine, name: str, arguments: CallArguments, frame: Frame) -> AbstractValue:
    """Return what a function of such a name gives."""
    value = arguments.positional[0] if arguments.positional else None
    if isinstance(value, ConfigObject):
        if name == "dataclasses.replace":
            raise Raised("TypeError", "dataclasses.replace() of a config, which is no dataclass", arguments.place)
        return replace_config(machine, value, arguments, frame)
    if isinstance(value, InstanceObject):
        if is_dataclass_instance(machine, value):
            return replace_fields(machine, value, arguments, frame)
        return replace_instance(value, "replace", arguments)
    if isinstance(value, Unknown):
        return replace_unknown(machine, value, arguments, frame)
    return Unknown("replace() of what is no config", arguments.place)
