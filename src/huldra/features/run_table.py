"""Runs as a table: which columns, in which order, in which groups, with the values as data and as words."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

from msgspec import Struct

from huldra.features.run_rows import AnyRow
from huldra.formats.json_values import JsonValue, dump_json, readable_json
from huldra.stored_runs.query.config_truth import reach
from huldra.stored_runs.query.expressions import ConfigField, QueryField
from huldra.stored_runs.query.fields import FieldInfo
from huldra.stored_runs.query.places import Misnamed, read_field

_OF_MANY_CLASSES = ("class", "hash", "verdict", "created", "duration")
_OF_ONE_CLASS = ("hash", "verdict", "created", "duration")
_MOST_DIFFERING = 60
"""A table of more columns helps nobody who did not ask for them."""

_SHORT_DIGEST = 8
_ADDED = frozenset({"size", "duration"})
_CLASS_KEY = "__class__"
_UNITS = ("B", "kB", "MB", "GB", "TB")


class SortKey(Struct, frozen=True):
    """A column to order by; without a value, a run comes last either way."""

    field: QueryField
    is_descending: bool


class RowGroup(Struct, frozen=True):
    """Runs that share a value. `total` counts them, of which `rows` may be the first few, or none.

    `sums` are of all of them, of each size (bytes) and duration (seconds) that is a column or ordered by.
    """

    value: JsonValue
    rows: tuple[AnyRow, ...]
    total: int
    sums: Mapping[str, float]


class RunTable(Struct, frozen=True):
    """Runs as rows. `total` is how many answered the query, of which `rows` may be the first few.

    A table that is not grouped has one group without a value.
    """

    columns: tuple[QueryField, ...]
    groups: tuple[RowGroup, ...]
    is_grouped: bool
    total: int

    @property
    def rows(self) -> tuple[AnyRow, ...]:
        """All rows in order."""
        return tuple(row for group in self.groups for row in group.rows)


def read_column(word: str) -> QueryField | Misnamed:
    """Return the column that a word names."""
    return read_field(word.strip())


def default_columns(rows: Sequence[AnyRow], class_names: Collection[str] | None = None) -> tuple[str, ...]:
    """Return the columns of a table that nobody chose: of one class the config's fields in which its runs differ.

    Args:
        rows: The runs.
        class_names: Their classes, where these are known and all runs lie in one store.
    """
    classes = class_names if class_names is not None else {row.compared.run.class_name for row in rows}
    store = ("store",) if class_names is None and any(row.compared.run.store for row in rows) else ()
    if len(classes) != 1:
        return (*_OF_MANY_CLASSES, *store)
    return (*_OF_ONE_CLASS, *store, *_differing_fields(tuple(rows)))


def _differing_fields(rows: tuple[AnyRow, ...]) -> tuple[str, ...]:
    documents = [row.config for row in rows]
    names: dict[str, set[str]] = {}
    for document in documents:
        if isinstance(document, dict):
            for name in document:
                names.setdefault(name, set())
    for name, values in names.items():
        for document in documents:
            values.add(dump_json(document[name]) if isinstance(document, dict) and name in document else "")
    differing = [name for name, values in names.items() if len(values) > 1 and name != _CLASS_KEY]
    return tuple(ConfigField((name,)).name for name in differing[:_MOST_DIFFERING])


def run_table(
    rows: Sequence[AnyRow],
    columns: tuple[QueryField, ...],
    sort: tuple[SortKey, ...] = (),
    group: QueryField | None = None,
    limit: int | None = None,
) -> RunTable:
    """Return rows as a table.

    Args:
        rows: The runs.
        columns: What is shown of them.
        sort: What they are ordered by; the first counts most.
        group: What they are brought together by. The groups are in the order of their values; of their sums if the
            rows are sorted by a size or duration first.
        limit: How many rows at most; groups are counted in full all the same.
    """
    ordered = rows
    for key in reversed(sort):
        ordered = _sorted(ordered, key)
    count = len(ordered)
    if group is None:
        shown = tuple(ordered if limit is None else ordered[:limit])
        return RunTable(columns, (RowGroup(None, shown, count, {}),), is_grouped=False, total=count)
    groups: dict[str, tuple[JsonValue, list[tuple[int, AnyRow]]]] = {}
    for position, row in enumerate(ordered):
        value = column_value(row, group)
        groups.setdefault(dump_json(value), (value, []))[1].append((position, row))
    added = dict.fromkeys((*columns, *(key.field for key in sort)))
    names = [field.name for field in added if isinstance(field, FieldInfo) and field.kind in _ADDED]
    found = [
        RowGroup(
            value,
            tuple(row for position, row in members if limit is None or position < limit),
            len(members),
            {name: sum(_number(row, name) for _, row in members) for name in names},
        )
        for _, (value, members) in sorted(groups.items())
    ]
    if sort and sort[0].field.name in names:
        found.sort(key=lambda each: each.sums[sort[0].field.name], reverse=sort[0].is_descending)
    return RunTable(columns, tuple(found), is_grouped=True, total=count)


def _number(row: AnyRow, name: str) -> float:
    value = row.value(name)
    return value if isinstance(value, int | float) else 0


def _sorted(rows: Sequence[AnyRow], key: SortKey) -> list[AnyRow]:
    """Order rows stably; numbers come before texts, and a row without a value last."""
    keyed = [(_order(column_order(row, key.field)), row) for row in rows]
    known = [(order, row) for order, row in keyed if order is not None]
    known.sort(key=lambda pair: pair[0], reverse=key.is_descending)
    return [row for _, row in known] + [row for order, row in keyed if order is None]


def _order(value: JsonValue) -> tuple[Literal[0, 1], float, str] | None:
    match value:
        case None:
            return None
        case bool() | int() | float():
            return (0, float(value), "")
        case str():
            return (1, 0.0, value)
        case _:
            return (1, 0.0, dump_json(value))


def column_order(row: AnyRow, column: QueryField) -> JsonValue:
    """Return what a column is ordered by: times as seconds."""
    if isinstance(column, FieldInfo):
        value = row.value(column.name)
        return list(value) if isinstance(value, tuple) else value
    return column_value(row, column)


def column_value(row: AnyRow, column: QueryField) -> JsonValue:
    """Return the value of a column as JSON: times as ISO text, durations in seconds, sizes in bytes."""
    if isinstance(column, ConfigField):
        found = reach(row.config, column.steps)
        return None if found is None else found[0]
    value = row.value(column.name)
    if isinstance(value, tuple):
        return list(value)
    if column.kind == "time" and isinstance(value, float):
        return datetime.fromtimestamp(value, UTC).isoformat()
    return value


def column_text(row: AnyRow, column: QueryField) -> str:
    """Return the value of a column as a reader wants it."""
    value = column_value(row, column)
    kind = column.kind if isinstance(column, FieldInfo) else "config"
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value and kind == "boolean" else "no" if kind == "boolean" else str(value).lower()
        case float() | int() if kind == "duration":
            return duration_text(value)
        case int() if kind == "size":
            return size_text(value)
        case str() if kind == "time":
            return value[:16].replace("T", " ")
        case str() if column.name == "hash":
            return value[:_SHORT_DIGEST]
        case str():
            return value
        case list() if kind in {"list", "runs"}:
            return ", ".join(str(item) for item in value)
        case dict() | list():
            return nested_text(value)
        case _:
            return readable_json(value)


def nested_text(value: JsonValue) -> str:
    """Return a value of a config in short: of nested configs the classes and plain values."""
    match value:
        case list():
            return f"[{', '.join(map(nested_text, value))}]"
        case dict():
            return config_text(value)
        case _:
            return readable_json(value)


def config_text(document: Mapping[str, JsonValue]) -> str:
    """Return a nested config in short: its class and its scalar fields."""
    name = document.get(_CLASS_KEY)
    if name is None:
        return readable_json(dict(document))
    return f"{str(name).rpartition('.')[2]}({scalars_text(document)})"


def scalars_text(document: Mapping[str, JsonValue]) -> str:
    """Return the plain values of a config: `lr=0.1, epochs=3`."""
    return ", ".join(
        f"{key}={readable_json(value)}"
        for key, value in document.items()
        if key != _CLASS_KEY and not isinstance(value, dict | list)
    )


def duration_text(seconds: float) -> str:
    """Return a time span as `0.4s`, `12s`, `3m 20s`, `2h 05m` or `3d 4h`."""
    if seconds < 10:
        return f"{seconds:.1f}s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole}s"
    if whole < 3600:
        return f"{whole // 60}m {whole % 60:02}s"
    if whole < 86_400:
        return f"{whole // 3600}h {whole % 3600 // 60:02}m"
    return f"{whole // 86_400}d {whole % 86_400 // 3600}h"


def group_name(group: RowGroup) -> str:
    """Return the value that the runs of a group share, as a reader wants it."""
    value = group.value
    return value if isinstance(value, str) else "none" if value is None else readable_json(value)


def sum_text(name: str, value: float) -> str:
    """Return the sum of a column as a reader wants it."""
    return size_text(int(value)) if name == "size" else duration_text(value)


def size_text(size: int) -> str:
    """Return bytes as `812 B`, `5.0 MB`."""
    value = float(size)
    for unit in _UNITS:
        if value < 1000 or unit == _UNITS[-1]:
            return f"{size} B" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{size} B"
