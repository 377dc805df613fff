"""`huldra runs`: stored runs, asked for by a query, sorted, grouped, as a table or as data."""

from collections.abc import Iterator
from datetime import UTC, datetime

from rich.text import Text

from huldra.analysis.surroundings import directory_sizes, tags_of_commits
from huldra.cli.arguments import Options, UsageError
from huldra.cli.opening import Opened, open_project
from huldra.cli.sections import DIM, INDENT, counts_text
from huldra.cli.terminal import Terminal, aligned, styled, write_data
from huldra.exports.runs_table import runs_csv, runs_json, runs_jsonl, runs_markdown
from huldra.features.run_rows import RunRow, Surroundings, select_runs
from huldra.features.run_table import RunTable, SortKey, column_text, default_columns, read_column, run_table, size_text
from huldra.formats.json_values import JsonValue, dump_json
from huldra.stored_runs.query.expressions import QueryFault, QueryField
from huldra.stored_runs.query.fields import FIELDS
from huldra.stored_runs.query.places import Misnamed


def runs(options: Options) -> int:
    """Effect: write the table to stdout. Return the exit code."""
    terminal = Terminal(options)
    sort = tuple(_sort_key(word) for word in options.sort)
    group = None if options.group is None else _column(options.group, "--group")
    chosen = tuple(_column(word, "--columns") for word in options.columns)
    opened = open_project(options, terminal, is_whole=False)
    found = _selected(opened, options.query)
    columns = chosen or tuple(_column(word, "--columns") for word in default_columns(found))
    table = run_table(found, columns, sort, group, options.limit)
    match options.output_format:
        case "json":
            write_data(runs_json(table, opened.snapshot.inputs.store_name, options.query, is_chosen=bool(chosen)))
        case "jsonl":
            write_data(runs_jsonl(table, is_chosen=bool(chosen)))
        case "csv":
            write_data(runs_csv(table))
        case "markdown":
            write_data(runs_markdown(table))
        case _:
            terminal.lines(_lines(table, opened, options))
    opened.save()
    return 0


def _selected(opened: Opened, query: str) -> tuple[RunRow, ...]:
    workspace = opened.workspace
    around = Surroundings(directory_sizes(workspace.store.path), tags_of_commits(workspace.root.path))
    found = select_runs(opened.snapshot.comparison_on_demand.runs, query, datetime.now(UTC), opened.snapshot.project, around)
    if isinstance(found, QueryFault):
        raise UsageError(f"{found.message}\n{found.drawing()}")
    return found


def _column(word: str, option: str) -> QueryField:
    found = read_column(word)
    if isinstance(found, Misnamed):
        raise UsageError(f"{option}: {found.message}")
    return found


def _sort_key(word: str) -> SortKey:
    return SortKey(_column(word.removeprefix("-"), "--sort"), is_descending=word.startswith("-"))


def _lines(table: RunTable, opened: Opened, options: Options) -> Iterator[Text]:
    if not table.total:
        words = opened.store_words
        yield Text(words or ("No run answers this query." if options.query else "The store holds no run."))
        return
    for index, (value, rows) in enumerate(table.groups):
        if table.is_grouped:
            if index:
                yield Text()
            yield _group_head(table, value, rows)
        yield from _rows(table, rows)
    shown = sum(len(rows) for _, rows in table.groups)
    if shown < table.total:
        yield Text(f"… and {table.total - shown} more", style=DIM)


def _group_head(table: RunTable, value: JsonValue, rows: tuple[RunRow, ...]) -> Text:
    name = value if isinstance(value, str) else "none" if value is None else dump_json(value)
    parts = [counts_text(len(rows), "run")]
    if FIELDS["size"] in table.columns:
        sizes = (row.value("size") for row in rows)
        parts.append(size_text(sum(size for size in sizes if isinstance(size, int))))
    return Text.assemble((name, "bold"), (f"  {', '.join(parts)}", DIM))


def _rows(table: RunTable, rows: tuple[RunRow, ...]) -> list[Text]:
    head = [Text(column.name, style=DIM) for column in table.columns]
    numbers = frozenset(
        index
        for index, column in enumerate(table.columns)
        if getattr(column, "kind", "") in {"number", "duration", "size"}
    )
    body = [[_cell(row, column) for column in table.columns] for row in rows]
    return aligned([head, *body], right=numbers, indent=INDENT if table.is_grouped else "")


def _cell(row: RunRow, column: QueryField) -> Text:
    text = column_text(row, column)
    return styled(text, text) if column.name == "verdict" else Text(text)
