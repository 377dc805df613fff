"""What can be started from a document, as data for an editor's own buttons."""

from datetime import UTC, datetime

from lsprotocol import types

from huldra.features.lenses import Lens, all_lenses
from huldra.features.project_view import ProjectView
from huldra.features.targets import Chosen, choose_target
from huldra.lsp.desk import Desk
from huldra.lsp.json_objects import as_mapping
from huldra.lsp.targets import argument_of


async def answer(desk: Desk, params: object) -> list[dict[str, object]]:
    """Return `[{label, kind, range, command, argument, args: {cwd, program, args}}]` for `{textDocument: {uri}}`."""
    document = as_mapping((as_mapping(params) or {}).get("textDocument")) or {}
    uri = document.get("uri")
    asked = await desk.asked(uri) if isinstance(uri, str) else None
    found: list[dict[str, object]] = []
    for lens in () if asked is None else all_lenses(asked.view, asked.name, datetime.now(UTC)):
        place = None if asked is None else asked.range(lens.place)
        words = None if asked is None else _words(asked.view, lens)
        if asked is None or place is None or words is None:
            continue
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


def _words(view: ProjectView, lens: Lens) -> list[str] | None:
    """What starts on a command line what a lens starts; None of one that starts nothing."""
    match lens.command:
        case "huldra.runMissing":
            chosen = choose_target(view, lens.target)
            return ["rerun", chosen.word, "--missing"] if isinstance(chosen, Chosen) else None
        case "huldra.rerun":
            chosen = choose_target(view, lens.target)
            is_part = ["--stale"] if lens.target.is_sweep else []
            return ["rerun", chosen.word, *is_part] if isinstance(chosen, Chosen) else None
        case _:
            return None


def _range(place: types.Range) -> dict[str, object]:
    start, end = place.start, place.end
    return {
        "start": {"line": start.line, "character": start.character},
        "end": {"line": end.line, "character": end.character},
    }
