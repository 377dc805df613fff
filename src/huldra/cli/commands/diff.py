"""`huldra diff`: how two runs differ, in config and in code."""

from rich.text import Text

from huldra.cli.arguments import JSON, USAGE_ERROR, Options
from huldra.cli.opening import one_run, open_project
from huldra.cli.sections import DIM, INDENT
from huldra.cli.terminal import Terminal, aligned, write_data
from huldra.exports.show_json import diff_json
from huldra.features.code_difference import code_differences
from huldra.features.config_difference import Absent, Difference, config_differences
from huldra.features.run_rows import document_of
from huldra.features.run_table import nested_text
from huldra.formats.json_values import JsonValue
from huldra.stored_runs.model import UnreadableRun

_MOST_ROWS = 2000
"""More than anybody reads."""


def diff(options: Options) -> int:
    """Effect: write the differences to stdout. Return the exit code."""
    terminal = Terminal(options)
    opened = open_project(options, terminal, is_whole=False)
    first, second = one_run(opened, options.run), one_run(opened, options.other)
    one, other = first.run, second.run
    if isinstance(one, UnreadableRun) or isinstance(other, UnreadableRun):
        # Of what is not known nothing is said, nor that it is the same.
        for run in dict.fromkeys((one, other)):
            if isinstance(run, UnreadableRun):
                terminal.complain(f"{run.path} cannot be read: {run.reason}")
        return USAGE_ERROR
    config = tuple(config_differences(document_of(first), document_of(second)))
    code = code_differences(opened.snapshot, one, other)
    if options.output_format == JSON:
        write_data(diff_json(first.key, second.key, config, code))
        return 0
    terminal.line((f"- {first.key}", "red"))
    terminal.line((f"+ {second.key}", "green"))
    terminal.line()
    rows = [(Text(row.path or "config", style="bold"), *_sides(row)) for row in config[:_MOST_ROWS]]
    terminal.lines(aligned(rows, indent=INDENT) if rows else [Text("The configs are the same.", style=DIM)])
    if len(config) > _MOST_ROWS:
        terminal.line((f"{INDENT}… and {len(config) - _MOST_ROWS:,} more; --format json has all", DIM))
    terminal.line()
    terminal.lines(Text(f"{INDENT}{line}") for line in code)
    if not code:
        terminal.line(("Their code does the same.", DIM) if first.run.class_name == second.run.class_name else "")
    return 0


def _sides(row: Difference) -> tuple[Text, Text]:
    return Text(_side(row, row.first), style="red"), Text(_side(row, row.second), style="green")


def _side(row: Difference, value: JsonValue | Absent) -> str:
    if isinstance(value, Absent):
        return "(not there)"
    kind = f" ({type(value).__name__})" if row.is_type_shown else ""
    return f"{nested_text(value)}{kind}"
