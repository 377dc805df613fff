"""The texts of a project's files in an editor: of each the lines of its imports, and the text itself of those in use.

Ten thousand files are a hundred megabytes of text, of which nobody asks for more than a part once their imports are
known. The others are read again for who does. What the lines say is read for who asks, too: of most files nobody does.
"""

import struct
from collections.abc import Callable, Iterator, Mapping
from itertools import compress
from operator import is_, is_not

from msgspec import Struct

from huldra.analysis.file_table import FileRecord, FileTable, Mark, is_young
from huldra.analysis.readings import text_or_problem
from huldra.analysis.scanned import MAY_SUPPRESS, NAMES_LIBRARY, DiskSource
from huldra.facts.scan import ImportMention, holds_any, import_lines, lines_digest, may_suppress
from huldra.project.problems import Problem
from huldra.sources.documents import Document, Documents, Reading, content_hash

Content = tuple[str, str, bool]
"""The hash of a file's bytes, and how they are read: the same bytes can be two texts."""

_TIMES = struct.Struct("=5q")
"""The mark of a file as bytes, which take a quarter of what five numbers do."""


class FileText(Struct, eq=False, gc=False):
    """What a file said when it was read: the very same object in each state, for as long as it says that.

    Attributes:
        lines: The lines in which its imports stand.
        names_library: Whether those lines hold one of the words that are sought.
        may_suppress: Whether it may hold a comment that silences problems.
        text: Itself; None where it is to be read when somebody asks.
        content: What it is known again by; None of what does not lie on disk so, or does no longer.
        imports: What it may import; None until somebody has asked.
    """

    lines: bytes
    names_library: bool
    may_suppress: bool
    text: str | None
    content: Content | None = None
    imports: tuple[ImportMention, ...] | None = None


class HeldTexts(Mapping[str, str]):
    """The texts of a state's files. Whoever asks for one is taken to ask again, and it is held from then on.

    Args:
        files: All of them.
        read: Reads a text anew, and tells what it is known by; empty and None of a file that is gone.
    """

    def __init__(self, files: Mapping[str, FileText], read: Callable[[str], tuple[str, Content | None]]) -> None:
        self.files = files
        self._read = read

    def __getitem__(self, name: str) -> str:
        file = self.files[name]
        text = file.text
        if text is None:
            text = file.text = self._again(name, file)
        return text

    def aside(self, name: str) -> str:
        """Effect: read, if need be. Return a text for who looks through very many; it is not held for that."""
        file = self.files[name]
        text = file.text
        return self._again(name, file) if text is None else text

    def _again(self, name: str, file: FileText) -> str:
        text, content = self._read(name)
        if content != file.content:
            file.content = None  # so that what follows from this text does not stand for the one that was looked at
        return text

    def __contains__(self, name: object) -> bool:
        return name in self.files

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


