"""NumPy's numbers and ranges, beside NumPy's own: whatever is known here is what NumPy gives."""

import random
import warnings
from collections.abc import Callable, Sequence

import numpy as np
import pytest

from huldra.experiments import numpy_numbers

_OPERATIONS: dict[str, Callable[..., object]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
    "//": lambda left, right: left // right,
    "%": lambda left, right: left % right,
    "**": lambda left, right: left**right,
}
_COMPARISONS: dict[str, Callable[..., object]] = {
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
    "==": lambda left, right: left == right,
    "!=": lambda left, right: left != right,
}


def number(choose: random.Random) -> int | float:
    """Return a number of a kind that programs hold, or one at an edge."""
    return choose.choice(
        [
            choose.randint(-20, 20),
            choose.randint(-(10**17), 10**17),
            round(choose.uniform(-5, 5), choose.randint(0, 4)),
            choose.uniform(-1, 1) * 10 ** choose.randint(-12, 12),
            0.1 * choose.randint(-9, 9),
            *(0, 0.0, -0.0),
        ]
    )


def of_numpy(value: float) -> object:
    """Return a number as NumPy's."""
    return np.float64(value) if isinstance(value, float) else np.int64(value)


def assert_same(mine: Sequence[float | None], theirs: Sequence[float]) -> None:
    """Compare to the last bit, signs of zeros and types included; what is not known is not compared."""
    assert len(mine) == len(theirs)
    assert [repr(a) for a in mine if a is not None] == [
        repr(b) for a, b in zip(mine, theirs, strict=True) if a is not None
    ]


@pytest.mark.parametrize("seed", range(200))
def test_ranges(seed: int):
    choose = random.Random(seed)
    start, stop, count, has_end = number(choose), number(choose), choose.randint(0, 30), choose.random() < 0.8
    mine = numpy_numbers.linspace(start, stop, count, has_end=has_end)
    if mine is not None:
        assert_same(mine, np.linspace(start, stop, count, endpoint=has_end).tolist())
    step = choose.choice([choose.randint(-5, 5) or 1, round(choose.uniform(-1, 1), 2) or 0.3, 0.1, 0.25, -0.5, 0.05])
    start = choose.choice([choose.randint(-20, 20), round(choose.uniform(-5, 5), choose.randint(0, 3))])
    stop = start + choose.choice([choose.randint(-20, 20), choose.uniform(-10, 10), step * choose.randint(0, 20)])
    mine = numpy_numbers.arange(start, stop, step)
    assert mine is not None
    assert_same(mine, np.arange(start, stop, step).tolist())


@pytest.mark.parametrize("seed", range(200))
def test_numbers(seed: int):
    choose = random.Random(seed)
    left, right = number(choose), number(choose)
    for symbol, operation in _OPERATIONS.items():
        mine = numpy_numbers.calculated(symbol, left, right)
        if mine is not None:
            for first, second in ((of_numpy(left), right), (left, of_numpy(right))):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")  # an overflow is an infinity for both
                    result = operation(first, second)
                assert isinstance(result, np.float64 | np.int64)
                assert_same([mine], [result.item()])
    for symbol, operation in _COMPARISONS.items():
        mine = numpy_numbers.compared(symbol, left, right)
        assert mine is None or mine == operation(of_numpy(left), right)
    if isinstance(left, float):
        decimals = choose.randint(-6, 10)
        mine = numpy_numbers.rounded(left, decimals)
        if mine is not None:
            assert_same(
                [mine, mine], [float(np.round(np.float64(left), decimals)), float(round(np.float64(left), decimals))]
            )
    values = [number(choose) for _ in range(choose.randint(1, 4))]
    mine = numpy_numbers.common(values)
    if mine is not None:
        assert_same(mine, np.array(values).tolist())


def test_what_hangs_on_the_processor_is_not_known():
    assert numpy_numbers.calculated("**", 2.0, 0.5) is None
    assert numpy_numbers.calculated("%", 2.0, 0.5) is None
    assert numpy_numbers.calculated("/", 1.0, 0) is None  # an infinity, and a warning that may be an error
    assert numpy_numbers.calculated("+", 2**63 - 1, 1) is None  # goes on at the other end
    assert numpy_numbers.calculated("**", 10, -3) is None
    assert numpy_numbers.compared("==", 2**53 + 1, 2.0**53) is None
    # 0.1 + 5 * 0.1 lies between two floats: 0.5 + 0.1 is the lower one, rounded once it is the even one, the upper.
    found = numpy_numbers.arange(0.1, 1.0, 0.1)
    assert found is not None
    assert found[:6] == (0.1, 0.2, 0.30000000000000004, 0.4, 0.5, None)


@pytest.mark.parametrize(
    "found",
    [
        numpy_numbers.linspace(0, 1, -1),
        numpy_numbers.linspace(0, 1, 10**9),
        numpy_numbers.linspace(float("inf"), 1, 3),
        numpy_numbers.arange(0, 1, 0),
        numpy_numbers.arange(0, 10**12, 1),
        numpy_numbers.arange(0.0, 1.0, 1e-9),
        numpy_numbers.arange(0.0, float("nan"), 1.0),
        numpy_numbers.common([]),
        numpy_numbers.common([True, 1]),
        numpy_numbers.common([2**70]),
        numpy_numbers.rounded(float("nan"), 1),
    ],
)
def test_what_is_not_followed(found: object):
    assert found is None
