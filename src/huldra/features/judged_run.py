"""A stored run with its verdict, as tables and queries see it: just judged, or kept. Imports no comparison."""

from collections.abc import Sequence
from typing import Literal, Protocol

from huldra.stored_runs.model import StoredRun, UnreadableRun

Certainty = Literal["certain", "likely"]


class JudgedPlace(Protocol):
    """Where a definition stands."""

    @property
    def file(self) -> str:
        """The file, by its root-relative name."""
        ...

    @property
    def line(self) -> int:
        """The line, from 1."""
        ...


class JudgedReason(Protocol):
    """As `comparison.model.Reason`."""

    @property
    def code(self) -> str:
        """What kind of reason it is."""
        ...

    @property
    def message(self) -> str:
        """It in words."""
        ...

    @property
    def definition(self) -> str | None:
        """The class, field or function that it is about."""
        ...

    @property
    def place(self) -> JudgedPlace | None:
        """Where that stands now."""
        ...

    @property
    def dependency(self) -> str | None:
        """The run that an upstream reason is about."""
        ...

    @property
    def certainty(self) -> Certainty:
        """Whether something leaves a doubt."""
        ...


class JudgedNote(Protocol):
    """As `comparison.model.Note`."""

    @property
    def code(self) -> str:
        """What kind of note it is."""
        ...

    @property
    def message(self) -> str:
        """It in words."""
        ...


class JudgedRun(Protocol):
    """As `comparison.model.ComparedRun`, but for where code builds it."""

    @property
    def key(self) -> str:
        """Its `class/hash`."""
        ...

    @property
    def run(self) -> StoredRun | UnreadableRun:
        """The run as stored."""
        ...

    @property
    def verdict(self) -> str:
        """What today's code makes of it."""
        ...

    @property
    def attempt_verdict(self) -> str | None:
        """The verdict, if the latest attempt decides it without a look at any code."""
        ...

    @property
    def certainty(self) -> str:
        """Whether the verdict leaves a doubt."""
        ...

    @property
    def reasons(self) -> Sequence[JudgedReason]:
        """Why it has its verdict."""
        ...

    @property
    def notes(self) -> Sequence[JudgedNote]:
        """What else is to be known."""
        ...

    @property
    def is_referenced(self) -> bool:
        """Whether today's code builds it, or could."""
        ...

    @property
    def dependencies(self) -> Sequence[tuple[str, object]]:
        """The keys of the runs that it was made from, each with where that is said."""
        ...
