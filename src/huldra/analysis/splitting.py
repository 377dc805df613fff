"""Splits texts into pieces, one version of a file after the other: of what did not change no token is looked at."""

from collections import deque

from huldra.facts.pieces import PieceText, Split, split_again, split_text

_SOME_TEXTS = 8
"""Of a file that is edited there are two: as it stands, and with room between its statements."""


class Splitter:
    """Splits texts, and keeps the last ones. What it returns follows from the text alone. Used by one thread."""

    def __init__(self) -> None:
        self._last: deque[Split] = deque(maxlen=_SOME_TEXTS)

    def split(self, text: str) -> tuple[PieceText, ...]:
        """Return the pieces of a text."""
        for split in self._last:
            if split.text == text:
                return split.pieces
        near = max(self._last, key=lambda split: _in_common(text, split.text), default=None)
        split = split_text(text) if near is None else split_again(text, near)
        self._last.append(split)
        return split.pieces


def _in_common(text: str, other: str) -> int:
    """Return how many of the first and the last lines two texts share, as far as powers of two can tell."""
    found, size = 0, min(len(text), len(other))
    while size:
        found += size if text.startswith(other[:size]) else 0
        found += size if text.endswith(other[len(other) - size :]) else 0
        size //= 2
    return found
