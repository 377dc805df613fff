"""A recorded patch as data: its three parts, the files each changes, their hunks. Knows only text.

What is recorded is git's output stripped of white space at both ends of each part, so a last hunk may lack lines.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from msgspec import Struct

PartName = Literal["unstaged", "staged", "untracked"]
Sign = Literal[" ", "-", "+"]

_PART = re.compile(r"# === (unstaged|staged|untracked) =+")
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@.*", re.DOTALL)
_INDEX = re.compile(r"index ([0-9a-f]+)\.\.([0-9a-f]+)(?: ([0-7]+))?")
_HEADER_WORDS = ("old mode ", "similarity index ", "dissimilarity index ")
_SUBMODULE = re.compile(r"Submodule (.*) (?:[0-9a-f]+\.{2,3}[0-9a-f]+.*|contains .*)")
_SUBMODULE_COMMITS = ("  > ", "  < ")
_NOT_RECORDED = re.compile(r"# not recorded: (.*) \(\d+ bytes\)")
_MORE_UNTRACKED = re.compile(r"# \d+ more untracked files are not recorded")
_COMBINED = re.compile(r"diff --(?:cc|combined) (.*)|\* Unmerged path (.*)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*[mK]")
_ESCAPE = re.compile(r"\\([abtnvfr\"\\]|[0-7]{3})")
_ESCAPED = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}


class PatchLine(Struct, frozen=True):
    """A line of a hunk, without its line end. `has_end` is false for a file's last line without a line end."""

    sign: Sign
    text: str
    has_end: bool = True


class Hunk(Struct, frozen=True):
    """Lines that change together; `start` is the first old line, counted from 1 (0 in a file without lines)."""

    start: int
    old_count: int
    lines: tuple[PatchLine, ...]


class FileChange(Struct, frozen=True):
    """What a patch does to one file. No old path: the file is new; no new path: it is deleted.

    `old_id` and `new_id` are the beginnings of git's ids of the content, where the patch names them.
    """

    old_path: str | None
    new_path: str | None
    hunks: tuple[Hunk, ...] = ()
    old_id: str | None = None
    new_id: str | None = None
    new_mode: str | None = None
    is_copy: bool = False
    is_binary: bool = False
    is_unmerged: bool = False


class PatchPart(Struct, frozen=True):
    """One part of a patch. `left_out`: what it says is not in it, as paths or sentences.

    `strays` are lines that are no diff: another program may have written in git's place. `is_whole` is false where it
    says that there were more files, and does not name them.
    """

    name: PartName
    changes: tuple[FileChange, ...]
    left_out: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()
    is_whole: bool = True


def parse_patch(patch: str) -> tuple[PatchPart, ...]:
    """Return the parts of a recorded patch in the order in which they apply: staged, unstaged, untracked."""
    lines: dict[PartName, list[str]] = {"staged": [], "unstaged": [], "untracked": []}
    current: PartName = "unstaged"
    for line in patch.split("\n"):
        header = _PART.fullmatch(line.rstrip("\r"))
        if header is None:
            lines[current].append(line)
        else:
            current = _part_name(header[1])
    return tuple(_parse_part(name, found) for name, found in lines.items())


def _part_name(word: str) -> PartName:
    match word:
        case "staged":
            return "staged"
        case "untracked":
            return "untracked"
        case _:
            return "unstaged"


def _parse_part(name: PartName, lines: list[str]) -> PatchPart:
    if any("\x1b[" in line for line in lines):  # git was told to colour everything
        lines = [_COLOUR.sub("", line) for line in lines]
    starts = [i for i, line in enumerate(lines) if line.startswith("diff --git ") or _COMBINED.fullmatch(line)]
    strays = lines[: starts[0]] if starts else list(lines)
    changes = [_file_change(lines[i:end], strays) for i, end in pairwise([*starts, len(lines)])]
    # Git can be told to show what changed inside submodules, which are repositories of their own.
    inside = tuple(f"{found[1]}/" for line in strays if (found := _SUBMODULE.fullmatch(line)))
    return PatchPart(
        name,
        tuple(change for change in changes if not (change.new_path or change.old_path or "").startswith(inside)),
        tuple(_left_out(strays)),
        tuple(line for line in strays if not _is_expected(line)),
        is_whole=not any(map(_MORE_UNTRACKED.fullmatch, strays)),
    )


def _is_expected(line: str) -> bool:
    patterns = (_NOT_RECORDED, _MORE_UNTRACKED, _SUBMODULE)
    return (
        not line.strip()
        or line.startswith(_SUBMODULE_COMMITS)
        or any(pattern.fullmatch(line) is not None for pattern in patterns)
    )


def _left_out(lines: list[str]) -> Iterator[str]:
    for line in lines:
        found = _NOT_RECORDED.fullmatch(line)
        if found is not None:
            yield found[1]
        elif _MORE_UNTRACKED.fullmatch(line):
            yield line.removeprefix("# ")


class _Header(Struct):
    """The lines between `diff --git` and the first hunk, as they are read."""

    old: str | None = None
    new: str | None = None
    renamed_from: str | None = None
    renamed_to: str | None = None
    is_new: bool = False
    is_deleted: bool = False
    is_copy: bool = False
    is_binary: bool = False
    mode: str | None = None
    ids: tuple[str, str] | None = None
    hunks: list[Hunk] = []


