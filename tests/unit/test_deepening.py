"""Work that is too deep to be done at once is done in parts."""

from functools import partial

import pytest

from huldra.fingerprints.deepening import TooDeepError, done_in_parts

Kept = dict[int, int]


def counted(kept: Kept, begun: list[int], number: int, depth: int = 0) -> int:
    """Return how many steps there are from a number to the end, one in another; keep it."""
    if number not in kept:
        if depth == 3:
            begin = partial(kept.__setitem__, number, -1000)
            raise TooDeepError(partial(counted, kept, begun, number), begin, partial(kept.__delitem__, number))
        begun.append(number)
        kept[number] = 1 + counted(kept, begun, number + 1, depth + 1)
    return kept[number]


def test_each_part_is_done_by_itself() -> None:
    kept: Kept = {100: 0}
    begun: list[int] = []
    assert done_in_parts(partial(counted, kept, begun, 0)) == 100
    assert kept == {number: 100 - number for number in range(101)}
    assert len(begun) < 3 * 100


def test_what_waits_is_taken_as_begun() -> None:
    kept: Kept = {}
    seen: list[dict[int, int]] = []

    def outer() -> int:
        if 1 not in kept:
            raise TooDeepError(first, partial(kept.__setitem__, 1, -1), partial(kept.__delitem__, 1))
        return kept[1]

    def first() -> None:
        if 2 not in kept:
            raise TooDeepError(second, partial(kept.__setitem__, 2, -2), partial(kept.__delitem__, 2))
        kept[1] = kept[2] + 1

    def second() -> None:
        seen.append(dict(kept))
        kept[2] = 5

    assert done_in_parts(outer) == 6
    assert seen == [{1: -1}]


def test_other_errors_are_raised() -> None:
    def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        done_in_parts(fail)


def test_an_error_leaves_nothing_begun() -> None:
    kept: Kept = {}

    def deeper_than(number: int) -> None:
        if number == 3:
            raise ValueError("no")
        inner = partial(deeper_than, number + 1)
        raise TooDeepError(inner, partial(kept.__setitem__, number, -1), partial(kept.__delitem__, number))

    with pytest.raises(ValueError, match="no"):
        done_in_parts(partial(deeper_than, 0))
    assert kept == {}
