"""The words of `huldra new`, read into plain data. Imports nothing of ours: help is instant."""

import argparse
import re
from collections.abc import Sequence

from msgspec import Struct

_TARGET_HELP = "Train, or as much of its dotted name as tells it apart"
_VALUES_HELP = (
    "Python for a field: lr=0.1; several make a sweep: lr=0.1,0.2 or 'seed=*range(5)'. The word --set may be left out"
)
_FIELD = re.compile(r"[^\W\d]\w*=")


class NewOptions(Struct, frozen=True):
    """An experiment to be written; `values` are `field=Python` as typed."""

    class_name: str = ""
    values: tuple[str, ...] = ()
    like: str | None = None
    into: str | None = None
    name: str | None = None
    is_dry_run: bool = False
    is_confirmed: bool = False


NO_NEW = NewOptions()
"""Of the other commands."""


def add_new(parser: argparse.ArgumentParser) -> None:
    """Effect: add what `huldra new` takes."""
    add = parser.add_argument
    add("class_name", metavar="CLASS", help=_TARGET_HELP)
    add("--set", dest="values", metavar="FIELD=VALUE", action="append", help=_VALUES_HELP)
    add("--like", metavar="RUN", help="begin with the values of a run or experiment")
    add("--into", metavar="FILE", help="where to write it (default: the file that builds most of the class)")
    add("--name", metavar="NAME", help="the variable to bind (default: made of the class's name)")
    add("--dry-run", "-n", action="store_true", help="show what would be written and built, and do nothing")
    add("--yes", "-y", action="store_true", help="do not ask")


def with_fields_marked(words: Sequence[str]) -> list[str]:
    """Put `--set` before what gives a field a value: argparse takes words without dashes in one place only."""
    if next((word for word in words if not word.startswith("-")), None) != "new":
        return list(words)
    return [f"--set={word}" if _FIELD.match(word) else word for word in words]


def new_options(found: argparse.Namespace) -> NewOptions:
    """Return the options of `huldra new`."""
    return NewOptions(
        class_name=found.class_name,
        values=tuple(found.values or ()),
        like=found.like,
        into=found.into,
        name=found.name,
        is_dry_run=found.dry_run,
        is_confirmed=found.yes,
    )
