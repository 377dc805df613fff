"""Every experiment and run, as rows for an editor's own views."""

from huldra.exports.editor_json import run_rows
from huldra.lsp.desk import Desk


async def answer(desk: Desk, _params: object) -> dict[str, object]:
    """Return `{projects: [{root, store, runs}]}`."""
    found = [
        {
            "root": positions.project.root.as_uri(),
            "store": positions.published.view.workspace.store.path.as_uri(),
            "runs": run_rows(positions.published.view),
        }
        for positions in await desk.everything()
    ]
    return {"projects": found}
