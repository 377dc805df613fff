"""The library's errors, and the sentinel of a value that is not there yet. Knows nothing of stores."""

import traceback
from pathlib import Path
from typing import Final, final


@final
class MissingType:
    """The type of `MISSING`; it has one instance."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Huldra.MISSING"

    def __reduce__(self) -> str:
        return "MISSING"


MISSING: Final = MissingType()


class HuldraError(Exception):
    """The root of the library's errors."""


class HuldraComputeError(HuldraError):
    """A result could not be computed, recorded or read.

    Args:
        message: What went wrong.
        state_path: The state file of the run.
        original_error: What was raised, if anything.
    """

    def __init__(self, message: str, state_path: Path, original_error: BaseException | None = None) -> None:
        super().__init__(message)
        self.state_path = state_path
        self.original_error = original_error

    def __reduce__(self) -> tuple[type["HuldraComputeError"], tuple[str, Path, BaseException | None]]:
        return type(self), (str(self.args[0]), self.state_path, self.original_error)

    def __str__(self) -> str:
        parts = [str(self.args[0])]
        if self.original_error is not None:
            error = self.original_error
            parts.append(f"\nOriginal error: {type(error).__name__}: {error}")
            parts.append("".join(traceback.format_exception(error)).rstrip())
        parts.append(f"\nState file: {self.state_path}")
        return "\n".join(parts)


class HuldraWaitTimeout(HuldraError):  # noqa: N818  the name is part of the contract
    """Waiting for another process took longer than the class allows."""


class HuldraLockNotAcquired(HuldraError):  # noqa: N818  the name is part of the contract
    """A compute lock is pointless, since the run has ended, or can never be had."""


class HuldraDryRun(HuldraError):  # noqa: N818  it is no fault of the program
    """`HULDRA_DRY_RUN` is set: something would have been computed."""
