"""The words of `huldra check` and `huldra accept`, read into plain data."""

import argparse
from pathlib import Path

from msgspec import Struct

SINCE_PUSHED = ""
"""The value of `--since` without a revision: what is not pushed yet."""


class CheckOptions(Struct, frozen=True):
    """What `huldra check` is to judge, and what it passes over."""

    staged: bool = False
    since: str | None = None
    baseline: Path | None = None
    writes_baseline: bool = False
    accepts_new: bool = False
    exits_with_zero: bool = False


class AcceptOptions(Struct, frozen=True):
    """What `huldra accept` is to do with its ledger."""

    target: str = ""
    reason: str | None = None
    lists: bool = False
    prunes: bool = False


NO_CHECK, NO_ACCEPT = CheckOptions(), AcceptOptions()
"""Of the other commands."""


def add_check(parser: argparse.ArgumentParser) -> None:
    """Add the options of `huldra check`."""
    add = parser.add_argument
    add("--staged", action="store_true", help="only what a commit made now would bring: judges the index, not the disk")
    add(
        "--since",
        metavar="REV",
        nargs="?",
        const=SINCE_PUSHED,
        help="only what has been brought since a revision; without one, by what is not pushed yet",
    )
    add("--baseline", metavar="FILE", help="pass over the findings of this file (default: the setting `baseline`)")
    add("--write-baseline", action="store_true", help="write that file: what is mended goes out of it")
    add("--accept-new", action="store_true", help="with --write-baseline: let new findings into an existing file")
    add("--exit-zero", action="store_true", help="exit with 0, whatever is found")


def add_accept(parser: argparse.ArgumentParser) -> None:
    """Add the options of `huldra accept`."""
    add = parser.add_argument
    add("target", metavar="RUN|CLASS", nargs="?", help="a run as for `huldra why`, or a class")
    add("--reason", metavar="TEXT", help="why the change does not matter; goes into the ledger")
    add("--list", action="store_true", help="show the ledger, and which entries still hold")
    add("--prune", action="store_true", help="take out the entries that hold for no run")


def check_options(found: argparse.Namespace) -> CheckOptions:
    """Return the options of `huldra check`."""
    return CheckOptions(
        staged=found.staged,
        since=found.since,
        baseline=None if found.baseline is None else Path(found.baseline),
        writes_baseline=found.write_baseline,
        accepts_new=found.accept_new,
        exits_with_zero=found.exit_zero,
    )


def accept_options(found: argparse.Namespace) -> AcceptOptions:
    """Return the options of `huldra accept`."""
    return AcceptOptions(found.target or "", found.reason, found.list, found.prune)


def check_fault(options: CheckOptions) -> str | None:
    """Return which words do not go together; None if all do."""
    if options.writes_baseline and (options.staged or options.since is not None):
        return "--write-baseline is about everything: leave out --staged and --since"
    if options.accepts_new and not options.writes_baseline:
        return "--accept-new goes with --write-baseline, which was not given"
    return None
