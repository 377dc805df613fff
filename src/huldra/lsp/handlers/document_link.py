"""Hashes of runs, wherever they are written: links to what the run has left."""

from lsprotocol import types

from huldra.features.words_in_text import hashes_in
from huldra.lsp.desk import Desk


async def answer(desk: Desk, params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
    """Return a link for each hash of a stored run in the text as it stands now; JSON and notes have them too."""
    document = await desk.held(params.text_document.uri)
    if document is None:
        return None
    view, store = document.view, document.view.workspace.store.path
    found: list[types.DocumentLink] = []
    for digest, place in hashes_in(document.text.replace("\r\n", "\n"), document.name):
        for key in view.keys_of_hash.get(digest, ()):
            run = view.runs.get(key)
            if run is not None:
                target = (store / run.run.path).as_uri()
                lines = document.positions.lines(document.name)
                found.append(types.DocumentLink(lines.range(place), target, f"{key}: {run.verdict}"))
                break
    return found or None
