"""What is kept of an evaluation so that a part of it can be found again by itself. Plain data; knows no values."""

from collections.abc import Mapping

from msgspec import Struct


class Separable(Struct, frozen=True):
    """Of an evaluation in which the order of work did not count, and no limit was reached.

    Attributes:
        at_first: The names that could lead to an experiment before modules were run.
        importers: Of each module that was run or looked into, those that look into it.
        remembered: The files of functions whose results are kept with values.
        steps: How long it took.
        most_steps: How long it may take before pieces of work are cut short.
    """

    at_first: frozenset[str]
    importers: Mapping[str, tuple[str, ...]]
    remembered: frozenset[str]
    steps: int
    most_steps: int
