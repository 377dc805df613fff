"""Whether what stands at the cursor can be renamed here: fields of experiment classes, and nothing else."""

from lsprotocol import types

from huldra.features.standing import FieldThere
from huldra.lsp.desk import Desk


async def answer(desk: Desk, params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
    """Return the name's range; None for what other servers rename."""
    asked = await desk.asked(params.text_document.uri)
    standing = None if asked is None else asked.standing(params.position)
    if asked is None or not isinstance(standing, FieldThere):
        return None
    place = asked.range(standing.place)
    is_experiment = asked.view.snapshot.project.experiment(standing.class_name) is not None
    return None if place is None or not is_experiment else types.PrepareRenamePlaceholder(place, standing.field)
