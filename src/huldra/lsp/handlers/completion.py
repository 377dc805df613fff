"""What may be written next inside an experiment's brackets, or in a manifest."""

from lsprotocol import types

from huldra.features.completions import completions_at
from huldra.features.manifest_completions import manifest_completions
from huldra.lsp.desk import Desk


async def answer(desk: Desk, params: types.CompletionParams) -> types.CompletionList | None:
    """Return fields, or values that stored runs hold; None elsewhere."""
    asked = await desk.held(params.text_document.uri)
    if asked is None:
        return None
    offset = asked.positions.lines(asked.name).offset(params.position)
    before, after = asked.text[:offset], asked.text[offset:]
    if asked.name in asked.view.snapshot.inputs.manifests:
        found = manifest_completions(asked.view, before, after)
    else:
        found = completions_at(asked.view, asked.name, before)
    items = [
        types.CompletionItem(
            label=item.label,
            kind=types.CompletionItemKind.Field if item.is_field else types.CompletionItemKind.Value,
            detail=item.detail,
            insert_text=item.insert,
            filter_text=item.insert,
            sort_text=f"{item.rank:04}",
        )
        for item in found
    ]
    return types.CompletionList(is_incomplete=False, items=items) if items else None
