"""Two texts are lined up by blank lines alone, and only where these mean nothing."""

import random

import pytest

from huldra.analysis.lined_up import line_up
from huldra.facts.collect import collect_facts

LINES = ("a = 1", "def f():", "    return 2", "", "# b", "    x = (", "    3)", "class C:", "    y = 4", "    z = 5")


def test_what_follows_a_line_more_stands_at_the_same_line() -> None:
    found = line_up("a\nb\nc\n", "a\nb\nnew\nc\n")
    assert found is not None
    assert (found.before, found.after) == ("a\nb\n\nc\n", "a\nb\nnew\nc\n")
    assert [found.line(line) for line in range(3)] == [0, 1, 3]


def test_a_line_less_leaves_a_blank_one() -> None:
    found = line_up("a\nb\nc\n", "a\nc\n")
    assert found is not None
    assert (found.before, found.after) == ("a\nb\nc\n", "a\n\nc\n")
    assert [found.line(line) for line in range(3)] == [0, 1, 2]


def test_several_edits_each_make_room_for_themselves() -> None:
    found = line_up("a\nb\nc\nd\n", "a\nx\ny\nb\nd\nz\n")
    assert found is not None
    assert found.before.split("\n")[3::2][:2] == ["b", "d"]
    assert found.before.count("\n") == found.after.count("\n")


@pytest.mark.parametrize("seed", range(200))
def test_what_is_the_same_stands_at_the_same_line(seed: int) -> None:
    chance = random.Random(seed)
    before = [f"{chance.choice(LINES)}\n" for _ in range(chance.randrange(12))]
    after = list(before)
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(after) + 1)
        after[at : at + chance.randrange(3)] = [f"{chance.choice(LINES)}\n"] * chance.randrange(3)
    found = line_up("".join(before), "".join(after))
    if found is None:
        return
    padded = found.before.split("\n")
    assert [padded[found.line(number)] for number in range(len(before))] == [line[:-1] for line in before]
    assert found.before.count("\n") == found.after.count("\n")
    assert [line for line in found.after.split("\n") if line] == [line[:-1] for line in after if line != "\n"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = '''a\nc'''\n", "x = '''a\nb\nc'''\n"),  # inside a string a line more is another string
        ("x = 1 + \\\n  2\n", "x = 1 + \\\n  3 + \\\n  2\n"),  # after a backslash there is no next line
        ("x = 1", "x = 1\ny = 2"),  # the last line does not end
        ("x = $\n", "x = $\ny = 2\n"),  # nobody can tell where what cannot be read ends
        ("x = 1\x0c\ny = 2\n", "x = 1\x0c\n"),  # where a page ends, a line ends for some
    ],
)
def test_where_a_blank_line_means_something_none_is_put(before: str, after: str) -> None:
    assert line_up(before, after) is None


def test_blank_lines_leave_the_facts_but_for_where_they_stand() -> None:
    before = "class C:\n    def f(self):\n        return (1,\n            2)\n\n    def g(self): ...\n"
    found = line_up(before, before.replace("return (1,\n", "more = 3\n        return (1,\n            4,\n"))
    assert found is not None
    for text in (before, found.before):
        (piece,) = collect_facts(text).pieces
        assert [statement.name for statement in piece.facts.statements[0].body] == ["f", "g"]
