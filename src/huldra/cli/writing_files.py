"""Writes the files that commands are asked to write, and says plainly where that cannot be done."""

from pathlib import Path

from huldra.cli.arguments import UsageError
from huldra.sources.target_file import write_target


def write_file(path: Path, text: str) -> None:
    """Effect: put a text in the place of a file, with the directories that lead to it.

    Raises:
        UsageError: it cannot be written; the file is as it was.
    """
    try:
        write_target(path, text)
    except OSError as error:
        raise not_written(path, error) from error


def not_written(path: Path, error: OSError) -> UsageError:
    """Return what is said where a file could not be put in place."""
    return UsageError(f"{path} cannot be written, and is as it was: {error.strerror or error}")
