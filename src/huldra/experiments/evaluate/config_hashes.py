"""What every config has beside its fields: its hash, exact where all of it is known, and what is in doubt."""

from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.values import AbstractValue, ConfigObject, Unknown
from huldra.formats.config_values import ConfigValue
from huldra.formats.dialect import Dialect
from huldra.formats.identity import IdentityTypeError, IdentityValueError, identity_hash
from huldra.project.places import Place


def is_hash_name(dialect: Dialect | None, name: str) -> bool:
    """Whether an attribute of a config is its hash."""
    return dialect is not None and name in {f"{dialect.name}_hash", f"_{dialect.name}_hash"}


def is_of_every_config(name: str) -> bool:
    """Whether an attribute is one that Python, chz or abstract classes may give every config."""
    return (name.startswith("__") and name.endswith("__")) or name in {"_abc_impl", "_is_protocol", "_repr_pretty_"}


def config_hash(machine: Machine, config: ConfigObject, place: Place) -> AbstractValue:
    """Return the hash of a config; that of a class that has no identity, or another library's, is in doubt."""
    info = config.cls.info
    doubt = Unknown(f"the hash of a {info.definition.name} that is not known", place)
    is_anywhere = info.is_local or info.module == machine.main_module
    if config.doubts or is_anywhere or info.dialect is None or info.dialect.hash_has_dependencies:
        return doubt
    frozen = machine.rules.freeze(machine, config, place)
    if not isinstance(frozen, ConfigValue):
        return doubt
    try:
        return identity_hash(frozen)
    except (IdentityTypeError, IdentityValueError):
        return doubt
