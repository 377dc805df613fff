"""A text with room between its statements means the same, and what is not edited stays on its lines."""

import ast
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from huldra.analysis.alignment import Alignment, Point
from huldra.analysis.spacing import SpacedText, space_out
from huldra.facts.collect import collect_facts, normal_text
from huldra.facts.statements import ClassDefinition, FunctionDefinition
from huldra.facts.walk import walk
from huldra.project.places import Origin, Place

ROOT = Path(__file__).parents[2]
FILES = sorted((*ROOT.glob("tests/cases/**/*.py"), *ROOT.glob("src/huldra/experiments/**/*.py")))
SOURCE = '''"""A file."""

import os

LIMIT = 3


@decorated
class Train:
    """What it is.

    def not_a_method(self): ...
    """

    rate: float = 1.0

    @property
    @cached(
        True,
    )
    def first(self):
        text = """
    def nor_this(self): ...
"""
        return text

    async def second(self): return 2
    # a comment of its own

    class Inner:
        def deep(self):
            pass


def after():
    return Train(
        1,

    )
if LIMIT:
    last = after()'''


def _texts() -> Iterator[str]:
    yield SOURCE
    yield from (normal_text(file.read_text(encoding="utf-8", errors="surrogateescape")) for file in FILES)


def _starts(spaced: SpacedText) -> list[tuple[str, int]]:
    """The definitions of the longer text, and the lines at which they begin."""
    return [
        (node.name, piece.first_line + node.at[0])
        for piece in collect_facts(spaced.text).pieces
        for statement in piece.facts.statements
        for node in walk(statement)
        if isinstance(node, FunctionDefinition | ClassDefinition)
    ]


def test_blank_lines_are_all_that_is_put_in() -> None:
    for text in _texts():
        spaced = space_out(text, None)
        lines, longer = text.split("\n"), spaced.text.split("\n")
        shift = Alignment((spaced.without_room(),))
        for number, line in enumerate(lines, 1):
            point = shift.backwards(Point(number, 1))
            assert point is not None
            if line or number < len(lines):
                assert longer[point.line - 1] == line
                assert shift.forwards(Place("", *point, *point)) == Place("", number, 1, number, 1)
        assert [line for line in longer if line] == [line for line in lines if line]


def test_it_means_the_same_to_python() -> None:
    compared = 0
    for text in _texts():
        try:
            meaning = ast.dump(ast.parse(text))
        except (SyntaxError, ValueError):
            continue
        assert ast.dump(ast.parse(space_out(text, None).text)) == meaning
        compared += 1
    assert compared > 200


def test_places_lead_back_to_those_of_the_text_itself() -> None:
    for text in _texts():
        spaced = space_out(text, None)
        shift = Alignment((spaced.without_room(),))
        there, here = ([*_places(each)] for each in (spaced.text, text))
        assert [shift.forwards(place) for place in there] == here


def _places(text: str) -> Iterator[Place]:
    for piece in collect_facts(text).pieces:
        for statement in piece.facts.statements:
            for node in walk(statement):
                at = getattr(node, "at", None)
                # A class ends where its last method does, and may have room inside.
                if at is not None:
                    yield Origin("", piece.first_line).place(at)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        return text", "        more = 1\n        return text"),
        ("        return text", "        return text\n\n\n\n\n\n        # and more"),
        ("(self): return 2", "(self):\n        return 2"),
        ("        text = ", "        other = "),
        ("            pass\n", "            pass\n            pass\n"),
        ("        1,\n\n", "        1,\n"),
    ],
)
def test_what_is_not_edited_stays_where_it_was(old: str, new: str) -> None:
    first = space_out(SOURCE, None)
    second = space_out(SOURCE.replace(old, new, 1), first)
    assert second.present != first.present
    assert _starts(second) == _starts(first)
    assert _starts(space_out(SOURCE, second)) == _starts(first)


def test_a_method_that_outgrows_its_room_gets_more() -> None:
    first = space_out(SOURCE, None)
    grown = space_out(SOURCE.replace("        return text", "        x = 1\n" * 100 + "        return text"), first)
    before, after = dict(_starts(first)), dict(_starts(grown))
    assert after["first"] == before["first"]
    assert after["second"] > before["second"]
    more = space_out(grown.present.replace("        x = 1\n", "        x = 1\n" * 30, 1), grown)
    assert _starts(more) == _starts(grown)


def test_a_function_that_is_written_leaves_what_stands_before_and_goes_again() -> None:
    first = space_out(SOURCE, None)
    new = SOURCE.replace("def after():", "def written():\n    return 1\n\n\ndef after():")
    second = space_out(new, first)
    assert {name: line for name, line in _starts(second) if name in {"Train", "first"}} == {
        name: line for name, line in _starts(first) if name in {"Train", "first"}
    }
    assert [name for name, _ in _starts(second)] == ["Train", "first", "second", "Inner", "deep", "written", "after"]


def test_any_sequence_of_edits_leaves_a_text_that_means_the_same() -> None:
    chance = random.Random(7)
    parsed = 0
    for text in list(_texts())[:40]:
        spaced, lines = space_out(text, None), text.split("\n")
        for _ in range(12):
            at = chance.randrange(len(lines) + 1)
            match chance.randrange(4):
                case 0:
                    del lines[at : at + chance.randrange(1, 4)]
                case 1:
                    lines[at:at] = ["    x = 1"] * chance.randrange(1, 30)
                case 2:
                    lines[at:at] = ["def new():", '    """', "    return 1", '    """'][: chance.randrange(1, 5)]
                case _:
                    lines[at:at] = chance.choice([["("], ['"""'], ["class A:", "    def f(self): ..."], [""]])
            present = "\n".join(lines)
            spaced = space_out(present, spaced)
            assert spaced.present == present
            shift = Alignment((spaced.without_room(),))
            longer = spaced.text.split("\n")
            for number, line in enumerate(lines[:-1], 1):
                point = shift.backwards(Point(number, 1))
                assert point is not None
                assert longer[point.line - 1] == line
            try:
                meaning = ast.dump(ast.parse(present))
            except (SyntaxError, ValueError):
                continue
            parsed += 1
            assert ast.dump(ast.parse(spaced.text)) == meaning
    assert parsed > 20


def test_an_error_at_the_end_of_a_statement_stands_where_it_ends() -> None:
    """An open bracket is only seen to be open where the statement ends, and that may be in the room after it."""
    text = "def first():\n    return (1,\n\n\ndef second():\n    return 2\n"
    spaced = space_out(text, None)
    shift = Alignment((spaced.without_room(),))
    (broken,) = [p for p in collect_facts(spaced.text).pieces if p.facts.problem is not None]
    (same,) = [p for p in collect_facts(text).pieces if p.facts.problem is not None]
    assert broken.facts.problem is not None
    assert same.facts.problem is not None
    here = Origin("", same.first_line).place(same.facts.problem.at)
    found = shift.forwards(Origin("", broken.first_line).place(broken.facts.problem.at))
    assert found is not None
    assert found.line == here.line
