"""Which methods and commands of ours this server has."""

from huldra.lsp.desk import Desk
from huldra.lsp.extensions import COMMANDS, HANDLERS


async def answer(_desk: Desk, _params: object) -> dict[str, object]:
    """Return their names."""
    return {"methods": sorted(HANDLERS), "commands": list(COMMANDS)}
