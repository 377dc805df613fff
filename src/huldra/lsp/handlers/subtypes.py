"""The classes right below a class."""

from lsprotocol import types

from huldra.lsp.desk import Desk
from huldra.lsp.hierarchy import class_item, item_name


async def answer(desk: Desk, params: types.TypeHierarchySubtypesParams) -> list[types.TypeHierarchyItem] | None:
    """Return them, as far as they are experiment classes of the project."""
    positions = await desk.positions_of(params.item.uri)
    name = item_name(params.item.data)
    if positions is None or name is None or name not in positions.published.view.classes:
        return None
    view = positions.published.view
    items = [
        class_item(positions, other) for other in tuple(row.name for row in view.picture.classes if name in row.bases)
    ]
    return [item for item in items if item is not None]
