"""Files have changed outside the editor."""

from lsprotocol import types

from huldra.lsp.desk import Desk


def take(desk: Desk, params: types.DidChangeWatchedFilesParams) -> None:
    """Effect: read the projects that hold them again."""
    for project in desk.projects_of(change.uri for change in params.changes):
        project.wish(0.1, files=True)
