"""What stands above classes and sites."""

from datetime import UTC, datetime

from lsprotocol import types

from huldra.features.lenses import file_lenses
from huldra.lsp.desk import Desk
from huldra.lsp.targets import command_of


async def answer(desk: Desk, params: types.CodeLensParams) -> list[types.CodeLens] | None:
    """Return the lenses of a document, from the last state, where they stand now."""
    uri = params.text_document.uri
    first = await desk.first_lenses(uri)
    asked = await desk.asked(uri) if first is None else first[0]
    if asked is None:
        return None
    found: list[types.CodeLens] = []
    for lens in file_lenses(asked.view, asked.name, datetime.now(UTC)) if first is None else first[1]:
        place = asked.range(lens.place)
        if place is not None:
            line = types.Range(place.start, place.end if place.end.line == place.start.line else place.start)
            found.append(types.CodeLens(line, command_of(lens.title, lens.command, lens.target, asked)))
    return found
