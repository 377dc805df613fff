"""Edits of several documents, with a word on what they do, as far as an editor takes such."""

from collections.abc import Mapping, Sequence

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from huldra.lsp.desk import Desk

_ANNOTATION = "huldra"


class RequestFailedError(JsonRpcException):
    """A request that was understood and cannot be done; the message is for the user."""

    CODE = types.LSPErrorCodes.RequestFailed
    MESSAGE = "Request Failed"


def refuse_edit(message: str) -> RequestFailedError:
    """Return the error that tells the user why there is no edit."""
    return RequestFailedError(message)


def annotated_edit(
    desk: Desk, texts: Mapping[str, Sequence[types.TextEdit]], label: str, description: str, *, is_asked: bool
) -> types.WorkspaceEdit:
    """Return an edit of documents by URI.

    Args:
        desk: Knows what the editor takes, and the versions of what is open.
        texts: The edits of each document.
        label: What it is called.
        description: What it does beside that.
        is_asked: Whether the editor is to ask before it is done.
    """
    if not desk.client.takes_annotations:
        return document_edit(desk, texts)
    changes: list[types.TextDocumentEdit] = []
    for uri, edits in texts.items():
        marked = [types.AnnotatedTextEdit(_ANNOTATION, edit.range, edit.new_text) for edit in edits]
        changes.append(types.TextDocumentEdit(_versioned(desk, uri), [*marked]))
    annotation = types.ChangeAnnotation(label, needs_confirmation=is_asked, description=description)
    return types.WorkspaceEdit(document_changes=[*changes], change_annotations={_ANNOTATION: annotation})


def document_edit(desk: Desk, texts: Mapping[str, Sequence[types.TextEdit]]) -> types.WorkspaceEdit:
    """Return an edit of documents by URI, for the versions that are open where the editor takes those."""
    if not desk.client.takes_document_changes:
        return types.WorkspaceEdit(changes={uri: list(edits) for uri, edits in texts.items()})
    changes = [types.TextDocumentEdit(_versioned(desk, uri), [*edits]) for uri, edits in texts.items()]
    return types.WorkspaceEdit(document_changes=[*changes])


def _versioned(desk: Desk, uri: str) -> types.OptionalVersionedTextDocumentIdentifier:
    buffer = desk.buffers.get(uri)
    return types.OptionalVersionedTextDocumentIdentifier(uri, None if buffer is None else buffer.version)
