"""A cheap look at a file: which modules it may import. It may find too much, never too little; it parses nothing."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_SPACE = r"(?:[ \t\f]|\\\r?\n)"
_IMPORT = re.compile(
    rf"{_SPACE}*(?:"
    rf"from{_SPACE}*(?P<level>(?:\.|{_SPACE})*)(?P<module>[\w.]*){_SPACE}*\bimport\b{_SPACE}*"
    rf"(?:\((?P<group>[^)]*)\)|(?P<names>(?:[^\n;\\#]|\\\r?\n)*))"
    rf"|import{_SPACE}+(?P<modules>(?:[^\n;\\#]|\\\r?\n)*))"
)
_KEYWORD = "import"
_BREAK = re.compile(r"[;:\n]")
_CONTINUED = re.compile(r"\\\r?\n\Z")
_COMMENT = re.compile(r"#[^\n]*")
_WORD = re.compile(r"[^\W\d][\w.]*|\*")


class ImportMention(NamedTuple):
    """An import as written: dots, module, and the names after `import` (empty for `import a.b`, `*` for a star)."""

    level: int
    module: str
    names: tuple[str, ...]


def scan_imports(text: str) -> tuple[ImportMention, ...]:
    """Return every import that a text may contain, those in strings and comments included."""
    found: dict[ImportMention, None] = {}
    for match in _matches(text):
        level, module, group, names, modules = match.groups()
        if modules is not None:
            for word in _first_words(modules):
                found[ImportMention(0, word, ())] = None
        else:
            listed = tuple(_first_words(names if group is None else group))
            found[ImportMention(level.count("."), module, listed)] = None
    return tuple(found)


def _first_words(listed: str) -> Iterable[str]:
    """Return what is named in a list with commas; aliases and comments are left out."""
    plain = listed.strip()
    return (plain,) if plain.isidentifier() else _words_of_list(plain)


def _words_of_list(listed: str) -> Iterator[str]:
    if "#" in listed:
        listed = _COMMENT.sub("", listed)
    for part in listed.replace("\\", " ").split(","):
        words = part.split(maxsplit=1)
        if words and not words[0].isidentifier():
            words = _WORD.findall(part)
        if words:
            yield words[0]


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Yield what looks like an import statement, in order; none begins inside another.

    To search for the word and then look back is many times faster than to try every line.
    """
    end = 0
    at = text.find(_KEYWORD)
    while at >= 0:
        line = text.rfind("\n", 0, at) + 1
        # Nearly always it is the line; else it may be one that goes on, or what follows `;` or `:`.
        is_whole = line >= end and (line < 2 or text[line - 2] not in "\\\r")
        match = _IMPORT.match(text, line) if is_whole else None
        if match is None or match.end() <= at:
            match = _other_match(text, at, end)
        if match is not None:
            yield match
            end = match.end()
        at = text.find(_KEYWORD, max(at + len(_KEYWORD), end))


def _other_match(text: str, at: int, after: int) -> re.Match[str] | None:
    for start in _beginnings(text, at, after):
        match = _IMPORT.match(text, start)
        if match is not None:
            return match
    return None


def _beginnings(text: str, at: int, after: int) -> Iterator[int]:
    """Yield where a statement that holds the word at `at` may begin: lines, and what follows `;` and `:`.

    Nothing before `after` counts. A line that goes on in the next one belongs to it.
    """
    line = text.rfind("\n", after, at) + 1
    while line > after and _CONTINUED.search(text, max(line - 3, after), line):
        line = text.rfind("\n", after, line - 1) + 1
    begin = max(line, after)
    if not begin or text[begin - 1] == "\n":
        yield begin
    for found in _BREAK.finditer(text, begin, at):
        yield found.end()
