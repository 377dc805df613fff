"""Values of manifests as values of the evaluator. What cannot be read is unknown, and a problem where it stands."""

import base64
import binascii
import math
from collections.abc import Callable
from datetime import datetime

from huldra.experiments.evaluate.enums import enum_member
from huldra.experiments.evaluate.from_dicts import is_path_field
from huldra.experiments.evaluate.library import make_path
from huldra.experiments.evaluate.machine import Machine
from huldra.experiments.value_identity import as_key
from huldra.experiments.values import (
    AbstractValue,
    ClassObject,
    ConfigObject,
    DictObject,
    ListObject,
    SetObject,
    Unknown,
)
from huldra.formats import manifest_values as tags
from huldra.formats.config_documents import CLASS_MARKER
from huldra.formats.positioned_json import JsonArray, JsonNode, JsonScalar, JsonTable
from huldra.project.places import Place

Complain = Callable[[str, JsonNode], None]
BuildConfig = Callable[[str, JsonTable], ConfigObject | None]
_TAKES = {
    tags.ENUM: 'a member of an enum of the project, as "lab.data.Split:TRAIN"',
    tags.PATH: "a path as text",
    tags.TUPLE: "a list",
    tags.SET: "a list",
    tags.FROZEN_SET: "a list",
    tags.BYTES: "Base64 as text",
    tags.TIME: 'a time in ISO 8601, as "2024-01-02T03:00:00+00:00"',
    tags.FLOAT: '"inf", "-inf" or "nan"',
    tags.DICT: "a list of pairs, [key, value]",
}
"""What stands behind a tag."""


class ManifestValues:
    """Reads values; `complain` reports a problem, `build` makes the configs that stand inside others."""

    def __init__(self, machine: Machine, complain: Complain, build: BuildConfig) -> None:
        self._machine = machine
        self._complain = complain
        self._build = build

    def field(self, cls: ClassObject, name: str, node: JsonNode, place: Place) -> AbstractValue:
        """Return the value of a field; a string in a field annotated `Path` is a path, as `from_dict` has it."""
        text = node.value if isinstance(node, JsonScalar) else None
        if isinstance(text, str) and is_path_field(self._machine, cls, name):
            return make_path([text], place)
        return self.value(node, place)

    def value(self, node: JsonNode, place: Place) -> AbstractValue:
        """Return a value."""
        match node:
            case JsonScalar(value=value):
                return value
            case JsonArray(items=items):
                return ListObject([self.value(item, place) for item in items])
            case JsonTable():
                return self._table(node, place)

    def _table(self, node: JsonTable, place: Place) -> AbstractValue:
        keys = [member.key for member in node.members]
        if len(set(keys)) < len(keys):
            return self._unreadable("a key stands here twice", node, place)
        marker = next((member.value for member in node.members if member.key == CLASS_MARKER), None)
        if marker is not None:
            name = marker.value if isinstance(marker, JsonScalar) else None
            built = self._build(name, node) if isinstance(name, str) else None
            return built or self._unreadable(f"`{CLASS_MARKER}` names a config class", node, place, is_known=True)
        if len(keys) == 1 and keys[0] in tags.TAGS:
            found = self._tagged(keys[0], node.members[0].value, place)
            return self._unreadable(f"{keys[0]} takes {_TAKES[keys[0]]}", node, place) if found is None else found
        return DictObject({member.key: self.value(member.value, place) for member in node.members})

    def _unreadable(self, message: str, node: JsonNode, place: Place, *, is_known: bool = False) -> Unknown:
        if not is_known:
            self._complain(message, node)
        return Unknown("a value of the manifest that cannot be read", place)

    def _tagged(self, tag: str, node: JsonNode, place: Place) -> AbstractValue:
        """Return what a tag makes of a value; None where it cannot be."""
        if isinstance(node, JsonArray):
            return self._collected(tag, node, place)
        text = node.value if isinstance(node, JsonScalar) else None
        return self._from_text(tag, text, place) if isinstance(text, str) else None

    def _collected(self, tag: str, node: JsonArray, place: Place) -> AbstractValue:
        if tag == tags.DICT:
            return self._dict(node, place)
        items = [self.value(item, place) for item in node.items]
        if tag == tags.TUPLE:
            return tuple(items)
        if tag in {tags.SET, tags.FROZEN_SET}:
            result = SetObject({}, is_frozen=tag == tags.FROZEN_SET)
            for item in items:
                key = as_key(item)
                if isinstance(key, Unknown):
                    return key
                result.items.setdefault(key)
            return result
        return None

    def _dict(self, node: JsonArray, place: Place) -> AbstractValue:
        result = DictObject({})
        for pair in node.items:
            if not isinstance(pair, JsonArray) or len(pair.items) != 2:
                return None
            key = as_key(self.value(pair.items[0], place))
            if isinstance(key, Unknown):
                return key
            result.items[key] = self.value(pair.items[1], place)
        return result

    def _from_text(self, tag: str, text: str, place: Place) -> AbstractValue:
        try:
            match tag:
                case tags.PATH:
                    return make_path([text], place)
                case tags.BYTES:
                    return base64.b64decode(text, validate=True)
                case tags.TIME:
                    return datetime.fromisoformat(text)
                case tags.FLOAT:
                    number = float(text)
                    return None if math.isfinite(number) else number
                case tags.ENUM:
                    return self._member(text)
                case _:
                    return None
        except (ValueError, binascii.Error):
            return None

    def _member(self, text: str) -> AbstractValue:
        name, _, member = text.rpartition(":")
        cls = self._machine.class_object(name)
        return None if cls is None else enum_member(self._machine, cls, member)
