"""The experiments of a document, for outlines: what is built inside another one stands below it."""

from lsprotocol import types

from huldra.features.symbols import Symbol, file_symbols
from huldra.lsp.desk import Desk

_Found = list[types.DocumentSymbol] | list[types.SymbolInformation]


async def answer(desk: Desk, params: types.DocumentSymbolParams) -> _Found | None:
    """Return a symbol for each site; all in a row for a client that knows no tree."""
    uri = params.text_document.uri
    asked = await desk.asked(uri)
    if asked is None:
        return None
    placed = [
        (symbol, place) for symbol in file_symbols(asked.view, asked.name) if (place := asked.range(symbol.place))
    ]
    if not desk.client.takes_symbol_trees:
        return [_in_a_row(symbol, uri, place) for symbol, place in placed] or None
    roots: list[types.DocumentSymbol] = []
    around: list[tuple[types.Range, list[types.DocumentSymbol]]] = []
    for symbol, place in placed:  # in the order of the text: what is around a site comes before it
        while around and not _holds(around[-1][0], place):
            around.pop()
        below: list[types.DocumentSymbol] = []
        new = types.DocumentSymbol(symbol.name, types.SymbolKind.Object, place, place, symbol.detail, children=below)
        (around[-1][1] if around else roots).append(new)
        around.append((place, below))
    return roots or None


def _in_a_row(symbol: Symbol, uri: str, place: types.Range) -> types.SymbolInformation:
    name = f"{symbol.name} {symbol.detail}"
    return types.SymbolInformation(
        types.Location(uri, place), name, types.SymbolKind.Object, container_name=symbol.container
    )


def _holds(outer: types.Range, inner: types.Range) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
