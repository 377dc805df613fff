"""The text of a file of the project, or the problem that it has none."""

from huldra.project.places import Place, start_of_file
from huldra.project.problems import Problem
from huldra.sources.documents import Document, Documents, Reading, TooLarge
from huldra.sources.encodings import Undecodable


def read_text(documents: Documents, name: str) -> str | Problem:
    """Effect: read. Return the text of a file, or why it has none."""
    return text_or_problem(name, documents.read(name))


def text_or_problem(name: str, reading: Reading) -> str | Problem:
    """Return the text of a file that was read, or why it has none."""
    match reading:
        case Document(text=text):
            return text
        case Undecodable(reason=reason, line=line, column=column):
            return Problem(Place(name, line, column, line, column + 1), "HUL001", "error", reason)
        case TooLarge():
            return Problem(start_of_file(name), "HUL003", "warning", reading.reason)
        case _:
            return Problem(start_of_file(name), "HUL001", "error", reading.reason)
