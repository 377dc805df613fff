"""A document is opened: from now on its text is what the editor says."""

from lsprotocol import types

from huldra.lsp.desk import Desk


def take(desk: Desk, params: types.DidOpenTextDocumentParams) -> None:
    """Effect: take the document in."""
    document = params.text_document
    desk.open(document.uri, document.version, document.text)
