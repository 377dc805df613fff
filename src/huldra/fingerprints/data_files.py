"""The files of a project that its code names and that are no code: prompts, tables, settings. Reads nothing.

A name is looked for where code that reads it is likely to: from the root of the project, from the directory of the file
that names it and those above, and in directories that the same closure names.
"""

import hashlib
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

import msgspec
from msgspec import Struct

from huldra.fingerprints.file_finders import BESIDE
from huldra.fingerprints.file_names import directories_above, is_code
from huldra.fingerprints.files_in_files import MOST_NAMES
from huldra.fingerprints.model import LISTED, NAMED_FILE, Closure, Definition, Doubt, Reference
from huldra.fingerprints.name_patterns import END, HOLE, TURN, in_file, may_be_file
from huldra.fingerprints.source_texts import SOURCE_OF, source_in
from huldra.formats.globbing import MOST_FILES, Entries, TooManyFilesError, entries_of, found_files, is_pattern

_POINTER = ".dvc"
_MOST_DIRECTORIES = 100
_NONE: Mapping[str, "str | UnknownContent"] = MappingProxyType({})


class UnknownContent(Struct, frozen=True):
    """Why it cannot be told what a file held."""

    reason: str


class DataFiles(Protocol):
    """The files of one state of a project. All names are root-relative, `/`-separated.

    `lists`: it is known of all files whether they are there, so that one which it does not find is none.
    """

    @property
    def lists(self) -> bool:
        """Whether it can be told which files there are."""
        ...

    def content_id(self, name: str) -> str | UnknownContent | None:
        """Return what is equal for equal contents; None if there is no such file, or it is none of the project's."""
        ...

    def is_directory(self, name: str) -> bool:
        """Return whether there is such a directory."""
        ...

    def matching(self, pattern: str) -> "tuple[str, ...] | UnknownContent":
        """Return the files that a root-relative name with wildcards finds, as `globbing.found_files` does."""
        ...

    def text(self, name: str) -> str | None:
        """Return what a file says; None if it is no text."""
        ...

    def named_in(self, name: str) -> tuple[str, ...]:
        """Return the names of other files that a file says, as `files_in_files.named_in` finds them."""
        ...

    def asked(self) -> Iterable[str]:
        """Return the names that were asked for so far, of files and of directories."""
        ...

    def patterns(self) -> Iterable[str]:
        """Return the names with wildcards that were asked for so far."""
        ...


def say_alike(before: DataFiles, now: DataFiles) -> bool:
    """Return whether two states have the same answers to all that the first was asked."""
    if before is now:
        return True
    return all(before.matching(pattern) == now.matching(pattern) for pattern in before.patterns()) and all(
        before.content_id(name) == now.content_id(name) and before.is_directory(name) == now.is_directory(name)
        for name in before.asked()
    )


class DataListing(Struct, frozen=True):
    """A list of files, as `DataFiles` asks for them."""

    contents: Mapping[str, str | UnknownContent]
    lists: bool = False

    def content_id(self, name: str) -> str | UnknownContent | None:
        """Return what is equal for equal contents."""
        return self.contents.get(name)

    def is_directory(self, name: str) -> bool:
        """Return whether any of the files lies in such a directory."""
        return any(other.startswith(f"{name}/") for other in self.contents)

    def matching(self, pattern: str) -> tuple[str, ...] | UnknownContent:
        """Return the files that a name with wildcards finds."""
        return matching_of(pattern, entries_of(self.contents))

    def text(self, name: str) -> str | None:  # noqa: ARG002
        """Return nothing: only the names of contents are known."""
        return None

    def named_in(self, name: str) -> tuple[str, ...]:  # noqa: ARG002
        """Return nothing, for the same reason."""
        return ()

    def asked(self) -> Iterable[str]:
        """Return all that it says."""
        return self.contents

    def patterns(self) -> Iterable[str]:
        """Return none: whoever has the same files finds the same."""
        return ()


def matching_of(pattern: str, entries: Entries) -> tuple[str, ...] | UnknownContent:
    """Return the files that a root-relative name with wildcards finds, or that they are too many."""
    try:
        return found_files(pattern, entries)
    except TooManyFilesError:
        return UnknownContent(f"it finds more than {MOST_FILES} files, which are not compared")


NO_DATA_FILES: DataFiles = DataListing({})
"""Where nothing is known of files that are no code."""


