"""The words of the command line, read into plain data. Imports nothing of ours but more such words: help is instant."""

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, NoReturn

from msgspec import Struct

from huldra.cli.judging_arguments import (
    NO_ACCEPT,
    NO_CHECK,
    AcceptOptions,
    CheckOptions,
    accept_options,
    add_accept,
    add_check,
    check_fault,
    check_options,
)
from huldra.cli.manifest_arguments import NO_MANIFEST, ManifestOptions, add_manifest, manifest_options
from huldra.cli.new_arguments import NO_NEW, NewOptions, add_new, new_options, with_fields_marked
from huldra.cli.numbers_on_the_line import port_number, whole_number
from huldra.cli.rerun_arguments import NO_RERUN, RerunOptions, add_lens, add_rerun, lens_choice, rerun_options
from huldra.cli.run_arguments import add_about_runs

TEXT, JSON, DOT, MERMAID = "text", "json", "dot", "mermaid"
SVG, HTML = "svg", "html"
JSONL, CSV, MARKDOWN = "jsonl", "csv", "markdown"
GITHUB, GITLAB, SARIF = "github", "gitlab", "sarif"
USAGE_ERROR: Final = 2
_COLUMNS = 80

_FORMATS = {
    "analyze": (TEXT, JSON, GITHUB, GITLAB, SARIF, MARKDOWN),
    "check": (TEXT, JSON, GITHUB, GITLAB, SARIF, MARKDOWN),
    "accept": (TEXT,),
    "classes": (TEXT, JSON),
    "graph": (TEXT, DOT, MERMAID, JSON, SVG, HTML),
    "hash": (TEXT, JSON),
    "runs": (TEXT, JSON, JSONL, CSV, MARKDOWN),
    "show": (TEXT, JSON),
    "diff": (TEXT, JSON),
    "snippet": (TEXT,),
    "why": (TEXT, JSON),
    "rerun": (TEXT, JSON),
    "new": (TEXT, JSON),
    "lens": (TEXT, JSON),
    "lsp": (TEXT,),
    "manifest": (TEXT, JSON),
    "discover": (TEXT,),
    "doctor": (TEXT, JSON),
    "rule": (TEXT,),
}
_HELP = {
    "analyze": "which experiments the code builds, which were run, and which results can be trusted",
    "check": "for commit hooks and CI: what is wrong, or only what a change brings; exit code 1 if anything is",
    "accept": "write down that a change of code does not matter to results that were made before it",
    "classes": "the experiment classes as a tree, with counts",
    "graph": "what depends on what: classes or experiments, code and store overlaid",
    "hash": "what the code at a line builds, and where its results lie",
    "runs": "stored runs: asked for by a query, sorted, grouped",
    "show": "everything about one run: config, what it was made from, files, log, events",
    "diff": "how two runs differ, in config and in code",
    "snippet": "Python that builds the config of a run again",
    "why": "why a run is stale, or not: down to the definition that changed, and the commit",
    "rerun": "make experiments again, or for the first time: what they depend on first, each in a process of its own",
    "new": "write an experiment or a sweep into the code, after a look at what it would build",
    "lens": "what an editor shows above the classes and experiments of a file, and what can be done there",
    "lsp": "the language server, for editors: on stdin and stdout",
    "manifest": "export: the experiments of the code as a JSON file of them; check: what such files say",
    "discover": "run a command (huldra discover -- COMMAND) and take down the experiments that it asks for",
    "doctor": "what was found, and why other things were not",
    "rule": "what a problem code means",
}
_DESCRIPTION = (
    "See every experiment that your Python code defines, which of them have been run, and which stored results "
    "can still be trusted. Reads your code; never imports or runs it."
)
_EPILOG = "`huldra COMMAND --help` says more about a command. Begin with `huldra analyze`."


class UsageError(Exception):
    """What was asked for cannot be answered as it was put: said in one line, exit code 2."""


