"""A sweep over the field that the cursor is at: the values that code and runs know of it, as a beginning."""

from collections.abc import Iterator

from msgspec import Struct

from huldra.features.new_experiment import values_of
from huldra.features.project_view import ProjectView
from huldra.features.standing import FieldThere, Standing
from huldra.features.targets import Target
from huldra.formats.config_values import ConfigValue, Value
from huldra.plans.config_source import value_source
from huldra.stored_runs.model import StoredRun

_MOST = 6


class FieldSweep(Struct, frozen=True):
    """Which experiment is varied, in which field, and Python for its values by field."""

    target: Target
    field: str
    values: tuple[tuple[str, str], ...]


def field_sweep(view: ProjectView, standing: Standing | None) -> FieldSweep | None:
    """Return a sweep over the field at the cursor in a call; None where there is none, or only one value is known.

    The value of the experiment comes first. Where it is the only one, a truth value has another, a number its double.
    """
    if not isinstance(standing, FieldThere) or standing.is_read:
        return None
    around = [
        s for s in view.sites.get(standing.place.file, ()) if s.place <= standing.place and len(s.experiments) == 1
    ]
    fitting = [s for s in around if (s.place.end_line, s.place.end_column) >= (standing.place.end_line, 0)]
    rows = [s.experiments[0] for s in fitting if s.experiments[0].experiment.config.class_name == standing.class_name]
    row = view.classes.get(standing.class_name)
    if not rows or row is None:
        return None
    experiment, field = rows[-1].experiment, standing.field
    values = list(dict.fromkeys(_known(view, experiment.config, field)))[:_MOST]
    if len(values) < 2:
        return None
    given = dict(values_of(view, row, experiment.key))
    given[field] = ", ".join(values)
    target = Target(standing.class_name, experiment.digest, "experiment")
    return FieldSweep(target, field, tuple(given.items()))


def _known(view: ProjectView, config: ConfigValue, field: str) -> Iterator[str]:
    """Python for the values of a field, that of a config first."""
    modules = view.snapshot.project.modules
    own = config.get(field)
    found: list[Value] = [own]
    found += [row.experiment.config.get(field) for row in view.experiments_of.get(config.class_name, ())]
    for run in view.runs_of.get(config.class_name, ()):
        stored = run.run.config if isinstance(run.run, StoredRun) else None
        found += [] if stored is None or isinstance(stored.get(field), ConfigValue) else [stored.get(field)]
    sources = [source for value in found if (source := value_source(value, modules)) is not None]
    yield from sources
    if len(set(sources)) == 1 and isinstance(own, bool):
        yield repr(not own)
    elif len(set(sources)) == 1 and isinstance(own, int | float) and own:
        yield repr(own * 2)
