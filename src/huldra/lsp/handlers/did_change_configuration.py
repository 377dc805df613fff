"""Settings of the editor have changed."""

from lsprotocol import types

from huldra.lsp.desk import Desk


def take(desk: Desk, params: types.DidChangeConfigurationParams) -> None:
    """Effect: take them in, and look at everything again."""
    desk.client.configure(params.settings)
    desk.look_again()
