"""The experiments of a document, for outlines."""

from lsprotocol import types

from huldra.features.symbols import file_symbols
from huldra.lsp.desk import Desk


async def answer(desk: Desk, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol] | None:
    """Return a symbol for each site."""
    asked = await desk.asked(params.text_document.uri)
    if asked is None:
        return None
    found: list[types.DocumentSymbol] = []
    for symbol in file_symbols(asked.view, asked.name):
        place = asked.range(symbol.place)
        if place is not None:
            found.append(types.DocumentSymbol(symbol.name, types.SymbolKind.Object, place, place, symbol.detail))
    return found or None
