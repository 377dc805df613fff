"""Lengths of time as people say them."""

_MINUTE, _HOUR = 60.0, 3_600.0
_FEW = 10


def duration_text(seconds: float) -> str:
    """Return `45 s`, `12 min`, `3.5 h` or `31 h`; compute is counted in hours, however many."""
    if round(seconds) < _MINUTE:
        return f"{round(seconds)} s"
    if round(seconds / _MINUTE) < _HOUR / _MINUTE:
        return f"{round(seconds / _MINUTE)} min"
    hours = seconds / _HOUR
    return f"{hours:.1f}".removesuffix(".0") + " h" if hours < _FEW else f"{round(hours)} h"
