"""What a command answers: a JSON object with `done`; `message` says why nothing was done."""

from collections.abc import Mapping

Answer = Mapping[str, object]


def refused(message: str, **more: object) -> Answer:
    """Return the answer of a command that has done nothing."""
    return {"done": False, "message": message, **more}
