"""What the process's environment says: `.env` files, switches, names. Knows nothing of experiments."""

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_YES = frozenset({"1", "true", "yes"})


def load_env() -> None:
    """Load the nearest `.env`, from the working directory upward. Variables that are set already stay as they are.

    Effect: changes `os.environ`.
    """
    path = next((folder / ".env" for folder in _folders_upward() if (folder / ".env").is_file()), None)
    if path is not None:
        import dotenv  # noqa: PLC0415  only projects with such a file pay for it

        dotenv.load_dotenv(path)


@cache
def load_env_once() -> None:
    """Load the nearest `.env`, the first time that this is called in a process.

    Effect: changes `os.environ`.
    """
    load_env()


def is_switched_on(name: str) -> bool:
    """Return whether a variable says yes: `1`, `true` or `yes`, in any case."""
    return os.environ.get(name, "").lower() in _YES


def listed(name: str) -> tuple[str, ...]:
    """Return the entries of a variable that holds a comma-separated list."""
    return tuple(part.strip() for part in os.environ.get(name, "").split(",") if part.strip())


def _folders_upward() -> Iterator[Path]:
    here = Path.cwd()
    yield here
    yield from here.parents
