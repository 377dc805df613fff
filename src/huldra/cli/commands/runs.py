"""`huldra runs`: stored runs, asked for by a query, sorted, grouped, as a table or as data."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path

from rich.text import Text

from huldra.cli.arguments import CSV, JSONL, MARKDOWN, TEXT, USAGE_ERROR, Options, UsageError
from huldra.cli.kept_runs import KeptQuestion, keep_found, kept_question, recall_table, state_before
from huldra.cli.terminal import DIM, GAP, INDENT, Terminal, aligned, counts_text, styled, write_data
from huldra.exports.harmless_text import harmless
from huldra.features.run_rows import AnyRow
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
from huldra.stored_runs.index.segments import NotKeptError
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
    asked = partial(_answer, options=options, terminal=terminal, sort=sort, group=group, chosen=chosen)
    question = kept_question(options)
    kept = None if question is None else recall_table(question, options.query)
    if kept is not None:
        try:
            asked(kept.rows, kept.class_names, kept.store_name, None)
        except NotKeptError:
            kept = None
    return 0 if kept is not None else _answer_anew(question, asked, options, terminal)


def _answer_anew(
    question: KeptQuestion | None, asked: Callable[..., None], options: Options, terminal: Terminal
) -> int:
    # All that looks at code: of no use where nothing has changed since the last time.
    from huldra.cli.asking import runs_asked_for  # noqa: PLC0415
    from huldra.cli.opening import open_project  # noqa: PLC0415

    before = None if question is None else state_before(question, options)
    opened = open_project(options, terminal, is_whole=False, query=options.query)
    found = runs_asked_for(opened, options.query, opened.snapshot.comparison_on_demand.runs)
    asked(found, None, opened.snapshot.inputs.store_name, opened.store_words)
    opened.save()
    if question is not None and before is not None:
        keep_found(question, before, opened)
    return USAGE_ERROR if opened.snapshot.store.status in {"not-a-directory", "unreadable"} else 0


def _complete(options: Options) -> int:
    """Effect: write the queries that QUERY may become, each with what its last word means."""
    from huldra.analysis.host import open_workspace, read_runs  # noqa: PLC0415  # takes as long as a whole answer
    from huldra.features.asked_runs import query_suggestions  # noqa: PLC0415

    workspace = open_workspace(Path.cwd(), root=options.root, stores=options.stores)
    query = options.query
    for each in query_suggestions(read_runs(workspace).runs, query, len(query)):
        whole = harmless(query[: each.start] + each.text)
        if whole.startswith(query):  # a shell would replace what is typed by what all of them begin with
            write_data(f"{whole}\t{each.meaning}")
    return 0


def _answer(
    rows: Sequence[AnyRow],
    class_names: Collection[str] | None,
    store: str,
    empty: str | None,
    *,
    options: Options,
    terminal: Terminal,
    sort: tuple[SortKey, ...],
    group: QueryField | None,
    chosen: tuple[QueryField, ...],
) -> None:
    """Effect: write the table to stdout, once all of it is known.

    Args:
        rows: The runs that answer the query.
        class_names: Their classes, if they are known without a look at each row.
        store: The name of the store.
        empty: Why there is no run at all, if that needs words.
        options: What was asked for.
        terminal: Where to write it.
        sort: What the rows are ordered by.
        group: What they are brought together by.
        chosen: The columns; none if nobody chose them.
    """
    columns = chosen or tuple(_column(word, "--columns") for word in default_columns(rows, class_names))
    limit = options.limit
    if limit is None and options.output_format == TEXT and terminal.width is not None:
        limit = _MOST_ON_TERMINAL
    table = run_table(rows, columns, sort, group, limit)
    if not table.total:
        terminal.hint(empty or ("No run answers this query." if options.query else "The store holds no run."))
    if options.output_format == TEXT:
        terminal.lines(tuple(_lines(table, options)))
        return
    document = _document(table, store, options, is_chosen=bool(chosen))
    if document:  # without rows there is no line
        write_data(document)


def _document(table: RunTable, store: str, options: Options, *, is_chosen: bool) -> str:
    if options.output_format in {CSV, MARKDOWN}:
        from huldra.exports.runs_text import runs_csv, runs_markdown  # noqa: PLC0415

        return runs_csv(table) if options.output_format == CSV else runs_markdown(table)
    from huldra.exports.runs_table import runs_json, runs_jsonl  # noqa: PLC0415  # the models take long to import

    if options.output_format == JSONL:
        return runs_jsonl(table, is_chosen=is_chosen)
    return runs_json(table, store, options.query, is_chosen=is_chosen)


def _column(word: str, option: str) -> QueryField:
    found = read_column(word)
    if isinstance(found, Misnamed):
        raise UsageError(f"{option}: {found.message}")
    return found


def _sort_key(word: str) -> SortKey:
    return SortKey(_column(word.removeprefix("-"), "--sort"), is_descending=word.startswith("-"))


def _lines(table: RunTable, options: Options) -> Iterator[Text]:
    if not table.total:
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


def _rows(table: RunTable, rows: tuple[AnyRow, ...]) -> list[Text]:
    head = [Text(column.name, style=DIM) for column in table.columns]
    numbers = frozenset(
        index
        for index, column in enumerate(table.columns)
        if getattr(column, "kind", "") in {"number", "duration", "size"}
    )
    body = [[_cell(row, column) for column in table.columns] for row in rows]
    return aligned([head, *body], right=numbers, indent=INDENT if table.is_grouped else "")


def _cell(row: AnyRow, column: QueryField) -> Text:
    text = column_text(row, column)
    if isinstance(column, ConfigField) and len(text) > _WIDEST_VALUE:
        text = f"{text[: _WIDEST_VALUE - 1]}…"  # a pipe that wants all of it asks for another format
    return styled(text, text) if column.name == "verdict" else Text(text)
