"""The graph of what depends on what, for an editor's own views."""

import json

from pygls.exceptions import JsonRpcInvalidParams

from huldra.exports.graph_json import graph_json
from huldra.exports.graph_page import graph_data
from huldra.features.dependency_graph import Level, dependency_graph
from huldra.features.project_view import ProjectView
from huldra.features.short_names import NoSuch
from huldra.lsp.desk import Desk
from huldra.lsp.json_objects import as_mapping

_PAGE = "page"
_LEVELS: dict[object, Level | None] = {None: None, "classes": "classes", "experiments": "experiments"}


async def answer(desk: Desk, params: object) -> dict[str, object]:
    """Return `{projects: [{root, graph}]}`, the graph as `huldra graph --format json` gives it.

    `params` may hold `focus`, `depth` and `level`: `classes`, `experiments`, or `page` for both as the page's script
    takes them.
    """
    asked = as_mapping(params) or {}
    level, focus, depth = asked.get("level"), asked.get("focus"), asked.get("depth")
    if not isinstance(level, str | None) or level not in {_PAGE, *_LEVELS} or not isinstance(focus, str | None):
        raise JsonRpcInvalidParams(
            "huldra/dag takes level (classes, experiments, page), focus (text) and depth (a number)"
        )
    steps = depth if isinstance(depth, int) and not isinstance(depth, bool) else None
    found: list[dict[str, object]] = []
    for positions in await desk.everything():
        view = positions.published.view
        graph = _page(view, focus, steps) if level == _PAGE else _graph(view, _LEVELS[level], focus, steps)
        found.append({"root": positions.project.root.as_uri(), "graph": graph})
    return {"projects": found}


def _page(view: ProjectView, focus: str | None, depth: int | None) -> object:
    data = graph_data(view.snapshot, view.picture, focus, depth)
    return {"error": data.message} if isinstance(data, NoSuch) else data


def _graph(view: ProjectView, level: Level | None, focus: str | None, depth: int | None) -> object:
    graph = dependency_graph(view.snapshot, view.picture, level, focus, depth)
    return {"error": graph.message} if isinstance(graph, NoSuch) else json.loads(graph_json(graph))
