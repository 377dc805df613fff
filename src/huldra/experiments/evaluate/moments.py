"""What of a moment depends on the process that asks: its local time, and how its platform writes it."""

import datetime
import re

from huldra.experiments.evaluate.conversion import NotConvertible

_DIRECTIVE = re.compile(r"%(.)", re.DOTALL)
_EVERYWHERE = frozenset("YmdHMSfj%")
"""Directives that every platform and every language writes alike, for years of four digits."""
_FIRST_YEAR = 1000


def is_local(value: object, given: list[object]) -> bool:
    """Whether a moment is converted from or to the time of the process."""
    is_aware = isinstance(value, datetime.datetime) and value.utcoffset() is not None
    return not is_aware or (bool(given) and given[0] is None)


def is_plain_format(value: object, given: list[object]) -> bool:
    """Whether `value.strftime(format)` is the same everywhere."""
    pattern = given[0] if len(given) == 1 else None
    if not isinstance(value, datetime.date | datetime.time) or not isinstance(pattern, str) or not pattern.isascii():
        return False
    is_written = isinstance(value, datetime.time) or value.year >= _FIRST_YEAR
    return is_written and "\0" not in pattern and set(_DIRECTIVE.findall(pattern)) <= _EVERYWHERE


def parse_moment(text: str, pattern: str) -> datetime.datetime:
    """`datetime.strptime(text, format)`, for the same directives.

    Raises:
        ValueError: the text is no such moment.
        NotConvertible: another directive, which may depend on the language, is asked for.
    """
    if not set(_DIRECTIVE.findall(pattern)) <= _EVERYWHERE:
        raise NotConvertible("a format of a moment that is not followed")
    return datetime.datetime.strptime(text, pattern)  # noqa: DTZ007  whoever asks for the moment itself is told so
