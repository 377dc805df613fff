"""Methods that the library gives a config, and `chz.replace`. Whatever loads or computes is unknown, on purpose."""

from functools import partial

from huldra.experiments.evaluate.branches import run_optional
from huldra.experiments.evaluate.configs import build_config
from huldra.experiments.evaluate.costs import charge
from huldra.experiments.evaluate.journal import with_aliases
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.values import AbstractValue, ClassObject, ConfigObject, Unknown


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
    charge(machine, keywords.values(), arguments.place)
    return build_config(machine, config.cls, changed, frame)


_MOST_OPTIONS = 20


def replace_unknown(machine: Machine, value: Unknown, arguments: CallArguments, frame: Frame) -> AbstractValue:
    """Return `chz.replace(…)` of an experiment that is not known.

    Each that it may be is replaced, and one of which nothing is known but what replaces it; where it may be any of a
    class that its parameter is annotated with, that alone. Classes without the fields that are replaced it is none of.
    """
    tables = machine.project.tables
    options = [option for option in value.aliases if isinstance(option, ConfigObject)][:_MOST_OPTIONS]
    options = [o for o in options if arguments.keywords.keys() <= tables.table(o.cls.name).keys()]
    doubt = Unknown(value.reason, value.place or arguments.place)
    for option in options:
        run_optional(machine, frame, doubt, partial(_replace_option, machine, option, arguments, frame))
    for cls in {option.cls.name: option.cls for option in options}.values():
        run_optional(machine, frame, doubt, partial(_replace_some, machine, cls, doubt, arguments, frame))
    cls = None if value.annotated is None else machine.class_object(value.annotated)
    if not options and cls is not None and arguments.keywords.keys() <= tables.table(cls.name).keys():
        _replace_some(machine, cls, doubt, arguments, frame)
    return with_aliases(Unknown(f"replace() of {value.reason}", doubt.place), [value])


def _replace_some(machine: Machine, cls: ClassObject, doubt: Unknown, arguments: CallArguments, frame: Frame) -> None:
    field = Unknown(f"a field of {doubt.reason}", doubt.place)
    something = ConfigObject(cls, dict.fromkeys(machine.project.tables.table(cls.name), field))
    _replace_option(machine, something, arguments, frame)


def _replace_option(machine: Machine, option: ConfigObject, arguments: CallArguments, frame: Frame) -> None:
    given = CallArguments([], dict(arguments.keywords), arguments.place, arguments.unknown, arguments.places)
    replace_config(machine, option, given, frame)
