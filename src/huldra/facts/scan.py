"""A cheap look at a file: which modules it may import. It may find too much, never too little; it parses nothing."""

import re
from dataclasses import dataclass

_SPACE = r"(?:[ \t\f]|\\\r?\n)"
_IMPORT = re.compile(
    rf"(?:^|[;:]){_SPACE}*(?:"
    rf"from{_SPACE}*(?P<level>(?:\.|{_SPACE})*)(?P<module>[\w.]*){_SPACE}*\bimport\b{_SPACE}*"
    rf"(?:\((?P<group>[^)]*)\)|(?P<names>(?:[^\n;\\#]|\\\r?\n)*))"
    rf"|import{_SPACE}+(?P<modules>(?:[^\n;\\#]|\\\r?\n)*))",
    re.MULTILINE,
)
_WORD = re.compile(r"[^\W\d][\w.]*|\*")


@dataclass(frozen=True, slots=True)
class ImportMention:
    """An import as written: dots, module, and the names after `import` (empty for `import a.b`, `*` for a star)."""

    level: int
    module: str
    names: tuple[str, ...]


def scan_imports(text: str) -> tuple[ImportMention, ...]:
    """Return every import that a text may contain, those in strings and comments included."""
    if "import" not in text:
        return ()
    found: dict[ImportMention, None] = {}
    for match in _IMPORT.finditer(text):
        modules = match["modules"]
        if modules is not None:
            for part in modules.replace("\\", " ").split(","):
                words = _WORD.findall(part)
                if words:
                    found[ImportMention(0, words[0], ())] = None
            continue
        listed = match["group"] if match["group"] is not None else match["names"] or ""
        plain = re.sub(r"#[^\n]*", "", listed).replace("\\", " ")
        names = tuple(words[0] for part in plain.split(",") if (words := _WORD.findall(part)))
        found[ImportMention(match["level"].count("."), match["module"], names)] = None
    return tuple(found)