class FileReader:
    """Reads the files of a project, and knows by their times which are as they were. Used by one thread at a time.

    Args:
        table: What an earlier process knew of files that have not changed since.
    """

    def __init__(self, table: FileTable | None = None) -> None:
        self.table = table
        self._words: tuple[bytes, ...] = ()
        self._known: dict[str, FileText | Problem] = {}
        self._marks: dict[str, bytes | Mark] = {}

    def seek(self, words: tuple[str, ...]) -> bool:
        """Effect: seek these words in the lines of imports from now on. Return whether they are others than before."""
        sought = tuple(word.encode() for word in words)
        if sought == self._words:
            return False
        self._words = sought
        self.forget(frozenset())
        return True

    def look(self, text: str) -> FileText:
        """Return what a text is taken for that lies on no disk; it is held."""
        found = self._look(import_lines(data := text.encode(errors="surrogatepass")), data, None)
        found.text = text
        return found

    def read(self, documents: Documents, name: str) -> FileText | Problem:
        """Effect: read, unless the file is as it was. Return its text, or why it has none.

        The texts of buffers are held, the others only once somebody asks for them.
        """
        source = DiskSource(documents)
        mark = source.mark(name)
        times, known = _packed(mark), self._known.get(name)
        if times is not None and times == self._marks.get(name) and known is not None:
            return known
        found = self._from_table(name, mark) if known is None and mark is not None else None
        if found is None:
            found = self._read(source, name, mark, known)
        elif times is not None:
            self._marks[name] = times
        self._known[name] = found
        return found

    def forget(self, names: frozenset[str]) -> None:
        """Effect: drop what is known of other files than these."""
        for name in self._known.keys() - names:
            del self._known[name]
            self._marks.pop(name, None)

    def let_go(self) -> None:
        """Effect: drop what helps only while many files are read: the lines of imports that the table knows."""
        if self.table is not None:
            self.table.let_go()

    def keep(self) -> None:
        """Effect: write down for other processes what is known of the files on disk, if that is more than they knew."""
        table, self.table = self.table, None
        if table is None:
            return
        contents: dict[str, str] = {}
        is_new = False
        for name, times in self._marks.items():
            file, mark = self._known[name], _TIMES.unpack(times) if isinstance(times, bytes) else times
            if isinstance(file, FileText):
                holds = (NAMES_LIBRARY if file.names_library else 0) | MAY_SUPPRESS * file.may_suppress
                record = FileRecord(mark, lines_digest(file.lines), holds)
                content = table.content(name)
                if table.unchanged(name, mark) != record:
                    table.note(name, record)
                    is_new, content = True, None
                if file.text is not None and file.content is not None:
                    content = file.content[0]
                if content is not None:
                    contents[name] = content
        known = ((name, self._known[name]) for name in self._marks)
        lines = {name: file.lines for name, file in known if isinstance(file, FileText)} if is_new else None
        table.keep(contents, lines)

    def _from_table(self, name: str, mark: Mark) -> FileText | None:
        table = self.table
        record = None if table is None else table.unchanged(name, mark)
        lines = None if table is None or record is None else table.imports(name)
        if record is None or lines is None or lines_digest(lines) != record.imports:
            return None
        return self._looked(lines, may_suppress=bool(record.holds & MAY_SUPPRESS))

    def _read(
        self, source: DiskSource, name: str, mark: Mark | None, known: FileText | Problem | None
    ) -> FileText | Problem:
        """Effect: read. Know the file by its times from now on, if those tell the next time whether it is the same."""
        plain = source.read_plain(name)
        if plain is not None:
            data, mark = plain
            text, content, size = None, (content_hash(data), "utf-8", False), len(data)
        else:
            reading = source.read_once(name)
            text = text_or_problem(name, reading)
            content, size = _content_of(reading), reading.size if isinstance(reading, Document) else None
            data = b"" if isinstance(text, Problem) else text.encode(errors="surrogatepass")
        times = _packed(mark)
        if mark is None or isinstance(mark, str) or times is None or mark[2] != size or is_young(mark):
            self._marks.pop(name, None)
        else:
            self._marks[name] = times
        if isinstance(text, Problem):
            return text
        is_same = isinstance(known, FileText) and known.content == content
        found = known if isinstance(known, FileText) and is_same else self._look(import_lines(data), data, content)
        if name in source.documents.overlays:
            found.text = text
        return found

    def _look(self, lines: bytes, data: bytes, content: Content | None) -> FileText:
        found = self._looked(lines, may_suppress=may_suppress(data))
        found.content = content
        return found

    def _looked(self, lines: bytes, *, may_suppress: bool) -> FileText:
        return FileText(lines, holds_any(lines, self._words), may_suppress, None)


def _packed(mark: Mark | None) -> bytes | Mark | None:
    if mark is None or isinstance(mark, str):
        return mark
    try:
        return _TIMES.pack(*mark)
    except struct.error:  # a few file systems have numbers of files beyond 64 bits
        return mark


def reading_again(documents: Documents) -> Callable[[str], tuple[str, Content | None]]:
    """Return what reads a file on disk anew."""
    on_disk = documents.with_overlays({})

    def read(name: str) -> tuple[str, Content | None]:
        reading = on_disk.read_once(name)
        return (reading.text if isinstance(reading, Document) else ""), _content_of(reading)

    return read


def _content_of(reading: Reading) -> Content | None:
    match reading:
        case Document(content_hash=digest, encoding=encoding, has_bom=has_bom):
            return digest, encoding, has_bom
        case _:
            return None


def differing(before: HeldTexts, texts: HeldTexts) -> list[str]:
    """Return the names of the files that say something else in the second of two states with the same files."""
    old, new = before.files, texts.files
    if all(map(is_, old, new)):  # as nearly always: without a look-up for each
        return list(compress(new, map(is_not, old.values(), new.values())))
    return [name for name, file in new.items() if old[name] is not file]
