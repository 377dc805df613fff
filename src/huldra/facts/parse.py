"""One piece through LibCST: parsed, and read into facts. Slow to import; knows nothing of the file around it."""

from huldra.facts.cursor import Cursor, CursorLostError
from huldra.facts.nesting import TooDeepError
from huldra.facts.read_statements import StatementReader
from huldra.facts.statements import PieceFacts, SyntaxProblem
from huldra.facts.syntax import RefusedError, UnknownSyntaxError, cst
from huldra.facts.tokens import Lines
from huldra.formats.dialect import STORE_WORDS

_TOO_DEEP = SyntaxProblem("the code is nested too deep to be read", (0, 0, 0, 1))


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
    line = min(max(error.raw_line - 1, 0), len(lines) - 1)
    column = min(max(error.raw_column, 0), len(lines[line]))
    message = error.message.removeprefix("parser error: ").split("expected")[0].strip(" :,")
    shown = f"invalid syntax: {message}" if message and "error at" not in message else "invalid syntax"
    return SyntaxProblem(shown, (line, column, line, min(column + 1, max(len(lines[line]), column + 1))))