def _file_change(lines: list[str], strays: list[str]) -> FileChange:
    combined = _COMBINED.fullmatch(lines[0])
    if combined is not None:
        path = _unquoted(combined[1] or combined[2] or "")
        return FileChange(path, path, is_unmerged=True)  # its hunks are of another kind
    header = _Header()
    at = 1
    while at < len(lines):
        hunk = _HUNK.fullmatch(lines[at])
        if hunk is not None:
            at = _read_hunk(lines, at, hunk, header.hunks)
        else:
            if not _read_header_line(header, lines[at]):
                strays.append(lines[at])
            at += 1
    old, new = _paths(header, lines[0].removeprefix("diff --git "))
    return FileChange(
        old_path=None if header.is_new else old,
        new_path=None if header.is_deleted else new,
        hunks=tuple(header.hunks),
        old_id=header.ids[0] if header.ids else None,
        new_id=header.ids[1] if header.ids else None,
        new_mode=header.mode,
        is_copy=header.is_copy,
        is_binary=header.is_binary,
    )


def _read_header_line(header: _Header, line: str) -> bool:
    """Take over what a line says; false if it is none of git's."""
    words = line.rstrip("\r")
    if words.startswith("--- "):
        header.old = _unquoted(words[4:])
    elif words.startswith("+++ "):
        header.new = _unquoted(words[4:])
    elif words.startswith(("rename from ", "copy from ")):
        header.is_copy = words.startswith("copy")
        header.renamed_from = _unquoted(words.partition(" from ")[2])
    elif words.startswith(("rename to ", "copy to ")):
        header.renamed_to = _unquoted(words.partition(" to ")[2])
    elif words.startswith("new file mode "):
        header.is_new, header.mode = True, words.rpartition(" ")[2]
    elif words.startswith("deleted file mode "):
        header.is_deleted = True
    elif words.startswith("new mode "):
        header.mode = words.rpartition(" ")[2]
    elif words.startswith(("Binary files ", "GIT binary patch")):
        header.is_binary = True
    else:
        index = _INDEX.fullmatch(words)
        if index is None:
            return header.is_binary or words.startswith(_HEADER_WORDS)
        header.ids = (index[1], index[2])
        header.mode = header.mode or index[3]
    return True


def _read_hunk(lines: list[str], at: int, found: re.Match[str], hunks: list[Hunk]) -> int:
    """Read the lines that a hunk's header counts; what was stripped from its end is put back as empty lines."""
    start = int(found[1])
    old_count = old = int(found[2] or 1)
    new = int(found[4] or 1)
    body: list[PatchLine] = []
    at += 1
    while old > 0 or new > 0:
        line = lines[at] if at < len(lines) else " "
        at += 1
        sign: Sign = "-" if line.startswith("-") else "+" if line.startswith("+") else " "
        if line.startswith("\\"):
            _drop_last_end(body)
            continue
        body.append(PatchLine(sign, line[1:]))
        old -= sign != "+"
        new -= sign != "-"
    if at < len(lines) and lines[at].startswith("\\"):
        _drop_last_end(body)
        at += 1
    hunks.append(Hunk(start, old_count, tuple(body)))
    return at


def _drop_last_end(body: list[PatchLine]) -> None:
    if body:
        body[-1] = PatchLine(body[-1].sign, body[-1].text, has_end=False)


def _paths(header: _Header, both: str) -> tuple[str | None, str | None]:
    """Return the two paths without git's prefixes (`a/`, `b/`), from the lines that say them most plainly."""
    if header.renamed_from is not None and header.renamed_to is not None:
        return header.renamed_from, header.renamed_to
    first, second = _two_names(both.rstrip("\r"))
    if header.old is not None and header.old != "/dev/null":
        first = header.old
    if header.new is not None and header.new != "/dev/null":
        second = header.new
    return _without_prefixes(first, second)


def _two_names(both: str) -> tuple[str, str]:
    """Split `a/X b/X`, where X may hold spaces."""
    if both.startswith('"'):
        end = re.match(r'"(?:[^"\\]|\\.)*"', both)
        if end is not None:
            return _unquoted(end[0]), _unquoted(both[end.end() + 1 :])
    if both.endswith('"'):
        first, _, second = both.partition(' "')
        return _unquoted(first), _unquoted(f'"{second}')
    middle = len(both) // 2
    return both[:middle], both[middle + 1 :]


def _without_prefixes(first: str, second: str) -> tuple[str, str]:
    # Equal names: git was told to write no prefixes.
    if first != second and first[1:2] == "/" and second[1:2] == "/":
        return first[2:], second[2:]
    return first, second


def _unquoted(path: str) -> str:
    """Return a path as it is: git quotes odd ones as C does, and ends one that holds a space with a tab."""
    path = path.removesuffix("\t")
    if not (len(path) > 1 and path.startswith('"') and path.endswith('"')):
        return path
    data = bytearray()
    at = 1
    while at < len(path) - 1:
        escape = _ESCAPE.match(path, at)
        if escape is None:
            data += path[at].encode()
            at += 1
        else:
            data.append(_ESCAPED[escape[1]] if escape[1] in _ESCAPED else int(escape[1], 8) & 255)
            at = escape.end()
    return data.decode("utf-8", "surrogateescape")
