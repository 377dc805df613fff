"""The files of a project after a cheap look: which can matter, and the texts of all of them, read when asked for.

Effects: reads files. Knows nothing of what they say beyond imports and words.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Protocol

from msgspec import Struct

from huldra.analysis.file_table import Choice, FileRecord, FileTable, Mark
from huldra.analysis.reading_order import in_order, most_telling_first
from huldra.facts.scan import (
    SUPPRESSING_WORD,
    ImportMention,
    ImportReader,
    holds_any,
    import_lines,
    lines_digest,
    may_suppress,
)
from huldra.project.modules import ModuleTable, build_module_table
from huldra.project.relevance import relevant_files, script_directories
from huldra.sources.code_files import FilesThen
from huldra.sources.discover import Discovery
from huldra.sources.documents import Document, Documents, Reading, content_hash
from huldra.sources.path_rows import signature
from huldra.sources.plain_files import is_plain, read_plain

NAMES_LIBRARY, MAY_SUPPRESS = 1, 2
"""What a file may hold, as bits of its record."""


class Source(Protocol):
    """Where texts come from: a disk with an editor's buffers over it, or a state that git holds."""

    def mark(self, name: str) -> Mark | None:
        """Return what tells whether a file is as it was; None where nothing does."""
        ...

    def read_plain(self, name: str) -> tuple[bytes, Mark] | None:
        """Return what a file holds with the mark it then had; None unless that is its text in UTF-8 as it stands."""
        ...

    def read_once(self, name: str) -> Reading:
        """Return the document of a file, or why there is none."""
        ...


class DiskSource(Struct, frozen=True):
    """The files below a root, as an editor sees them."""

    documents: Documents

    def mark(self, name: str) -> Mark | None:
        """Return times, size and inode."""
        if name in self.documents.overlays:
            return None
        try:
            return signature(os.stat(f"{self.documents.root}/{name}"))  # noqa: PTH116
        except (OSError, ValueError):
            return None

    def read_plain(self, name: str) -> tuple[bytes, Mark] | None:
        """Return what a file holds and its times, size and inode, where that needs no decoding."""
        documents = self.documents
        if name in documents.overlays:
            return None
        found = read_plain(f"{documents.root}/{name}", documents.limit)
        return None if found is None else (found[0], signature(found[1]))

    def read_once(self, name: str) -> Reading:
        """Return the document of a file, or why there is none."""
        return self.documents.read_once(name)


class StateSource(Struct, frozen=True):
    """The files of a state of the code that does not lie on disk."""

    files: FilesThen
    limit: int

    def mark(self, name: str) -> Mark | None:
        """Return the name of the content."""
        return self.files.files.get(name)

    def read_plain(self, name: str) -> tuple[bytes, Mark] | None:
        """Return what a file holds and the name of that, where it needs no decoding."""
        identity = self.files.files.get(name)
        data = None if identity is None else self.files.contents(identity)
        if identity is None or not isinstance(data, bytes) or len(data) > self.limit or not is_plain(data):
            return None
        return data, identity

    def read_once(self, name: str) -> Reading:
        """Return the document of a file, or why there is none."""
        return self.files.read(name, self.limit)


