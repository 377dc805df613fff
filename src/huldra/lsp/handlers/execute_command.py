"""A command is chosen, perhaps long after it was offered."""

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from huldra.lsp.commands import RUN
from huldra.lsp.desk import Desk
from huldra.lsp.targets import NO_ARGUMENT, read_argument


async def answer(desk: Desk, params: types.ExecuteCommandParams) -> object:
    """Effect: do what the command says. Return JSON: what was done, or why nothing was."""
    run = RUN.get(params.command)
    if run is None:
        raise JsonRpcInvalidParams(f"there is no command {params.command}")
    given = params.arguments or []
    argument = read_argument(given[0]) if given else NO_ARGUMENT
    if argument is None:
        raise JsonRpcInvalidParams(f"{params.command} takes one object: uri, version, class, hash, selector")
    return await run(desk, argument)
