"""Moments as the records write them. Pure but for the clock."""

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """Return the present, aware, in UTC."""
    return datetime.now(UTC)


def seconds_text(moment: datetime) -> str:
    """Return `2026-01-02T03:04:05+00:00`."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def now_text() -> str:
    """Return the present as `seconds_text` does."""
    return seconds_text(now())


def lease_end_text(moment: datetime, lease_seconds: float) -> str:
    """Return when a lease that is taken or renewed at a moment runs out."""
    return seconds_text(moment + timedelta(seconds=lease_seconds))


def is_past(text: str, moment: datetime) -> bool:
    """Return whether a recorded time has come; an empty one has.

    Raises:
        ValueError: the text is no time.
    """
    if not text:
        return True
    recorded = datetime.fromisoformat(text)
    return moment >= (recorded if recorded.tzinfo else recorded.replace(tzinfo=UTC))
