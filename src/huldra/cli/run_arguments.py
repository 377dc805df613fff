"""The words of the commands that ask for stored runs. Imports nothing of ours: help is instant."""

import argparse

from huldra.cli.numbers_on_the_line import whole_number

_RUN_HELP = "the beginning of its hash, class/hash, its path, or the FILE:LINE that builds it"


def add_about_runs(name: str, parser: argparse.ArgumentParser) -> None:
    """Effect: add what `huldra runs`, `show`, `diff`, `snippet` and `why` take."""
    match name:
        case "runs":
            parser.add_argument(
                "query",
                metavar="QUERY",
                nargs="?",
                default="",
                help="'class ~ Train and config.lr > 1e-4 and is stale'",
            )
            parser.add_argument(
                "--columns", metavar="FIELDS", action="append", help="what to show: class,verdict,config.lr"
            )
            parser.add_argument(
                "--sort", metavar="FIELDS", action="append", help="order by; -size has the largest first"
            )
            parser.add_argument("--group", metavar="FIELD", help="bring runs of one value together")
            parser.add_argument("--limit", metavar="N", type=whole_number, help="at most N runs")
            parser.add_argument(
                "--complete", action="store_true", help="for shells: what may stand next at the end of QUERY"
            )
        case "show":
            parser.add_argument("run", metavar="RUN", help=_RUN_HELP)
            parser.add_argument("--depth", metavar="N", type=whole_number, help="how deep nested configs are opened")
        case "diff":
            parser.add_argument("run", metavar="A", help=_RUN_HELP)
            parser.add_argument("other", metavar="B", help="the other run")
        case "snippet":
            parser.add_argument("run", metavar="RUN", help=_RUN_HELP)
            parser.add_argument(
                "--exact", dest="is_exact", action="store_true", help="say how to get the code back that made it"
            )
        case _:
            parser.add_argument("run", metavar="RUN", help=_RUN_HELP)
