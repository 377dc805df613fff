"""The table of `huldra runs` as JSON, JSON lines, CSV and Markdown."""

import csv
import io
from collections.abc import Iterator
from typing import Literal

from huldra.exports.analysis_json import Model, run_model
from huldra.features.run_rows import RunRow
from huldra.features.run_table import RowGroup, RunTable, column_text, column_value, group_name, sum_text
from huldra.formats.json_values import JsonValue, dump_json

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class GroupModel(Model):
    """The runs that share a value: how many, and the sums of sizes (bytes) and durations (seconds) if asked for."""

    value: object
    runs: int
    size: int | None
    duration: float | None


class RunsModel(Model):
    """The document: `total` runs answer the query, of which the first are listed.

    A run is as in `huldra analyze`, with its recorded `config`; with `--columns` it holds the columns alone. In a table
    with groups each run has the value of its `group`, and `groups` counts all runs of each, also those not listed.
    """

    schema_version: Literal[1]
    store: str
    query: str
    total: int
    runs: list[dict[str, object]]
    groups: list[GroupModel] | None


def runs_json(table: RunTable, store: str, query: str, *, is_chosen: bool) -> str:
    """Return the document as text. `is_chosen`: the user named the columns."""
    rows: list[dict[str, object]] = [dict(row) for row in _rows(table, is_chosen=is_chosen)]
    groups = [_group(group) for group in table.groups] if table.is_grouped else None
    model = RunsModel(schema_version=1, store=store, query=query, total=table.total, runs=rows, groups=groups)
    return model.model_dump_json(indent=2)


def _group(group: RowGroup) -> GroupModel:
    size = group.sums.get("size")
    return GroupModel(
        value=group.value,
        runs=group.total,
        size=None if size is None else int(size),
        duration=group.sums.get("duration"),
    )


def runs_jsonl(table: RunTable, *, is_chosen: bool) -> str:
    """Return one JSON object a line."""
    return "".join(f"{dump_json(row)}\n" for row in _rows(table, is_chosen=is_chosen))


def _rows(table: RunTable, *, is_chosen: bool) -> Iterator[dict[str, JsonValue]]:
    for group in table.groups:
        for row in group.rows:
            found = _columns(table, row) if is_chosen else _whole(row)
            yield {**found, "group": group.value} if table.is_grouped else found


def _columns(table: RunTable, row: RunRow) -> dict[str, JsonValue]:
    return {column.name: column_value(row, column) for column in table.columns}


def _whole(row: RunRow) -> dict[str, JsonValue]:
    model = run_model(row.compared, [])
    document: dict[str, JsonValue] = model.model_dump(mode="json", by_alias=True)
    del document["sites"]
    return {**document, "config": row.config}


def runs_csv(table: RunTable) -> str:
    """Return the table as CSV (RFC 4180, with a head); values as data, lists and objects as JSON."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.name for column in table.columns])
    for row in table.rows:
        writer.writerow([_cell(column_value(row, column)) for column in table.columns])
    return out.getvalue()


def _cell(value: JsonValue) -> str | int | float:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case int() | float():
            return value
        case str():
            # A spreadsheet would compute what begins so.
            return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
        case _:
            return dump_json(value)


def runs_markdown(table: RunTable) -> str:
    """Return the table in Markdown, a heading for each group."""
    parts: list[str] = []
    for group in table.groups:
        if table.is_grouped:
            words = ", ".join((str(group.total), *(sum_text(name, value) for name, value in group.sums.items())))
            parts.append(f"### {_escaped(group_name(group))} ({words})\n\n")
        if table.is_grouped and not group.rows:
            continue
        names = [_escaped(column.name) for column in table.columns]
        parts.append(f"| {' | '.join(names)} |\n|{'---|' * len(names)}\n")
        parts += [
            f"| {' | '.join(_escaped(column_text(row, column)) for column in table.columns)} |\n" for row in group.rows
        ]
        parts.append("\n")
    return "".join(parts).rstrip("\n") + "\n"


def _escaped(text: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in text)
    return shown.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("`", "\\`")
