"""What a change of the code does to what is stored: the findings of one state that another did not have."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from huldra.features.findings import FAILED, NEVER_RUN, ORPHAN, STALE_CODES, UNVERIFIABLE, Finding
from huldra.features.picture import Picture

_NO_NEWS = frozenset({ORPHAN, FAILED, NEVER_RUN})


def newly_found(
    before: Iterable[Finding], after: Iterable[Finding], picture_before: Picture, picture_after: Picture
) -> tuple[Finding, ...]:
    """Return what a change brings: runs that it makes stale or unverifiable, and problems that were not there.

    Both states must have been compared with the same store at the same time; findings are those that no comment
    silences.
    """
    verdicts = {run.key: run.verdict for run in picture_before.runs}
    changed = {
        run.key
        for run in picture_after.runs
        if (run.verdict == "stale" and verdicts.get(run.key) != "stale")
        or (run.verdict == "unverifiable" and verdicts.get(run.key) == "current")
    }
    return tuple(_news(before, after, changed))


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
        is_new = [not known[key] for key in finding.keys]
        known.subtract(finding.keys)
        if any(is_new):
            yield finding
