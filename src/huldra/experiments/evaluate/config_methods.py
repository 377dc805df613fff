"""Methods that the library gives a config, and `chz.replace`. Whatever loads or computes is unknown, on purpose."""

from huldra.experiments.evaluate.configs import build_config
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.values import AbstractValue, ConfigObject, Unknown


def call_config_method(machine: Machine, config: ConfigObject, name: str, arguments: CallArguments) -> AbstractValue:
    """Return what `config.load_or_create()` and its like give."""
    dialect = config.cls.info.dialect
    if dialect is not None and name in dialect.load_methods:
        machine.doubtful_calls += 1
        machine.record_load(config, arguments.place)
        return Unknown(f"the result of {config.cls.info.definition.name}.{name}()", arguments.place)
    return Unknown(f"what {config.cls.info.definition.name}.{name}() gives", arguments.place)


def replace_config(machine: Machine, config: ConfigObject, arguments: CallArguments, frame: Frame) -> AbstractValue:
    """Return `chz.replace(config, **changes)`: rebuilt from raw values, so that mungers run again on what they were
    given."""
    keywords = {**config.raw, **arguments.keywords}
    unknown = arguments.unknown
    if unknown is not None:
        doubtful = Unknown(f"may be replaced: {unknown.reason}", arguments.place)
        keywords = {name: arguments.keywords.get(name, doubtful) for name in keywords}
    changed = CallArguments([], keywords, arguments.place, None, arguments.places)
    return build_config(machine, config.cls, changed, frame)
