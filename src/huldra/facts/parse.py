"""One piece through LibCST: parsed, and read into facts. Slow to import; knows nothing of the file around it."""

import warnings
from _ast import PyCF_ONLY_AST  # of `ast`, which takes longer to import than all that is done here

from huldra.facts.cursor import Cursor, CursorLostError
from huldra.facts.nesting import TooDeepError
from huldra.facts.read_statements import StatementReader
from huldra.facts.statements import PieceFacts, SyntaxProblem
from huldra.facts.syntax import RefusedError, UnknownSyntaxError, cst
from huldra.facts.tokens import Lines
from huldra.formats.dialect import STORE_WORDS

_TOO_DEEP = SyntaxProblem("the code is nested too deep to be read", (0, 0, 0, 1))
_OF_OLDER_PYTHONS = frozenset({"invalid syntax", "expected '('"})
"""What a Python says of syntax that came after it."""

_LINES_APART = 2
"""By so many lines at most LibCST goes on past the token that Python calls invalid."""


def parse_piece(text: str) -> PieceFacts:
    """Return what one piece says; positions are relative to it."""
    cursor = Cursor(text)
    if cursor.nests_too_deep:
        return PieceFacts((), _TOO_DEEP)
    try:
        module = cst.parse_module(text)
        names_store = any(word in text for word in STORE_WORDS)
        return PieceFacts(StatementReader(cursor).block(module.body), names_store=names_store)
    except cst.ParserSyntaxError as error:
        return PieceFacts((), _problem(text, error))
    except UnicodeEncodeError as error:
        line, column = Lines(text).place(error.start)
        return PieceFacts((), SyntaxProblem("half a character, a lone surrogate", (line, column, line, column + 1)))
    except RefusedError as error:
        return PieceFacts((), SyntaxProblem(f"invalid syntax: {error}", error.at))
    except (cst.CSTValidationError, cst.CSTLogicError) as error:
        return PieceFacts((), SyntaxProblem(f"invalid syntax: {error}".rstrip(" ."), (0, 0, 0, 1)))
    except UnknownSyntaxError as error:
        return PieceFacts((), SyntaxProblem(f"syntax that huldra does not know yet: {error}", (0, 0, 0, 1)))
    except (TooDeepError, RecursionError):
        return PieceFacts((), _TOO_DEEP)
    except CursorLostError as error:
        return PieceFacts((), SyntaxProblem(f"the code cannot be read: {error}", (0, 0, 0, 1)))


def _problem(text: str, error: cst.ParserSyntaxError) -> SyntaxProblem:
    """Return the problem, its place held inside the piece."""
    lines = text.split("\n")
    line, column = _place_by_python(text, lines, error.raw_line) or (error.raw_line - 1, error.raw_column)
    line = min(max(line, 0), len(lines) - 1)
    column = min(max(column, 0), len(lines[line]))
    message = error.message.removeprefix("parser error: ").split("expected")[0].strip(" :,")
    shown = f"invalid syntax: {message}" if message and "error at" not in message else "invalid syntax"
    return SyntaxProblem(shown, (line, column, line, column + 1))


def _place_by_python(text: str, lines: list[str], line_by_libcst: int) -> tuple[int, int] | None:
    """Return the line and column, from 0, at which Python's own parser stops; None if it does not, or knows too little.

    LibCST names the line that it had come to, often the next one, and a bracket that is never closed at the end of all.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape is the user's business, and Python's
            compile(text, "<piece>", "exec", PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError as error:
        if error.lineno is None or error.offset is None:
            return None
        if error.msg in _OF_OLDER_PYTHONS and error.lineno < line_by_libcst - _LINES_APART:
            return None
        line = min(max(error.lineno - 1, 0), len(lines) - 1)
        # Of what stands in an f-string, Pythons before 3.12 count the columns in a text of their own.
        if error.text is not None and error.text.strip() not in lines[line]:
            return line, len(lines[line]) - len(lines[line].lstrip())
        return line, error.offset - 1
    except (ValueError, OverflowError, MemoryError, RecursionError):
        return None
    return None
