"""Experiments that stand in manifests, JSON files of them: each entry is a site, and is built as a call would be."""

import difflib
from bisect import bisect_right
from collections.abc import Iterator, Mapping

from huldra.experiments.evaluate.configs import build_config
from huldra.experiments.evaluate.machine import CallArguments, Frame, Machine
from huldra.experiments.evaluate.outcome import BuiltEntry
from huldra.experiments.evaluate.signals import LimitReached, Raised
from huldra.experiments.manifest_reading import ManifestValues
from huldra.experiments.values import ConfigObject, Scope
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
from huldra.project.hierarchy import experiment_classes
from huldra.project.places import Origin, Place

BROKEN = "HUL505"
_KEYS = frozenset({"name", "tags", "class", "config"})
_FILE_KEYS = frozenset({"$schema", "schema_version", "experiments"})
_VERSION = 1


class _Lines:
    """Turns offsets into places."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._starts = [0, *(index + 1 for index, character in enumerate(text) if character == "\n")]

    def place(self, start: int, end: int) -> Place:
        line, column = self._at(start)
        return Place(self._file, line, column, *self._at(end))

    def _at(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def build_manifests(machine: Machine, texts: Mapping[str, str]) -> tuple[BuiltEntry, ...]:
    """Return the entries of manifests. Effect: records the sites, and the problems, that they make."""
    return tuple(entry for file, text in sorted(texts.items()) for entry in _Reader(machine, file, text).entries())


class _Reader:
    """One manifest."""

    def __init__(self, machine: Machine, file: str, text: str) -> None:
        self._machine = machine
        self._file = file
        self._text = text
        self._lines = _Lines(file, text)
        self._names: dict[str, Place] = {}

    def entries(self) -> Iterator[BuiltEntry]:
        """Yield the entries, in order."""
        try:
            tree = parse_positioned(self._text)
        except JsonSyntaxError as error:
            place = self._lines.place(error.offset, min(error.offset + 1, len(self._text)))
            self._machine.report("HUL001", "error", f"this is not JSON: {error}", place)
            return
        for node in self._listed(tree):
            if isinstance(node, JsonTable):
                yield self._entry(node)
            else:
                self._complain("an experiment is an object with `class` and `config`", node)

    def _listed(self, tree: JsonNode) -> tuple[JsonNode, ...]:
        if isinstance(tree, JsonArray):
            return tree.items
        members = self._members(tree, _FILE_KEYS) if isinstance(tree, JsonTable) else {}
        version = members.get("schema_version")
        if version is not None and not (isinstance(version.value, JsonScalar) and version.value.value == _VERSION):
            self._complain(f"`schema_version` is {_VERSION}: no other can be read", version.value)
            return ()
        listed = members.get("experiments")
        if listed is None:
            self._complain("a manifest is a list of experiments, or an object with a list `experiments`", tree)
        elif isinstance(listed.value, JsonArray):
            return listed.value.items
        else:
            self._complain("`experiments` is a list", listed.value)
        return ()

    def _members(self, table: JsonTable, known: frozenset[str]) -> dict[str, JsonMember]:
        found: dict[str, JsonMember] = {}
        for member in table.members:
            if member.key in found:
                self._complain(f"{member.key!r} stands here twice", member)
            if member.key not in known:
                near = difflib.get_close_matches(member.key, known, 1)
                hint = f"; did you mean {near[0]!r}?" if near else f": there are {', '.join(sorted(known))}"
                self._complain(f"there is no key {member.key!r}{hint}", member)
            found[member.key] = member
        return found

    def _entry(self, table: JsonTable) -> BuiltEntry:
        members = self._members(table, _KEYS)
        place = self._lines.place(table.start, table.end)
        config = members.get("config")
        fields = config.value if config is not None else JsonTable((), table.end, table.end)
        built: ConfigObject | None = None
        if isinstance(fields, JsonTable):
            built = self._build(members.get("class"), fields, place)
        else:
            self._complain("`config` is an object: the fields and their values", fields)
        return BuiltEntry(self._name(members.get("name")), self._tags(members.get("tags")), place, built)

    def _name(self, member: JsonMember | None) -> str | None:
        if member is None:
            return None
        if not isinstance(member.value, JsonScalar) or not isinstance(member.value.value, str):
            self._complain("`name` is a string", member.value)
            return None
        name = member.value.value
        if name in self._names:
            self._complain(f"the name {name!r} stands at line {self._names[name].line} already", member.value)
        self._names.setdefault(name, self._lines.place(member.value.start, member.value.end))
        return name

    def _tags(self, member: JsonMember | None) -> tuple[str, ...]:
        if member is None:
            return ()
        items = member.value.items if isinstance(member.value, JsonArray) else ()
        tags = tuple(i.value for i in items if isinstance(i, JsonScalar) and isinstance(i.value, str))
        if not isinstance(member.value, JsonArray) or len(tags) < len(items):
            self._complain("`tags` is a list of strings", member.value)
        return tags

    def _build(self, class_member: JsonMember | None, fields: JsonTable, place: Place) -> ConfigObject | None:
        marker = next((member for member in fields.members if member.key == CLASS_MARKER), None)
        named = class_member or marker
        if named is None or not isinstance(named.value, JsonScalar) or not isinstance(named.value.value, str):
            self._machine.report(BROKEN, "error", "`class` is the dotted name of an experiment class", place)
            return None
        if class_member is not None and marker is not None and marker.value != class_member.value:
            same = isinstance(marker.value, JsonScalar) and marker.value.value == named.value.value
            if not same:
                self._complain(f"`class` says {named.value.value}", marker)
                return None
        known = [info.name for info in experiment_classes(self._machine.project.classes) if not info.is_local]
        if named.value.value not in known:
            near = difflib.get_close_matches(named.value.value, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            self._complain(f"there is no experiment class {named.value.value}{hint}", named.value)
            return None
        return self._config(named.value.value, fields, place)

    def _config(self, name: str, fields: JsonTable, place: Place) -> ConfigObject | None:
        values = ManifestValues(self._machine, self._complain, self._config_of)
        cls = self._machine.class_object(name)
        if cls is None:
            return None
        arguments = CallArguments([], {}, place)
        places: dict[str, Place] = {}
        for member in fields.members:
            if member.key == CLASS_MARKER:
                continue
            if member.key in places:
                self._complain(f"{member.key!r} stands here twice", member)
            places[member.key] = self._lines.place(member.start, member.end)
            arguments.keywords[member.key] = values.field(cls, member.key, member.value, places[member.key])
        arguments.places = places
        frame = Frame(Scope(), cls.info.module, Origin(self._file))
        said = len(self._machine.problems)
        try:
            with self._machine.fresh_steps(), self._machine.building("manifest"):
                built = build_config(self._machine, cls, arguments, frame)
        except Raised as raised:
            # Most say so themselves, at the argument; what a default raises has nobody else to say it.
            if len(self._machine.problems) == said:
                self._machine.report(BROKEN, "error", f"building it raises {raised}", place)
            return None
        except LimitReached as limit:
            self._machine.report("HUL003", "warning", str(limit), place)
            return None
        return built if isinstance(built, ConfigObject) else None

    def _config_of(self, name: str, fields: JsonTable) -> ConfigObject | None:
        """A config inside another: of any config class of the project."""
        place = self._lines.place(fields.start, fields.end)
        if not self._machine.project.tables.is_config_class(name):
            self._machine.report(BROKEN, "error", f"there is no config class {name}", place)
            return None
        return self._config(name, fields, place)

    def _complain(self, message: str, node: JsonNode | JsonMember) -> None:
        self._machine.report(BROKEN, "error", message, self._lines.place(node.start, node.end))
