"""Every experiment and run, or the runs that answer a query, as rows for an editor's own views."""

from pygls.exceptions import JsonRpcInvalidParams

from huldra.exports.editor_json import run_rows
from huldra.features.asked_runs import asked_runs
from huldra.features.project_view import ProjectView
from huldra.lsp.desk import Desk
from huldra.lsp.json_objects import as_mapping
from huldra.stored_runs.query.expressions import QueryFault


async def answer(desk: Desk, params: object) -> dict[str, object]:
    """Return `{projects: [{root, store, runs}]}`; with a `query` only runs, and `fault` where it is none."""
    query = (as_mapping(params) or {}).get("query")
    if not isinstance(query, str | None):
        raise JsonRpcInvalidParams("huldra/runs takes a query (text)")
    found = [
        {
            "root": positions.project.root.as_uri(),
            "store": positions.published.view.workspace.store.path.as_uri(),
            **_rows(positions.published.view, query),
        }
        for positions in await desk.everything()
    ]
    return {"projects": found}


def _rows(view: ProjectView, query: str | None) -> dict[str, object]:
    if query is None:
        return {"runs": run_rows(view)}
    rows = asked_runs(view.workspace, view.snapshot.project, view.picture.runs, query)
    if isinstance(rows, QueryFault):
        return {"runs": [], "fault": {"message": rows.message, "start": rows.start, "end": rows.end}}
    return {"runs": run_rows(view, (row.compared for row in rows))}
