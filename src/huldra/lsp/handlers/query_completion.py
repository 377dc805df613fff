"""What may stand next in a half-written query, for editors' own inputs."""

from pygls.exceptions import JsonRpcInvalidParams

from huldra.features.asked_runs import query_suggestions
from huldra.lsp.desk import Desk
from huldra.lsp.json_objects import as_mapping


async def answer(desk: Desk, params: object) -> dict[str, object]:
    """Return `{suggestions: [{text, kind, meaning, start, end}]}` for `{query, cursor}`, by default at its end."""
    asked = as_mapping(params) or {}
    query = asked.get("query", "")
    if not isinstance(query, str):
        raise JsonRpcInvalidParams("huldra/queryCompletion takes a query (text) and a cursor (a number)")
    cursor = asked.get("cursor")
    at = cursor if isinstance(cursor, int) and not isinstance(cursor, bool) else len(query)
    runs = [run for found in await desk.everything() for run in found.published.view.snapshot.store.runs]
    suggestions = query_suggestions(runs, query, max(0, min(at, len(query))))
    return {
        "suggestions": [
            {"text": each.text, "kind": each.kind, "meaning": each.meaning, "start": each.start, "end": each.end}
            for each in suggestions
        ]
    }
