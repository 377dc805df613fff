"""How the server is, as data and in words."""

from huldra.features.verdict_counts import MISSING, Counts, ordered_counts
from huldra.lsp.desk import Desk
from huldra.lsp.projects import OpenProject


def status_of(desk: Desk) -> dict[str, object]:
    """Return whether work is going on, and the counts of each project by verdict."""
    is_busy = any(project.is_busy for project in desk.projects.values())
    return {"busy": is_busy, "projects": [_row(project) for project in desk.projects.values()]}


def status_lines(desk: Desk) -> list[str]:
    """Return the same as sentences, one for each project."""
    found: list[str] = []
    for project in desk.projects.values():
        words = ", ".join(f"{count} {verdict}" for verdict, count in _counts(project))
        found.append(f"{project.root}: {project.failure or words or 'no run yet'}")
    return found


def _row(project: OpenProject) -> dict[str, object]:
    return {"root": project.root.as_uri(), "failure": project.failure, "verdicts": dict(_counts(project))}


def _counts(project: OpenProject) -> Counts:
    if project.latest is None:
        return ()
    picture = project.latest.view.picture
    missing = (MISSING for row in picture.experiments if row.verdict == MISSING)
    return ordered_counts((*(run.verdict for run in picture.runs), *missing))
