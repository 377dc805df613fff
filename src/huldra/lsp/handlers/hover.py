"""What is known of what stands under the pointer."""

import asyncio
from datetime import UTC, datetime
from functools import partial

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from huldra.features.explanation import Explanation, explain
from huldra.features.hover import hover_text, hovered_run
from huldra.features.plain_hover import plain_hover
from huldra.features.standing import FunctionThere, SiteThere, Standing
from huldra.lsp.desk import Desk
from huldra.lsp.documents import BEFORE, Asked

_PATIENCE_SECONDS = 2.0


async def answer(desk: Desk, params: types.HoverParams) -> types.Hover | None:
    """Return the words for a position; None where huldra has nothing to add."""
    asked = await desk.asked(params.text_document.uri)
    standing = None if asked is None else asked.standing(params.position)
    if asked is None or standing is None:
        return None
    explanation = await _explanation(desk, asked, standing)
    render = partial(hover_text, asked.view, standing, datetime.now(UTC), explanation)
    # The first look at a function follows every run's code.
    text = await desk.in_background(render) if isinstance(standing, FunctionThere) else render()
    if not text:
        return None
    about = standing.site.place if isinstance(standing, SiteThere) else standing.place
    if not asked.positions.as_read(asked.name)(about):
        text = f"{BEFORE.capitalize()}, which cannot be read:\n\n{text}"
    is_markdown = desk.client.takes_markdown
    kind = types.MarkupKind.Markdown if is_markdown else types.MarkupKind.PlainText
    content = types.MarkupContent(kind, text if is_markdown else plain_hover(text))
    return types.Hover(content, asked.range(standing.place))


async def _explanation(desk: Desk, asked: Asked, standing: Standing) -> Explanation | None:
    """Ask git why a run is stale; None if it takes longer than somebody waits."""
    run, snapshot = hovered_run(asked.view, standing), asked.view.snapshot
    if run is None:
        return None
    work = partial(explain, run, asked.view.runs, snapshot.inputs.evidence)
    try:
        return await asyncio.wait_for(desk.in_background(work), _PATIENCE_SECONDS)
    except (TimeoutError, JsonRpcException):
        return None
