"""The graph of what depends on what, for an editor's own views."""

import json

from pygls.exceptions import JsonRpcInvalidParams

from huldra.exports.graph_json import graph_json
from huldra.exports.graph_page import graph_data
from huldra.features.asked_runs import asked_runs
from huldra.features.dependency_graph import Focus, Level, dependency_graph
from huldra.features.project_view import ProjectView
from huldra.features.rerun_targets import NAME
from huldra.features.short_names import NoSuch
from huldra.lsp.desk import Desk
from huldra.lsp.json_objects import as_mapping
from huldra.stored_runs.query.expressions import QueryFault

_PAGE = "page"
_LEVELS: dict[object, Level | None] = {None: None, "classes": "classes", "experiments": "experiments"}


async def answer(desk: Desk, params: object) -> dict[str, object]:
    """Return `{projects: [{root, graph}]}`, the graph as `huldra graph --format json` gives it.

    `params` may hold `focus` (a name, or a query), `depth` and `level`: `classes`, `experiments`, or `page` for both
    as the page's script takes them.
    """
    asked = as_mapping(params) or {}
    level, focus, depth = asked.get("level"), asked.get("focus"), asked.get("depth")
    is_count = isinstance(depth, int | None) and not isinstance(depth, bool) and (depth is None or depth >= 0)
    if not isinstance(level, str | None) or level not in {_PAGE, *_LEVELS}:
        raise _no_such_question()
    if not is_count or not isinstance(focus, str | None):
        raise _no_such_question()
    steps = depth if isinstance(depth, int) else None
    found: list[dict[str, object]] = []
    for positions in await desk.everything():
        view = positions.published.view
        chosen = _focus(view, focus)
        if isinstance(chosen, QueryFault):
            graph: object = {"error": chosen.message}
        else:
            graph = _page(view, chosen, steps) if level == _PAGE else _graph(view, _LEVELS[level], chosen, steps)
        found.append({"root": positions.project.root.as_uri(), "graph": graph})
    return {"projects": found}


def _no_such_question() -> JsonRpcInvalidParams:
    return JsonRpcInvalidParams(
        "huldra/dag takes level (classes, experiments, page), focus (text) and depth (a number from 0)"
    )


def _focus(view: ProjectView, word: str | None) -> Focus | QueryFault | None:
    if word is None or not word.strip() or NAME.fullmatch(word.strip()):
        return word
    rows = asked_runs(view.workspace, view.snapshot.project, view.picture.runs, word)
    return rows if isinstance(rows, QueryFault) else tuple(row.compared.key for row in rows)


def _page(view: ProjectView, focus: Focus | None, depth: int | None) -> object:
    data = graph_data(view.snapshot, view.picture, focus, depth)
    return {"error": data.message} if isinstance(data, NoSuch) else data


def _graph(view: ProjectView, level: Level | None, focus: Focus | None, depth: int | None) -> object:
    graph = dependency_graph(view.snapshot, view.picture, level, focus, depth)
    return {"error": graph.message} if isinstance(graph, NoSuch) else json.loads(graph_json(graph))
