"""NumPy's numbers, as far as every processor and every version of NumPy agrees on what they are.

NumPy itself is not asked. Sums, differences, products and quotients of 64-bit floats are IEEE 754's, which everything
follows; powers, logarithms and sums of arrays are not the same everywhere, and have no answer here.

Sources: NumPy's documentation and source of `linspace` (function_base.py), `arange` (ctors.c, arraytypes.c.src) and
`round` (calculation.c), 1.26 to 2.4.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

MOST_ELEMENTS = 100_000
"""How many elements an array may have to be followed."""
_MOST_STEPS = 10_000
"""How many floats are stepped through; each is reckoned in two ways."""
_INT64 = range(-(2**63), 2**63)
_MOST_BITS = 63
_EXACT = 2**53
"""Up to here every whole number is a float."""
_MOST_DIGITS = 22
"""Up to here a power of ten is a float."""
_TYPE_NAMES: Mapping[type, str] = {float: "float64", int: "int64", bool: "bool"}
_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}
_WHOLE: Mapping[str, Callable[[int, int], int]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "//": lambda left, right: left // right,
    "%": lambda left, right: left % right,
}
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class NumpyNumber(Struct, frozen=True, eq=False):
    """A `float64`, an `int64` or a `bool` of NumPy's. Of these only the first is a number of Python's, too, a float."""

    value: float | int | bool

    @property
    def type_name(self) -> str:
        """The name of its type."""
        return _TYPE_NAMES[type(self.value)]

    @property
    def is_float(self) -> bool:
        """Whether it is a float64."""
        return isinstance(self.value, float)


def calculated(symbol: str, left: float, right: float) -> float | None:
    """Return `left symbol right`, one of which is NumPy's; None where that is not the same everywhere."""
    if isinstance(left, bool) or isinstance(right, bool):
        return None
    if isinstance(left, int) and isinstance(right, int) and symbol != "/":
        return _calculated_whole(symbol, left, right)
    first, second = _as_float(left), _as_float(right)
    if first is None or second is None or symbol not in _ARITHMETIC or (symbol == "/" and second == 0):
        return None
    return _ARITHMETIC[symbol](first, second)


def _calculated_whole(symbol: str, left: int, right: int) -> int | None:
    """An int64 that is left behind is not followed: it goes on at the other end, or as another type."""
    if left not in _INT64 or right not in _INT64:
        return None
    if symbol == "**" and 0 <= right <= _MOST_BITS:
        result = left**right
    elif symbol in _WHOLE and (right or symbol not in {"//", "%"}):
        result = _WHOLE[symbol](left, right)
    else:
        return None
    return result if result in _INT64 else None


def compared(symbol: str, left: float, right: float) -> bool | None:
    """Return `left symbol right`; None where it hangs on how a large whole number is made a float."""
    first, second = _as_float(left), _as_float(right)
    return None if first is None or second is None else _COMPARISONS[symbol](first, second)


def _as_float(value: float) -> float | None:
    return float(value) if isinstance(value, float) or abs(value) <= _EXACT else None


def rounded(value: float, decimals: int) -> float | None:
    """Return a float as NumPy rounds it: it is scaled, rounded to the even whole number, and scaled back.

    So 0.15 to one place is 0.2, which Python's `round` makes 0.1.
    """
    if abs(decimals) > _MOST_DIGITS or not math.isfinite(value):
        return None
    power = 10.0 ** abs(decimals) if decimals else 1.0
    scaled = value * power if decimals >= 0 else value / power
    if not math.isfinite(scaled):
        return None
    whole = math.copysign(float(round(scaled)), scaled)
    return whole / power if decimals >= 0 else whole * power


def linspace(start: float, stop: float, count: int, *, has_end: bool = True) -> tuple[float, ...] | None:
    """Return what `numpy.linspace(start, stop, count)` holds; None where it is not followed.

    The steps are multiplied first and moved then, and the last element is `stop` itself.
    """
    first, last = _as_float(start), _as_float(stop)
    if first is None or last is None or not 0 <= count <= MOST_ELEMENTS:
        return None
    if not (math.isfinite(first) and math.isfinite(last) and math.isfinite(last - first)):
        return None
    parts = count - 1 if has_end else count
    delta = last - first
    if parts < 1:
        return (0 * delta + first,) * count
    step = delta / parts
    found = [(index / parts * delta if step == 0 else index * step) + first for index in range(count)]
    return (*found[:-1], last) if has_end else tuple(found)


def arange(start: float, stop: float, step: float) -> tuple[float | None, ...] | None:
    """Return what `numpy.arange(start, stop, step)` holds; None where it is not followed.

    Each float is `start + index * ((start + step) - start)`. Whether that is rounded once or twice on the way, the
    processor says: an element is None where it makes a difference.
    """
    if isinstance(start, int) and isinstance(stop, int) and isinstance(step, int):
        numbers = range(start, stop, step) if step else range(0)
        is_followed = bool(step) and len(numbers[: MOST_ELEMENTS + 1]) <= MOST_ELEMENTS
        return tuple(numbers) if is_followed and start in _INT64 and stop in _INT64 else None
    first, last, width = _as_float(start), _as_float(stop), _as_float(step)
    if first is None or last is None or not width or not all(map(math.isfinite, (first, last, width))):
        return None
    count = (last - first) / width
    if not count <= _MOST_STEPS:
        return None
    delta = (first + width) - first
    found = [_moved(first, delta, index) for index in range(max(0, math.ceil(count)))]
    # The first two are what the others are reckoned from.
    return tuple([first, first + width, *found[2:]][: len(found)])


def _moved(start: float, delta: float, index: int) -> float | None:
    twice = start + index * delta
    return twice if twice == float(Fraction(start) + index * Fraction(delta)) else None


def common(values: Sequence[float]) -> tuple[float, ...] | tuple[int, ...] | None:
    """Return what `numpy.array(values)` holds: floats if any is one, else int64; None where it is not followed."""
    if any(isinstance(value, bool) for value in values) or not values or len(values) > MOST_ELEMENTS:
        return None
    whole = [value for value in values if isinstance(value, int) and value in _INT64]
    if len(whole) == len(values):
        return tuple(whole)
    floats = [_as_float(value) for value in values]
    return None if None in floats else tuple(value for value in floats if value is not None)
