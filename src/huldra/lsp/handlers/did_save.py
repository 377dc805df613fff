"""A document is saved: its file is what the editor has said already, the commit may differ."""

from lsprotocol import types

from huldra.lsp.desk import Desk


def take(desk: Desk, params: types.DidSaveTextDocumentParams) -> None:
    """Effect: look at settings again if they were saved."""
    if params.text_document.uri.endswith((".toml", ".cfg")):
        desk.look_again()
