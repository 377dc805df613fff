"""A document is edited."""

from lsprotocol import types

from huldra.lsp.desk import Desk


def take(desk: Desk, params: types.DidChangeTextDocumentParams) -> None:
    """Effect: apply the edits; one of a document that is not open is not believed."""
    document = params.text_document
    if desk.buffers.change(document.uri, document.version, params.content_changes):
        desk.changed(document.uri)
