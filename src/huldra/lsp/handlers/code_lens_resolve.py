"""A lens is asked for again, by itself: its words may be newer than its place."""

from datetime import UTC, datetime

from lsprotocol import types

from huldra.features.lenses import file_lenses
from huldra.lsp.desk import Desk
from huldra.lsp.targets import command_of, read_argument


async def answer(desk: Desk, params: types.CodeLens) -> types.CodeLens:
    """Return the lens with the words of now; as it is where it cannot be found any more."""
    argument = read_argument(params.data)
    asked = None if argument is None else await desk.asked(argument.uri)
    if argument is None or asked is None:
        return params
    for lens in file_lenses(asked.view, asked.name, datetime.now(UTC)):
        if lens.target == argument.target and lens.command == argument.command:
            return types.CodeLens(params.range, command_of(lens.title, lens.command, lens.target, asked), params.data)
    return params
