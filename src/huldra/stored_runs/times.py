"""Recorded times, from text to moments. Knows nothing of runs."""

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=64)  # several times of one run are the same, and each is asked for more than once
def moment_from_text(text: str) -> datetime | None:
    """Return the moment that an ISO text names, in UTC (a naive one is UTC already); None if it names none."""
    try:
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def seconds_between(start: str, end: str) -> float | None:
    """Return the seconds from one recorded time to a later one; None if they are no times, or not in that order."""
    first, last = moment_from_text(start), moment_from_text(end)
    if first is None or last is None or last < first:
        return None
    return (last - first).total_seconds()
