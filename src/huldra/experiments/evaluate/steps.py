"""What is left of the limits: the steps of the present piece of work, and those of all."""

from collections.abc import Callable, Generator
from contextlib import contextmanager

from huldra.experiments.evaluate.journal import Journal
from huldra.experiments.evaluate.limits import Limits
from huldra.experiments.evaluate.signals import OutOfSteps
from huldra.project.places import Place

_ELEMENTS_OF_A_STEP = 10
MOST_RECOVERIES = 8


class Steps:
    """Counts steps.

    Attributes:
        taken: The steps of this allowance so far.
        spent: The steps of all pieces of work so far, but for what is done aside.
        recoveries: How many limits this allowance has gone on after.
    """

    def __init__(self, limits: Limits, journal: Journal, note: Callable[[int], None]) -> None:
        """Begin.

        Args:
            limits: How far to go.
            journal: Its work counts, too.
            note: Told how many steps the present piece of work has taken, when they are known.
        """
        self._limits = limits
        self._journal = journal
        self._note = note
        self._allowance: int = limits.steps
        self._why: str = ""
        self._work = 0
        self.taken: int = 0
        self.spent: int = 0
        self.recoveries: int = 0

    def take(self, place: Place, weight: int = 1) -> None:
        """Count a step of this piece of work, and what its journal had to do; raise OutOfSteps past the limit."""
        work = self._journal.work
        self.taken += weight + (work - self._work) // _ELEMENTS_OF_A_STEP
        self._work = work
        if self.taken > self._allowance:
            why = self._why if self.spent <= self._limits.total_steps else self._limits.past_total
            raise OutOfSteps(f"evaluation stopped after {self._allowance} steps{why}", place)

    def go_on(self) -> None:
        """Leave some steps for what follows a piece that used up all of them."""
        left = min(self.taken, self._allowance * 9 // 10)
        self._spend(self.taken - left)
        self.taken = left

    def _spend(self, steps: int) -> None:
        self._note(steps)
        self.spent += steps

    @contextmanager
    def fresh(self, allowance: int | None = None, why: str = "") -> Generator[None]:
        """A new allowance of steps for a piece of work of its own.

        Args:
            allowance: How many, if not the usual number.
            why: What is said of this number where it does not suffice.
        """
        outer = self.taken, self._allowance, self.recoveries, self._why
        usual = self._limits.steps if self.spent <= self._limits.total_steps else self._limits.steps_past_total
        self.taken, self._allowance, self.recoveries = 0, min(usual, allowance or usual), 0
        self._why = why
        self._work = self._journal.work
        try:
            yield
        finally:
            self._spend(self.taken)
            self.taken, self._allowance, self.recoveries, self._why = outer
            self._work = self._journal.work

    @contextmanager
    def aside(self, modules: int) -> Generator[None]:
        """An allowance for importing one of so many modules that see no experiment class.

        Where libraries lie in the project these are many more than the others, and looked into for a name or two. What
        they take counts for nobody else: what is found of experiments must not depend on how much is imported.
        """
        spent = self.spent
        try:
            with self.fresh(self._limits.steps_aside(modules), self._limits.past_aside):
                yield
        finally:
            self.spent = spent
