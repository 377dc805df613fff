"""Which part of a store a query asks about, so that no more of it need be looked at."""

from datetime import datetime

from huldra.analysis.keeping_verdicts import ancestors_of
from huldra.analysis.resting import resting_of
from huldra.experiments.model import Experiments
from huldra.features.run_rows import DirectoryRow, subclasses_named
from huldra.project.link import Project
from huldra.stored_runs.index.entries import Place
from huldra.stored_runs.index.part import Part
from huldra.stored_runs.query.evaluate import Scope, matches
from huldra.stored_runs.query.expressions import All, QueryFault, Related, conditions
from huldra.stored_runs.query.parse import parse_query
from huldra.stored_runs.query.planning import plan_query


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
    scope = Scope(subclasses_named(asked, ancestors_of(project)))
    resting = resting_of(experiments)

    def is_asked(place: Place) -> bool:
        row = DirectoryRow(place)
        return place.class_name in resting.dynamic or matches(asked, row, scope)

    return Part(is_asked, lambda name: resting.built_with.get(name, ()))