def with_named_files(closure: Closure, data: DataFiles) -> Closure:
    """Return a closure in which definitions refer to the files that they name; the very same where they name none."""
    if not any(_is_whole(text) or _is_source(text) for each in closure.definitions for text, _ in each.texts):
        return closure
    finder = NamedFiles(closure, data)
    files: dict[str, Definition] = {}
    indices: dict[str, int] = {}
    definitions: list[Definition] = []
    doubts: list[Doubt] = []
    for definition in closure.definitions:
        references: list[Reference] = []
        is_known = data is not NO_DATA_FILES
        for text in (text for text, _ in definition.texts if is_known and _is_source(text)):
            found = _source(data, definition, text)
            if isinstance(found, Doubt):
                doubts.append(found)
                continue
            key = f"{definition.file} {text}"
            files.setdefault(key, found)
            index = indices.setdefault(key, len(closure.definitions) + len(indices))
            references.append(Reference(-1, f"{NAMED_FILE}{text}", index, is_certain=False))
        for text, line in filter(lambda pair: _is_whole(pair[0]), definition.texts):
            for count, (name, content) in enumerate(finder.files(definition.file, text).items()):
                if isinstance(content, UnknownContent):
                    message = f"it names {name}, and {content.reason}"
                    doubts.append(Doubt(message, definition.name, definition.file, line))
                    continue
                files.setdefault(name, Definition(name, "file", name, 1, 1, content, (), (), ()))
                index = indices.setdefault(name, len(closure.definitions) + len(indices))
                # Of what a text itself leads to, the first is compared with the first, whatever directory it is in.
                which = name if is_pattern(text) or _is_pointer(name, text) else str(count or "")
                references.append(Reference(-1, f"{NAMED_FILE}{text} {which}".rstrip(), index, is_certain=False))
            if is_pattern(text) and data.lists and finder.is_listed(definition.file, text):
                # What it finds besides is new, then, and not merely new to us.
                references.append(Reference(-1, f"{LISTED}{text}", LISTED, is_certain=False))
        named = (*definition.references, *references)
        definitions.append(msgspec.structs.replace(definition, references=named) if references else definition)
    if not doubts and all(new is old for new, old in zip(definitions, closure.definitions, strict=True)):
        return closure
    doubts += _add_inner(data, files, indices, len(closure.definitions))
    ordered = tuple(sorted((*closure.doubts, *doubts), key=lambda doubt: (doubt.file, doubt.line, doubt.message)))
    return msgspec.structs.replace(closure, definitions=(*definitions, *files.values()), doubts=ordered)


def _add_inner(data: DataFiles, files: dict[str, Definition], indices: dict[str, int], first: int) -> list[Doubt]:
    """Let files refer to those that they name themselves, and so on; return what is not followed."""
    waiting = list(files)
    doubts: list[Doubt] = []
    while waiting:
        name = waiting.pop()
        references: list[Reference] = []
        if (message := not_followed(data, name)) is not None:
            doubts.append(Doubt(message, name, name, 1))
        for said, inner in inner_files(data, name):
            content = data.content_id(inner)
            if isinstance(content, str):
                if inner not in files:
                    files[inner] = Definition(inner, "file", inner, 1, 1, content, (), (), ())
                    waiting.append(inner)
                index = indices.setdefault(inner, first + len(indices))
                references.append(Reference(-1, f"{NAMED_FILE}{said}", index, is_certain=False))
        if references:
            files[name] = msgspec.structs.replace(files[name], references=tuple(references))
    return doubts


def inner_files(data: DataFiles, name: str) -> Iterator[tuple[str, str]]:
    """Yield what a file says that names another file of the state, and that file."""
    places = tuple(directories_above(name.rpartition("/")[0]))
    names = data.named_in(name)
    for said in names if len(names) <= MOST_NAMES else ():
        found = (place for at in places if (place := name_below(at, said)) is not None and place != name)
        inner = next((place for place in found if data.content_id(place) is not None), None)
        if inner is not None:
            yield said, inner


def not_followed(data: DataFiles, name: str) -> str | None:
    """Return what is to be said of a file that names more others than are followed; None if it names none that is."""
    names = data.named_in(name)
    if len(names) <= MOST_NAMES:
        return None
    message = f"it names more than {MOST_NAMES} other files, which are not followed"
    tried: dict[str, set[str]] = {}
    for at in directories_above(name.rpartition("/")[0]):
        for place in (name_below(at, said) for said in names):
            if place is not None:
                tried.setdefault(place.rpartition("/")[0], set()).add(place)
    if len(tried) > _MOST_DIRECTORIES:
        return message
    for directory, places in tried.items():
        if not directory or data.is_directory(directory):
            found = data.matching(f"{directory}/*" if directory else "*")
            if isinstance(found, UnknownContent) or not places.isdisjoint(found):
                return message
    return None


def _is_source(text: str) -> bool:
    return text.startswith(SOURCE_OF)


