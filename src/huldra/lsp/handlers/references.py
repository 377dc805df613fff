"""Where something is used."""

from lsprotocol import types

from huldra.features.navigation import references_of
from huldra.lsp.desk import Desk


async def answer(desk: Desk, params: types.ReferenceParams) -> list[types.Location] | None:
    """Return the sites, the places where a hash is written down, and the class itself if that is wished for."""
    asked = await desk.asked(params.text_document.uri)
    standing = None if asked is None else asked.standing(params.position)
    if asked is None or standing is None:
        return None
    return (
        asked.positions.locations(
            references_of(asked.view, standing, with_declaration=params.context.include_declaration)
        )
        or None
    )
