"""Findings that a comment in the code silences, and the comments that silence nothing. Reads no code itself."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec.structs import replace

from huldra.facts.suppressions import Suppression
from huldra.features.findings import Finding
from huldra.features.rules import RULES
from huldra.project.places import Place

Suppressions = Mapping[str, tuple[Suppression, ...]]
"""By file."""

UNUSED_IGNORE = "HUL901"
_OF_RUNS = ("HUL2", "HUL3")
_OF_SUPPRESSIONS = "HUL9"
_Used = set[tuple[str, Suppression, str]]


def unsuppressed(
    findings: Iterable[Finding],
    suppressions: Suppressions,
    class_place: Callable[[str], Place | None],
    can_judge: Callable[[str], bool],
) -> tuple[Finding, ...]:
    """Return the findings that no comment silences, and one for each comment that has nothing to silence.

    A comment counts on the first and last line of what a finding is about; on the line of a class it also counts
    for what is said of that class's runs, wherever that is said.

    Args:
        findings: All of them: which ones a reader wants to see has no bearing on whether a comment is used.
        suppressions: The comments.
        class_place: Where a class is named.
        can_judge: Whether findings of a code, or beginning of one, would be known here if there were any.
    """
    used: _Used = set()
    kept = [left for finding in findings if (left := _left(finding, suppressions, class_place, used)) is not None]
    unused = [
        _unused(file, comment, words)
        for file, comments in suppressions.items()
        for comment in comments
        if (words := _idle_words(file, comment, used, can_judge))
    ]
    named = {file: _naming(comments, _OF_SUPPRESSIONS) for file, comments in suppressions.items()}
    kept += [finding for finding in unused if not any(_hits(finding.place, finding.code, named, used))]
    return tuple(sorted(kept))


def _naming(comments: Iterable[Suppression], family: str) -> tuple[Suppression, ...]:
    return tuple(comment for comment in comments if any(code.startswith(family) for code in comment.codes))


def _left(
    finding: Finding, suppressions: Suppressions, class_place: Callable[[str], Place | None], used: _Used
) -> Finding | None:
    """Return what is left of a finding; None for nothing."""
    if any(_hits(finding.place, finding.code, suppressions, used)):
        return None
    if not finding.runs or not finding.code.startswith(_OF_RUNS):
        return finding
    silent: set[str] = set()
    for name in {run.key.rpartition("/")[0] for run in (*finding.runs, *finding.downstream)}:
        place = class_place(name)
        if place is not None and any(_hits(place, finding.code, suppressions, used)):
            silent.add(name)
    runs = tuple(run for run in finding.runs if run.key.rpartition("/")[0] not in silent)
    downstream = tuple(run for run in finding.downstream if run.key.rpartition("/")[0] not in silent)
    return replace(finding, runs=runs, downstream=downstream) if runs or downstream else None


def _hits(place: Place, code: str, suppressions: Suppressions, used: _Used) -> list[bool]:
    """Return one item for each comment that silences a code at a place, and note what of it was used."""
    hits: list[bool] = []
    for comment in suppressions.get(place.file, ()):
        if comment.is_for_file or comment.line in {place.line, place.end_line}:
            for prefix in comment.codes or ("",):
                if code.startswith(prefix):
                    used.add((place.file, comment, prefix))
                    hits.append(True)
    return hits


def _idle_words(file: str, comment: Suppression, used: _Used, can_judge: Callable[[str], bool]) -> str:
    """Return what of a comment is of no use, in words; empty if nothing is."""
    if not comment.codes:
        is_idle = (file, comment, "") not in used and can_judge("")
        return "nothing is found here that it could silence" if is_idle else ""
    return "; ".join(_idle_codes(file, comment, used, can_judge))


def _idle_codes(file: str, comment: Suppression, used: _Used, can_judge: Callable[[str], bool]) -> Iterator[str]:
    for prefix in comment.codes:
        if not any(code.startswith(prefix) for code in RULES):
            yield f"there is no problem code {prefix}"
        elif (file, comment, prefix) not in used and can_judge(prefix) and not prefix.startswith(_OF_SUPPRESSIONS):
            yield f"no {prefix} is found here"


def _unused(file: str, comment: Suppression, words: str) -> Finding:
    place = Place(file, comment.line, comment.column, comment.line, comment.end_column)
    return Finding(place, UNUSED_IGNORE, "warning", f"unused ignore: {words}", ",".join(comment.codes) or "blanket")
