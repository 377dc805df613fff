"""A cheap look at a file: which modules it may import, whether it may silence problems. It parses nothing.

It may find too much, never too little.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from typing import NamedTuple

_SPACE = rb"[ \t\f]*(?:\\\n[ \t\f]*)*"
_GROUP = rb"\([^)#]*(?:#[^\n]*[^)#]*)*"
_LISTED = rb"[^\n;\\#]*(?:\\\n[^\n;\\#]*)*"
# What is looked at is not consumed: a statement must not hide the next one, though prose may look like its beginning.
_IMPORT = re.compile(
    rb"(?:^|[\n;:])%(space)b(?:lazy\b%(space)b)?(?="
    rb"from\b((?:[ \t\f.]|\\\n)*)((?:[^\n;#\\(]|\\\n)*?)\bimport\b%(space)b(%(group)b|%(listed)b)"
    rb"|import\b(%(listed)b))" % {b"space": _SPACE, b"group": _GROUP, b"listed": _LISTED}
)
_CALL = re.compile(rb"(?:\bimport_module|__import__)[ \t]*\(\s*(?:[fFrRbBuU]*[\"']([\w.]*)([\"']?))?")
"""A call that imports, and the text of its argument as far as it names modules; whether that ends with a quote."""
_KEYWORD = b"import"
_KEYWORD_SIZE = len(_KEYWORD)
_OPENING = re.compile(_SPACE + _GROUP)
_OPEN, _BACKSLASH = b"(\\"
_COMMENT = re.compile(r"#[^\n]*")
_NAME = re.compile(r"[^\W\d]\w*(?:\s*\.\s*\w+)*|\*")
_DIGEST_BYTES = 16
_BETWEEN = b"\0"
"""No source file holds it."""
SUPPRESSING_WORD = "huldra:"
"""What a comment that silences problems begins with, in any case."""
# Hash signs are rare, so that to begin with one is many times faster than to look for a word in any case. What is space
# beyond ASCII is not told from the rest of it.
_MAY_SUPPRESS = re.compile(rb"#[\s\x1c-\x1f\x80-\xff]*[hH][uU][lL][dD][rR][aA]:")
_CHAIN = r"(?!self\b|cls\b)[^\W\d]\w*(?:\.\w+)*"
_SETTER = rf"(?:setattr|delattr)\([ \t]*{_CHAIN},[ \t]*[\"'](\w+)[\"']"
_ASSIGNED = rf"((?:[\w.]+,[ \t]*)*{_CHAIN}\.\w+)[ \t]*(?::[^=\n]+)?(?:\*\*|//|<<|>>|[-+*/%@&|^])?=(?!=)"
_DELETED = rf"del[ \t]+{_CHAIN}\.(\w+)"
# A literal at the beginning is what makes a pattern fast.
_WRITES_AT_IMPORT = tuple(rf"\n{pattern}" for pattern in (_ASSIGNED, _SETTER, _DELETED))
_WRITES = rf"\n[ \t]*{_ASSIGNED}", _SETTER, rf"\n[ \t]*{_DELETED}"
_ATTRIBUTE = re.compile(r"\w+\.(\w+)(?![\w.])")
_GLOBAL = re.compile(r"\n[ \t]+global ([^\n#;]+)")
_MOST_TEXTS = 5_000


class ImportMention(NamedTuple):
    """An import as written: dots, module, and the names after `import` (empty for `import a.b`, `*` for a star)."""

    level: int
    module: str
    names: tuple[str, ...]


def import_lines(data: bytes) -> bytes:
    """Return all of a text that an import statement could be read from: every line with the word, as far as it goes on.

    Args:
        data: The text in UTF-8.
    """
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    find, size = data.find, len(data)
    found: list[bytes] = []
    at = find(_KEYWORD)
    while at >= 0:
        begin = data.rfind(b"\n", 0, at) + 1
        end = find(b"\n", at)
        if end < 0:
            end = size
        last = data[end - 1]
        if last == _OPEN and data[begin - 2] != _BACKSLASH:
            # Nearly all that goes on is such a list, and has no comment in it.
            close = find(b")", end)
            line = data[begin : close if close >= 0 else size]
            if b"#" in line or b"\\" in line:
                line = _whole(data, begin, at, end)
        else:
            line = data[begin:end]
            if last == _BACKSLASH or data[begin - 2] == _BACKSLASH or b"(" in line:
                line = _whole(data, begin, at, end)
        found.append(line)
        at = find(_KEYWORD, end)
    return _BETWEEN.join(found)


def _whole(data: bytes, begin: int, at: int, end: int) -> bytes:
    """Return a line with the lines that it goes on from and in."""
    while begin >= 2 and data[begin - 2] == _BACKSLASH:
        begin = data.rfind(b"\n", 0, begin - 1) + 1
    while data[end - 1] == _BACKSLASH and end < len(data):
        following = data.find(b"\n", end + 1)
        end = len(data) if following < 0 else following
    while at >= 0:
        group = _OPENING.match(data, at + _KEYWORD_SIZE)
        end = end if group is None else max(end, group.end())
        at = data.find(_KEYWORD, at + _KEYWORD_SIZE, end)
    return data[begin:end]


def lines_digest(lines: bytes) -> bytes:
    """Return what tells what `import_lines` found from anything else that it may find."""
    return blake2b(lines, digest_size=_DIGEST_BYTES).digest()


def holds_any(lines: bytes, words: Iterable[bytes]) -> bool:
    """Whether what `import_lines` found holds one of some words."""
    for word in words:  # noqa: SIM110  # a generator for each of ten thousand files takes three times as long
        if word in lines:
            return True
    return False


def may_suppress(data: bytes) -> bool:
    """Whether a text, in UTF-8, may hold a comment that silences problems."""
    return _MAY_SUPPRESS.search(data) is not None


class ImportReader:
    """Reads what `import_lines` found. A line that many files have is read once; equal imports are one object."""

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[ImportMention, ...]] = {}
        self._mentions: dict[ImportMention, ImportMention] = {}
        self._texts: dict[str, str] = {}

    def mentions(self, lines: bytes) -> tuple[ImportMention, ...]:
        """Return every import that the lines may contain, those in strings and comments included."""
        known = self._known
        found: dict[ImportMention, None] = {}
        for line in lines.split(_BETWEEN) if lines else ():
            mentions = known.get(line)
            if mentions is None:
                mentions = known[line] = tuple(map(self._only, _mentions(line)))
            for mention in mentions:
                found[mention] = None
        return tuple(found)

    def _only(self, mention: ImportMention) -> ImportMention:
        """Return the one object for equal imports, whose names are one object for each text."""
        found = self._mentions.get(mention)
        if found is None:
            level, module, names = mention
            one = self._texts.setdefault
            found = ImportMention(level, one(module, module), tuple([one(name, name) for name in names]))
            self._mentions[found] = found
        return found


def scan_imports(text: str) -> tuple[ImportMention, ...]:
    """Return every import that a text may contain, those in strings and comments included."""
    return ImportReader().mentions(import_lines(text.encode(errors="surrogatepass")))


def _mentions(line: bytes) -> Iterator[ImportMention]:
    for match in _IMPORT.finditer(line):
        dots, module, listed, modules = (_text(part) for part in match.groups())
        if match[4] is not None:
            yield from (ImportMention(0, name, ()) for name in _listed_names(modules))
        else:
            name = "".join(module.replace("\\", "").split())
            yield ImportMention(dots.count("."), name, tuple(_listed_names(listed)))
    if b"import_module" in line or b"__import__" in line:
        yield from _called(line)


def _called(line: bytes) -> Iterator[ImportMention]:
    """Yield what calls may import; of a computed name what is certain, and else all of the package around."""
    for match in _CALL.finditer(line):
        name, is_whole = _text(match[1]), bool(match[2])
        if not is_whole:
            name = name[: name.rfind(".") + 1]
        module = name.lstrip(".")
        level = len(name) - len(module) if module or name else 1
        yield ImportMention(level, module.rstrip("."), ())


def _text(part: bytes | None) -> str:
    return "" if part is None else part.decode(errors="surrogateescape")


def _listed_names(listed: str) -> Iterable[str]:
    """Return what is named in a list with commas; aliases and comments are left out."""
    if "#" in listed:
        listed = _COMMENT.sub("", listed)
    for part in listed.replace("\\", " ").split(","):
        found = _NAME.search(part)
        if found is not None:
            yield "".join(found[0].split())


def written_at_import(text: str) -> frozenset[str]:
    """Return the attributes that unindented statements may set of what is not their own: `X` of `settings.X = 3`."""
    return frozenset(_attributes(text, _WRITES_AT_IMPORT))


@lru_cache(_MOST_TEXTS)
def written(text: str) -> frozenset[str]:
    """Return the attributes that any statement may set of what is not `self`, and the names of `global` statements."""
    listed = (name for names in _GLOBAL.findall(text) for name in _listed_names(names))
    return frozenset((*_attributes(text, _WRITES), *listed))


@cache
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, patterns))  # two milliseconds, for who looks at code that runs were made with


def _attributes(text: str, patterns: tuple[str, ...]) -> Iterator[str]:
    """Yield the last name of each chain that the patterns find, and each name that they find by itself."""
    for pattern in _compiled(patterns):
        for found in pattern.findall(text):
            yield from _ATTRIBUTE.findall(found) if "." in found else (found,)
