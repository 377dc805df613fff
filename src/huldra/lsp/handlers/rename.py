"""A field of an experiment class gets another name, everywhere or nowhere; what that does to stored runs is said."""

from functools import partial

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified

from huldra.features.renaming import broken_by_rename, effect_of_rename, renamed_field
from huldra.features.standing import FieldThere
from huldra.lsp.desk import Desk
from huldra.lsp.edits import annotated_edit, refuse_edit
from huldra.lsp.writing import imagined
from huldra.plans.values_in_code import NotWritable

_PATIENCE_SECONDS = 20.0


async def answer(desk: Desk, params: types.RenameParams) -> types.WorkspaceEdit | None:
    """Return the edit; None for what is no field of ours.

    Raises:
        RequestFailed: the reason why nothing is renamed.
    """
    try:
        asked = await desk.latest(params.text_document.uri, _PATIENCE_SECONDS)
    except JsonRpcContentModified as error:
        raise refuse_edit(f"nothing was renamed: {error.message}; try again") from error
    standing = None if asked is None else asked.standing(params.position)
    if asked is None or not isinstance(standing, FieldThere):
        return None
    view, positions = asked.view, asked.positions
    plan = await desk.in_background(partial(renamed_field, view, standing, params.new_name))
    if isinstance(plan, NotWritable):
        raise refuse_edit(plan.message)
    after = await imagined(desk, positions, plan.after)
    fault = broken_by_rename(view, after, plan)
    if fault is not None:
        raise refuse_edit(fault.message)
    effect = effect_of_rename(view, plan)
    texts: dict[str, list[types.TextEdit]] = {}
    for file, edits in plan.edits.items():
        for edit in edits:
            place = positions.range(edit.place)
            if place is None:
                raise refuse_edit(f"{file} was edited meanwhile: try again")
            texts.setdefault(positions.uri_of(file), []).append(types.TextEdit(place, edit.text))
    label = f"Rename {plan.old} to {plan.new}"
    if not desk.client.takes_annotations:
        desk.client.tell(effect.words)
    return annotated_edit(desk, texts, label, effect.words, is_asked=bool(effect.keys))
