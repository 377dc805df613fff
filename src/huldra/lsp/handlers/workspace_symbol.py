"""Experiments and runs by words: `lr=3e-4`, a hash, a class, a verdict."""

from lsprotocol import types

from huldra.features.symbols import find_symbols
from huldra.lsp.desk import Desk


async def answer(desk: Desk, params: types.WorkspaceSymbolParams) -> list[types.WorkspaceSymbol] | None:
    """Return what fits; None for no words, since that would be everything."""
    if not params.query.strip():
        return None
    found: list[types.WorkspaceSymbol] = []
    for positions in await desk.everything():
        for symbol in find_symbols(positions.published.view, params.query):
            location = positions.location(symbol.place)
            if location is not None:
                name = f"{symbol.name} {symbol.detail}"
                container = symbol.container
                found.append(types.WorkspaceSymbol(location, name, types.SymbolKind.Object, container_name=container))
    return found or None
