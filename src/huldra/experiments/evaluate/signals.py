"""How the evaluation of a piece of code ends early: `return` and its like, an exception, a limit."""

from huldra.experiments.values import AbstractValue
from huldra.project.places import Place


class ReturnSignal(Exception):  # noqa: N818  control flow of the code that is evaluated, not an error
    """A `return`."""

    def __init__(self, value: AbstractValue) -> None:
        self.value = value


class BreakSignal(Exception):  # noqa: N818
    """A `break`."""


class ContinueSignal(Exception):  # noqa: N818
    """A `continue`."""


class Raised(Exception):  # noqa: N818
    """An exception that the evaluated code certainly raises here."""

    def __init__(self, type_name: str, message: str, place: Place) -> None:
        super().__init__(f"{type_name}: {message}")
        self.type_name = type_name
        self.message = message
        self.place = place


class LimitReached(Exception):  # noqa: N818
    """The evaluation of one piece of code went as far as it may."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.place = place


class TooLarge(LimitReached):
    """One value would be larger than what is followed: it is unknown, and the code around it goes on."""


class OutOfSteps(LimitReached):
    """A piece of work has taken all of its steps."""


class Endless(OutOfSteps):
    """What follows is never reached."""


class EndlessGenerator(LimitReached):
    """A generator that yields more than can be kept."""
