"""What may be written next inside the brackets of an experiment: its fields, and values that stored runs hold."""

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from huldra.features.picture import FieldRow
from huldra.features.project_view import ProjectView
from huldra.features.standing import class_named
from huldra.features.value_text import value_text
from huldra.formats.config_values import ConfigValue
from huldra.stored_runs.model import StoredRun

_FARTHEST = 4000
_CALL = re.compile(r"([^\W\d][\w.]*)[ \t]*$")
_VALUE = re.compile(r"(?:^|[(,])\s*([^\W\d]\w*)[ \t]*=[ \t]*[^=,()\[\]{}]*$")
_STARTED = re.compile(r"(?:^|[(,])\s*\w*$")
_TIMES = "\N{MULTIPLICATION SIGN}"


class Completion(Struct, frozen=True):
    """What to write, what it is, and where it stands among the others."""

    label: str
    insert: str
    detail: str
    is_field: bool
    rank: int


def completions_at(view: ProjectView, file: str, before: str) -> tuple[Completion, ...]:
    """Return what may follow a text.

    Args:
        view: The last state.
        file: Root-relative name, whose imports say what names mean.
        before: The text of the file up to the cursor, as it stands now.
    """
    opened = _open_bracket(before[-_FARTHEST:])
    if opened is None:
        return ()
    call, inside = opened
    class_name = class_named(view, file, call)
    if class_name is None:
        return ()
    value = _VALUE.search(inside)
    if value is not None:
        return tuple(_values(view, class_name, value[1]))
    return tuple(_fields(view, class_name, inside)) if _STARTED.search(inside) else ()


def _open_bracket(text: str) -> tuple[str, str] | None:
    """The name before the innermost bracket that is still open, and what stands behind that. Strings are skipped."""
    depth = 0
    plain = re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", lambda found: "_" * len(found[0]), text)
    for index in range(len(plain) - 1, -1, -1):
        character = plain[index]
        if character in ")]}":
            depth += 1
        elif character in "([{":
            if depth:
                depth -= 1
                continue
            name = _CALL.search(plain[:index])
            return (name[1], plain[index + 1 :]) if character == "(" and name is not None else None
    return None


def _fields(view: ProjectView, class_name: str, inside: str) -> Iterator[Completion]:
    row = view.classes.get(class_name)
    given = set(re.findall(r"([^\W\d]\w*)[ \t]*=(?!=)", inside))
    for rank, field in enumerate(row.fields if row is not None else ()):
        if field.name not in given:
            yield Completion(field.name, f"{field.name}=", field_words(field), is_field=True, rank=rank)


def field_words(field: FieldRow) -> str:
    """Return what a list says of a field: its annotation, and whether it must be given."""
    return f"{field.annotation} · {'required' if field.is_required else 'has a default'}"


def _values(view: ProjectView, class_name: str, field: str) -> Iterator[Completion]:
    counts: Counter[str] = Counter()
    for run in view.runs_of.get(class_name, ()):
        config = run.run.config if isinstance(run.run, StoredRun) else None
        for name, value in () if config is None else config.fields:
            if name == field and not isinstance(value, ConfigValue):
                counts[value_text(value)] += 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    for rank, (text, count) in enumerate(ordered):
        runs = "stored run" if count == 1 else "stored runs"
        yield Completion(f"{text} {_TIMES}{count}", text, f"in {count} {runs}", is_field=False, rank=rank)
