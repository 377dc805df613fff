"""JSON with positions: what it reads, and where it says things stand, against Python's own reader."""

import json

import pytest

from huldra.formats.positioned_json import (
    JsonArray,
    JsonNode,
    JsonScalar,
    JsonSyntaxError,
    JsonTable,
    parse_positioned,
)


def plain(node: JsonNode):
    match node:
        case JsonScalar(value=value):
            return value
        case JsonArray(items=items):
            return [plain(item) for item in items]
        case JsonTable(members=members):
            return {member.key: plain(member.value) for member in members}


def nodes(node: JsonNode):
    yield node
    children = node.items if isinstance(node, JsonArray) else ()
    children = [member.value for member in node.members] if isinstance(node, JsonTable) else children
    for child in children:
        yield from nodes(child)


TEXTS = (
    *("null", "true", " false ", "0", "-1.5e-3", '"a\\u00e9\\"b"', "[]", "{}", "[ ]", "{ }", "[1, [2], {}]"),
    '{"a": {"b": [1, "é", null]}, "": -0.0}',
    '\n{ "key" : [ 1 ,\n 2 ] ,\t"other":{"x":1e400}}\r\n',
    "12345678901234567890123",
)


@pytest.mark.parametrize("text", TEXTS)
def test_it_reads_what_python_reads_and_says_where_it_stands(text):
    tree = parse_positioned(text)
    assert repr(plain(tree)) == repr(json.loads(text))
    for node in nodes(tree):
        assert repr(plain(parse_positioned(text[node.start : node.end]))) == repr(plain(node))
        assert text[node.start : node.end].strip() == text[node.start : node.end]


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        *(("", 0), ("  ", 2), ("[1,]", 3), ("[1 2]", 3), ('{"a" 1}', 5), ('{"a": 1,}', 8), ("{a: 1}", 1), ("[1", 2)),
        *(
            ("NaN", 0),
            ("[Infinity]", 1),
            ("[-Infinity]", 1),
            ("1 2", 2),
            ("tru", 0),
            ('"abc', 0),
            ("// x", 0),
            ("'a'", 0),
        ),
        ("[" * 102 + "]" * 102, 101),
    ],
)
def test_what_is_not_json_is_refused_where_it_shows(text, offset):
    with pytest.raises(JsonSyntaxError) as caught:
        parse_positioned(text)
    assert caught.value.offset == offset


def test_a_key_that_stands_twice_is_kept_twice():
    tree = parse_positioned('{"a": 1, "a": 2}')
    assert isinstance(tree, JsonTable)
    assert [(member.key, member.start, member.end) for member in tree.members] == [("a", 1, 7), ("a", 9, 15)]
