"""The experiments that one depends on."""

from lsprotocol import types

from huldra.lsp.desk import Desk
from huldra.lsp.hierarchy import experiment_item, item_name


async def answer(
    desk: Desk, params: types.CallHierarchyOutgoingCallsParams
) -> list[types.CallHierarchyOutgoingCall] | None:
    """Return them with the places that build them."""
    positions = await desk.positions_of(params.item.uri)
    key = item_name(params.item.data)
    if positions is None or key is None:
        return None
    view = positions.published.view
    keys = [d.key for d in view.experiments[key].experiment.dependencies] if key in view.experiments else []
    items = [experiment_item(positions, other) for other in dict.fromkeys(keys)]
    # Where the caller is built now, if it still is: a range of the caller's document.
    caller = experiment_item(positions, key) or params.item
    return [types.CallHierarchyOutgoingCall(item, [caller.selection_range]) for item in items if item is not None]
