"""`huldra hash`: what a place in the code builds, and where its results lie."""

from collections.abc import Iterator

from rich.text import Text

from huldra.cli.arguments import JSON, USAGE_ERROR, Options, UsageError
from huldra.cli.opening import open_project, place_named
from huldra.cli.sections import DIM, counts_text, dynamic_details, place_text
from huldra.cli.terminal import Terminal, aligned, styled, write_data
from huldra.exports.site_json import site_json
from huldra.features.picture import DynamicRow
from huldra.features.rerun_targets import PLACE
from huldra.features.site_answer import BuiltHere, NothingThere, SiteAnswer, answer_site
from huldra.features.value_text import value_text


def hash_place(options: Options) -> int:
    """Effect: write the answer to stdout. Return the exit code."""
    if PLACE.fullmatch(options.place.strip()) is None:
        raise UsageError(f"{options.place!r} is no place: give FILE:LINE or FILE:LINE:COLUMN")
    terminal = Terminal(options)
    opened = open_project(options, terminal)
    place = place_named(options.place, opened.workspace.root.path)
    if place is None:
        raise AssertionError("looked at above")
    answer = answer_site(opened.snapshot, opened.picture, opened.workspace, *place)
    if isinstance(answer, NothingThere):
        _write_nothing(terminal, answer)
        return USAGE_ERROR
    if options.output_format == JSON:
        write_data(site_json(answer))
    else:
        for index, lines in enumerate(_answers(answer)):
            if index:
                terminal.line()
            terminal.lines(lines)
    return 0


def _write_nothing(terminal: Terminal, answer: NothingThere) -> None:
    terminal.complain(answer.reason)
    if answer.near:
        terminal.hint("near it:")
        rows = [(f"{place.file}:{place.line}:{place.column}", name) for place, name in answer.near]
        for line in aligned(rows, indent="  "):
            terminal.hint(line)


def _answers(answer: SiteAnswer) -> Iterator[list[Text]]:
    for built in answer.experiments:
        yield _experiment(built)
    for row in answer.dynamic:
        yield _dynamic(row)


def _experiment(built: BuiltHere) -> list[Text]:
    experiment = built.row.experiment
    config = [(f"  {name}", value_text(value)) for name, value in experiment.config.fields]
    rows: list[tuple[str | Text, ...]] = [
        ("hash", experiment.digest),
        ("path", experiment.path),
        ("verdict", styled(built.row.verdict, built.row.verdict)),
        ("config", "" if config else "no fields"),
    ]
    return [
        _title(experiment.config.class_name, built.place.column, place_text(built.place)),
        *aligned([*rows, *config], indent="  "),
    ]


def _dynamic(row: DynamicRow) -> list[Text]:
    site = row.site
    title = _title(site.class_name, site.place.column, place_text(site.place))
    matches = counts_text(len(row.matches), "stored run fits what is known", "stored runs fit what is known")
    words = Text("  the hash is known only when the code runs", style="yellow")
    return [
        title,
        words,
        *dynamic_details(site, "  "),
        Text(f"  {matches}", style=DIM),
        *(Text(f"    {key}") for key in row.matches),
    ]


def _title(class_name: str, column: int, place: Text) -> Text:
    return Text.assemble((class_name, "bold"), "  ", place, (f":{column}", DIM))
