"""A text while it is being written: statements that cannot be read are replaced by what last could.

So that one open bracket does not make the experiments of a file vanish and come back. Knows texts, not files.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

from huldra.analysis.alignment import Alignment, Edit
from huldra.analysis.line_alignment import edits_by_line, similarity
from huldra.facts.pieces import PieceText, split_pieces
from huldra.facts.statements import PieceFacts, SyntaxProblem


class PiecePair(Struct, frozen=True):
    """A top-level statement as it stands, and as it is analysed."""

    present: str
    analysed: str


class BrokenPiece(Struct, frozen=True):
    """Why a statement cannot be read; `first_line` (from 0) is where it begins in the present text."""

    first_line: int
    problem: SyntaxProblem


class MendedText(Struct, frozen=True):
    """A text with every broken statement as it last was; `replaced` are those. Line ends are newlines."""

    present: str
    pairs: tuple[PiecePair, ...]
    replaced: tuple[BrokenPiece, ...]

    @property
    def text(self) -> str:
        """What is analysed."""
        return "".join(pair.analysed for pair in self.pairs)

    def alignment(self) -> Alignment:
        """Return how what is analysed leads to what stands there; the last edit first, so that none moves another."""
        edits: list[Edit] = []
        line = 1
        for pair in self.pairs:
            edits[:0] = edits_by_line(pair.analysed, pair.present, line)
            line += pair.analysed.count("\n")
        return Alignment(tuple(edits))


def mend_text(
    text: str,
    last: MendedText | None,
    facts_of: Callable[[str], PieceFacts],
    split: Callable[[str], tuple[PieceText, ...]] = split_pieces,
) -> MendedText:
    """Return a text with its broken statements as they last were; one that was never whole stays as it is.

    Args:
        text: What stands there, its line ends newlines.
        last: The same file before.
        facts_of: The facts of a piece.
        split: Gives what `split_pieces` gives, in less time.
    """
    if last is not None and last.present == text:
        return last
    pieces = split(text)
    kept = last.pairs if last is not None else ()
    head = _equal_head([piece.text for piece in pieces], [pair.present for pair in kept])
    most = min(len(pieces), len(kept)) - head
    ends = [piece.text for piece in pieces[::-1]][:most], [pair.present for pair in kept[::-1]][:most]
    tail = _equal_head(*ends)
    middle = [piece.text for piece in pieces[head : len(pieces) - tail]]
    between = _pair_up(middle, kept[head : len(kept) - tail], facts_of)
    pairs = _with_line_ends((*kept[:head], *between, *kept[len(kept) - tail :]))
    replaced = [
        BrokenPiece(piece.first_line, problem)
        for piece, pair in zip(pieces, pairs, strict=True)
        if pair.present != pair.analysed and (problem := facts_of(piece.text).problem) is not None
    ]
    return MendedText(text, pairs, tuple(replaced))


def _with_line_ends(pairs: tuple[PiecePair, ...]) -> tuple[PiecePair, ...]:
    """What used to end the file may now stand in its middle, where a line must end."""
    return tuple(
        PiecePair(pair.present, f"{pair.analysed}\n")
        if pair.analysed and not pair.analysed.endswith("\n") and any(later.analysed for later in pairs[index + 1 :])
        else pair
        for index, pair in enumerate(pairs)
    )


def _equal_head(left: list[str], right: list[str]) -> int:
    return next((i for i, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))


def _pair_up(
    present: list[str], last: tuple[PiecePair, ...], facts_of: Callable[[str], PieceFacts]
) -> tuple[PiecePair, ...]:
    """Pair changed statements with what stands for them: themselves if they can be read."""
    is_broken = [facts_of(text).problem is not None for text in present]
    if not any(is_broken) or not last:
        return tuple(PiecePair(text, text) for text in present)
    if len(present) == len(last):
        pairs = zip(present, last, is_broken, strict=True)
        return tuple(PiecePair(text, before.analysed if broken else text) for text, before, broken in pairs)
    # Statements ran together or fell apart: what is not there any more stands where most of it is to be found.
    readable = {_without_room(text) for text, broken in zip(present, is_broken, strict=True) if not broken}
    gone = [pair.analysed for pair in last if _without_room(pair.analysed) not in readable]
    stands_for = _shared_out(gone, [text for text, broken in zip(present, is_broken, strict=True) if broken])
    return tuple(
        PiecePair(text, next(stands_for) if broken else text) for text, broken in zip(present, is_broken, strict=True)
    )


def _without_room(text: str) -> str:
    """A statement however many blank lines are in it: it may have been given room since it was read."""
    return "\n".join(line for line in text.split("\n") if line.strip())


def _shared_out(gone: list[str], broken: list[str]) -> Iterator[str]:
    """Yield, for each broken statement, what it stands for; all keep their order. What is nowhere goes to the first."""
    found: list[list[str]] = [[] for _ in broken]
    at = 0
    for text in gone:
        if at < len(broken) - 1:
            at += _likest(text, broken[at:])
        found[at].append(text)
    return iter(["".join(texts) for texts in found])


def _likest(text: str, broken: list[str]) -> int:
    """Which of some statements holds most of the lines of another, the first of those that do."""
    shares = [similarity(text, other) for other in broken]
    return shares.index(max(shares))
