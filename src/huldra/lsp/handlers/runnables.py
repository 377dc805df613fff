"""What can be started from a document, as data for an editor's own buttons."""

from datetime import UTC, datetime

from lsprotocol import types

from huldra.features.lenses import file_lenses
from huldra.features.targets import Chosen, choose_target
from huldra.lsp.desk import Desk
from huldra.lsp.json_objects import as_mapping
from huldra.lsp.targets import argument_of

_STARTING = frozenset({"huldra.rerun", "huldra.runMissing"})


async def answer(desk: Desk, params: object) -> list[dict[str, object]]:
    """Return `[{label, kind, range, command, argument, args: {cwd, program, args}}]` for `{textDocument: {uri}}`."""
    document = as_mapping((as_mapping(params) or {}).get("textDocument")) or {}
    uri = document.get("uri")
    asked = await desk.asked(uri) if isinstance(uri, str) else None
    found: list[dict[str, object]] = []
    for lens in () if asked is None else file_lenses(asked.view, asked.name, datetime.now(UTC)):
        place, chosen = (
            (None, None) if asked is None else (asked.range(lens.place), choose_target(asked.view, lens.target))
        )
        if asked is None or place is None or lens.command not in _STARTING or not isinstance(chosen, Chosen):
            continue
        words = ["rerun", chosen.word, *(["--missing"] if lens.command == "huldra.runMissing" else [])]
        found.append(
            {
                "label": lens.title,
                "kind": "shell",
                "range": _range(place),
                "command": lens.command,
                "argument": argument_of(lens.target, asked, lens.command),
                "args": {"cwd": str(asked.root), "program": "huldra", "args": words},
            }
        )
    return found


def _range(place: types.Range) -> dict[str, object]:
    start, end = place.start, place.end
    return {
        "start": {"line": start.line, "character": start.character},
        "end": {"line": end.line, "character": end.character},
    }
