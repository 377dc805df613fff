"""What a change of the code does to what is stored: the findings of one state that another did not have."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from huldra.features.findings import (
    FAILED,
    NEVER_RUN,
    ORPHAN,
    STALE_CODES,
    UNVERIFIABLE,
    UPSTREAM,
    AffectedRun,
    Finding,
)
from huldra.features.picture import Picture
from huldra.project.places import Place

_NO_NEWS = frozenset({ORPHAN, FAILED, NEVER_RUN})


def newly_found(
    before: Iterable[Finding], after: Iterable[Finding], picture_before: Picture, picture_after: Picture
) -> tuple[Finding, ...]:
    """Return what a change brings: runs that it makes stale or unverifiable, and problems that were not there.

    Both states must have been compared with the same store at the same time; findings are those that no comment
    silences.
    """
    verdicts = {run.key: run.verdict for run in picture_before.runs}
    return tuple(_news(before, after, _changed(verdicts, picture_after)))


class Effect(Struct, frozen=True):
    """The runs that a change of the definition at a place makes stale: its own first, then what rests on them."""

    place: Place
    runs: tuple[AffectedRun, ...]


def effects_of_edit(
    verdicts: Mapping[str, str], find: Callable[[], Iterable[Finding]], picture_after: Picture
) -> tuple[Effect, ...]:
    """Return what edits make stale, by the definitions that were edited.

    Args:
        verdicts: What runs were before, by `class/hash`; one that is not known is not counted.
        find: Gives what is found after; only asked where a run has changed.
        picture_after: The state after.
    """
    changed = {key for key in _changed(verdicts, picture_after) if key in verdicts}
    if not changed:
        return ()
    by_place: dict[Place, dict[AffectedRun, None]] = {}
    for finding in find():
        # What rests on stale runs is told of where these are.
        if finding.code in STALE_CODES and finding.code != UPSTREAM:
            runs = dict.fromkeys(run for run in (*finding.runs, *finding.downstream) if run.key in changed)
            if runs:
                by_place.setdefault(finding.place, {}).update(runs)
    return tuple(Effect(place, tuple(runs)) for place, runs in sorted(by_place.items()))


def _changed(verdicts: Mapping[str, str], picture_after: Picture) -> set[str]:
    return {
        run.key
        for run in picture_after.runs
        if (run.verdict == "stale" and verdicts.get(run.key) != "stale")
        or (run.verdict == "unverifiable" and verdicts.get(run.key) == "current")
    }


def _news(before: Iterable[Finding], after: Iterable[Finding], changed: set[str]) -> Iterator[Finding]:
    known = Counter(key for finding in before for key in finding.keys)
    for finding in after:
        if finding.code in _NO_NEWS:
            continue
        if finding.code in STALE_CODES or finding.code == UNVERIFIABLE:
            runs = tuple(run for run in finding.runs if run.key in changed)
            downstream = tuple(run for run in finding.downstream if run.key in changed)
            if runs or downstream:
                yield replace(finding, runs=runs, downstream=downstream)
            continue
        is_new = [known[key] <= 0 for key in finding.keys]
        known.subtract(finding.keys)
        if any(is_new):
            yield finding
