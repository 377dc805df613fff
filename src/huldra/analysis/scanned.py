"""The files of a project after a cheap look: which can matter, and the texts of all of them, read when asked for.

Effects: reads files. Knows nothing of what they say beyond imports and words.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol

from huldra.analysis.file_table import Choice, FileRecord, FileTable, Mark, imports_digest
from huldra.facts.scan import ImportMention, scan_imports
from huldra.facts.suppressions import SUPPRESSING_WORD, may_suppress
from huldra.project.modules import ModuleTable, build_module_table
from huldra.project.relevance import relevant_files, script_directories
from huldra.sources.code_files import FilesThen
from huldra.sources.discover import Discovery
from huldra.sources.disk_state import signature
from huldra.sources.documents import Document, Documents, Reading


class Source(Protocol):
    """Where texts come from: a disk with an editor's buffers over it, or a state that git holds."""

    def mark(self, name: str) -> Mark | None:
        """Return what tells whether a file is as it was; None where nothing does."""
        ...

    def read_once(self, name: str) -> Reading:
        """Return the document of a file, or why there is none."""
        ...


@dataclass(frozen=True, slots=True)
class DiskSource:
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

    def read_once(self, name: str) -> Reading:
        """Return the document of a file, or why there is none."""
        return self.documents.read_once(name)


@dataclass(frozen=True, slots=True)
class StateSource:
    """The files of a state of the code that does not lie on disk."""

    files: FilesThen
    limit: int

    def mark(self, name: str) -> Mark | None:
        """Return the name of the content."""
        return self.files.files.get(name)

    def read_once(self, name: str) -> Reading:
        """Return the document of a file, or why there is none."""
        return self.files.read(name, self.limit)


class Texts(Mapping[str, str]):
    """The texts of files; what is not at hand is read when it is asked for, and then stays.

    Args:
        source: Where they come from.
        contents: The hash of the bytes of each file that has a text.
        at_hand: The texts that have been read already.
    """

    def __init__(self, source: Source, contents: Mapping[str, str], at_hand: dict[str, str]) -> None:
        self._source = source
        self._contents = contents
        self._texts = at_hand
        self.has_changed = False

    def __getitem__(self, name: str) -> str:
        text = self._texts.get(name)
        if text is None:
            text = self._texts[name] = self._read(name, self._contents[name])
        return text

    def _read(self, name: str, content: str) -> str:
        match self._source.read_once(name):
            case Document(text=text, content_hash=found):
                self.has_changed = self.has_changed or found != content
                return text
            case _:
                self.has_changed = True
                return ""  # gone since we looked

    def __iter__(self) -> Iterator[str]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)


@dataclass(slots=True)
class _Look:
    """What has been found so far."""

    source: Source
    words: tuple[str, ...]
    table: FileTable
    contents: dict[str, str] = field(default_factory=dict[str, str])
    holds: dict[str, int] = field(default_factory=dict[str, int])
    digests: dict[str, bytes] = field(default_factory=dict[str, bytes])
    imports: dict[str, tuple[ImportMention, ...]] = field(default_factory=dict[str, tuple[ImportMention, ...]])
    texts: dict[str, str] = field(default_factory=dict[str, str])
    unread: dict[str, Reading] = field(default_factory=dict[str, Reading])

    def take(self, name: str, record: FileRecord) -> None:
        self.contents[name], self.holds[name] = record.content, record.words
        self.digests[name] = record.imports


@dataclass(frozen=True, slots=True)
class ScannedFiles:
    """The files of a project.

    Attributes:
        texts: The text of each file that has one.
        contents: The hash of the bytes of each of them.
        unread: Why others have none.
        modules: Their modules; directories whose scripts import their neighbours are import roots too.
        relevant: Those that can see an experiment class.
        words: The words that were sought.
        holds: Which of these each file holds, as bits.
        key: Equal for equal files by name, as far as their choice and their modules go.
    """

    texts: Texts
    contents: Mapping[str, str]
    unread: Mapping[str, Reading]
    modules: ModuleTable
    relevant: tuple[str, ...]
    words: tuple[str, ...]
    holds: Mapping[str, int]
    key: bytes

    def naming(self, word: str) -> Iterable[str]:
        """Return the files that hold a word; reads all of them if nobody sought it."""
        if word not in self.words:
            return [name for name, text in self.texts.items() if holds_word(text, word)]
        bit = 1 << self.words.index(word)
        return [name for name, found in self.holds.items() if found & bit]


