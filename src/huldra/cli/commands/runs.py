"""`huldra runs`: stored runs, asked for by a query, sorted, grouped, as a table or as data."""

from collections.abc import Iterator
from pathlib import Path

from rich.text import Text

from huldra.analysis.host import open_workspace, read_runs
from huldra.cli.arguments import TEXT, Options, UsageError
from huldra.cli.asking import runs_asked_for
from huldra.cli.opening import Opened, open_project
from huldra.cli.sections import DIM, INDENT, counts_text
from huldra.cli.terminal import GAP, Terminal, aligned, styled, write_data
from huldra.exports.harmless_text import harmless
from huldra.exports.runs_table import runs_csv, runs_json, runs_jsonl, runs_markdown
from huldra.features.asked_runs import query_suggestions
from huldra.features.run_rows import RunRow
from huldra.features.run_table import (
    RunTable,
    SortKey,
    column_text,
    default_columns,
    group_name,
    read_column,
    run_table,
    sum_text,
)
from huldra.stored_runs.query.expressions import ConfigField, QueryField
from huldra.stored_runs.query.places import Misnamed

_WIDEST_VALUE = 60
_MOST_ON_TERMINAL = 500
"""More lines than anybody reads, and each of their runs would have to be judged; a pipe gets all."""


def runs(options: Options) -> int:
    """Effect: write the table to stdout. Return the exit code."""
    terminal = Terminal(options)
    if options.completes:
        return _complete(options)
    sort = tuple(_sort_key(word) for word in options.sort)
    group = None if options.group is None else _column(options.group, "--group")
    chosen = tuple(_column(word, "--columns") for word in options.columns)
    opened = open_project(options, terminal, is_whole=False, query=options.query)
    found = runs_asked_for(opened, options.query, opened.snapshot.comparison_on_demand.runs)
    columns = chosen or tuple(_column(word, "--columns") for word in default_columns(found))
    limit = options.limit
    if limit is None and options.output_format == TEXT and terminal.width is not None:
        limit = _MOST_ON_TERMINAL
    table = run_table(found, columns, sort, group, limit)
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


def _complete(options: Options) -> int:
    """Effect: write the queries that QUERY may become, each with what its last word means."""
    workspace = open_workspace(Path.cwd(), root=options.root, stores=options.stores)
    query = options.query
    for each in query_suggestions(read_runs(workspace).runs, query, len(query)):
        whole = harmless(query[: each.start] + each.text)
        if whole.startswith(query):  # a shell would replace what is typed by what all of them begin with
            write_data(f"{whole}\t{each.meaning}")
    return 0


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
    heads = _group_heads(table) if table.is_grouped else []
    for index, group in enumerate(table.groups):
        if table.is_grouped:
            if index and group.rows:
                yield Text()
            yield heads[index]
        if group.rows:
            yield from _rows(table, group.rows)
    shown = len(table.rows)
    if shown < table.total and not (table.is_grouped and options.limit == 0):
        more = "" if options.limit is not None else "; --limit N shows N of them, a pipe all"
        yield Text(f"… and {table.total - shown:,} more{more}", style=DIM)


def _group_heads(table: RunTable) -> list[Text]:
    rows = [
        (
            Text(group_name(group), style="bold"),
            Text(counts_text(group.total, "run"), style=DIM),
            *(Text(sum_text(name, value), style=DIM) for name, value in group.sums.items()),
        )
        for group in table.groups
    ]
    if not table.rows:
        return aligned(rows, right=frozenset({1, 2, 3}))
    return [Text.assemble(name, GAP, Text(", ", style=DIM).join(words)) for name, *words in rows]


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
    if isinstance(column, ConfigField) and len(text) > _WIDEST_VALUE:
        text = f"{text[: _WIDEST_VALUE - 1]}…"  # a pipe that wants all of it asks for another format
    return styled(text, text) if column.name == "verdict" else Text(text)
