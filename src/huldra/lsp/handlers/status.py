"""How the server is: for status bars, and for whoever waits until it has come to rest."""

from huldra.lsp.desk import Desk
from huldra.lsp.status import status_of


async def answer(desk: Desk, _params: object) -> dict[str, object]:
    """Return whether work is going on, and the counts of each project by verdict."""
    return status_of(desk)
