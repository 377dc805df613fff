"""Numbers that a command line may hold. Imports nothing of ours: help is instant."""

import argparse

_LAST_PORT = 65535


def positive_number(word: str) -> int:
    """Return a number from 1 on; raise ArgumentTypeError for anything else."""
    count = whole_number(word)
    if count < 1:
        raise argparse.ArgumentTypeError("expected at least 1")
    return count


def whole_number(word: str) -> int:
    """Return a number from 0 on; raise ArgumentTypeError for anything else."""
    if not word.isdecimal():
        raise argparse.ArgumentTypeError(f"expected a whole number, found {word!r}")
    return int(word)


def port_number(word: str) -> int:
    """Return a port that one can listen on; raise ArgumentTypeError for anything else."""
    port = whole_number(word)
    if port > _LAST_PORT:
        raise argparse.ArgumentTypeError(f"expected a port, at most {_LAST_PORT}, found {word!r}")
    return port
