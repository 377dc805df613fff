"""What a hover says, for an editor that shows no Markdown: the same words, and tables as lines."""

import re
from collections.abc import Iterator

_FENCE = "```"
_LINK = re.compile(r"\[([^\]]*)\]\(<[^>]*>\)")
_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
_UNDER_COLUMNS = re.compile(r"\|(-+\|)+")
_GAP = "  "


def plain_hover(markdown: str) -> str:
    """Return the text of a hover as `hover_text` writes it, without its marks; code stays as it is."""
    return "\n".join(_lines(markdown.split("\n")))


def _lines(lines: list[str]) -> Iterator[str]:
    is_code = False
    table: list[list[str]] = []
    for line in lines:
        if line.startswith(_FENCE):
            is_code = not is_code
            continue
        if not is_code and line.startswith("|"):
            if not _UNDER_COLUMNS.fullmatch(line):
                table.append([_without_marks(cell.strip()) for cell in _BETWEEN_CELLS.split(line)[1:-1]])
            continue
        yield from _in_columns(table)
        table = []
        yield line if is_code else _without_marks(line)
    yield from _in_columns(table)


def _in_columns(table: list[list[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        yield _GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _without_marks(text: str) -> str:
    """Return a line without marks; between backticks nothing is one."""
    parts = text.replace("\\|", "|").split("`")
    return "".join(part if at % 2 else _LINK.sub(r"\1", part).replace("**", "") for at, part in enumerate(parts))