class Options(Struct, frozen=True):
    """What the user has asked for; each command reads its own part.

    `verbosity` is below zero for `-q` and above for `-v`.
    """

    command: str | None
    root: Path | None
    stores: tuple[Path, ...]
    output_format: str
    verbosity: int
    has_color: bool
    paths: tuple[str, ...]
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    level: Literal["classes", "experiments"] | None
    focus: str | None
    depth: int | None
    place: str
    code: str | None
    run: str
    query: str
    columns: tuple[str, ...]
    sort: tuple[str, ...]
    group: str | None
    limit: int | None
    completes: bool = False
    targets: tuple[str, ...] = ()
    manifest: ManifestOptions = NO_MANIFEST
    rerun: RerunOptions = NO_RERUN
    port: int | None = None
    other: str = ""
    is_exact: bool = False
    check: CheckOptions = NO_CHECK
    accept: AcceptOptions = NO_ACCEPT
    lens: tuple[str, str] | None = None
    new: NewOptions = NO_NEW
    at: str | None = None

    @property
    def store(self) -> Path | None:
        """The store that the runtime uses, if one was named."""
        return self.stores[0] if self.stores else None

    @property
    def further_stores(self) -> tuple[Path, ...] | None:
        """The stores to look at beside it; None for those of the settings."""
        return self.stores[1:] if self.stores else None


def read_arguments(words: Sequence[str]) -> Options:
    """Return the options that a command line gives.

    Raises:
        SystemExit: after help or version were printed (0), or for a wrong command line (2).
    """
    parser = build_parser()
    found = parser.parse_args(with_fields_marked(_with_bound_sort_keys(words)))
    command: str | None = found.command
    output_format: str = found.output_format
    known = _FORMATS.get(command or "", (output_format,))
    if output_format not in known:
        parser.error(f"{command} has no format {output_format!r}: choose {' or '.join(known)}")
    options = Options(
        command=command,
        root=None if found.root is None else Path(found.root),
        stores=tuple(Path(word) for word in found.stores or ()),
        output_format=output_format,
        verbosity=found.verbose - found.quiet,
        has_color=not found.no_color,
        paths=tuple(getattr(found, "paths", ())),
        select=_codes(getattr(found, "select", None)),
        ignore=_codes(getattr(found, "ignore", None)),
        level=getattr(found, "level", None),
        focus=getattr(found, "focus", None),
        depth=getattr(found, "depth", None),
        place=getattr(found, "place", ""),
        code=getattr(found, "code", None),
        run=getattr(found, "run", ""),
        query=getattr(found, "query", ""),
        other=getattr(found, "other", ""),
        is_exact=getattr(found, "is_exact", False),
        columns=_words(getattr(found, "columns", None)),
        sort=_words(getattr(found, "sort", None)),
        group=getattr(found, "group", None),
        limit=getattr(found, "limit", None),
        completes=getattr(found, "complete", False),
        targets=tuple(getattr(found, "targets", ())),
        manifest=manifest_options(found),
        rerun=rerun_options(found, command),
        port=getattr(found, "port", None),
        check=check_options(found) if command == "check" else NO_CHECK,
        accept=accept_options(found) if command == "accept" else NO_ACCEPT,
        lens=lens_choice(found),
        new=new_options(found) if command == "new" else NO_NEW,
        at=getattr(found, "at", None),
    )
    fault = check_fault(options.check)
    if fault is not None:
        parser.error(fault)
    if command == "rerun" and bool(options.targets) is options.rerun.resumes:
        parser.error("rerun needs either what to make, or --resume")
    if command == "graph" and options.depth is not None and options.focus is None:
        parser.error("--depth counts steps from --focus X, which was not given")
    return options


def _with_bound_sort_keys(words: Sequence[str]) -> list[str]:
    """Tie `-size` to the `--sort` before it: argparse would take it for an option."""
    bound: list[str] = []
    for word in words:
        if bound and bound[-1] == "--sort":
            bound[-1] = f"--sort={word}"
        else:
            bound.append(word)
    return bound


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = _Parser("huldra", None, _DESCRIPTION, _EPILOG, formatter_class=_Lines, allow_abbrev=False)
    # A missing command prints help, so it is not required.
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", parser_class=_CommandParser)
    _add_global(parser, is_main=True)
    for name, does in _HELP.items():
        says = f"{does[0].upper()}{does[1:]}."
        commands.add_parser(name, help=does, description=says, formatter_class=_Lines).name = name
    return parser


class _Version(argparse.Action):
    """Prints the version, whatever else the command line says; asks for it only then, which is slow."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version  # noqa: PLC0415  # half of a start

        sys.stdout.write(f"huldra {version('huldra-lab')}\n")
        parser.exit()


class _Lines(argparse.HelpFormatter):
    """As wide as argparse makes them, which asks for each word, and with a module that takes long to import."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    """Return how wide the terminal is, as `shutil.get_terminal_size` says."""
    try:
        told = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        told = 0
    if told > 0:
        return told
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _COLUMNS if sys.__stdout__ else _COLUMNS
    except (AttributeError, ValueError, OSError):
        return _COLUMNS


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong, with the nearest right word."""

    def error(self, message: str) -> NoReturn:
        found = re.match(r"argument COMMAND: invalid choice: '(.*?)'", message)
        if found is not None:
            import difflib  # noqa: PLC0415  # of no use to who knows the commands

            nearest = difflib.get_close_matches(found[1], _HELP, 1)
            hint = f"; did you mean {nearest[0]}?" if nearest else ""
            message = f"there is no command {found[1]!r}{hint}"
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\nTry `{self.prog} --help`.\n")


