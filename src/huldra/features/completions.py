"""What may be written next inside the brackets of an experiment: its fields, and values that stored runs hold."""

import re
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from huldra.features.picture import FieldRow
from huldra.features.project_view import ProjectView
from huldra.features.standing import class_named
from huldra.features.typed_value import OpenString, open_string, rest_of_string, token_around
from huldra.features.value_text import value_text
from huldra.formats.config_values import ConfigValue
from huldra.stored_runs.model import StoredRun

_FARTHEST = 4000
_LONGEST = 2000
_LONGEST_LABEL = 100
_CALL = re.compile(r"([^\W\d][\w.]*)[ \t]*$")
_VALUE = re.compile(r"(?:^|[(,])\s*([^\W\d]\w*)[ \t]*=[ \t]*(?P<typed>[^=,()\[\]{}]*)$")
_STARTED = re.compile(r"(?:^|[(,])\s*\w*$")
_TIMES = "\N{MULTIPLICATION SIGN}"


class Completion(Struct, frozen=True):
    """What to write, what it is, and where it stands among the others.

    `replaces` are the characters before and behind the cursor in whose place it is written; None where the editor's
    own idea of a word says so. `sought` is what the typed characters are compared with, where that is something else.
    """

    label: str
    insert: str
    detail: str
    is_field: bool
    rank: int
    replaces: tuple[int, int] | None = None
    sought: str | None = None


def completions_at(view: ProjectView, file: str, before: str, after: str) -> tuple[Completion, ...]:
    """Return what may stand at the cursor.

    Args:
        view: The last state.
        file: Root-relative name, whose imports say what names mean.
        before: The text of the file up to the cursor, as it stands now.
        after: What follows it.
    """
    text = before[-_FARTHEST:]
    line = re.split(r"[\r\n]", text)[-1]
    string = open_string(line)
    # What is typed of a string says nothing of the brackets around it.
    opened = _open_bracket(text if string is None else text[: len(text) - len(line) + string.start])
    if opened is None:
        return ()
    call, inside = opened
    class_name = class_named(view, file, call)
    if class_name is None:
        return ()
    value = _VALUE.search(inside)
    if value is not None and string is not None:
        return tuple(_strings(view, class_name, value[1], string, len(line), after))
    if value is not None:
        around = token_around(text[len(text) - len(value["typed"]) :] if value["typed"] else "", after)
        return () if around is None else tuple(_values(view, class_name, value[1], around))
    is_field = string is None and _STARTED.search(inside) is not None
    return tuple(_fields(view, class_name, inside)) if is_field else ()


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


def _values(
    view: ProjectView, class_name: str, field: str, replaces: tuple[int, int] | None = None
) -> Iterator[Completion]:
    counts: Counter[str] = Counter()
    for run in view.runs_of.get(class_name, ()):
        config = run.run.config if isinstance(run.run, StoredRun) else None
        for name, value in () if config is None else config.fields:
            if name == field and not isinstance(value, ConfigValue):
                counts[value_text(value, _LONGEST)] += 1
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    for rank, (text, count) in enumerate(pair for pair in ordered if not pair[0].endswith("…")):
        runs = "stored run" if count == 1 else "stored runs"
        shown = text if len(text) <= _LONGEST_LABEL else f"{text[: _LONGEST_LABEL - 1]}…"
        yield Completion(
            f"{shown} {_TIMES}{count}", text, f"in {count} {runs}", is_field=False, rank=rank, replaces=replaces
        )


def _strings(
    view: ProjectView, class_name: str, field: str, string: OpenString, column: int, after: str
) -> Iterator[Completion]:
    """Texts only, each in the place of the whole literal that is being typed, with its quotes where they can be."""
    if not string.is_plain:
        return
    around = (column - string.start, rest_of_string(after, string.quote))
    for found in _values(view, class_name, field, around):
        if found.insert[0] in "'\"":
            content = found.insert[1:-1]
            text = found.insert if string.quote[0] in content else f"{string.quote}{content}{string.quote}"
            # Editors compare what is typed with this.
            yield replace(found, insert=text, sought=f"{string.prefix}{string.quote}{content}")
