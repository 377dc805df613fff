"""A run or an experiment in a few words, the same in lenses, hovers and hints."""

from collections.abc import Iterable
from datetime import datetime

from huldra.comparison.model import ComparedRun
from huldra.features.time_words import age_words, cost_words, length_words
from huldra.features.verdict_counts import MISSING, Counts
from huldra.stored_runs.model import StoredRun

_SIGNS = {
    "current": "✓",
    "running": "▶",
    "queued": "▷",
    "failed": "✗",
    "crashed": "✗",
    "preempted": "✗",
    "cancelled": "✗",
    "stale": "≠",
    "orphan": "∅",
    MISSING: "○",
}
LIVE = frozenset({"running", "queued"})
_NOTHING_TO_REPLACE = LIVE | {"current", "orphan", MISSING}


def is_worth_a_rerun(verdict: str) -> bool:
    """Whether there is a run whose result is not the one that today's code would give, as far as can be told."""
    return verdict not in _NOTHING_TO_REPLACE


def verdict_words(verdict: str, *, is_likely: bool = False) -> str:
    """Return a verdict with its sign: `✓ current`."""
    return f"{_SIGNS.get(verdict, '?')} {'probably ' if is_likely else ''}{verdict}"


def run_words(verdict: str, run: ComparedRun | None, now: datetime) -> str:
    """Return a run in one line: `✓ current · 2h ago · 12m`."""
    parts = [verdict_words(verdict, is_likely=run is not None and run.certainty == "likely")]
    stored = run.run if run is not None else None
    if isinstance(stored, StoredRun):
        age = age_words(stored.created_at, now)
        if age is None and stored.attempt is not None:
            age = age_words(stored.attempt.ended_at or stored.attempt.started_at, now)
        parts += [age] if age is not None else []
        parts += [length_words(stored.duration_s)] if stored.duration_s is not None else []
    return " · ".join(parts)


def counts_words(counts: Counts) -> str:
    """Return `7 current · 2 stale`."""
    return " · ".join(f"{count} {verdict}" for verdict, count in counts)


def expected_cost(runs: Iterable[ComparedRun], missing: int) -> str | None:
    """Return what so many experiments will take, if they take what others of the class took; None without any."""
    lengths = [run.run.duration_s for run in runs if isinstance(run.run, StoredRun) and run.run.duration_s is not None]
    if not lengths or not missing:
        return None
    return cost_words(missing * sum(lengths) / len(lengths))
