"""What a command answers: a JSON object with `done`; `message` says why nothing was done."""

from collections.abc import Mapping

from huldra.lsp.client import Client

Answer = Mapping[str, object]
NO_PROJECT = "no project is open that this is about"


def refused(message: str, **more: object) -> Answer:
    """Return the answer of a command that has done nothing."""
    return {"done": False, "message": message, **more}


def refused_aloud(client: Client, message: str, **more: object) -> Answer:
    """Return the same.

    Effect: tell the user, since most editors show nothing of an answer.
    """
    client.tell(message)
    return refused(message, **more)
