"""Where something is defined."""

from lsprotocol import types

from huldra.features.navigation import definitions_of
from huldra.lsp.desk import Desk


async def answer(desk: Desk, params: types.DefinitionParams) -> list[types.Location] | None:
    """Return the places; None where other servers know better."""
    asked = await desk.asked(params.text_document.uri)
    standing = None if asked is None else asked.standing(params.position)
    if asked is None or standing is None:
        return None
    return asked.positions.locations(definitions_of(asked.view, standing)) or None
