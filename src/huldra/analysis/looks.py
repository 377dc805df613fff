"""What one state in an editor after another is looked through for: who imports what, and which files hold a word.

Of files that say what they said it is known already.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct

from huldra.analysis.held_texts import FileText, HeldTexts, differing
from huldra.analysis.scanned import holds_word
from huldra.facts.scan import SUPPRESSING_WORD, ImportMention, ImportReader
from huldra.formats.dialect import DIALECTS


def library_words(bases: Iterable[str]) -> tuple[str, ...]:
    """Return the words of which the imports of a file must hold one for it to name the library.

    Args:
        bases: The classes that the settings name besides the library's own.
    """
    names = [dialect.name for dialect in DIALECTS] + [name.partition(".")[0] for name in bases]
    return tuple(dict.fromkeys(names))


class Imports(Mapping[str, tuple[ImportMention, ...]]):
    """What each file may import, read from its lines when it is asked for. Equal where all lines are."""

    def __init__(self, files: Mapping[str, FileText], read: Callable[[bytes], tuple[ImportMention, ...]]) -> None:
        self.lines: Mapping[str, bytes] = {name: file.lines for name, file in files.items()}
        self._files = files
        self._read = read

    def __getitem__(self, name: str) -> tuple[ImportMention, ...]:
        file = self._files[name]
        if file.imports is None:
            file.imports = self._read(file.lines)
        return file.imports

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Imports) and self.lines == other.lines

    __hash__ = None  # pyright: ignore[reportAssignmentType]  # as of other mappings


class _Last(Struct, frozen=True):
    """What the last look gave; `seeds` are the files whose imports hold one of the words."""

    words: tuple[str, ...]
    texts: HeldTexts
    imports: Imports
    seeds: Mapping[str, None]


class Looks:
    """Looks through one state after another. Used by one thread at a time, but for `naming`.

    Attributes:
        imports_mark: The same object for as long as all files import by the same lines.
    """

    def __init__(self) -> None:
        self._last: _Last | None = None
        self._reader = ImportReader()
        self._naming: dict[str, tuple[HeldTexts, frozenset[str]]] = {}
        self._older_naming: dict[str, tuple[HeldTexts, frozenset[str]]] = {}
        self.imports_mark: object = object()

    def imports(self, texts: HeldTexts, words: tuple[str, ...]) -> tuple[Imports, tuple[str, ...]]:
        """Return what each file may import, and the files whose imports hold one of the words that were sought in them.

        Where neither has changed since the last time, both are the very same objects.
        """
        last, files = self._last, texts.files
        if last is not None and last.words == words and last.texts.files.keys() == files.keys():
            old = last.texts.files
            changed = differing(last.texts, texts)
            if any(old[name].lines != files[name].lines for name in changed):
                self.imports_mark = object()
            now = Imports({name: files[name] for name in changed}, self._mentions)
            if all(
                (last.imports.lines[name] == now.lines[name] or last.imports[name] == now[name])
                and (name in last.seeds) == files[name].names_library
                for name in changed
            ):
                self._last = _Last(words, texts, last.imports, last.seeds)
                return last.imports, tuple(last.seeds)
        else:
            self.imports_mark = object()
        imports = Imports(files, self._mentions)
        seeds = dict.fromkeys(name for name, file in files.items() if file.names_library)
        self._last = _Last(words, texts, imports, seeds)
        return imports, tuple(seeds)

    def naming(self, texts: HeldTexts, word: str) -> Iterable[str]:
        """Effect: read, if need be. Return the files that hold a word."""
        if word == SUPPRESSING_WORD:
            return [name for name, file in texts.files.items() if file.may_suppress]
        known = self._naming.get(word) or self._older_naming.get(word)
        if known is None or known[0].files.keys() != texts.files.keys():
            found = frozenset(name for name in texts if holds_word(texts.aside(name), word))
        else:
            changed = differing(known[0], texts)
            found = known[1].difference(changed) | {name for name in changed if holds_word(texts.aside(name), word)}
        self._naming[word] = texts, found
        return [name for name in texts if name in found]

    def forget_unused(self) -> None:
        """Effect: drop what helps while many files are read, and words that nobody has sought since the last time."""
        self._reader = ImportReader()
        self._older_naming, self._naming = self._naming, {}

    def _mentions(self, lines: bytes) -> tuple[ImportMention, ...]:
        return self._reader.mentions(lines)
