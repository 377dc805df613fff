"""A problem in the code, as data: what a reader is told, and where."""

from typing import Literal

from msgspec import Struct

from huldra.project.places import Place, Shown, place_order, with_lines

Severity = Literal["error", "warning", "information", "hint"]


class Problem(Struct, frozen=True, order=True, array_like=True):
    """One finding.

    Attributes:
        code: One of the published problem codes.
        text: What is wrong, with `LINE` for each line that it names.
        named: The places whose lines these are.
    """

    place: Place
    code: str
    severity: Severity
    text: str
    named: tuple[Place, ...] = ()

    @property
    def message(self) -> str:
        """What is wrong, in words, by the lines of what was analysed."""
        return with_lines(self.text, self.named)

    def shown(self, where: Shown) -> str:
        """Return what is wrong, in words, by the lines that their reader counts."""
        return with_lines(self.text, map(where, self.named))


def problem_order(problem: Problem) -> tuple[object, ...]:
    """Return the order of problems as a key to sort by, which takes less time than comparing them does."""
    return place_order(problem.place), problem.code, problem.severity, problem.text, problem.named
