"""Defaults of environment variables: values that are built when nobody has set them."""

from huldra.experiments.evaluate.machine import CallArguments, Machine
from huldra.experiments.values import AbstractValue

_READS = frozenset({"os.environ.get", "os.getenv"})


def environment_default(machine: Machine, name: str, arguments: CallArguments) -> tuple[AbstractValue] | None:
    """Return the default that a call gives for an environment variable, where that is what is asked for.

    Effect: notes that the code has such defaults, so that it is evaluated a second time with all of them assumed.
    """
    if name not in _READS:
        return None
    given = arguments.positional[1] if len(arguments.positional) > 1 else arguments.keywords.get("default")
    if not isinstance(given, str | int | float):
        return None
    machine.found.has_environment_defaults = True
    return (given,) if machine.assumes_environment_defaults else None