class _CommandParser(_Parser):
    """The parser of one command, which learns its words when it is asked: those of all cost a tenth of a start."""

    name: str
    _is_ready = False

    def parse_known_args(  # type: ignore[override]  # argparse itself hands over nothing else
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        if not self._is_ready:
            self._is_ready = True
            _add_own(self.name, self)
            _add_global(self, is_main=False)
        return super().parse_known_args(args, argparse.Namespace() if namespace is None else namespace)


def _add_global(parser: argparse.ArgumentParser, *, is_main: bool) -> None:
    """Add the options that stand before or after the command; after it, only what is given counts."""

    def default(value: object) -> object:
        return value if is_main else argparse.SUPPRESS

    group = parser.add_argument_group("options of every command")
    group.add_argument(
        "--root",
        metavar="DIR",
        default=default(None),
        help="the project (default: nearest with pyproject.toml or .git)",
    )
    group.add_argument(
        "--store",
        metavar="DIR",
        dest="stores",
        action="append",
        default=default(None),
        help="the results (default: HULDRA_PATH, then the settings, then ROOT/data-huldra); those after the first "
        "are looked at beside it",
    )
    every = dict.fromkeys(word for formats in _FORMATS.values() for word in formats)
    group.add_argument(
        "--output-format",
        "--format",
        metavar="FORMAT",
        choices=tuple(every),
        default=default(TEXT),
        help=f"one of {', '.join(every)}, as far as the command has it (default: text)",
    )
    group.add_argument("-q", "--quiet", action="count", default=default(0), help="the answer only, no hints")
    group.add_argument(
        "-v", "--verbose", action="count", default=default(0), help="everything, with long lists in full"
    )
    group.add_argument(
        "--no-color", action="store_true", default=default(value=False), help="no colours (also NO_COLOR)"
    )
    group.add_argument(
        "--version", nargs=0, action=_Version, default=argparse.SUPPRESS, help="print the version and exit"
    )


def _add_own(name: str, parser: argparse.ArgumentParser) -> None:
    match name:
        case "analyze":
            parser.add_argument(
                "paths", metavar="PATH", nargs="*", help="only what stands in these files or directories"
            )
            parser.add_argument("--at", metavar="REV", help="the code of a revision, which is not checked out")
            _add_choice(parser)
        case "check":
            _add_choice(parser)
            add_check(parser)
        case "accept":
            add_accept(parser)
        case "graph":
            parser.add_argument("--level", choices=("classes", "experiments"), help="default: classes")
            parser.add_argument(
                "--focus",
                metavar="X",
                help="only what X depends on and what depends on it: a class, class/hash, hash, or query",
            )
            parser.add_argument("--depth", metavar="N", type=whole_number, help="at most N steps from the focus")
            parser.add_argument(
                "--all", dest="level", action="store_const", const="experiments", help="each experiment, not each class"
            )
        case "hash":
            parser.add_argument("place", metavar="FILE:LINE", help="the place in the code; also FILE:LINE:COLUMN")
        case "runs" | "show" | "diff" | "snippet" | "why":
            add_about_runs(name, parser)
        case "rerun":
            add_rerun(parser)
        case "new":
            add_new(parser)
        case "lens":
            add_lens(parser)
        case "lsp":
            parser.add_argument(
                "--tcp", dest="port", metavar="PORT", type=port_number, help="serve one client on this port"
            )
            parser.add_argument("--stdio", action="store_true", help="what is done anyway; some editors ask for it")
        case "manifest" | "discover":
            add_manifest(name, parser)
        case "rule":
            which = "HUL001, say, or the beginning of several: HUL2; without it, all codes"
            parser.add_argument("code", metavar="CODE", nargs="?", help=which)
        case _:
            pass


def _add_choice(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--select", metavar="CODES", action="append", help="only problems with these codes (HUL1,HUL001)"
    )
    parser.add_argument("--ignore", metavar="CODES", action="append", help="no problems with these codes")


def _codes(given: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(code for words in given or () for code in re.split(r"[,\s]+", words.strip().upper()))


def _words(given: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(word.strip() for words in given or () for word in words.split(",") if word.strip())
