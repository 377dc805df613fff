"""A rerun as it would happen: steps in the order in which they can be made. Plain data, no disk and no clock."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from huldra.comparison.model import Reason
from huldra.formats.config_values import ConfigValue
from huldra.formats.dialect import Dialect

_HOUR_SECONDS = 3600.0
Purpose = Literal["asked", "upstream"]
Estimate = Literal["last-run", "class-median", "none"]


class Step(Struct, frozen=True):
    """One experiment that would be made, or made again.

    Attributes:
        key: `class/hash`.
        config: What to build, with every field.
        path: Where its run lies below the store.
        dialect: The library that its class is built on.
        verdict: What it is now.
        reasons: Why, root causes first.
        purpose: Whether it was asked for, or must come before what was.
        because: The one sentence that says so.
        after: The keys of the steps that must be done before.
        seconds: How long it may take, where anything is known.
        estimate: Where that number comes from.
        has_success: Whether a result stands that must survive a failure.
    """

    key: str
    config: ConfigValue
    path: str
    dialect: Dialect
    verdict: str
    reasons: tuple[Reason, ...]
    purpose: Purpose
    because: str
    after: tuple[str, ...]
    seconds: float | None
    estimate: Estimate
    has_success: bool

    @property
    def digest(self) -> str:
        """The hash of the config."""
        return self.key.rpartition("/")[2]


class LeftOut(Struct, frozen=True):
    """An experiment that would not be made, and why."""

    key: str
    verdict: str
    reason: str


class RerunPlan(Struct, frozen=True):
    """What would be made, in order, and what would not."""

    steps: tuple[Step, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def seconds(self) -> float:
        """The sum of what is known of how long the steps take."""
        return sum(step.seconds or 0.0 for step in self.steps)

    @property
    def unknown_times(self) -> int:
        """Of how many steps nothing is known."""
        return sum(step.seconds is None for step in self.steps)


def needs_confirmation(plans: Sequence[RerunPlan], hours: float | None) -> bool:
    """Whether plans are to be asked about: their time is not known, or so many hours or more; None: always."""
    if hours is None or any(plan.unknown_times for plan in plans):
        return True
    return sum(plan.seconds for plan in plans) >= hours * _HOUR_SECONDS
