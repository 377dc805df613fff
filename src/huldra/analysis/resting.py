"""Which classes of runs the verdicts of a class may follow from. Opens no file."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from huldra.experiments.model import Experiments
from huldra.project.reachable import reachable


class Resting(Struct, frozen=True):
    """What code says of the runs that verdicts follow from.

    Attributes:
        dynamic: The classes of dynamic sites: what runs of these hold may be built by them, so that it is no orphan.
        built_with: Of a class those whose experiments its experiments need, as today's code builds them.
    """

    dynamic: frozenset[str]
    built_with: Mapping[str, frozenset[str]]


def resting_of(experiments: Experiments) -> Resting:
    """Return what code says of the runs that verdicts follow from."""
    found: dict[str, set[str]] = {}
    for experiment in experiments.by_key.values():
        if experiment.dependencies:
            found.setdefault(experiment.config.class_name, set()).update(
                edge.key.rpartition("/")[0] for edge in experiment.dependencies
            )
    dynamic = frozenset(site.class_name for site in experiments.dynamic)
    return Resting(dynamic, {name: frozenset(names) for name, names in found.items()})


def classes_followed_from(
    resting: Resting, held: Mapping[str, Iterable[str]], odd: Iterable[str]
) -> dict[str, frozenset[str]]:
    """Return the classes whose runs the verdicts of a class may follow from, its own among them, by class.

    Args:
        resting: What code says.
        held: Of each class of runs the classes that their configs hold, and perhaps some more.
        odd: The classes in whose directories also runs of others lie: these may be what any run holds.
    """

    def next_to(name: str) -> Iterable[str]:
        return (*held.get(name, ()), *resting.built_with.get(name, ()))

    common = reachable((*resting.dynamic, *odd), next_to)
    return {name: frozenset(common | reachable((name,), next_to)) for name in held}