class Texts(Mapping[str, str]):
    """The texts of files; what is not at hand is read when it is asked for, and then stays.

    Args:
        source: Where they come from.
        records: How each file that has a text was found.
        at_hand: The texts that have been read already.
        contents: The hashes of the bytes of files, as far as they are known.
    """

    def __init__(
        self, source: Source, records: Mapping[str, FileRecord], at_hand: dict[str, str], contents: dict[str, str]
    ) -> None:
        self._source = source
        self._records = records
        self._texts = at_hand
        self._contents = contents
        self.has_changed = False
        self.asked_for: set[str] = set()
        self.words: set[str] = set()
        """The words that were looked for in all of them."""

    def __getitem__(self, name: str) -> str:
        self.asked_for.add(name)
        return self._text(name)

    def aside(self, name: str) -> str:
        """Effect: read, if need be. Return a text for somebody who only compares it: nothing follows from it."""
        return self._text(name)

    def take_over(self, other: "Texts") -> None:
        """Take from the texts of another state those that are the very same, so that they need not be read again."""
        for name, text in other._texts.items():
            if self._contents.get(name, "") == other._contents.get(name):
                self._texts.setdefault(name, text)

    def naming(self, word: str) -> list[str]:
        """Effect: read all of them. Return the files that hold a word."""
        self.words.add(word)
        found = [name for name in self._records if word in self._text(name)]
        self.asked_for.update(found)
        return found

    def _text(self, name: str) -> str:
        text = self._texts.get(name)
        return self._read(name)[0] if text is None else text

    def edited_since(self, before: "Texts") -> list[str]:
        """Effect: read what cannot be told otherwise. Return the files of both whose texts differ, or may."""
        both = ((name, record.mark) for name, record in self._records.items() if name in before)
        # Times are only marks together with a place to which they belong.
        unsure = (name for name, mark in both if not (mark and isinstance(mark, str) and before.mark(name) == mark))
        return [name for name in unsure if self.content(name) != before.content(name)]

    def mark(self, name: str) -> Mark:
        """Return what the file was marked by when it was looked at; empty where nothing did."""
        return self._records[name].mark

    def content(self, name: str) -> str:
        """Effect: read, if need be. Return the hash of the bytes of a file; KeyError if it has no text."""
        found = self._contents.get(name)
        return self._read(name)[1] if found is None else found

    def _read(self, name: str) -> tuple[str, str]:
        known, mark = self._contents.get(name), self._records[name].mark
        text, content = "", ""  # of a file that is gone since we looked
        match self._source.read_once(name):
            case Document(text=text, content_hash=content):
                is_same = (self._source.mark(name) or "") == mark if known is None else content == known
            case _:
                is_same = False
        self.has_changed = self.has_changed or not is_same
        self._texts[name] = text
        return text, self._contents.setdefault(name, content)

    def __contains__(self, name: object) -> bool:
        return name in self._records

    def __iter__(self) -> Iterator[str]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)


