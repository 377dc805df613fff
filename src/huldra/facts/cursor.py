"""Going through a piece's tokens in step with its syntax tree, which itself has no positions.

The tree's leaves are visited in source order, so the next token with a leaf's text is that leaf's.
"""

from huldra.facts.expressions import Span
from huldra.facts.nesting import MAX_DEPTH, TooDeepError, nests_too_deep
from huldra.facts.tokens import Lines, Token, scan_tokens

_CLOSING = {"(": ")", "[": "]", "{": "}"}


class CursorLostError(Exception):
    """The tree has a leaf that the tokens do not have; the scanner and the parser see different Python."""


class Cursor:
    """The place in a piece's tokens up to which the tree has been visited."""

    def __init__(self, text: str) -> None:
        self.text = text
        tokens = scan_tokens(text)
        self.nests_too_deep = nests_too_deep(tokens)
        self.depth = 0
        self.tokens = [token for token in tokens if token.kind != "NEWLINE"]
        self._lines = Lines(text)
        self._next = 0
        self._match = _matching_brackets(self.tokens)
        self._fixed: Span | None = None

    def descend(self) -> None:
        """Go a level down in the tree (who comes back up lowers `depth`); raise TooDeepError below the last."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooDeepError

    def take(self, text: str) -> int:
        """Go past the next token of this text and return its index."""
        if self._fixed is not None:
            return 0
        index = self._next
        tokens = self.tokens
        end = len(tokens)
        while index < end and tokens[index].text != text:
            index += 1
        if index == end:
            raise CursorLostError(f"{text!r} is not among the tokens that are left")
        self._next = index + 1
        return index

    def close(self, opening: int) -> int:
        """Go past the bracket that closes an opening one and return its index."""
        if self._fixed is not None:
            return 0
        self._next = self._match[opening] + 1
        return self._match[opening]

    @property
    def is_fixed(self) -> bool:
        """Whether everything gets one span now."""
        return self._fixed is not None

    def take_string(self) -> int:
        """Go past the next string token and return its index."""
        if self._fixed is not None:
            return 0
        found = next((i for i in range(self._next, len(self.tokens)) if self.tokens[i].kind == "STRING"), None)
        if found is None:
            raise CursorLostError("a string is not among the tokens that are left")
        self._next = found + 1
        return found

    def last(self) -> int:
        """Return the index of the last token that was passed."""
        return max(self._next - 1, 0)

    def span(self, first: int, last: int) -> Span:
        """Return the span from one token to another, both included."""
        if self._fixed is not None:
            return self._fixed
        start, end = self._lines.place(self.tokens[first].start), self._lines.place(self.tokens[last].end)
        return (*start, *end)

    def between(self, first: int, last: int) -> str:
        """Return the text from one token to another, both included, space folded to single blanks."""
        if self._fixed is not None:
            return ""
        return " ".join(self.text[self.tokens[first].start : self.tokens[last].end].split())

    def fix(self, span: Span | None) -> Span | None:
        """Give everything that follows one span (the inside of an f-string is one token); None to go on counting."""
        before, self._fixed = self._fixed, span
        return before


def _matching_brackets(tokens: list[Token]) -> dict[int, int]:
    matches: dict[int, int] = {}
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if token.kind != "OP":
            continue
        if token.text in _CLOSING:
            stack.append(index)
        elif token.text in {")", "]", "}"} and stack:
            matches[stack.pop()] = index
    return matches
