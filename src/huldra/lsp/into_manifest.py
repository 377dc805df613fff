"""Experiments of the code added to a manifest, by an edit that can be undone. Each is proven to be the same there."""

from functools import partial

from lsprotocol import types

from huldra.analysis.alignment import Point
from huldra.facts.collect import normal_text
from huldra.features.manifest_entries import code_entries
from huldra.features.targets import Outdated, choose_target
from huldra.lsp.answers import NO_PROJECT, Answer, refused_aloud
from huldra.lsp.desk import Desk
from huldra.lsp.edits import annotated_edit
from huldra.lsp.positions import Lines
from huldra.lsp.targets import Argument
from huldra.plans.manifest_addition import manifest_addition
from huldra.plans.values_in_code import NotWritable


async def add_to_manifest(desk: Desk, argument: Argument) -> Answer:
    """Effect: have the editor add experiments to the first manifest that the settings name."""
    positions = await desk.positions_of(argument.uri)
    if positions is None:
        return refused_aloud(desk.client, NO_PROJECT)
    view = positions.published.view
    chosen = choose_target(view, argument.target)
    manifest = next(iter(view.snapshot.inputs.manifests), None)
    if isinstance(chosen, Outdated) or manifest is None:
        message = chosen.message if isinstance(chosen, Outdated) else "the settings name no manifest that is there"
        return refused_aloud(desk.client, message)
    known = {entry.key for entry in view.snapshot.experiments.manifest}
    keys = [key for key in chosen.keys if key in view.experiments and key not in known]
    entries = await desk.in_background(partial(code_entries, view.snapshot, keys))
    reasons = [f"{refusal.key}: {refusal.reason}" for refusal in entries.refused]
    uri = positions.uri_of(manifest)
    buffer = desk.buffers.get(uri)
    text = (view.text(manifest) or "") if buffer is None else buffer.text
    addition = manifest_addition(normal_text(text), entries.written) if entries.written else NotWritable("")
    if isinstance(addition, NotWritable):
        message = (
            "; ".join((*([addition.message] if addition.message else []), *reasons)) or "all of it is there already"
        )
        return refused_aloud(desk.client, message)
    before = normal_text(text)[: addition.offset]
    position = types.Position(before.count("\n"), _units(before[before.rfind("\n") + 1 :], desk))
    edits = [types.TextEdit(types.Range(position, position), addition.text)]
    label = f"huldra: add to {manifest}"
    edit = annotated_edit(desk, {uri: edits}, label, f"{len(entries.written)} experiments", is_asked=False)
    if not await desk.client.apply(edit, label):
        return refused_aloud(desk.client, "the editor did not take the edit")
    line = types.Position(position.line + 1, 0)
    desk.client.show_document(uri, types.Range(line, line))
    return {"done": True, "uri": uri, "entries": len(entries.written), "refused": reasons}


def _units(text: str, desk: Desk) -> int:
    return Lines(text, desk.buffers.encoding).position(Point(1, len(text) + 1)).character