def scan_files(
    discovery: Discovery,
    import_roots: tuple[str, ...],
    source: Source,
    table: FileTable,
    words: tuple[str, ...],
    library: tuple[str, ...],
    found_seed: Callable[[str, str], object] = lambda _name, _text: None,
) -> ScannedFiles:
    """Return the files of a project, and which of them can matter.

    Args:
        discovery: Which files there are.
        import_roots: From where imports begin.
        source: Where texts come from.
        table: What is known of files that have not changed.
        words: The words to look for in every file.
        library: Those of them of which a file must hold one to name the library.
        found_seed: Told of each such file that was read, as soon as it is.
    """
    look = _Look(source, words, table)
    mask = sum(1 << words.index(word) for word in library)
    for name in discovery.files:
        _look_at(look, name)
        if name in look.texts and look.holds[name] & mask:
            found_seed(name, look.texts[name])
    seeds = [name for name, found in look.holds.items() if found & mask]
    key = _choice_key(look, import_roots, seeds)
    choice = table.choice(key)
    modules: ModuleTable | None = None
    if choice is None:
        imports = {name: _imports(look, name) for name in look.contents}
        modules, directories = _modules(discovery, import_roots, imports)
        choice = Choice(relevant_files(modules, imports, seeds), directories)
        table.keep(imports)
        table.keep_choice(key, choice)
    else:
        table.keep(None)
    if modules is None:
        modules = build_module_table(discovery.files, (*import_roots, *choice.script_roots))
    texts = Texts(source, look.contents, look.texts)
    return ScannedFiles(texts, look.contents, look.unread, modules, choice.relevant, words, look.holds, key)


def holds_word(text: str, word: str) -> bool:
    """Whether a text holds a word; the one that silences problems counts in any case."""
    return may_suppress(text) if word == SUPPRESSING_WORD else word in text


def _look_at(look: _Look, name: str) -> None:
    """Effect: read a file unless it is as it was. Take in what it is."""
    mark = look.source.mark(name)
    record = None if mark is None else look.table.unchanged(name, mark)
    if record is not None:
        look.take(name, record)
        return
    reading = look.source.read_once(name)
    if not isinstance(reading, Document):
        look.unread[name] = reading
        return
    text = reading.text
    mentions = scan_imports(text)
    held = sum(1 << index for index, word in enumerate(look.words) if holds_word(text, word))
    look.imports[name] = mentions
    if held:
        look.texts[name] = text
    record = FileRecord(mark or "", reading.content_hash, imports_digest(mentions), held)
    look.take(name, record)
    if isinstance(mark, str) or (mark is not None and mark[2] == reading.size):
        look.table.note(name, record)


def _imports(look: _Look, name: str) -> tuple[ImportMention, ...]:
    known = look.imports.get(name)
    if known is None:
        known = look.table.imports(name)
        if known is None or imports_digest(known) != look.digests[name]:
            reading = look.source.read_once(name)
            known = scan_imports(reading.text) if isinstance(reading, Document) else ()
        look.imports[name] = known
    return known


def _choice_key(look: _Look, import_roots: tuple[str, ...], seeds: list[str]) -> bytes:
    """Return what the choice of files and their modules follow from."""
    found = blake2b(repr((import_roots, seeds, sorted(look.unread))).encode(errors="surrogatepass"), digest_size=20)
    found.update("\0".join(look.digests).encode(errors="surrogatepass"))
    found.update(b"".join(look.digests.values()))
    return found.digest()


def _modules(
    discovery: Discovery, import_roots: tuple[str, ...], imports: Mapping[str, tuple[ImportMention, ...]]
) -> tuple[ModuleTable, tuple[str, ...]]:
    modules = build_module_table(discovery.files, import_roots)
    directories = script_directories(modules, imports)
    if not directories:
        return modules, ()
    return build_module_table(discovery.files, (*import_roots, *directories)), directories
