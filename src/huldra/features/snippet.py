"""Python that builds a config, imports included: what a reader copies to get an experiment back."""

from msgspec import Struct

from huldra.experiments.model import Experiments
from huldra.formats.config_values import ConfigValue
from huldra.formats.dialect import dialect_of_class
from huldra.plans.config_source import config_source
from huldra.plans.recorded_config import CannotRestore, known_values, restore_config
from huldra.project.link import Project
from huldra.project.modules import ModuleTable

_LONGEST_LINE = 88


class Snippet(Struct, frozen=True):
    """Python text; `doubt` says why it may not run as it is, and is None where nothing is known against it."""

    text: str
    doubt: str | None


def config_snippet(config: ConfigValue, modules: ModuleTable, *, call: str = "") -> Snippet:
    """Return Python that builds a config.

    Args:
        config: What to build, with all its fields.
        modules: The modules of the project.
        call: What to add behind it: `.load_or_create()`.
    """
    source = config_source(config, modules, _LONGEST_LINE)
    doubts = [*source.faults, *(f"{name} is not in the code" for name in source.outside)]
    if dialect_of_class(config.class_name) is not None:
        doubts.append("a class of the library itself")
    imports = "".join(f"import {name}\n" for name in source.imports)
    return Snippet(f"{imports}\n{source.expression}{call}\n", "; ".join(doubts) or None)


def recorded_snippet(config: ConfigValue, project: Project, experiments: Experiments, *, call: str = "") -> Snippet:
    """Return Python that builds the config of a record, which has lost the kinds of its values; the doubt says more.

    Args:
        config: As the record has it.
        project: What its class says of its fields.
        experiments: What code builds, which says it too.
        call: What to add behind it.
    """
    restored = restore_config(config, project, known_values(experiments))
    if isinstance(restored, CannotRestore):
        found = config_snippet(config, project.modules, call=call)
        return Snippet(found.text, "; ".join((restored.reason, *([found.doubt] if found.doubt else []))))
    return config_snippet(restored, project.modules, call=call)
