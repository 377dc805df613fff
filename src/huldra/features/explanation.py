"""Why a run has its verdict: from the run through what it holds to the definition that changed, and how it changed.

Reads no source itself: `Evidence` gives the texts.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import unified_diff

from msgspec import Struct

from huldra.analysis.evidence import Evidence
from huldra.comparison.code_changes import CodeChange
from huldra.comparison.code_reasons import place_of
from huldra.comparison.model import ComparedRun, Note, Reason
from huldra.fingerprints.model import Definition
from huldra.sources.last_change import LastChange
from huldra.stored_runs.model import StoredRun

_CONTEXT_LINES = 3
_HUNK = re.compile(r"@@ -(\d+)((?:,\d+)?) \+(\d+)((?:,\d+)?) @@")


class Cause(Struct, frozen=True):
    """One root cause.

    Attributes:
        way: The runs that lead to the one at fault, as `class/hash`: the upstream run first that is held directly.
        reason: What is wrong there.
        diff: How the definition changed, as a unified diff with the lines of both files; empty without one.
        last_change: The last commit that changed it, and whether it has edits that are not committed.
        revision: What the run at fault was made from, as a commit.
    """

    way: tuple[str, ...]
    reason: Reason
    diff: tuple[str, ...]
    last_change: LastChange
    revision: str | None

    @property
    def change(self) -> CodeChange | None:
        """The definition then and now, of a change of code."""
        return self.reason.change


class Explanation(Struct, frozen=True):
    """Why a run has its verdict; a run that is not stale may still have causes, for a reader who wants to know."""

    run: ComparedRun
    causes: tuple[Cause, ...]
    notes: tuple[Note, ...]


def explain(run: ComparedRun, by_key: Mapping[str, ComparedRun], evidence: Evidence) -> Explanation:
    """Return why a run has its verdict.

    Args:
        run: The run.
        by_key: Every run of the store by `class/hash`.
        evidence: Gives texts and commits.
    """
    found: dict[tuple[str, str | None, str], Cause] = {}
    for owner, way, reason in _roots(run, by_key, (), frozenset({run.key})):
        key = (reason.code, reason.definition, owner.key if reason.change is None else reason.message)
        if key not in found:
            found[key] = _cause(owner, way, reason, evidence)
    return Explanation(run, tuple(found.values()), run.notes)


def _roots(
    run: ComparedRun, by_key: Mapping[str, ComparedRun], way: tuple[str, ...], seen: frozenset[str]
) -> Iterator[tuple[ComparedRun, tuple[str, ...], Reason]]:
    """Yield the reasons that are nobody else's, with the run that has them and the way there."""
    for reason in run.reasons:
        below = by_key.get(reason.dependency or "")
        if reason.code in {"upstream-stale", "upstream-unverifiable"} and below is not None:
            if below.key not in seen:
                yield from _roots(below, by_key, (*way, below.key), seen | {below.key})
        else:
            yield run, way, reason


def _cause(owner: ComparedRun, way: tuple[str, ...], reason: Reason, evidence: Evidence) -> Cause:
    stored = owner.run if isinstance(owner.run, StoredRun) else None
    provenance = None if stored is None else stored.provenance
    revision = None if provenance is None else provenance.commit
    change = reason.change
    if change is None or stored is None:
        return Cause(way, reason, (), LastChange(None), revision)
    return Cause(way, reason, _diff(stored, change, evidence), evidence.last_change(stored, change), revision)


def _diff(run: StoredRun, change: CodeChange, evidence: Evidence) -> tuple[str, ...]:
    """Return a unified diff of one definition whose line numbers are those of the two files."""
    then = _lines(change.then, None if change.then is None else evidence.text_then(run, change.then.file))
    now = [] if change.now is None else evidence.lines_now(change.now)
    old_name = "/dev/null" if change.then is None else f"then/{change.then.file}"
    new_name = "/dev/null" if change.now is None else f"now/{change.now.file}"
    lines = unified_diff(then, now, old_name, new_name, n=_CONTEXT_LINES, lineterm="")
    before = 0 if change.then is None else change.then.line - 1
    after = 0 if change.now is None else evidence.places.place(place_of(change.now)).line - 1
    return tuple(_moved(line, before, after) for line in lines)


def _moved(line: str, then: int, now: int) -> str:
    """Shift the line numbers of a hunk's head from the definition to its file."""
    head = _HUNK.match(line)
    if head is None:
        return line
    old, new = int(head[1]) + then, int(head[3]) + now
    return f"@@ -{old}{head[2]} +{new}{head[4]} @@"


def _lines(definition: Definition | None, text: str | None) -> list[str]:
    if definition is None or text is None:
        return []
    if definition.kind == "file":
        return text.splitlines()
    return text.splitlines()[definition.line - 1 : definition.end_line]
