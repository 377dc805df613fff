"""The one entrance: text in, facts out. Bad code is a problem in the facts, never an exception."""

from collections.abc import Callable, Iterable

from huldra.facts.pieces import PieceText, split_pieces
from huldra.facts.statements import FileFacts, Piece, PieceFacts, SyntaxProblem
from huldra.facts.tokens import Lines


def collect_facts(
    text: str,
    piece_facts: Callable[[str], PieceFacts] | None = None,
    split: Callable[[str], Iterable[PieceText]] = split_pieces,
) -> FileFacts:
    """Return what a file says; a function of its text alone.

    Args:
        text: The whole file.
        piece_facts: Gives what `collect_piece` gives, from where it was kept.
        split: Gives what `split_pieces` gives, in less time.
    """
    facts_of = piece_facts or collect_piece
    normal = normal_text(text)
    nul = normal.find("\0")
    if nul >= 0:
        line, column = Lines(normal).place(nul)
        return FileFacts((), SyntaxProblem("the file contains a NUL byte", (line, column, line, column + 1)))
    pieces = (
        Piece(piece.first_line, piece.text.count("\n") + (not piece.text.endswith("\n")), facts_of(piece.text))
        for piece in split(normal)
    )
    return FileFacts(tuple(pieces))


def normal_text(text: str) -> str:
    """Return text as Python's own reader sees it: no byte order mark, line ends as newlines."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def collect_piece(text: str) -> PieceFacts:
    """Return what one piece says; positions are relative to it."""
    # Where all facts are kept, nothing is parsed, and importing the parser would be most of the work.
    from huldra.facts.parse import parse_piece  # noqa: PLC0415

    return parse_piece(text)
