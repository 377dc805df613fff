"""Settings of the editor have changed."""

from lsprotocol import types

from huldra.lsp.desk import Desk


def take(desk: Desk, params: types.DidChangeConfigurationParams) -> None:
    """Effect: take them in, look at everything again, and have asked for what a setting shows or hides."""
    desk.client.configure(params.settings)
    desk.client.refresh()
    desk.look_again()
