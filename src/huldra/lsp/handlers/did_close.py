"""A document is closed: its file counts again."""

from lsprotocol import types

from huldra.lsp.desk import Desk


def take(desk: Desk, params: types.DidCloseTextDocumentParams) -> None:
    """Effect: let it go, and take its diagnostics back."""
    desk.close(params.text_document.uri)
    if not desk.client.takes_pull_diagnostics:
        desk.client.publish(params.text_document.uri, None, [])
