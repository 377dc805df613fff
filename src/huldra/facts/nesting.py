"""How deep code nests, told from its tokens: what is nested past reason must not reach the parser at all.

LibCST's parser is recursive (very deep code overflows its stack and ends the process), and it needs time exponential in
the nesting of match patterns and of `del` targets. Knows tokens only.
"""

from collections.abc import Sequence

from huldra.facts.tokens import Token

MAX_NESTING = 200
"""Python's own limit for brackets in brackets."""

MAX_DEPTH = 150
"""How deep expressions and blocks may nest, together: no reader of facts that recurses meets Python's own limit."""

_MAX_RUN = 2000
"""Names, numbers and operators of one expression without a comma; each might be a level (`not not x`, `a.b.c`)."""

_MAX_ELIFS = 300
"""Branches of one `if`, those that it stands in added: each is a level of the tree."""

_MAX_HEADER = {"case": 8, "del": 14}
"""Brackets in brackets where the parser's time doubles, at least, with each."""

_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")


class TooDeepError(Exception):
    """The code nests deeper than MAX_DEPTH."""


def nests_too_deep(tokens: Sequence[Token]) -> bool:
    """Return whether tokens nest past what the parser can be given."""
    depth = run = 0
    header = ""
    is_line_start = True
    for index, token in enumerate(tokens):
        text = token.text
        if is_line_start and token.kind != "NEWLINE":
            header = text if text == "del" or (text == "case" and _is_pattern(tokens, index)) else ""
            is_line_start = False
        if text in _OPENING:
            depth += 1
            if depth > MAX_NESTING or (header and depth > _MAX_HEADER[header]):
                return True
        elif text in _CLOSING:
            depth = max(depth - 1, 0)
        elif token.kind == "NEWLINE":
            is_line_start = depth == 0
        elif token.kind == "ERROR" and sum(map(text.count, _OPENING)) > MAX_NESTING:
            return True  # a string that the scanner could not follow may nest as deep as its brackets say
        is_break = text in {",", ";"} or is_line_start
        run = 0 if is_break else run + (token.kind in {"NAME", "NUMBER", "OP"})
        if run > _MAX_RUN:
            return True
    return _longest_branching(tokens) > _MAX_ELIFS


def _is_pattern(tokens: Sequence[Token], first: int) -> bool:
    """Whether a line that begins with `case` is a pattern: the word is a plain name too, then without a late colon."""
    depth = 0
    for index in range(first + 1, len(tokens)):
        token = tokens[index]
        if token.text in _OPENING:
            depth += 1
        elif token.text in _CLOSING:
            depth -= 1
        elif depth == 0 and (token.text in {":", "=", "."} or token.kind == "NEWLINE"):
            return token.text == ":" and index > first + 1
    return False


def _longest_branching(tokens: Sequence[Token]) -> int:
    """Return how many `elif` the innermost of nested `if` statements stands behind, at most."""
    longest = 0
    branches: dict[int, int] = {}
    line_end, is_line_start = 0, True
    for token in tokens:
        if token.kind == "NEWLINE":
            line_end, is_line_start = token.end, True
        elif is_line_start:
            is_line_start = False
            column = token.start - line_end
            if token.text == "elif":
                branches = {at: count for at, count in branches.items() if at <= column}
                branches[column] = branches.get(column, 0) + 1
                longest = max(longest, sum(branches.values()))
            elif token.text != "else" and branches:
                branches = {at: count for at, count in branches.items() if at < column}
    return longest
