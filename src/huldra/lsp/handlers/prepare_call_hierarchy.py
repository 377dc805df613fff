"""The experiment at the cursor, as the beginning of the graph of what depends on what."""

from lsprotocol import types

from huldra.features.standing import HashThere, SiteThere
from huldra.lsp.desk import Desk
from huldra.lsp.hierarchy import experiment_item


async def answer(desk: Desk, params: types.CallHierarchyPrepareParams) -> list[types.CallHierarchyItem] | None:
    """Return the experiments that stand there."""
    asked = await desk.asked(params.text_document.uri)
    if asked is None:
        return None
    match asked.standing(params.position):
        case SiteThere(site=site):
            keys = tuple(row.experiment.key for row in site.experiments)
        case HashThere(keys=keys):
            pass
        case _:
            return None
    items = [experiment_item(asked.positions, key) for key in keys]
    return [item for item in items if item is not None] or None
