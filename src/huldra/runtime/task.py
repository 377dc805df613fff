"""One experiment as the rest of the runtime sees it: names, a directory, and what to call. Knows no class of users."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from huldra.formats.json_values import JsonValue
from huldra.formats.layout import state_file
from huldra.runtime.errors import HuldraComputeError
from huldra.runtime.state import Scheduler
from huldra.runtime.store import internal

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """What there is to do for one config.

    `create`, `load` and `validate` are the user's methods; `describe` gives source text and document of the config.
    """

    name: str
    class_path: str
    module: str
    digest: str
    directory: Path
    holder: object
    create: Callable[[], T]
    load: Callable[[], T]
    validate: Callable[[], bool]
    describe: Callable[[], tuple[str, JsonValue]]
    max_wait_seconds: float | None

    def __str__(self) -> str:
        return f"{self.name} {self.digest} {self.directory}"

    @property
    def state_path(self) -> Path:
        """The run's state file."""
        return state_file(internal(self.directory))

    def compute_error(self, message: str, error: BaseException | None = None) -> HuldraComputeError:
        """Return an error that names this run and its state file."""
        return HuldraComputeError(f"{self.class_path} {self.digest}: {message}", self.state_path, error)


@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """A result that is there, whatever it is: None is one, too."""

    value: T


@dataclass(frozen=True, slots=True)
class Backend:
    """Who computes: this process by itself, or a worker of a batch system."""

    name: str
    scheduler: Scheduler
    waits_forever: bool


LOCAL = Backend("local", {}, waits_forever=False)
