"""What may be written next in a manifest: keys of an entry, fields of its class, classes, values that runs hold."""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from huldra.features.completions import Completion, field_words
from huldra.features.project_view import ProjectView
from huldra.formats.config_documents import CLASS_MARKER
from huldra.formats.config_values import ConfigValue, Value
from huldra.formats.json_values import readable_json
from huldra.formats.manifest_values import NotWritableError, manifest_value
from huldra.stored_runs.model import StoredRun

_ENTRY_KEYS = {
    "name": "a name that is unique in the file",
    "class": "the experiment class, by its whole name",
    "config": "the arguments of its constructor",
    "tags": "a list of words",
}
_TIMES = "\N{MULTIPLICATION SIGN}"


class _Open(Struct):
    """A bracket that is still open: its keys so far with their texts, and the key whose value stands next."""

    bracket: str
    at: str | None
    values: dict[str, str] = {}
    key: str | None = None


def manifest_completions(view: ProjectView, before: str, after: str) -> tuple[Completion, ...]:
    """Return what may follow a text.

    Args:
        view: The last state.
        before: The text of the manifest up to the cursor.
        after: What follows it, where the class may stand.
    """
    opened, is_in_string = _scan(before)
    if not opened or opened[-1].bracket != "{":
        return ()
    here = opened[-1]
    later, around = _scan_tables(after, is_in_string=is_in_string)
    class_name = _class_of(opened, later, around)
    quote = "" if is_in_string else '"'
    if here.key is not None:
        return tuple(_values(view, class_name, here, quote))
    given = {*here.values, *later}
    if _is_entry(opened):
        return tuple(
            Completion(key, f"{quote}{key}{quote}", words, is_field=True, rank=rank)
            for rank, (key, words) in enumerate(_ENTRY_KEYS.items())
            if key not in given
        )
    row = view.classes.get(class_name or "")
    return tuple(
        Completion(found.name, f"{quote}{found.name}{quote}", field_words(found), is_field=True, rank=rank)
        for rank, found in enumerate(row.fields if row is not None else ())
        if found.name not in given
    )


def _is_entry(opened: list[_Open]) -> bool:
    """Whether the innermost bracket is an entry: an item of the list `experiments`, or of the file itself."""
    around = opened[:-1]
    return len(around) in {1, 2} and around[-1].bracket == "[" and around[-1].at in {None, "experiments"}


def _class_of(opened: list[_Open], later: dict[str, str], around: dict[str, str]) -> str | None:
    """The class whose fields stand in the innermost bracket; it may be named after them."""
    here = opened[-1]
    marked = here.values.get(CLASS_MARKER) or later.get(CLASS_MARKER)
    if marked is not None or len(opened) < 2:
        return marked
    is_config = here.at == "config" and _is_entry(opened[:-1])
    return opened[-2].values.get("class") or around.get("class") if is_config else None


def _values(view: ProjectView, class_name: str | None, here: _Open, quote: str) -> Iterator[Completion]:
    if here.key in {"class", CLASS_MARKER}:
        for rank, name in enumerate(sorted(view.classes)):
            if not view.classes[name].is_abstract:
                yield Completion(name, f"{quote}{name}{quote}", "experiment class", is_field=False, rank=rank)
        return
    counts: Counter[str] = Counter()
    for run in view.runs_of.get(class_name or "", ()):
        config = run.run.config if isinstance(run.run, StoredRun) else None
        counts.update(_texts(config, here.key or ""))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    for rank, (text, count) in enumerate(ordered):
        written = text if quote else text.strip('"')
        if quote or text.startswith('"'):
            yield Completion(f"{text} {_TIMES}{count}", written, f"in {count} stored runs", is_field=False, rank=rank)


def _texts(config: ConfigValue | None, name: str) -> Iterator[str]:
    for field_name, value in () if config is None else config.fields:
        if field_name == name and not isinstance(value, ConfigValue):
            text = _json(value)
            yield from () if text is None else (text,)


def _json(value: Value) -> str | None:
    try:
        return readable_json(manifest_value(value))
    except NotWritableError:
        return None


def _scan(text: str) -> tuple[list[_Open], bool]:
    """Return the brackets that are still open at the end of a text, and whether a string is."""
    opened: list[_Open] = []
    index, last = 0, ""
    while index < len(text):
        character = text[index]
        if character == '"':
            end = _string_end(text, index)
            if end == len(text):
                return opened, True
            last = text[index + 1 : end]
            index = end
            if opened and opened[-1].key is not None:
                opened[-1].values[opened[-1].key] = last
        elif character in "{[":
            opened.append(_Open(character, opened[-1].key if opened else None))
        elif character in "}]":
            if opened:
                opened.pop()
        elif character == ":" and opened:
            opened[-1].key = last
            opened[-1].values.setdefault(last, "")
        elif character == "," and opened:
            opened[-1].key = None
        index += 1
    return opened, False


def _string_end(text: str, start: int) -> int:
    """Return where a string ends: at its quote, at the end of its line, or of the text."""
    index = start + 1
    while index < len(text):
        if text[index] == "\\":
            index += 1
        elif text[index] in '"\n':
            return index
        index += 1
    return len(text)


def _scan_tables(after: str, *, is_in_string: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Return the keys that follow in the same table, and those in the table around it, with their texts."""
    rest = after[_string_end(after, -1) + 1 :] if is_in_string else after
    end = _end_of_table(rest)
    return _scan_table(rest[:end]), _scan_table(rest[end + 1 : end + 1 + _end_of_table(rest[end + 1 :])])


def _scan_table(inside: str) -> dict[str, str]:
    opened, _ = _scan("{" + inside)
    return opened[0].values if opened else {}


def _end_of_table(text: str) -> int:
    depth, index = 0, 0
    while index < len(text):
        character = text[index]
        if character == '"':
            index = _string_end(text, index)
        elif character in "{[":
            depth += 1
        elif character in "}]":
            depth -= 1
            if depth < 0:
                return index
        index += 1
    return len(text)