def _source(data: DataFiles, definition: Definition, text: str) -> Definition | Doubt:
    """Return the text of a definition that somebody reads, as a file that is told of."""
    content = data.content_id(definition.file)
    said = data.text(definition.file) if isinstance(content, str) else None
    if said is None:
        reason = f": {content.reason}" if isinstance(content, UnknownContent) else ""
        message = f"it is read as a text, of which comments cannot be compared{reason}"
        return Doubt(message, definition.name, definition.file, definition.line)
    form = hashlib.sha256(source_in(said, text.removeprefix(SOURCE_OF)).encode(errors="surrogatepass")).hexdigest()
    return Definition(definition.file, "file", definition.file, 1, 1, form, (), (), ())


def _is_whole(text: str) -> bool:
    return not _is_source(text) and HOLE not in text and TURN not in text and (may_be_file(text) or is_pattern(text))


class NamedFiles:
    """Looks for the files that the definitions of a closure name; what is found is kept."""

    def __init__(self, closure: Closure, data: DataFiles) -> None:
        self._closure = closure
        self._data = data
        self._found: dict[tuple[str, str], Mapping[str, str | UnknownContent]] = {}

    def files(self, file: str, text: str) -> Mapping[str, str | UnknownContent]:
        """Return the files that a text may name which stands in a file of code, and what their contents are named."""
        directory, text = file.rpartition("/")[0], in_file(text, file)
        if is_pattern(text):
            return self._globbed(directory, text)
        if not may_be_file(text):
            return _NONE
        if (directory, text) not in self._found:
            above = tuple(directories_above(directory))
            found = _found(self._data, text, above) or _found(self._data, text, self.directories)
            # A word is most often the name of a directory, which code may write to.
            for pointer in () if text.startswith(END) else _pointers(text):
                found |= _found(self._data, pointer, above)
            self._found[directory, text] = found
        return self._found[directory, text]

    def is_listed(self, file: str, pattern: str) -> bool:
        """Return whether all is known that a name with wildcards finds."""
        return not any(isinstance(found, UnknownContent) for found in self.files(file, pattern).values())

    def _globbed(self, directory: str, pattern: str) -> Mapping[str, str | UnknownContent]:
        if (directory, pattern) in self._found:
            return self._found[directory, pattern]
        if pattern.startswith(BESIDE):
            found = self._matching(pattern.removeprefix(BESIDE), (directory,))
        elif "/" in pattern:
            found = self._matching(pattern, directories_above(directory)) or self._matching(pattern, self.directories)
        else:
            found = self._matching(pattern, self.directories)
        self._found[directory, pattern] = found
        return found

    def _matching(self, pattern: str, directories: Iterable[str]) -> dict[str, str | UnknownContent]:
        found: dict[str, str | UnknownContent] = {}
        for directory in directories:
            whole = name_below(directory, pattern)
            names = () if whole is None else self._data.matching(whole)
            if isinstance(names, UnknownContent):
                found[pattern] = names
                continue
            contents = ((name, self._data.content_id(name)) for name in names if not is_code(name))
            found.update((name, content) for name, content in contents if content is not None)
        return found

    @cached_property
    def directories(self) -> tuple[str, ...]:
        """The directories that are named anywhere in the closure, also as packages."""
        tried = {
            name: None
            for definition in self._closure.definitions
            for text, _ in definition.texts
            for spelling in dict.fromkeys((text, text if "/" in text else text.replace(".", "/")))
            for above in directories_above(definition.file.rpartition("/")[0])
            if (name := name_below(above, spelling)) is not None
        }
        return tuple(name for name in tried if self._data.is_directory(name))


def _is_pointer(name: str, text: str) -> bool:
    """Return whether a file was found for a text as DVC's pointer to what that names."""
    return name.endswith(_POINTER) and not text.endswith(_POINTER)


def _pointers(text: str) -> Iterator[str]:
    """Yield the names of the files by which DVC says what a file holds that git ignores, or a directory around it."""
    name = text.rstrip("/")
    while name.strip("."):
        yield f"{name}{_POINTER}"
        name = name.rpartition("/")[0]


def _found(data: DataFiles, text: str, directories: Iterable[str]) -> dict[str, str | UnknownContent]:
    found: dict[str, str | UnknownContent] = {}
    for directory in directories:
        name = name_below(directory, text)
        content = None if name is None or name in found else data.content_id(name)
        if name is not None and content is not None:
            found[name] = content
    return found


def name_below(directory: str, text: str) -> str | None:
    """Return a name by which a directory's file is known from the root; None if it leads out of it."""
    name = posixpath.normpath(f"{directory}/{text}" if directory else text)
    return None if name.startswith("..") or name in {".", "/"} else name
