"""The table of `huldra runs` as CSV and Markdown. Imports no models."""

import csv
import io

from huldra.features.run_table import RunTable, column_text, column_value, group_name, sum_text
from huldra.formats.json_values import JsonValue, dump_json

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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
