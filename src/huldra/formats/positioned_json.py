"""JSON text as a tree that knows where each part stands. Offsets are code points from the beginning of the text."""

import json
import re
from typing import NoReturn

from msgspec import Struct

_SPACE = re.compile(r"[ \t\r\n]*")
_SCALAR_STARTS = frozenset('"-0123456789tfn')
_DEEPEST = 100


class JsonScalar(Struct, frozen=True):
    """A string, a number, true, false or null; `end` is exclusive, as everywhere here."""

    value: str | int | float | bool | None
    start: int
    end: int


class JsonArray(Struct, frozen=True):
    """`[…]`."""

    items: "tuple[JsonNode, ...]"
    start: int
    end: int


class JsonMember(Struct, frozen=True):
    """`"key": value`."""

    key: str
    value: "JsonNode"
    start: int
    end: int


class JsonTable(Struct, frozen=True):
    """`{…}`, its members in the order of the text; a key may stand twice."""

    members: tuple[JsonMember, ...]
    start: int
    end: int


JsonNode = JsonScalar | JsonArray | JsonTable


class JsonSyntaxError(ValueError):
    """The text is not JSON; `offset` is where that shows."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def parse_positioned(text: str) -> JsonNode:
    """Return the tree of a JSON text.

    Raises:
        JsonSyntaxError: it is not JSON (which has no comments, no trailing commas and no NaN), or nests too deep.
    """
    reader = _Reader(text)
    node, end = reader.node(reader.skip(0), 0)
    end = reader.skip(end)
    if end < len(text):
        raise JsonSyntaxError("something stands after the end of the value", end)
    return node


def _refuse(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self._decoder = json.JSONDecoder(parse_constant=_refuse)

    def skip(self, offset: int) -> int:
        found = _SPACE.match(self.text, offset)
        return offset if found is None else found.end()

    def node(self, start: int, depth: int) -> tuple[JsonNode, int]:
        if depth > _DEEPEST:
            raise JsonSyntaxError(f"this nests deeper than {_DEEPEST}", start)
        match self.text[start : start + 1]:
            case "{":
                members, end = self._members(start, depth)
                return JsonTable(members, start, end), end
            case "[":
                items, end = self._items(start, depth)
                return JsonArray(items, start, end), end
            case first if first in _SCALAR_STARTS:
                scalar = self._scalar(start)
                return scalar, scalar.end
            case _:
                raise JsonSyntaxError("a value is expected here", start)

    def _scalar(self, start: int) -> JsonScalar:
        try:
            found: tuple[object, int] = self._decoder.raw_decode(self.text, start)
        except json.JSONDecodeError as error:
            raise JsonSyntaxError(error.msg, min(error.pos, len(self.text))) from error
        except ValueError as error:  # a number of more digits than Python reads
            raise JsonSyntaxError(str(error), start) from error
        value, end = found
        if not isinstance(value, str | int | float | None):
            raise JsonSyntaxError("a value is expected here", start)
        return JsonScalar(value, start, end)

    def _items(self, start: int, depth: int) -> tuple[tuple[JsonNode, ...], int]:
        items: list[JsonNode] = []
        offset = self.skip(start + 1)
        if self.text[offset : offset + 1] == "]":
            return (), offset + 1
        while True:
            item, offset = self.node(offset, depth + 1)
            items.append(item)
            offset = self.skip(offset)
            if self.text[offset : offset + 1] == "]":
                return tuple(items), offset + 1
            offset = self.skip(self._expect(",", offset))

    def _members(self, start: int, depth: int) -> tuple[tuple[JsonMember, ...], int]:
        members: list[JsonMember] = []
        offset = self.skip(start + 1)
        if self.text[offset : offset + 1] == "}":
            return (), offset + 1
        while True:
            if self.text[offset : offset + 1] != '"':
                raise JsonSyntaxError("a key in double quotes is expected here", offset)
            key = self._scalar(offset)
            value, end = self.node(self.skip(self._expect(":", self.skip(key.end))), depth + 1)
            members.append(JsonMember(str(key.value), value, key.start, end))
            offset = self.skip(end)
            if self.text[offset : offset + 1] == "}":
                return tuple(members), offset + 1
            offset = self.skip(self._expect(",", offset))

    def _expect(self, character: str, offset: int) -> int:
        if self.text[offset : offset + 1] != character:
            raise JsonSyntaxError(f"{character!r} is expected here", offset)
        return offset + 1
