"""Folders were opened or closed."""

from lsprotocol import types

from huldra.lsp.desk import Desk


def take(desk: Desk, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Effect: open and forget their projects."""
    for folder in params.event.removed:
        desk.remove_folder(folder.uri)
    for folder in params.event.added:
        desk.add_folder(folder.uri)
