"""What may be written next inside an experiment's brackets, or in a manifest."""

from lsprotocol import types

from huldra.features.completions import Completion, completions_at
from huldra.features.manifest_completions import manifest_completions
from huldra.lsp.desk import Desk
from huldra.lsp.positions import Lines


async def answer(desk: Desk, params: types.CompletionParams) -> types.CompletionList | None:
    """Return fields, or values that stored runs hold; None elsewhere."""
    asked = await desk.held(params.text_document.uri)
    if asked is None:
        return None
    lines = asked.positions.lines(asked.name)
    offset = lines.offset(params.position)
    before, after = asked.text[:offset], asked.text[offset:]
    if asked.name in asked.view.snapshot.inputs.manifests:
        found = manifest_completions(asked.view, before, after)
    else:
        found = completions_at(asked.view, asked.name, before, after)
    items = [
        types.CompletionItem(
            label=item.label,
            kind=types.CompletionItemKind.Field if item.is_field else types.CompletionItemKind.Value,
            detail=item.detail,
            insert_text=item.insert,
            filter_text=item.sought or item.insert,
            text_edit=_edit(lines, offset, item),
            sort_text=f"{item.rank:04}",
        )
        for item in found
    ]
    return types.CompletionList(is_incomplete=False, items=items) if items else None


def _edit(lines: Lines, offset: int, item: Completion) -> types.TextEdit | None:
    """In the place of the literal that is being typed, whatever the editor takes for a word there."""
    if item.replaces is None:
        return None
    before, behind = item.replaces
    start, end = lines.point_at(offset - before), lines.point_at(offset + behind)
    return types.TextEdit(types.Range(lines.position(start), lines.position(end)), item.insert)
