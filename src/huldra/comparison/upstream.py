"""What a run inherits from the runs that it was made from: a result is no better than what it read."""

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct

from huldra.comparison.match import run_key
from huldra.comparison.model import Reason, Verdict
from huldra.experiments.model import Via
from huldra.formats.names import short_name
from huldra.stored_runs.model import StoredRun
from huldra.stored_runs.times import moment_from_text

Upstream = Callable[[StoredRun], tuple[Verdict | None, tuple[Reason, ...]]]
"""Gives the verdict of an upstream run's latest attempt (None for a success), and why a success is stale."""


class Dependency(Struct, frozen=True):
    """What a run was made from: its class, where that is said (`field model`), and its run, if the store has one.

    `key` is its `class/hash`, None where that is not known.
    """

    class_name: str
    via: Via
    run: StoredRun | None
    key: str | None = None


def upstream_reasons(
    run: StoredRun,
    dependencies: Iterable[Dependency],
    upstream_of: Upstream,
    may_hold: Callable[[str, str | None], bool],
) -> Iterator[Reason]:
    """Yield one reason for each direct dependency that cannot be trusted, or that is newer than the run.

    Args:
        run: The run.
        dependencies: What it was made from.
        upstream_of: Judges one.
        may_hold: Tells whether a run of a class, with a `class/hash`, may be in the store though it cannot be read.
    """
    seen: set[str] = set()
    for dependency in dependencies:
        found = dependency.run
        if found is None:
            if may_hold(dependency.class_name, dependency.key):
                continue  # it cannot be verified, as others cannot of whose code nothing is known
            # The result may never have read it; only its code can tell.
            message = f"{short_name(dependency.class_name)} ({dependency.via.name}) has no run in the store"
            yield Reason("upstream-missing", message, dependency.class_name, None, dependency.key, "likely")
            continue
        key = run_key(found)
        if key in seen:
            continue
        seen.add(key)
        yield from _reasons_of(run, found, key, dependency.via.name, upstream_of)


def _reasons_of(run: StoredRun, found: StoredRun, key: str, via: str, upstream_of: Upstream) -> Iterator[Reason]:
    verdict, reasons = upstream_of(found)
    name = f"{short_name(found.class_name)} {found.hash[:8]} ({via})"
    if verdict in {"failed", "crashed", "preempted", "cancelled"}:
        yield Reason("upstream-failed", f"{name}: its latest attempt {_ended(verdict)}", found.class_name, None, key)
    elif verdict in {"running", "queued", "incomplete"}:
        yield Reason("upstream-missing", f"{name} has no result", found.class_name, None, key)
    elif reasons:
        root = reasons[0]
        message = f"{name} is stale: {root.message}"
        yield Reason("upstream-stale", message, root.definition, root.place, key, root.certainty, root.change)
    elif _is_newer(found, run):
        message = f"{name} was made again at {found.created_at}, after this run at {run.created_at}"
        yield Reason("upstream-newer", message, found.class_name, None, key)


def _ended(verdict: Verdict) -> str:
    return {"failed": "failed", "crashed": "crashed", "preempted": "was preempted"}.get(verdict, "was cancelled")


def _is_newer(found: StoredRun, run: StoredRun) -> bool:
    theirs = None if found.created_at is None else moment_from_text(found.created_at)
    ours = None if run.created_at is None else moment_from_text(run.created_at)
    return theirs is not None and ours is not None and theirs > ours
