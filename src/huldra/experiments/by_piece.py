"""What the pieces of files say, asked once of each for as long as it stays in its file."""

from collections.abc import Callable
from typing import Generic, TypeVar

from huldra.facts.statements import FileFacts, PieceFacts

_Answer = TypeVar("_Answer")


class ByPiece(Generic[_Answer]):
    """Answers about pieces, which follow from the piece alone, and from which file it is in."""

    def __init__(self) -> None:
        self._known: dict[str, dict[int, tuple[PieceFacts, _Answer]]] = {}

    def of(self, file: str, facts: FileFacts, ask: Callable[[PieceFacts], _Answer]) -> list[_Answer]:
        """Return what is answered for each piece of a file, in order."""
        before = self._known.get(file, {})
        # The facts are kept with the answer, so that their id stays their own.
        found = [before.get(id(piece.facts)) or (piece.facts, ask(piece.facts)) for piece in facts.pieces]
        self._known[file] = {id(each[0]): each for each in found}
        return [answer for _, answer in found]
