"""What a fuzzer does to a text: random edits as an editor sends them, with emoji, CJK and all line ends."""

import random
import re
from dataclasses import dataclass

Change = dict[str, object]
PIECES = (
    "(",
    ")",
    '"""',
    "'",
    "\n",
    "\r\n",
    "\t",
    "é",
    "😀",
    "漢字",
    "\ufeff",
    "class X(",
    "lr=",
    "#",
    "    ",
    "\\",
    "x = 1\n",
    "\0",
    "\r",
    "\x0c",
    "def f(self):\n",
    "import huldra\n",
    "# huldra: ignore\n",
    "\u2028",
)
_LINE = re.compile(r"\r\n|\n|\r")
_SHORT = 40


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def position(text: str, offset: int) -> dict[str, int]:
    """The position that the protocol gives an offset."""
    before = _LINE.split(text[:offset])
    return {"line": len(before) - 1, "character": units(before[-1])}


def random_offset(text: str, random_: random.Random) -> int:
    offset = random_.randrange(len(text) + 1)
    return offset + 1 if text[offset - 1 : offset + 1] == "\r\n" else offset


def is_inside(text: str, place: object) -> bool:
    """Whether a range lies in a text, as the protocol counts."""
    assert isinstance(place, dict)
    lines = _LINE.split(text)
    ends = [(place[name]["line"], place[name]["character"]) for name in ("start", "end")]
    return ends == sorted(ends) and all(line < len(lines) and column <= units(lines[line]) for line, column in ends)


@dataclass(frozen=True, slots=True)
class Edited:
    """A text after an edit, the edit as it is sent, and the edit that undoes it."""

    text: str
    change: Change
    undo: Change


def replaced(text: str, first: int, end: int, new: str) -> Edited:
    after = text[:first] + new + text[end:]
    there = {"start": position(text, first), "end": position(text, end)}
    if "\r\n" in {after[edge - 1 : edge + 1] for edge in (first, first + len(new))}:
        # No position names the middle of a line end.
        return Edited(after, {"range": there, "text": new}, {"text": text})
    back = {"start": position(after, first), "end": position(after, first + len(new))}
    return Edited(after, {"range": there, "text": new}, {"range": back, "text": text[first:end]})


def random_edit(text: str, other: str, random_: random.Random) -> Edited:
    """Return a random edit: a few characters, lines, something pasted from another text, or something deleted."""
    kind = random_.random()
    first, end = sorted((random_offset(text, random_), random_offset(text, random_)))
    if kind < 0.5:
        return replaced(text, first, first, random_.choice(PIECES))
    if kind < 0.6:
        start = random_offset(other, random_)
        return replaced(text, first, first, other[start : start + random_.randrange(200)])
    if kind < 0.8:
        return _line_edit(text, random_)
    if end - first > _SHORT:
        end = first + len(text[first : first + _SHORT].removesuffix("\r"))
    return replaced(text, first, end, random_.choice(PIECES) if kind < 0.9 else "")


def _line_edit(text: str, random_: random.Random) -> Edited:
    """A line is deleted, doubled, or moved to the end."""
    lines = text.splitlines(keepends=True) or [""]
    number = random_.randrange(len(lines))
    start = sum(len(line) for line in lines[:number])
    line = lines[number]
    match random_.randrange(3):
        case 0:
            return replaced(text, start, start + len(line), "")
        case 1:
            return replaced(text, start, start, line)
        case _:
            return replaced(text, start, len(text), text[start + len(line) :] + line)
