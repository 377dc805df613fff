"""What stands above classes and sites."""

from datetime import UTC, datetime

from lsprotocol import types

from huldra.features.lenses import SHOWING, file_lenses
from huldra.lsp.desk import Desk
from huldra.lsp.documents import BEFORE
from huldra.lsp.targets import command_of


async def answer(desk: Desk, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    """Return the lenses of a document, from the last state, where they stand now."""
    uri = params.text_document.uri
    first = await desk.first_lenses(uri)
    asked = await desk.asked(uri) if first is None else first[0]
    if asked is None:
        return None
    found: list[types.CodeLens] = []
    is_as_read = asked.positions.as_read(asked.name)
    for lens in file_lenses(asked.view, asked.name, datetime.now(UTC)) if first is None else first[1]:
        place, is_now = asked.positions.lasting_range(lens.place), is_as_read(lens.place)
        if place is None or not (is_now or lens.command in SHOWING):
            continue
        line = types.Range(place.start, place.end if place.end.line == place.start.line else place.start)
        title = lens.title if is_now else f"{BEFORE}: {lens.title}"
        found.append(types.CodeLens(line, command_of(title, lens.command, lens.target, asked)))
    return found
