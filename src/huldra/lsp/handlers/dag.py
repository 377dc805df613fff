"""The graph of what depends on what, for an editor's own views."""

import json

from pygls.exceptions import JsonRpcInvalidParams

from huldra.exports.graph_json import graph_json
from huldra.features.dependency_graph import dependency_graph
from huldra.features.short_names import NoSuch
from huldra.lsp.desk import Desk
from huldra.lsp.targets import as_mapping


async def answer(desk: Desk, params: object) -> dict[str, object]:
    """Return `{projects: [{root, graph}]}`, the graph as `huldra graph --format json` gives it.

    `params` may hold `level` (`classes`, `experiments`), `focus` and `depth`.
    """
    asked = as_mapping(params) or {}
    level, focus, depth = asked.get("level"), asked.get("focus"), asked.get("depth")
    if level not in {None, "classes", "experiments"} or not isinstance(focus, str | None):
        raise JsonRpcInvalidParams("huldra/dag takes level (classes, experiments), focus (text) and depth (a number)")
    steps = depth if isinstance(depth, int) and not isinstance(depth, bool) else None
    found: list[dict[str, object]] = []
    for positions in await desk.everything():
        view = positions.published.view
        chosen = "experiments" if level == "experiments" else "classes" if level == "classes" else None
        graph = dependency_graph(view.snapshot, view.picture, chosen, focus, steps)
        shown: object = {"error": graph.message} if isinstance(graph, NoSuch) else json.loads(graph_json(graph))
        found.append({"root": positions.project.root.as_uri(), "graph": shown})
    return {"projects": found}
