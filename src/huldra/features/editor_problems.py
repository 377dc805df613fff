"""What an editor underlines: problems of the code, and runs that cannot be trusted, as hints at their sites."""

from collections.abc import Iterator
from dataclasses import dataclass

from huldra.comparison.model import ComparedRun, Reason
from huldra.features.findings import FAILED, code_of_reason
from huldra.features.project_view import ProjectView
from huldra.features.rules import RULES
from huldra.features.verdict_counts import MISSING
from huldra.project.places import Place
from huldra.project.problems import Severity

_ENDED = frozenset({"failed", "crashed", "preempted", "cancelled"})


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that has to do with it, and how."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True)
class Underlined:
    """Something to underline. `name` is the kebab-case name of the code, empty for one without a page."""

    place: Place
    code: str
    name: str
    severity: Severity
    message: str
    related: tuple[Related, ...] = ()


def file_findings(view: ProjectView, file: str) -> tuple[Underlined, ...]:
    """Return what is to be underlined in a file, in the order of the text."""
    problems = (
        Underlined(problem.place, problem.code, rule_name(problem.code), problem.severity, problem.message)
        for problem in view.problems_in.get(file, ())
    )
    found = dict.fromkeys((*problems, *_site_findings(view, file)))
    return tuple(sorted(found, key=lambda finding: (finding.place, finding.code, finding.message)))


def rule_name(code: str) -> str:
    """Return the name of a problem code; empty for one without a page."""
    rule = RULES.get(code)
    return "" if rule is None else rule.name


def _site_findings(view: ProjectView, file: str) -> Iterator[Underlined]:
    for site in view.sites.get(file, ()):
        for row in site.experiments:
            run = view.runs.get(row.experiment.key)
            if run is not None and row.verdict != MISSING:
                yield from _run_findings(view, site.place, run, len(site.experiments) > 1)


def _run_findings(view: ProjectView, place: Place, run: ComparedRun, is_one_of_many: bool) -> Iterator[Underlined]:  # noqa: FBT001
    class_name = view.names.get(run.run.class_name, run.run.class_name)
    which = f"{class_name} {run.run.hash[:8]}" if is_one_of_many else f"the run of this {class_name}"
    if run.verdict == "stale" and run.reasons:
        reason = run.reasons[0]
        code = code_of_reason(reason.code)
        likely = " (likely)" if reason.certainty == "likely" else ""
        message = f"{which} is stale{likely}: {reason.message}"
        yield Underlined(place, code, rule_name(code), "hint", message, tuple(_related(run.reasons, place)))
    elif run.verdict in _ENDED:
        message = f"{which} {'was' if run.verdict in {'preempted', 'cancelled'} else 'has'} {run.verdict}"
        yield Underlined(place, FAILED, rule_name(FAILED), "hint", message)


def _related(reasons: tuple[Reason, ...], place: Place) -> Iterator[Related]:
    for reason in reasons:
        if reason.place is not None and reason.place != place:
            yield Related(reason.place, reason.message)
