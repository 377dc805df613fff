"""What `huldra check` judges: everything that is wrong now, or what one change brings. Formats and exits elsewhere."""

from collections.abc import Callable, Iterable

from msgspec import Struct

from huldra.analysis.snapshot import Snapshot
from huldra.analysis.two_states import TwoStates, files_with_other_problems
from huldra.facts.scan import SUPPRESSING_WORD
from huldra.facts.suppressions import scan_suppressions
from huldra.features.blast_radius import newly_found
from huldra.features.chosen_problems import OPT_IN, Choice, asks_for, chooser
from huldra.features.findings import AffectedRun, Finding, find_findings, runs_at_stake
from huldra.features.picture import Picture, judged_picture
from huldra.features.suppressed import Suppressions, unsuppressed
from huldra.project.places import Place
from huldra.project.problems import Problem

_OF_RUNS = ("HUL2", "HUL3")


class Checked(Struct, frozen=True):
    """What a check found.

    Attributes:
        findings: What a reader is to see, by place.
        at_stake: Every run that they call stale, with the seconds that it took.
        before: What the code was compared with, in words; None where everything was judged.
        after: What code was judged, in words.
        passed_over: How many findings the baseline holds.
    """

    findings: tuple[Finding, ...]
    at_stake: tuple[AffectedRun, ...]
    before: str | None
    after: str
    passed_over: int = 0


def all_findings(snapshot: Snapshot, picture: Picture, choice: Choice) -> tuple[Finding, ...]:
    """Return everything wrong that no comment silences, and the comments that silence nothing.

    What is only looked for on request is there if the choice asks for it; all else is, whatever was chosen.
    """
    extra: tuple[Finding, ...] = ()
    if asks_for(choice, OPT_IN):
        from huldra.features.untrustworthy import untrustworthy  # noqa: PLC0415  # few ask for it

        extra = untrustworthy(snapshot)
    found = (*find_findings(snapshot, picture), *extra)
    return unsuppressed(found, suppressions_of(snapshot), _class_place(snapshot), can_judge(picture, choice))


def change_findings(states: TwoStates, choice: Choice) -> tuple[Finding, ...]:
    """Return what a change brings that no comment silences."""
    if states.before is states.after:
        return ()
    within = _to_look_at(states)
    # That something was never run is no news, and of use only where a comment may silence it.
    are_silenced = any(suppressions_of(state) for state in (states.before, states.after))
    both = (judged_picture(each, within, tells_what_is_built=are_silenced) for each in (states.before, states.after))
    before, after = both
    found_before = all_findings(states.before, before, choice)
    return newly_found(found_before, all_findings(states.after, after, choice), before, after)


def _to_look_at(states: TwoStates) -> frozenset[str] | None:
    """Return the files that may have a problem in one state and not in the other; None for all.

    Findings without runs are told apart by their file. Where a file has the same problems in both states, and no
    comment that silences any, none is new, whether they are known or not.
    """
    files = files_with_other_problems(states)
    if files is None:
        return None
    found_before, found = (frozenset(state.experiments.problems) for state in (states.before, states.after))
    silenced = (name for state in (states.before, states.after) for name in suppressions_of(state))
    return files.union(silenced, (problem.place.file for problem in found_before ^ found))


def chosen_findings(findings: Iterable[Finding], choice: Choice) -> tuple[Finding, ...]:
    """Return the findings that a reader wants to see."""
    is_chosen = chooser(choice)
    return tuple(finding for finding in findings if is_chosen(finding.code, finding.place.file))


def checked(findings: tuple[Finding, ...], before: str | None, after: str, passed_over: int = 0) -> Checked:
    """Return findings with what is at stake."""
    return Checked(findings, runs_at_stake(findings), before, after, passed_over)


def can_judge(picture: Picture, choice: Choice) -> Callable[[str], bool]:
    """Return the test whether findings of a code, or beginning of one, would be known if there were any."""
    unknown = () if picture.store_status == "found" else _OF_RUNS
    unsought = () if asks_for(choice, OPT_IN) else OPT_IN

    def is_judged(code: str) -> bool:
        # A comment that silences everything is about what is looked for.
        families = (*unknown, *unsought) if code else unknown
        return not any(family.startswith(code) or code.startswith(family) for family in families)

    return is_judged


def suppressions_of(snapshot: Snapshot) -> Suppressions:
    """Return the comments of all files that ask for silence."""
    text_of = snapshot.inputs.evidence.text_now
    found = {name: scan_suppressions(text_of(name) or "") for name in snapshot.inputs.files_naming(SUPPRESSING_WORD)}
    return {name: comments for name, comments in sorted(found.items()) if comments}


def unsuppressed_problems(snapshot: Snapshot, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems in the code that no comment silences."""
    comments = suppressions_of(snapshot)
    return tuple(problem for problem in problems if not is_silenced(problem.place, problem.code, comments))


def is_silenced(place: Place, code: str, suppressions: Suppressions) -> bool:
    """Whether a comment silences a code at a place."""
    return any(
        (comment.is_for_file or comment.line in {place.line, place.end_line})
        and code.startswith(comment.codes or ("",))
        for comment in suppressions.get(place.file, ())
    )


def _class_place(snapshot: Snapshot) -> Callable[[str], Place | None]:
    def place_of(name: str) -> Place | None:
        info = snapshot.project.classes.get(name)
        return None if info is None else info.name_place

    return place_of
