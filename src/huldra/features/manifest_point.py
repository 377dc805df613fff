"""What stands at a point of a manifest: an entry, its class, or a field. Knows JSON text only."""

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from huldra.facts.collect import normal_text
from huldra.facts.tokens import Lines
from huldra.formats.config_documents import CLASS_MARKER
from huldra.formats.positioned_json import (
    JsonArray,
    JsonMember,
    JsonNode,
    JsonScalar,
    JsonSyntaxError,
    JsonTable,
    parse_positioned,
)
from huldra.project.places import Place


class ManifestPoint(Struct, frozen=True):
    """What stands there: `word` is the field or the class, `class_name` the class whose field it is."""

    kind: Literal["entry", "class", "field"]
    word: str
    class_name: str
    place: Place


def manifest_point(text: str, file: str, line: int, column: int) -> ManifestPoint | None:
    """Return what stands at a point (from 1); None for anything else, and in what is no JSON."""
    normal = normal_text(text)
    lines = Lines(normal)
    if not 0 < line <= len(lines):
        return None
    offset = lines.start(line - 1) + column - 1
    try:
        tree = parse_positioned(normal)
    except JsonSyntaxError:
        return None
    return next(_Reader(normal, file, lines, offset).points(tree, "", is_entry=True), None)


class _Reader(Struct, frozen=True):
    text: str
    file: str
    lines: Lines
    offset: int

    def points(self, node: JsonNode, named: str, *, is_entry: bool) -> Iterator[ManifestPoint]:
        """Yield what stands there; `named` is the class that is said outside of a table."""
        if not node.start <= self.offset <= node.end:
            return
        match node:
            case JsonArray(items=items):
                for item in items:
                    yield from self.points(item, "", is_entry=is_entry)
            case JsonTable(members=members):
                yield from self._table(node, members, named, is_entry=is_entry)
            case JsonScalar():
                return

    def _table(
        self, table: JsonTable, members: tuple[JsonMember, ...], named: str, *, is_entry: bool
    ) -> Iterator[ManifestPoint]:
        texts = {member.key: member.value.value for member in members if isinstance(member.value, JsonScalar)}
        marked, of_entry = texts.get(CLASS_MARKER), texts.get("class")
        class_name = marked if isinstance(marked, str) else named
        for member in members:
            if not member.start <= self.offset <= member.end:
                continue
            is_config = is_entry and member.key == "config"
            inner = of_entry if is_config and isinstance(of_entry, str) else ""
            yield from self.points(member.value, inner, is_entry=is_entry and member.key == "experiments")
            on_value = self.offset >= member.value.start
            if member.key in {CLASS_MARKER, "class"} and on_value and isinstance(member.value, JsonScalar):
                word = member.value.value
                yield ManifestPoint("class", str(word), "", self._place(member.value.start, member.value.end))
            elif class_name and not on_value:
                yield ManifestPoint("field", member.key, class_name, self._key_place(member))
            elif is_entry and member.key == "name":
                yield ManifestPoint("entry", "", "", self._place(member.value.start, member.value.end))
        if is_entry and self.offset <= table.start + 1 and of_entry is not None:
            yield ManifestPoint("entry", "", "", self._place(table.start, table.start + 1))

    def _key_place(self, member: JsonMember) -> Place:
        end = self.text.rfind('"', member.start + 1, self.text.rfind(":", member.start, member.value.start)) + 1
        return self._place(member.start, end)

    def _place(self, start: int, end: int) -> Place:
        (line, column), (last, after) = self.lines.place(start), self.lines.place(end)
        return Place(self.file, line + 1, column + 1, last + 1, after + 1)
