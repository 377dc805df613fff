"""The words of `huldra rerun` and `huldra lens`, read into plain data. Imports nothing of ours: help is instant."""

import argparse
from typing import Literal

from msgspec import Struct

from huldra.cli.numbers_on_the_line import positive_number


class RerunOptions(Struct, frozen=True):
    """How experiments are made; `jobs` and `backend` are None where the settings decide."""

    code: Literal["now", "then"] = "now"
    jobs: int | None = None
    backend: Literal["local", "print", "slurm"] | None = None
    python: str | None = None
    with_upstream: bool = True
    only_missing: bool = False
    only_stale: bool = False
    keeps_going: bool = False
    is_dry_run: bool = False
    is_confirmed: bool = False
    resumes: bool = False


NO_RERUN = RerunOptions()
"""Of the other commands."""


def add_rerun(parser: argparse.ArgumentParser) -> None:
    """Effect: add what `huldra rerun` takes."""
    parser.add_argument(
        "targets",
        metavar="RUN",
        nargs="*",
        help="FILE:LINE, the beginning of a hash, class/hash, a path of the store, a class, or a query: 'is stale'",
    )
    add = parser.add_argument
    add(
        "--code", dest="code_state", choices=("now", "then"), default="now", help="then: with the code it was made with"
    )
    add("--jobs", "-j", metavar="N", type=positive_number, help="how many at a time (default: 1, or the setting)")
    add(
        "--backend",
        choices=("local", "print", "slurm"),
        help="print: write a command for each to stdout, and start nothing (default: local, or the setting)",
    )
    add("--python", metavar="PATH", help="the interpreter or its environment (default: the project's)")
    add("--no-upstream", action="store_true", help="leave what they depend on as it is")
    add("--missing", action="store_true", help="only what was never run")
    add("--stale", action="store_true", help="only what has a result that is not current; with --missing both")
    add("--keep-going", "-k", action="store_true", help="after a failure, go on with what does not depend on it")
    add("--dry-run", "-n", action="store_true", help="say what would be done, and do nothing")
    add("--yes", "-y", action="store_true", help="do not ask")
    add("--resume", action="store_true", help="go on with what the last rerun has left undone")


def rerun_options(found: argparse.Namespace, command: str | None) -> RerunOptions:
    """Return how a command makes experiments."""
    if command == "lens":
        return RerunOptions(is_dry_run=found.dry_run, is_confirmed=found.yes)
    if command != "rerun":
        return NO_RERUN
    return RerunOptions(
        code=found.code_state,
        jobs=found.jobs,
        backend=found.backend,
        python=found.python,
        with_upstream=not found.no_upstream,
        only_missing=found.missing,
        only_stale=found.stale,
        keeps_going=found.keep_going,
        is_dry_run=found.dry_run,
        is_confirmed=found.yes,
        resumes=found.resume,
    )


def add_lens(parser: argparse.ArgumentParser) -> None:
    """Effect: add what `huldra lens` takes."""
    parser.add_argument("place", metavar="FILE", help="the file")
    parser.add_argument(
        "--exec",
        dest="lens",
        metavar=("LINE", "TITLE"),
        nargs=2,
        help="do what the lens or action of that title on that line does; the beginning of the title is enough",
    )
    parser.add_argument("--dry-run", "-n", action="store_true", help="of a rerun only the plan")
    parser.add_argument("--yes", "-y", action="store_true", help="do not ask before a rerun")


def lens_choice(found: argparse.Namespace) -> tuple[str, str] | None:
    """Return the line and the title of the lens to run; None to show them all."""
    given: list[str] | None = getattr(found, "lens", None)
    return None if given is None else (given[0], given[1])
