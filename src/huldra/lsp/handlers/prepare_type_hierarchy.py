"""The experiment class at the cursor, as the beginning of a hierarchy."""

from lsprotocol import types

from huldra.features.standing import ClassThere, SiteThere
from huldra.lsp.desk import Desk
from huldra.lsp.hierarchy import class_item


async def answer(desk: Desk, params: types.TypeHierarchyPrepareParams) -> list[types.TypeHierarchyItem] | None:
    """Return the class that stands there, or that a site builds."""
    asked = await desk.asked(params.text_document.uri)
    if asked is None:
        return None
    match asked.standing(params.position):
        case ClassThere(class_name=name):
            names: tuple[str, ...] = (name,)
        case SiteThere(site=site):
            names = site.class_names
        case _:
            return None
    items = [class_item(asked.positions, name) for name in names]
    return [item for item in items if item is not None] or None
