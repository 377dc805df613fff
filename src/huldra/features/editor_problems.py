"""What an editor underlines: problems of the code, and runs that cannot be trusted, as hints at their sites."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from huldra.comparison.model import ComparedRun, Reason
from huldra.features.check import is_silenced
from huldra.features.chosen_problems import OPT_IN, asks_for
from huldra.features.findings import FAILED, code_of_reason
from huldra.features.project_view import ProjectView
from huldra.features.rules import RULES
from huldra.features.suppressed import UNUSED_IGNORE
from huldra.features.verdict_counts import MISSING
from huldra.project.places import Place
from huldra.project.problems import Severity

_ON_REQUEST = (*OPT_IN, UNUSED_IGNORE)
_ENDED = frozenset({"failed", "crashed", "preempted", "cancelled"})


class Related(Struct, frozen=True):
    """Another place that has to do with it, and how."""

    place: Place
    message: str


class Underlined(Struct, frozen=True):
    """Something to underline.

    Attributes:
        name: The kebab-case name of the code, empty for one without a page.
        is_useless: Whether it is a comment that does nothing.
        class_name: The class whose run it is about; empty for what is about code.
    """

    place: Place
    code: str
    name: str
    severity: Severity
    message: str
    related: tuple[Related, ...] = ()
    is_useless: bool = False
    class_name: str = ""


def file_findings(view: ProjectView, file: str) -> tuple[Underlined, ...]:
    """Return what is to be underlined in a file, in the order of the text; what was silenced or not chosen is not.

    The rules are those of `huldra check`, but that what is stale is said at the sites, and as a hint.
    """
    comments = view.suppressions
    problems = [
        Underlined(problem.place, problem.code, rule_name(problem.code), problem.severity, problem.shown(view.shown))
        for problem in view.problems_in.get(file, ())
        if not is_silenced(problem.place, problem.code, comments)
    ]
    found = dict.fromkeys((*problems, *_by_request(view, file), *_site_findings(view, file)))
    is_chosen = view.is_chosen
    return tuple(finding for finding in _sorted(found) if is_chosen(finding.code, file))


def _sorted(found: Iterable[Underlined]) -> tuple[Underlined, ...]:
    return tuple(sorted(found, key=lambda finding: (finding.place, finding.code, finding.message)))


def _by_request(view: ProjectView, file: str) -> Iterator[Underlined]:
    """What is looked for only on request, and comments that silence nothing."""
    if asks_for(view.choice, OPT_IN) or file in view.suppressions:
        for finding in view.findings:
            if finding.place.file == file and finding.code.startswith(_ON_REQUEST):
                tags = finding.code == UNUSED_IGNORE
                name = rule_name(finding.code)
                yield Underlined(finding.place, finding.code, name, finding.severity, finding.cause, is_useless=tags)


def rule_name(code: str) -> str:
    """Return the name of a problem code; empty for one without a page."""
    rule = RULES.get(code)
    return "" if rule is None else rule.name


def _site_findings(view: ProjectView, file: str) -> Iterator[Underlined]:
    for site in view.sites.get(file, ()):
        for row in site.experiments:
            run = view.runs.get(row.experiment.key)
            if run is not None and row.verdict != MISSING:
                for finding in _run_findings(view, site.place, run, len(site.experiments) > 1):
                    if not any(is_silenced(place, finding.code, view.suppressions) for place in _heard(view, finding)):
                        yield finding


def _heard(view: ProjectView, finding: Underlined) -> Iterator[Place]:
    """The places at which a comment silences what is said of a run: its class, and where `huldra check` says it."""
    info = view.class_info(finding.class_name)
    yield from () if info is None else (info.name_place,)
    yield from (related.place for related in finding.related) if finding.code != FAILED else (finding.place,)


def _run_findings(view: ProjectView, place: Place, run: ComparedRun, is_one_of_many: bool) -> Iterator[Underlined]:  # noqa: FBT001
    class_name = view.names.get(run.run.class_name, run.run.class_name)
    which = f"{class_name} {run.run.hash[:8]}" if is_one_of_many else f"the run of this {class_name}"
    if run.verdict == "stale" and run.reasons:
        reason = run.reasons[0]
        code = code_of_reason(reason.code)
        likely = " (likely)" if reason.certainty == "likely" else ""
        message = f"{which} is stale{likely}: {reason.message}"
        yield Underlined(
            place,
            code,
            rule_name(code),
            "hint",
            message,
            tuple(_related(run.reasons, place)),
            class_name=run.run.class_name,
        )
    elif run.verdict in _ENDED:
        message = f"{which} {'was' if run.verdict in {'preempted', 'cancelled'} else 'has'} {run.verdict}"
        yield Underlined(place, FAILED, rule_name(FAILED), "hint", message, class_name=run.run.class_name)


def _related(reasons: tuple[Reason, ...], place: Place) -> Iterator[Related]:
    for reason in reasons:
        if reason.place is not None and reason.place != place:
            yield Related(reason.place, reason.message)
