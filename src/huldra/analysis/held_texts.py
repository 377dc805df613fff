"""The texts of a project's files in an editor: of each what its imports say, and the text itself of those in use.

Ten thousand files are a hundred megabytes of text, of which nobody asks for more than a part once their imports are
known. The others are read again for who does.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import compress
from operator import is_, is_not

from msgspec import Struct

from huldra.analysis.readings import text_or_problem
from huldra.facts.scan import ImportMention, ImportReader, import_lines, may_suppress
from huldra.project.problems import Problem
from huldra.sources.documents import Document, Documents, Reading, Signature

Content = tuple[str, str, bool]
"""The hash of a file's bytes, and how they are read: the same bytes can be two texts."""


class FileText(Struct, eq=False):
    """What a file said when it was read: the very same object in each state, for as long as it says that.

    Attributes:
        lines: The lines in which its imports stand.
        imports: What it may import.
        may_suppress: Whether it may hold a comment that silences problems.
        text: Itself; None where it is to be read when somebody asks.
        content: What it is known again by; None of what does not lie on disk so, or does no longer.
    """

    lines: bytes
    imports: tuple[ImportMention, ...]
    may_suppress: bool
    text: str | None
    content: Content | None = None


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
    """Reads the files of a project, and knows by their times which are as they were. Used by one thread at a time."""

    def __init__(self) -> None:
        self._imports = ImportReader()
        self._known: dict[str, FileText | Problem] = {}
        self._signatures: dict[str, Signature] = {}

    def look(self, text: str, content: Content | None = None) -> FileText:
        """Return what a text is taken for."""
        data = text.encode(errors="surrogatepass")
        lines = import_lines(data)
        return FileText(lines, self._imports.mentions(lines), may_suppress(data), text, content)

    def read(self, documents: Documents, name: str) -> FileText | Problem:
        """Effect: read, unless the file is as it was. Return its text, or why it has none.

        The texts of buffers are held, the others only once somebody asks for them.
        """
        known = self._known.get(name)
        if name in documents.overlays:
            self._signatures.pop(name, None)
            reading = documents.read_once(name)
        else:
            if known is not None and name in self._signatures and documents.signature(name) == self._signatures[name]:
                return known
            reading, signature = documents.read_signed(name)
            if signature is None:
                self._signatures.pop(name, None)
            else:
                self._signatures[name] = signature
        found = self._known[name] = self._taken_for(name, reading, known)
        if isinstance(found, FileText) and isinstance(reading, Document) and name in documents.overlays:
            found.text = reading.text
        return found

    def forget(self, names: frozenset[str]) -> None:
        """Effect: drop what is known of other files than these."""
        for name in self._known.keys() - names:
            del self._known[name]
            self._signatures.pop(name, None)

    def _taken_for(self, name: str, reading: Reading, known: FileText | Problem | None) -> FileText | Problem:
        text = text_or_problem(name, reading)
        if isinstance(text, Problem):
            return text
        content = _content_of(reading)
        if isinstance(known, FileText) and known.content == content:
            return known
        found = self.look(text, content)
        found.text = None
        return found


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
