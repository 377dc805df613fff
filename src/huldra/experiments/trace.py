"""What an evaluation looked at, as plain data, by which some edits are known to change nothing. Knows no values."""

from msgspec import Struct


class Trace(Struct, frozen=True):
    """What an evaluation follows from, beside all text that stands in no function.

    Attributes:
        ran: The functions whose bodies were run, each by its file, and the line and column (from 0) where it begins.
        building: The names that could lead to an experiment.
        mentioned: The names that functions mention.
        defined: The names that modules and classes define.
    """

    ran: frozenset[tuple[str, int, int]]
    building: frozenset[str]
    mentioned: frozenset[str]
    defined: frozenset[str]
