"""The table of `huldra runs` as JSON and JSON lines."""

from collections.abc import Iterator
from typing import Literal

from huldra.exports.analysis_json import Model, run_model
from huldra.exports.json_text import json_text
from huldra.features.run_rows import AnyRow
from huldra.features.run_table import RowGroup, RunTable, column_value
from huldra.formats.json_values import JsonValue, dump_json


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
    return json_text(model, by_alias=False)


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


def _columns(table: RunTable, row: AnyRow) -> dict[str, JsonValue]:
    return {column.name: column_value(row, column) for column in table.columns}


def _whole(row: AnyRow) -> dict[str, JsonValue]:
    model = run_model(row.compared, [])
    document: dict[str, JsonValue] = model.model_dump(mode="json", by_alias=True)
    del document["sites"]
    return {**document, "config": row.config}
