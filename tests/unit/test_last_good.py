"""What stands for statements that cannot be read, and where it stands in what has become of them."""

import pytest

from huldra.analysis.alignment import Alignment
from huldra.analysis.last_good import MendedText, mend_text
from huldra.analysis.line_alignment import edits_by_line
from huldra.analysis.spacing import space_out
from huldra.facts.collect import collect_piece
from huldra.project.places import Place

TEXT = """import lab

first = lab.Train(lr=1)
second = lab.Train(lr=2); third = lab.Train(lr=3)


class Train:
    lr: int

    def make(self):
        return 1


last = lab.Train(lr=4)
"""
WORDS = ("first", "second", "third", "class Train", "last")

BREAKAGES = (
    ("first =", '"""first ='),
    ("import", '"""import'),
    ("second =", "    second ="),
    ("second =", "x = (second ="),
    ("import", " import"),
    ("class Train", "@\nclass Train"),
    ("class Train", "(class Train"),
    ("class Train", '"""class Train'),
    ("class Train", "  class Train"),
    ("    lr: int", '    """lr: int'),
    ("third = lab.Train(lr=3)", "third = lab.Train(lr=3"),
    ("last = lab.Train(lr=4)", "last = lab.Train(lr=4\n\n\n"),
)


def place_of(text: str, word: str) -> Place:
    before = text[: text.index(word)]
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    return Place("f", line, column, line, column + len(word))


def mended(text: str, last: MendedText | None = None) -> MendedText:
    return mend_text(text, last, collect_piece)


@pytest.mark.parametrize("room", ["none", "before", "since"])
@pytest.mark.parametrize(("whole", "broken"), BREAKAGES)
def test_what_is_broken_keeps_its_statements_where_they_are(whole: str, broken: str, room: str) -> None:
    assert whole in TEXT
    now = TEXT.replace(whole, broken, 1)
    spaced = space_out(TEXT, None)
    before = mended(spaced.text if room == "before" else TEXT)
    later = space_out(now, spaced)
    found = mended(now if room == "none" else later.text, before)
    assert found.replaced
    edits = found.alignment() if room == "none" else found.alignment().then((later.without_room(),))
    for word in WORDS:
        assert found.text.count(word) == TEXT.count(word)
        assert edits.forwards(place_of(found.text, word)) == place_of(now, word)


@pytest.mark.parametrize("gone", ["first = lab.Train(lr=1)\n", "last = lab.Train(lr=4)\n"])
def test_what_is_deleted_while_another_is_broken_stands_nowhere(gone: str) -> None:
    now = TEXT.replace(gone, "").replace("class Train:", "class Train(:")
    found = mended(now, mended(TEXT))
    word = gone.split(maxsplit=1)[0]
    assert word not in found.text or found.alignment().forwards(place_of(found.text, word)) is None
    assert found.alignment().forwards(place_of(found.text, "second")) == place_of(now, "second")


def test_what_is_deleted_in_a_file_that_can_be_read_is_gone() -> None:
    found = mended(TEXT.replace("first = lab.Train(lr=1)\n", ""), mended(TEXT))
    assert "first" not in found.text
    assert not found.replaced


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ("a\n\n\nb\n", "a\nb\n", 0),
        ("a\nb\n", "x\na\n\n  b", 0),
        ("a\n", "", 1),
        ("first = 1\n\n\n\nsecond = 2\n\n", '"""first = 1\nsecond = (2\nthird\n', 0),
        ("one = 1\ntwo = 2\n", "one = (1\nnew\n\n  two = 2\n", 0),
        ("a\nb\nc\n" * 50, "c\nb\na\n" * 49, 80),
        ("line\n" * 1500, "line\n" * 700 + "other\n" + "line\n" * 700, 400),
    ],
)
def test_what_stays_is_the_same_character(old: str, new: str, lost: int) -> None:
    alignment, gone = Alignment(edits_by_line(old, new)), 0
    lines = new.split("\n")
    for number, text in enumerate(old.split("\n"), 1):
        for column, character in enumerate(text, 1):
            found = alignment.forwards(Place("f", number, column, number, column + 1))
            gone += found is None
            assert found is None or lines[found.line - 1][found.column - 1] == character
    assert gone <= lost
    assert alignment.forwards(place_at_end(old)) == place_at_end(new)


def test_a_line_is_not_taken_for_its_neighbour() -> None:
    old = "Train(lr=1, wide=True).load()\nTrain(lr=2, wide=True).load()\n"
    new = "Train(lr=2, wide=True.load()\n"
    alignment = Alignment(edits_by_line(old, new))
    assert alignment.forwards(Place("f", 1, 1, 1, 2)) is None
    assert alignment.forwards(Place("f", 2, 1, 2, 2)) == Place("f", 1, 1, 1, 2)


def place_at_end(text: str) -> Place:
    lines = text.split("\n")
    return Place("f", len(lines), len(lines[-1]) + 1, len(lines), len(lines[-1]) + 1)
