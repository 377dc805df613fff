"""How many of what: the verdicts of a class's runs, and of its experiments that have none."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from huldra.comparison.model import VERDICTS, ComparedRun
from huldra.features.picture import ExperimentRow, Picture
from huldra.formats.names import LOCALS

MISSING = "missing"
SHOWN_ORDER = ("current", *(verdict for verdict in VERDICTS if verdict != "current"), MISSING)

Counts = tuple[tuple[str, int], ...]
"""Pairs of verdict and number, none of them zero, in the order in which they are shown."""


class ClassCounts(Struct, frozen=True):
    """A class, whether or not the code has it, with what the code builds of it and what the store holds."""

    name: str
    is_in_code: bool
    is_abstract: bool
    experiments: int
    runs: int
    verdicts: Counts


def ordered_counts(verdicts: Iterable[str]) -> Counts:
    """Return how often each verdict occurs."""
    counts = Counter(verdicts)
    return tuple((verdict, counts[verdict]) for verdict in SHOWN_ORDER if counts[verdict])


def count_by_class(picture: Picture) -> tuple[ClassCounts, ...]:
    """Return the counts of every class that code or store know, by name."""
    experiments: dict[str, list[ExperimentRow]] = {}
    runs: dict[str, list[ComparedRun]] = {}
    for row in picture.experiments:
        experiments.setdefault(row.experiment.config.class_name, []).append(row)
    for run in picture.runs:
        runs.setdefault(run.run.class_name, []).append(run)
    shown = {row.name for row in picture.classes if LOCALS not in row.name}
    in_code = shown | {row.name for row in picture.elsewhere if LOCALS not in row.name}
    abstract = {row.name for row in picture.classes if row.is_abstract}
    return tuple(
        ClassCounts(
            name=name,
            is_in_code=name in in_code,
            is_abstract=name in abstract,
            experiments=len(experiments.get(name, ())),
            runs=len(runs.get(name, ())),
            verdicts=ordered_counts(
                (
                    *(run.verdict for run in runs.get(name, ())),
                    *(row.verdict for row in experiments.get(name, ()) if row.verdict == MISSING),
                )
            ),
        )
        for name in sorted(shown | set(experiments) | set(runs))
    )
