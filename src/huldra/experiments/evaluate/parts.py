"""What running a top-level statement of a module found, by which some can be run again by themselves."""

from msgspec import Struct

from huldra.experiments.evaluate.outcome import Outcome


class Part(Struct, frozen=True):
    """What running one top-level statement of a module found, and the names that it left bound otherwise.

    `is_plain` says that it was run to its end, and has changed nothing that was there before but names of its module.
    """

    outcome: Outcome
    steps: int
    binds: frozenset[str]
    is_plain: bool
