"""Which part of a store a query asks about, so that no more of it need be looked at."""

from dataclasses import dataclass
from datetime import datetime

from huldra.experiments.model import Experiments
from huldra.features.run_rows import subclasses_named
from huldra.formats.json_values import JsonValue
from huldra.project.link import Project
from huldra.stored_runs.index.entries import Place
from huldra.stored_runs.index.part import Part
from huldra.stored_runs.query.evaluate import FieldValue, Scope, matches
from huldra.stored_runs.query.expressions import All, QueryFault, Related, conditions
from huldra.stored_runs.query.parse import parse_query
from huldra.stored_runs.query.planning import plan_query


@dataclass(frozen=True, slots=True)
class _DirectoryRow:
    """A directory of runs, as far as it answers for all of them."""

    place: Place

    @property
    def path(self) -> str:
        """Its path below the store."""
        return self.place.path

    @property
    def config(self) -> JsonValue:
        """Nothing: runs of one directory have their own."""
        return None

    def value(self, name: str) -> FieldValue:
        """Return the value of a field that all runs of the directory have in common."""
        return self.place.class_name if name == "class" else self.place.version_controlled


def part_asked_about(query: str, now: datetime, project: Project, experiments: Experiments) -> Part | None:
    """Return the part of a store that a query asks about; None for all of it.

    It is all of it where no class is named, or a graph is asked for. Runs that a dynamic site may have built are part
    of it, since what these hold is no orphan.
    """
    condition = parse_query(query, now)
    if isinstance(condition, QueryFault) or any(isinstance(part, Related) for part in conditions(condition)):
        return None
    asked = plan_query(condition).of_directory
    if asked == All(()):
        return None
    scope = Scope(subclasses_named(asked, project))
    dynamic = {site.class_name for site in experiments.dynamic}
    rests_on = _built_with(experiments)

    def is_asked(place: Place) -> bool:
        row = _DirectoryRow(place)
        return place.class_name in dynamic or matches(asked, row, scope)

    return Part(is_asked, lambda name: rests_on.get(name, ()))


def _built_with(experiments: Experiments) -> dict[str, set[str]]:
    """Return the classes whose experiments those of a class need, as today's code builds them."""
    found: dict[str, set[str]] = {}
    for experiment in experiments.by_key.values():
        if experiment.dependencies:
            found.setdefault(experiment.config.class_name, set()).update(
                edge.key.rpartition("/")[0] for edge in experiment.dependencies
            )
    return found
