"""Where a writer of programs gets its decisions: from Hypothesis, so that they shrink, or from a seeded generator."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@dataclass(slots=True)
class Choices:
    """Decisions, each a number from 0 to a limit; 0 is the simplest."""

    below: Callable[[int], int]

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options; the first is the simplest."""
        return options[self.below(len(options))] if len(options) > 1 else options[0]

    def chance(self, percent: int) -> bool:
        """Return True that often; False is the simpler."""
        return self.below(100) >= 100 - percent

    def between(self, low: int, high: int) -> int:
        """Return a number, both ends included; the lower is the simpler."""
        return low + self.below(high - low + 1)


def seeded(seed: int) -> Choices:
    """Return decisions that depend on a seed alone."""
    return Choices(random.Random(seed).randrange)


def drawn(draw: Callable[[st.SearchStrategy[int]], int]) -> Choices:
    """Return decisions that Hypothesis makes, and shrinks."""
    return Choices(lambda limit: draw(st.integers(0, limit - 1)) if limit > 1 else 0)
