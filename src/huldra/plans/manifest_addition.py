"""Entries put into the text of a manifest, where its list ends. Touches nothing else of the text."""

import json
from collections.abc import Sequence

from msgspec import Struct

from huldra.formats.json_values import JsonObject
from huldra.formats.positioned_json import JsonArray, JsonNode, JsonSyntaxError, JsonTable, parse_positioned
from huldra.plans.values_in_code import NotWritable

_INDENT = 2


class Addition(Struct, frozen=True):
    """Text to be put in at an offset (code points) of a manifest."""

    offset: int
    text: str


def manifest_addition(text: str, entries: Sequence[JsonObject]) -> Addition | NotWritable:
    """Return what adds entries to a manifest, in its own layout.

    Args:
        text: The manifest, line ends as newlines; empty for one that is not there yet.
        entries: As `code_entries` gives them.
    """
    if not text.strip():
        document = {"schema_version": 1, "experiments": list(entries)}
        return Addition(len(text), f"{json.dumps(document, indent=_INDENT, ensure_ascii=False)}\n")
    try:
        listed = _listed(parse_positioned(text))
    except JsonSyntaxError as error:
        return NotWritable(f"the manifest is no JSON: {error}")
    if listed is None:
        return NotWritable("the manifest has no list of experiments")
    if not listed.items:
        margin = _margin(text, listed.start) + " " * _INDENT
        inside = ",\n".join(_indented(entry, margin) for entry in entries)
        return Addition(listed.start + 1, f"\n{inside}\n{margin[:-_INDENT]}")
    last = listed.items[-1]
    margin = _margin(text, last.start)
    return Addition(last.end, "".join(f",\n{_indented(entry, margin)}" for entry in entries))


def _listed(tree: JsonNode) -> JsonArray | None:
    match tree:
        case JsonArray():
            return tree
        case JsonTable(members=members):
            values = [member.value for member in members if member.key == "experiments"]
            return values[0] if values and isinstance(values[0], JsonArray) else None
        case _:
            return None


def _margin(text: str, offset: int) -> str:
    """The space that the line of an offset begins with."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip())]


def _indented(entry: JsonObject, margin: str) -> str:
    lines = json.dumps(entry, indent=_INDENT, ensure_ascii=False).split("\n")
    return "\n".join(f"{margin}{line}" for line in lines)
