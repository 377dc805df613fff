"""Times and lengths of time as people say them: `2h ago`, `12m`, `≈ 6 h`."""

from datetime import UTC, datetime

_UNITS = ((86_400 * 365, "y"), (86_400, "d"), (3_600, "h"), (60, "m"), (1, "s"))


def length_words(seconds: float) -> str:
    """Return a length of time in its largest whole unit: `12m`; below a second `<1s`."""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return "<1s"


def cost_words(seconds: float) -> str:
    """Return what work will take, roughly: `≈ 6 h`, `≈ 1.5 h`, `≈ 20 min`, `< 1 min`."""
    if seconds >= 3_600:
        hours = seconds / 3_600
        return f"≈ {hours:.0f} h" if hours >= 10 or abs(hours - round(hours)) < 0.05 else f"≈ {hours:.1f} h"
    return f"≈ {round(seconds / 60)} min" if seconds >= 60 else "< 1 min"


def age_words(moment: str | None, now: datetime) -> str | None:
    """Return how long ago a recorded moment was; None for one that is no time.

    Args:
        moment: ISO text; without an offset it is UTC.
        now: The present, aware.
    """
    if moment is None:
        return None
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return None
    aware = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    seconds = (now - aware).total_seconds()
    return "just now" if seconds < 1 else f"{length_words(seconds)} ago"
