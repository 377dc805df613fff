"""What keeps what is built from being certain: conditions that are not known, and exceptions that may be caught."""

from collections.abc import Generator
from contextlib import contextmanager

from huldra.project.places import Place


class Conditions:
    """The conditions under which the evaluation stands; true where there is any."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._guards: list[bool] = []
        """For each `try` that is running: whether some path has raised inside, and may have ended up in a handler."""

    def __bool__(self) -> bool:
        return bool(self._places) or any(self._guards)

    def __len__(self) -> int:
        return len(self._places)

    def add(self, place: Place) -> None:
        """Effect: from now on what is built depends on a condition."""
        self._places.append(place)

    def drop(self) -> None:
        """Effect: it no longer depends on one of them."""
        self._places.pop()

    def drop_all_after(self, count: int) -> None:
        """Effect: forget all but so many."""
        del self._places[count:]

    @contextmanager
    def under(self, place: Place) -> Generator[None]:
        """What is built inside depends on a condition that is not known."""
        self.add(place)
        try:
            yield
        finally:
            self.drop()

    @contextmanager
    def guarded(self) -> Generator[None]:
        """What raises inside may be caught, so that what follows it inside may not happen."""
        self._guards.append(False)
        try:
            yield
        finally:
            self._guards.pop()

    @property
    def raised_inside(self) -> bool:
        """Whether some path has raised inside the innermost `try` that is running."""
        return bool(self._guards) and self._guards[-1]

    def note_raised(self) -> None:
        """Effect: note that a path that is followed no further has raised."""
        if self._guards:
            self._guards[-1] = True
