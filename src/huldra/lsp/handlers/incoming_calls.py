"""The experiments that depend on one."""

from lsprotocol import types

from huldra.lsp.desk import Desk
from huldra.lsp.hierarchy import experiment_item, item_name


async def answer(
    desk: Desk, params: types.CallHierarchyIncomingCallsParams
) -> list[types.CallHierarchyIncomingCall] | None:
    """Return them with the places that build them."""
    positions = await desk.positions_of(params.item.uri)
    key = item_name(params.item.data)
    if positions is None or key is None:
        return None
    view = positions.published.view
    keys = [
        row.experiment.key for row in view.picture.experiments if any(d.key == key for d in row.experiment.dependencies)
    ]
    items = [experiment_item(positions, other) for other in dict.fromkeys(keys)]
    return [types.CallHierarchyIncomingCall(item, [item.selection_range]) for item in items if item is not None]
