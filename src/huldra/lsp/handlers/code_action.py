"""What can be done about what stands at the cursor: the same commands as in the lenses, and more."""

from datetime import UTC, datetime

from lsprotocol import types

from huldra.features.actions import actions_at
from huldra.lsp.desk import Desk
from huldra.lsp.extensions import ACTION_KIND
from huldra.lsp.targets import command_of


async def answer(desk: Desk, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """Return the actions for a range, as far as the editor asks for such."""
    asked = await desk.asked(params.text_document.uri)
    only = params.context.only
    if asked is None or (only is not None and not any(_is_asked(str(getattr(k, "value", k))) for k in only)):
        return None
    start, end = asked.point(params.range.start), asked.point(params.range.end)
    if start is None or end is None:
        return None
    found = actions_at(asked.view, asked.name, start.line, end.line, datetime.now(UTC))
    return [
        types.CodeAction(
            action.title, ACTION_KIND, command=command_of(action.title, action.command, action.target, asked)
        )
        for action in found
    ] or None


def _is_asked(kind: str) -> bool:
    return kind in {"", ACTION_KIND} or ACTION_KIND.startswith(f"{kind}.")