class Contents(Mapping[str, str]):
    """The hash of the bytes of each file that has a text; most are never asked for, and then not computed."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts

    def __getitem__(self, name: str) -> str:
        return self._texts.content(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)


class _Look(Struct):
    """What has been found so far: of each file that has a text a record, and of those that were read more than that."""

    source: Source
    table: FileTable
    library: tuple[bytes, ...]
    records: dict[str, FileRecord] = {}
    lines: dict[str, bytes] = {}
    texts: dict[str, str] = {}
    contents: dict[str, str] = {}
    unread: dict[str, Reading] = {}


class _Imports(Mapping[str, tuple[ImportMention, ...]]):
    """What each file may import, read when it is asked for."""

    def __init__(self, look: _Look) -> None:
        self._look = look
        self._reader = ImportReader()

    def __getitem__(self, name: str) -> tuple[ImportMention, ...]:
        if name not in self._look.records:
            raise KeyError(name)
        return self._reader.mentions(_lines_of(self._look, name))

    def __contains__(self, name: object) -> bool:
        return name in self._look.records

    def __iter__(self) -> Iterator[str]:
        return iter(self._look.records)

    def __len__(self) -> int:
        return len(self._look.records)


class ScannedFiles(Struct, frozen=True):
    """The files of a project.

    Attributes:
        texts: The text of each file that has one.
        contents: The hash of the bytes of each of them.
        unread: Why others have none.
        modules: Their modules; directories whose scripts import their neighbours are import roots too.
        relevant: Those that can see an experiment class.
        suppressing: Those that may hold a comment that silences problems.
        looks: Of each file that holds no such comment, the digest of the lines of its imports.
        key: Equal for the same names of files and of modules, and the same files that have no text.
    """

    texts: Texts
    contents: Mapping[str, str]
    unread: Mapping[str, Reading]
    modules: ModuleTable
    relevant: tuple[str, ...]
    suppressing: tuple[str, ...]
    looks: Mapping[str, bytes]
    key: bytes

    def naming(self, word: str) -> Iterable[str]:
        """Return the files that hold a word; reads all of them unless it is the one that silences."""
        if word == SUPPRESSING_WORD:
            return self.suppressing
        return self.texts.naming(word)


def scan_files(
    discovery: Discovery,
    import_roots: tuple[str, ...],
    modules: ModuleTable,
    source: Source,
    table: FileTable,
    library: tuple[str, ...],
    found_seed: Callable[[str, str], object] = lambda _name, _text: None,
    *,
    guesses_roots: bool = True,
) -> ScannedFiles:
    """Return the files of a project, and which of them can matter.

    Args:
        discovery: Which files there are.
        import_roots: From where imports begin.
        modules: The modules that the files are with these.
        source: Where texts come from.
        table: What is known of files that have not changed.
        library: The words of which the imports of a file must hold one for it to name the library.
        found_seed: Told of each such file that was read, as soon as it is.
        guesses_roots: Whether scripts tell from where else imports begin; not where the settings do.
    """
    look = _Look(source, table, tuple(word.encode() for word in library))
    look.records, new = table.all_unchanged(discovery.files, source.mark)
    look.contents.update(table.contents_of(look.records))
    for name in most_telling_first(new) if table.is_empty else new:
        if _look_at(look, name):
            found_seed(name, look.texts[name])
    if new:
        look.records, look.unread = in_order(look.records, discovery.files), in_order(look.unread, discovery.files)
    seeds = _holding(look, NAMES_LIBRARY)
    follows_from = names_digest(look.records, look.unread, (*import_roots, str(guesses_roots)), seeds)
    follows_from.update(b"".join([record.imports for record in look.records.values()]))
    key = follows_from.digest()
    choice, is_new = table.choice(key), False
    if choice is None:
        imports, is_new = _Imports(look), True
        directories = script_directories(modules, imports, _all_lines(look)) if guesses_roots else ()
        if directories:
            modules = build_module_table(discovery.files, (*import_roots, *directories), discovery.extensions)
        choice = Choice(relevant_files(modules, imports, seeds, _all_lines(look)), directories)
        table.keep_choice(key, choice)
    elif choice.script_roots:
        modules = build_module_table(discovery.files, (*import_roots, *choice.script_roots), discovery.extensions)
    texts = Texts(source, look.records, look.texts, look.contents)
    for name in choice.relevant:
        texts.content(name)
    table.keep(look.contents, _all_lines(look) if is_new else None)
    return ScannedFiles(
        texts,
        Contents(texts),
        look.unread,
        modules,
        choice.relevant,
        suppressing=_holding(look, MAY_SUPPRESS),
        looks={name: record.imports for name, record in look.records.items() if not record.holds & MAY_SUPPRESS},
        key=names_digest(look.records, look.unread, modules.roots).digest(),
    )


def holds_word(text: str, word: str) -> bool:
    """Whether a text holds a word; where it is the one that silences problems, whether it may do that."""
    return may_suppress(text.encode(errors="surrogatepass")) if word == SUPPRESSING_WORD else word in text


def _look_at(look: _Look, name: str) -> bool:
    """Effect: read a file. Take in what it is. Return whether it is a seed that needs no decoding."""
    plain = look.source.read_plain(name)
    if plain is not None:
        data, mark = plain
        record = _record(look, name, data, mark)
        look.table.note(name, record)
        if record.holds:
            look.texts[name], look.contents[name] = data.decode(), content_hash(data)
        return bool(record.holds & NAMES_LIBRARY)
    return _look_with_care(look, name)


def _look_with_care(look: _Look, name: str) -> bool:
    mark = look.source.mark(name)
    reading = look.source.read_once(name)
    if not isinstance(reading, Document):
        look.unread[name] = reading
        return False
    record = _record(look, name, reading.text.encode(errors="surrogatepass"), mark or "")
    if isinstance(mark, str) or (mark is not None and mark[2] == reading.size):
        look.table.note(name, record)
    if record.holds:
        look.texts[name], look.contents[name] = reading.text, reading.content_hash
    return bool(record.holds & NAMES_LIBRARY)


def _record(look: _Look, name: str, data: bytes, mark: Mark) -> FileRecord:
    lines = look.lines[name] = import_lines(data)
    holds = NAMES_LIBRARY if holds_any(lines, look.library) else 0
    if may_suppress(data):
        holds |= MAY_SUPPRESS
    record = look.records[name] = FileRecord(mark, lines_digest(lines), holds)
    return record


def _holding(look: _Look, bit: int) -> tuple[str, ...]:
    return tuple(name for name, record in look.records.items() if record.holds & bit)


def _all_lines(look: _Look) -> Mapping[str, bytes]:
    """Effect: read what is not at hand. Return the lines that the imports of each file stand in."""
    if len(look.lines) < len(look.records):
        for name in look.records:
            _lines_of(look, name)
    return look.lines


def _lines_of(look: _Look, name: str) -> bytes:
    known = look.lines.get(name)
    if known is None:
        known = look.table.imports(name)
        if known is None or lines_digest(known) != look.records[name].imports:
            reading = look.source.read_once(name)
            text = reading.text if isinstance(reading, Document) else ""
            known = import_lines(text.encode(errors="surrogatepass"))
        look.lines[name] = known
    return known


def names_digest(
    names: Iterable[str], unread: Iterable[str], import_roots: tuple[str, ...], seeds: tuple[str, ...] = ()
) -> blake2b:
    """Return what is equal for the same names of files and of modules, and the same files that have no text."""
    found = blake2b(repr((import_roots, seeds, sorted(unread))).encode(errors="surrogatepass"), digest_size=20)
    found.update("\0".join(names).encode(errors="surrogatepass"))
    return found
