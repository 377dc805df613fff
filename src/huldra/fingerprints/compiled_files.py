"""The files of a state that compiled code is made of: of a module that is no Python file, of a library. Reads nothing.

A module of Cython is made of the file of its name and of declarations beside it. What a binary is made of cannot be
told, unless it is one of the project's files itself: then any source of a compiled language may be a part of it.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from glob import escape

import msgspec
from msgspec import Struct

from huldra.fingerprints.data_files import NO_DATA_FILES, DataFiles, NamedFiles, UnknownContent, with_named_files
from huldra.fingerprints.model import COMPILED, LISTED, NAMED_FILE, Closure, Compiled, Definition, Doubt, Reference
from huldra.fingerprints.name_patterns import in_file

_Contents = Mapping[str, "str | UnknownContent"]
_CYTHON = ("pyx", "px[di]")
_HEADERS = ("[hH]", "h[hp]", "h[px][px]", "cuh", "in[cl]", "[it]pp")
_SOURCES = ("[cC]", "c[cu]", "c[px][px]", "mm", "rs", "zig", "[fF]", "[fF][0-9][0-9]", *_HEADERS)
"""How files end, with wildcards: few of these, for each is looked for in all directories."""
_IS_SOURCE = re.compile(r"\.(c|cc|cu|cpp|cxx|mm|C)$")
_IS_LIBRARY = re.compile(r"\.(so|pyd|dylib|dll)$")
_IMPORTED = re.compile(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+c?import\b|c?import[ \t]+([\w., \t]+))", re.MULTILINE)
_INCLUDED = re.compile(
    r"^[ \t]*(?:include[ \t]+|cdef[ \t]+extern[ \t]+from[ \t]+)[\"']([^<\"'\n]+)[\"']"
    r"|^#[ \t]*distutils:.*?([\w./]+\.\w+)",
    re.MULTILINE,
)
_ANY_SOURCE = "all C, C++, CUDA, Rust, Fortran and Cython sources of the project are compared for it"


class _Found(Struct, frozen=True):
    """The files that something is made of, and what cannot be told of it.

    `any_source`: those that may be, where it cannot be told which are. `is_there`: there may be what the code names, so
    that nobody need say that it cannot be found.
    """

    files: _Contents
    doubts: tuple[str, ...] = ()
    any_source: _Contents | None = None
    is_there: bool = True


def with_files(closure: Closure, data: DataFiles) -> Closure:
    """Return a closure in which definitions refer to the files that they name, and to what compiled code is made of.

    It is the very same where they do not, and where nothing is known of files.
    """
    named = with_named_files(closure, data)
    if data is NO_DATA_FILES or not any(d.compiled or any(_compiled_texts(d)) for d in closure.definitions):
        return named
    return _Linking(named, data, NamedFiles(closure, data)).linked()


def _compiled_texts(definition: Definition) -> Iterator[tuple[str, int]]:
    said = ((in_file(text, definition.file), line) for text, line in definition.texts)
    return (pair for pair in said if _IS_LIBRARY.search(pair[0]) or _IS_SOURCE.search(pair[0]))


class _Linking:
    """Puts what compiled code is made of into a closure, a definition for each module, library or source."""

    def __init__(self, closure: Closure, data: DataFiles, named: NamedFiles) -> None:
        self._closure = closure
        self._made_of = _MadeOf(data)
        self._data = data
        self._named = named
        self._added: list[Definition] = []
        self._indices: dict[str, int] = {}
        self._doubts: dict[Doubt, None] = dict.fromkeys(closure.doubts)
        self._said: set[str] = set()

    def linked(self) -> Closure:
        """Return the closure."""
        definitions = [self._with_compiled(definition) for definition in self._closure.definitions]
        if not self._added and tuple(self._doubts) == self._closure.doubts:
            return self._closure
        doubts = tuple(sorted(self._doubts, key=lambda doubt: (doubt.file, doubt.line, doubt.message)))
        return msgspec.structs.replace(self._closure, definitions=(*definitions, *self._added), doubts=doubts)

    def _with_compiled(self, definition: Definition) -> Definition:
        references: dict[str, Reference] = {}
        for name, line, found in self._read_by(definition):
            # An import that is tried is a definition, too, and so is what uses it: once is enough.
            new = [said for said in found.doubts if said not in self._said]
            self._said.update(new)
            self._doubts.update((Doubt(said, definition.name, definition.file, line), None) for said in new)
            for file, content in (*found.files.items(), *(found.any_source or {}).items()):
                if isinstance(content, UnknownContent):
                    message = f"{name} may be made of {file}, and {content.reason}"
                    self._doubts[Doubt(message, definition.name, definition.file, line)] = None
            # Also where there is no file: one that comes is new, then.
            if found.is_there or self._data.lists:
                index = self._index(name, found, definition.file)
                references[name] = Reference(-1, f"{COMPILED}{name}", index, is_certain=False)
        if not references:
            return definition
        return msgspec.structs.replace(definition, references=(*definition.references, *references.values()))

    def _read_by(self, definition: Definition) -> Iterator[tuple[str, int, _Found]]:
        for module in definition.compiled:
            found = self._made_of.module(module)
            if found.is_there and module.said:
                self._doubts.pop(Doubt(module.said, definition.name, definition.file, module.line), None)
            yield module.name, module.line, found
        for text, line in _compiled_texts(definition):
            is_file = any(self._data.matching(escape(name)) for name in self._named.files(definition.file, text))
            if _IS_LIBRARY.search(text):
                yield text, line, _Found({}) if is_file else self._made_of.library(text)
            elif is_file:
                yield text, line, self._made_of.headers

    def _index(self, name: str, found: _Found, file: str) -> int:
        """Return the index of what stands for something compiled; its files are listed under its name."""
        if name not in self._indices:
            references = list(self._references(name, found.files))
            if found.any_source is not None:
                references += self._references(f"{name}*", found.any_source)
            said = f"{COMPILED}{name}"
            self._indices[name] = self._add(Definition(said, "value", file, 1, 1, "", (), (), tuple(references)))
        return self._indices[name]

    def _references(self, listing: str, files: _Contents) -> Iterator[Reference]:
        """Yield what refers to files, and, where these are all, to the listing of them: others are new, then."""
        for name, content in files.items():
            if isinstance(content, str):
                yield Reference(-1, f"{NAMED_FILE}{listing} {name}", self._file(name, content), is_certain=False)
        if self._data.lists and not any(isinstance(content, UnknownContent) for content in files.values()):
            yield Reference(-1, f"{LISTED}{listing}", LISTED, is_certain=False)

    def _file(self, name: str, content: str) -> int:
        key = f"{NAMED_FILE}{name}"
        if key not in self._indices:
            self._indices[key] = self._add(Definition(name, "file", name, 1, 1, content, (), (), ()))
        return self._indices[key]

    def _add(self, definition: Definition) -> int:
        self._added.append(definition)
        return len(self._closure.definitions) + len(self._added) - 1


class _MadeOf:
    """Finds what compiled code is made of in one state."""

    def __init__(self, data: DataFiles) -> None:
        self._data = data

    def module(self, module: Compiled) -> _Found:
        """Return the files of a module."""
        own: dict[str, str | UnknownContent] = {}
        doubts: list[str] = []
        for place in module.places:
            for name in (f"{place}.pyx", f"{place}/__init__.pyx"):
                content = self._data.content_id(name)
                if content is not None:
                    directory = name.rpartition("/")[0]
                    beside = self._matching(f"{escape(directory)}/*.px[di]" if directory else "*.px[di]")
                    own |= {name: content, **beside}
                    doubts.extend(self._not_followed(name, module.name))
            built = self._matching(f"{escape(place)}.*")
            own |= {name: content for name, content in built.items() if _IS_LIBRARY.search(name)}
        if own:
            return _Found(own, tuple(doubts))
        if self._any_source:
            said = module.said or f"{module.name} is no Python file of the project"
            return _Found({}, (f"{said}; it may be compiled: {_ANY_SOURCE}",), self._any_source)
        if module.is_known:
            return _Found({}, (f"{module.name} is compiled, and no file of the project says from what",), {})
        if not self._data.lists and not module.said:
            return _Found({}, (f"{module.name} may be compiled, and it cannot be told from what",), {})
        return _Found({}, any_source={}, is_there=False)

    def library(self, text: str) -> _Found:
        """Return the files that a library may be made of which a text names, and which is no file of the project."""
        if self._any_source:
            return _Found({}, (f"{text} is no file that git keeps: {_ANY_SOURCE}",), self._any_source)
        if "/" in text:
            return _Found({}, (f"{text} is no file that git keeps, and no source of it lies in the project",), {})
        return _Found({}, is_there=False)  # one of the system, most often

    @cached_property
    def headers(self) -> _Found:
        """The files that a source may include."""
        return _Found(self._all(_HEADERS))

    @cached_property
    def _any_source(self) -> _Contents:
        return self._all((*_SOURCES, *_CYTHON))

    def _all(self, endings: tuple[str, ...]) -> _Contents:
        found: dict[str, str | UnknownContent] = {}
        for ending in endings:
            found |= self._matching(f"**/*.{ending}")
        return found

    def _matching(self, pattern: str) -> _Contents:
        names = self._data.matching(pattern)
        if isinstance(names, UnknownContent):
            return {pattern: names}
        contents = ((name, self._data.content_id(name)) for name in names)
        return {name: content for name, content in contents if content is not None}

    def _not_followed(self, name: str, module: str) -> Iterator[str]:
        """Yield that a module of Cython takes more of the project in, if it does: that is not followed."""
        text = self._data.text(name)
        if text is None:
            yield f"{name} cannot be read, so that it cannot be told what it imports"
        elif self._takes_in_more(text, name, module):
            yield f"{name} imports or includes more of the project, which is not followed"

    def _takes_in_more(self, text: str, name: str, module: str) -> bool:
        top = name.removesuffix(".pyx").removesuffix("/__init__").split("/")[: -module.count(".") - 1]
        for found in _IMPORTED.finditer(text):
            words = [each.split()[0] for each in (found[1] or found[2]).split(",") if each.strip()]
            if any(word.startswith(".") or self._is_ours(word, top) for word in words):
                return True
        included = (found[1] or found[2] for found in _INCLUDED.finditer(text))
        beside = name.rpartition("/")[0]
        return any(
            bool(self._matching(f"**/{escape(each.rpartition('/')[2])}"))
            for each in included
            if not (each.endswith(".pxi") and self._data.content_id(f"{beside}/{each}".lstrip("/")) and "/" not in each)
        )

    def _is_ours(self, word: str, top: list[str]) -> bool:
        first = "/".join((*top, word.partition(".")[0]))
        endings = (".py", ".pyx", ".pxd")
        return self._data.is_directory(first) or any(self._data.content_id(first + end) is not None for end in endings)
