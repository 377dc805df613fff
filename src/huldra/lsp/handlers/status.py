"""How the server is: for status bars, and for whoever waits until it has come to rest."""

from huldra.features.verdict_counts import MISSING, ordered_counts
from huldra.lsp.desk import Desk


async def answer(desk: Desk, _params: object) -> dict[str, object]:
    """Return whether work is going on, and the counts of each project by verdict."""
    projects: list[dict[str, object]] = []
    for project in desk.projects.values():
        latest = project.latest
        counts: dict[str, int] = {}
        if latest is not None:
            view = latest.view
            missing = [MISSING for row in view.picture.experiments if row.verdict == MISSING]
            counts = dict(ordered_counts((*(run.verdict for run in view.picture.runs), *missing)))
        projects.append({"root": project.root.as_uri(), "failure": project.failure, "verdicts": counts})
    is_busy = any(project.is_busy for project in desk.projects.values())
    return {"busy": is_busy, "projects": projects}
