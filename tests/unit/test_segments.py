"""Runs one after another as a few long texts: each gives back what was put in, wherever it lies among them."""

import random

import pytest

from huldra.formats.dialect import DIALECTS
from huldra.stored_runs.find import FoundRun
from huldra.stored_runs.index.entries import IndexedRun, Place
from huldra.stored_runs.index.marks import FILES_MARK_LENGTH, MARK_LENGTH
from huldra.stored_runs.index.segments import Entry, body_from, entry_bytes, make_segment, segment_bytes, segment_from
from huldra.stored_runs.model import UnreadableRun, run_at


def entries_of(names: list[str], generator: random.Random) -> list[Entry]:
    """Return runs that say something of any length, nothing among it."""

    def some(length: int) -> bytes:
        return generator.randbytes(generator.randrange(length))

    return [
        (
            name,
            generator.randbytes(MARK_LENGTH),
            generator.randbytes(FILES_MARK_LENGTH),
            entry_bytes(b"e", generator.randbytes(1), generator.randbytes(8), some(700), some(90)),
        )
        for name in names
    ]


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 32, 333])
@pytest.mark.parametrize("are_alike", [True, False])
def test_each_run_gives_back_what_was_put_in(count: int, are_alike: bool) -> None:
    generator = random.Random(count)
    names = [f"{number:020x}" if are_alike else "ä" * (1 + number % 7) for number in range(count)]
    entries = entries_of(names, generator)
    made = make_segment(entries)
    check, body_check, head, data = segment_bytes(made)
    body = body_from(body_check, data)
    assert body is not None
    read = segment_from(check, head, body)
    assert read == made
    for segment in (made, read):
        order = list(range(count))
        generator.shuffle(order)
        for index in order:
            again = (segment.name(index), segment.mark(index), segment.files_mark(index), segment.whole(index))
            assert again == entries[index]
        assert segment.each_name() == names
        assert b"".join(map(segment.config, range(count))) == segment.configs
        assert [sum(len(segment.config(each)) for each in range(index + 1)) for index in range(count)] == list(
            segment.config_ends
        )


def test_what_runs_have_in_common_is_held_once_for_many() -> None:
    common = random.Random(1).randbytes(500)
    entries = [
        (
            f"{number:020x}",
            bytes(MARK_LENGTH),
            bytes(FILES_MARK_LENGTH),
            entry_bytes(b"e", b"\0", bytes(8), common, b""),
        )
        for number in range(160)
    ]
    body = make_segment(entries).body.known
    assert sum(map(len, body.blocks)) < 160 * len(common) / 10


def test_a_run_of_an_index_holds_nothing_of_its_own_but_where_to_look() -> None:
    segment = make_segment(entries_of(["a", "b"], random.Random(0)))
    place = Place("data/lab/C", "data", False, "lab.C", "")
    run = IndexedRun(place, DIALECTS[0], segment, 1)
    assert not hasattr(run, "__dict__")
    assert (run.path, run.hash, run.class_name, run.root) == ("data/lab/C/b", "b", "lab.C", "data")
    slots = {name for kind in type(run).__mro__ for name in getattr(kind, "__slots__", ())}
    assert slots == {"place", "dialect", "segment", "index", "_known", "_config"}


@pytest.mark.parametrize("likely", range(-2, 8))
def test_a_run_is_found_wherever_it_was_thought_to_be(likely: int) -> None:
    def run(name: str) -> UnreadableRun:
        found = FoundRun(
            path=name, root="data", version_controlled=False, class_name="C", hash=name, dialect=DIALECTS[0]
        )
        return UnreadableRun(**{each: getattr(found, each) for each in FoundRun.__struct_fields__}, reason="")

    runs = [run(name) for name in "bdfhj"]
    for name in "abcdefghijk":
        found = run_at(runs, name, likely)
        assert (None if found is None else found.path) == (name if name in "bdfhj" else None)
    assert run_at([], "a", likely) is None  # type: ignore[type-var]
