"""Actions that are edits of the code: silence a problem where it stands, give a field a default that old runs fit."""

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from huldra.facts.collect import normal_text
from huldra.facts.suppressions import scan_suppressions
from huldra.features.project_view import ProjectView
from huldra.features.standing import FieldThere, Standing
from huldra.formats.config_values import ConfigValue
from huldra.project.fields import FieldDeclaration
from huldra.project.places import Place

_FIRST_VALUES = {"int": "0", "float": "0.0", "str": '""', "bool": "False"}
_MAY_BE_NONE = re.compile(r"\bOptional\[|\|\s*None\b|\bNone\s*\|")


class Insertion(Struct, frozen=True):
    """Text that is put in at a point; `place` is empty."""

    title: str
    place: Place
    text: str


def ignore_insertion(text: str, file: str, line: int, end_line: int, code: str) -> Insertion | None:
    """Return what silences a problem code on the first or last line of what it is about; None where nothing can.

    Args:
        text: The file as the editor holds it.
        file: Its root-relative name.
        line: The first line, from 1.
        end_line: The last line.
        code: The problem code.
    """
    normal = normal_text(text)
    lines = normal.split("\n")
    for number in dict.fromkeys((line, end_line)):
        found = _on_line(normal, lines, file, number, code) if 0 < number <= len(lines) else None
        if found is not None:
            return found
    return None


def _on_line(normal: str, lines: list[str], file: str, number: int, code: str) -> Insertion | None:
    content = lines[number - 1]
    there = [c for c in scan_suppressions(normal) if c.line == number and not c.is_for_file and c.codes]
    column, added = len(content.rstrip()), f"  # huldra: ignore[{code}]"
    if there:
        column, added = content.rfind("]", 0, there[0].end_column - 1), f", {code}"
    edited = content[:column] + added + content[column:]
    after = "\n".join((*lines[: number - 1], edited, *lines[number:]))
    # What stands inside a string, or before a line end that is escaped, is no comment.
    is_heard = any(c.line == number and code in c.codes for c in scan_suppressions(after))
    is_whole = not content.endswith("\\")
    place = Place(file, number, column + 1, number, column + 1)
    return Insertion(f"Ignore {code} here", place, added) if is_heard and is_whole else None


def default_insertion(view: ProjectView, standing: Standing | None) -> Insertion | None:
    """Return a default for a required field that stored runs do not have; None where that is not so.

    The value is the one that the code gives most often, else the first of its type.
    """
    if not isinstance(standing, FieldThere) or standing.is_read:
        return None
    field = view.snapshot.project.tables.table(standing.class_name).get(standing.field)
    if field is None or not field.is_required or field.annotation is None:
        return None
    if (field.place.file, field.place.line) != (standing.place.file, standing.place.line):
        return None
    definitions = {f"{name}.{field.name}" for name in _having(view, field)}
    runs = [run for run in view.picture.runs if any(_is_added(r.code, r.definition, definitions) for r in run.reasons)]
    value = _likely_value(view, field)
    if not runs or value is None:
        return None
    line, column = field.place.end_line, field.place.end_column
    end = Place(field.place.file, line, column, line, column)
    count = f"{len(runs)} stored {'run fits' if len(runs) == 1 else 'runs fit'}"
    return Insertion(f"Give {field.name} the default {value}, so that {count} the class", end, f" = {value}")


def _having(view: ProjectView, field: FieldDeclaration) -> list[str]:
    tables = view.snapshot.project.tables
    return [name for name in view.classes if tables.table(name).get(field.name) == field]


def _is_added(code: str, definition: str | None, definitions: set[str]) -> bool:
    return code == "field-added" and definition in definitions


def _likely_value(view: ProjectView, field: FieldDeclaration) -> str | None:
    values: Counter[str] = Counter()
    for name in _having(view, field):
        for row in view.experiments_of.get(name, ()):
            values.update(_sources(row.experiment.config, field.name))
    if values:
        return min(values, key=lambda text: (-values[text], text))
    if _MAY_BE_NONE.search(field.annotation_text):
        return "None"
    return _FIRST_VALUES.get(field.annotation_text)


def _sources(config: ConfigValue, name: str) -> Iterator[str]:
    """Python for the value of a field, where it is a plain one."""
    for field, value in config.fields:
        if field == name and (value is None or isinstance(value, bool | int | float | str)):
            yield repr(value)
