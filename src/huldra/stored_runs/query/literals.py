"""Values as people write them: numbers, spans of time, dates, ages, sizes. Pure: the present is handed in."""

import re
from datetime import UTC, datetime, timedelta

_NUMBER = re.compile(r"[+-]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"[+-]?[0-9][0-9_]*")
_SPAN = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h|d|w|y))+")
_SPAN_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d|w|y)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0, "y": 365.25 * 86400.0}
_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([kmgtp]?)(i?)b?", re.IGNORECASE)
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CLOCK = re.compile(r".{10}.[0-9]{2}(:[0-9]{2})?(:[0-9]{2})?")
_MOST_DIGITS = 400
_LARGEST, _SMALLEST = 2**63 - 1, -(2**63)


def number_of(text: str) -> int | float | None:
    """Return the number that a text is; a whole one stays whole where it fits into 64 bits."""
    if len(text) > _MOST_DIGITS or _NUMBER.fullmatch(text) is None or "__" in text or text.endswith("_"):
        return None
    try:
        return plain_number(int(text)) if _WHOLE.fullmatch(text) else float(text)
    except (ValueError, OverflowError):
        return None


def plain_number(number: int) -> int | float:
    """Return a whole number as a database knows it: past 64 bits only roughly."""
    if _SMALLEST <= number <= _LARGEST:
        return number
    try:
        return float(number)
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def span_seconds(text: str) -> float | None:
    """Return the seconds of a span (`90`, `1.5h`, `1h30m`); a bare number is seconds."""
    number = number_of(text)
    if number is not None:
        return float(number)
    if _SPAN.fullmatch(text) is None:
        return None
    return sum(float(amount) * _SECONDS[unit] for amount, unit in _SPAN_PART.findall(text))


def size_bytes(text: str) -> float | None:
    """Return the bytes of a size (`1500`, `10MB`, `1.5GiB`): k is 1000, and Ki 1024."""
    found = _SIZE.fullmatch(text)
    if found is None:
        number = number_of(text)
        return None if number is None else float(number)
    return float(found[1]) * (1024 if found[3] else 1000) ** _POWERS[found[2].lower()]


def period_of(text: str, now: datetime) -> tuple[float, float] | None:
    """Return the stretch of time that a text names, in seconds since 1970; None if it names none.

    A day or a month is all of it, a moment is its second, an age is the moment so long ago. Without a zone it is UTC.
    """
    word = text.lower()
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    try:
        if word in ("today", "yesterday"):
            return _days(today - timedelta(days=word == "yesterday"), 1)
        if _SPAN.fullmatch(word):
            moment = now.timestamp() - (span_seconds(word) or 0.0)
            return moment, moment
        month = _MONTH.fullmatch(word)
        if month is not None:
            first = datetime(int(month[1]), int(month[2]), 1, tzinfo=UTC)
            return _days(first, ((first + timedelta(days=31)).replace(day=1) - first).days)
        if _DAY.fullmatch(word):
            return _days(datetime.fromisoformat(word).replace(tzinfo=UTC), 1)
        if not _DAY.match(word):
            return None
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    clock = _CLOCK.match(text)
    length = 86400.0 if clock is None else 1.0 if clock[2] else 60.0 if clock[1] else 3600.0
    return aware.timestamp(), aware.timestamp() + length


def _days(first: datetime, count: int) -> tuple[float, float]:
    return first.timestamp(), (first + timedelta(days=count)).timestamp()
