"""The text of a definition as `inspect.getsource` gives it, comments included: forms are blind to these. Plain text."""

import re

SOURCE = "source"
"""As what somebody reads the text of a definition."""
SOURCE_OF = "source of "
"""How a text begins by which a definition says that somebody reads the text of another of its file; its name follows.
Without a name all of the file is meant."""


def source_in(text: str, qualname: str) -> str:
    """Return the text of all definitions of a name in a file, decorators left out; of the whole file without a name."""
    lines = text.splitlines(keepends=True)
    ranges = [(0, len(lines), -1)]
    for name in filter(None, qualname.split(".")):
        ranges = [found for begin, end, indent in ranges for found in _defined(lines, name, begin, end, indent)]
    return "".join(line for begin, end, _ in ranges for line in lines[begin:end])


def _defined(lines: list[str], name: str, begin: int, end: int, indent: int) -> list[tuple[int, int, int]]:
    """Return the first line of each definition of a name in some lines, the line behind it, and its indentation."""
    from inspect import getblock  # noqa: PLC0415  # takes long to import, and few texts are read

    head = re.compile(rf"([ \t]*)(?:async[ \t]+)?(?:def|class)[ \t]+{re.escape(name)}\b")
    heads = [(number, match) for number in range(begin, end) if (match := head.match(lines[number])) is not None]
    depths = {number: len(match[1]) for number, match in heads if len(match[1]) > indent}
    # Those further inside are names of other scopes.
    depth = min(depths.values(), default=0)
    begins = (number for number, found in depths.items() if found == depth)
    return [(number, number + len(getblock(lines[number:end])), depth) for number in begins]
