"""Hashes and directories of runs, wherever they are written: links to what the run has left."""

from lsprotocol import types
from msgspec.structs import replace

from huldra.facts.collect import normal_text
from huldra.features.words_in_text import hashes_in, line_of, path_start
from huldra.formats.layout import directory_at
from huldra.lsp.desk import Desk


async def answer(desk: Desk, params: types.DocumentLinkParams) -> list[types.DocumentLink] | None:
    """Return a link for each hash of a stored run in the text as it stands now; JSON and notes have them too."""
    document = await desk.held(params.text_document.uri)
    if document is None:
        return None
    view, store = document.view, document.view.workspace.store.path
    found: list[types.DocumentLink] = []
    lines, text = document.positions.lines(document.name), normal_text(document.text)
    for digest, place in hashes_in(text, document.name):
        runs = [view.runs[key] for key in view.keys_of_hash.get(digest, ()) if key in view.runs]
        if runs:
            content = line_of(text, place.line)
            # Of several classes with one hash a directory says which is meant.
            named = [run for run in runs if content[: place.end_column - 1].endswith(run.run.path)]
            run = (named or runs)[0]
            start = path_start(content, place.column) if named else place.column
            target = directory_at(store, run.run.path).as_uri()
            whole = replace(place, column=start)
            found.append(types.DocumentLink(lines.range(whole), target, f"{run.key}: {run.verdict}"))
    return found or None
