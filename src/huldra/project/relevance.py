"""Which files can see an experiment class: those that name the library, and those that import such files.

Too many is slow, too few is wrong: whatever an import statement might lead to counts.
"""

import re
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from functools import cached_property

from huldra.facts.scan import ImportMention
from huldra.project.modules import ModuleTable, absolute_module

_NO_WORD = bytes(code if code >= 0x80 or chr(code).isalnum() or code == ord("_") else ord(" ") for code in range(256))
"""Turns what stands between words into spaces: in a hurry, to split is faster than to search."""
_FEW_TOPS = 16
"""So many first parts of modules are looked for one by one; with more it is faster to read every import."""
_FEW_FILES = 1000
"""So many files are read without a closer look at which of them may import what."""
_FEW_SECONDS = 16
"""So many second parts of modules are looked for one by one; with more it is faster to split all lines into words."""


def relevant_files(
    modules: ModuleTable,
    imports: Mapping[str, tuple[ImportMention, ...]],
    seeds: Iterable[str],
    lines: Mapping[str, bytes] | None = None,
) -> tuple[str, ...]:
    """Return the files that can see an experiment class, sorted.

    Args:
        modules: The modules of the project.
        imports: What each file may import.
        seeds: The files that name the library themselves.
        lines: The lines that the imports of each file stand in, so that not all imports need be read.
    """
    importers = _Importers(modules, imports, lines)
    relevant: set[str] = set()
    queue = [file for file in seeds if file in modules.module_of]
    while queue:
        file = queue.pop()
        if file not in relevant:
            relevant.add(file)
            queue.extend(importers.of(modules.module_of[file]))
    return tuple(sorted(relevant))


def script_directories(
    modules: ModuleTable,
    imports: Mapping[str, tuple[ImportMention, ...]],
    lines: Mapping[str, bytes] | None = None,
) -> tuple[str, ...]:
    """Return the directories whose scripts import their neighbours by plain name: import roots too, as for Python.

    So are directories that scripts, it seems, put on `sys.path` themselves: where what they import is found, if it is
    found nowhere else and nobody imports the directory by its own name.

    Args:
        modules: The modules without them.
        imports: What each file may import.
        lines: The lines that the imports of each file stand in, so that not all imports need be read.
    """
    extra: dict[str, None] = {}
    sought: dict[str, None] = {}
    for name in imports:
        directory = name.rpartition("/")[0]
        if directory and f"{directory}/__init__.py" in imports:
            continue
        mentions = imports[name]
        unknown = [top for mention in mentions if (top := _top(mention)) and not modules.has(top)]
        beside = [top for top in unknown if directory and _holds(imports, directory, top)]
        if beside:
            extra[directory] = None
        elif unknown and any(mention.module == "sys" for mention in mentions):
            sought |= dict.fromkeys(unknown)
    homes = (home for home in _only_homes(imports, sought) if not _is_named(home, imports, lines)) if sought else ()
    return tuple(extra | dict.fromkeys(homes))


def _top(mention: ImportMention) -> str:
    return "" if mention.level else mention.module.partition(".")[0]


def _holds(files: Container[str], directory: str, top: str) -> bool:
    return f"{directory}/{top}.py" in files or f"{directory}/{top}/__init__.py" in files


def _only_homes(files: Collection[str], tops: Container[str]) -> Iterator[str]:
    """Yield the one directory in which each of some modules lies, unless it is a package."""
    homes: dict[str, set[str]] = {}
    for file in files:
        place = file.removesuffix("/__init__.py").removesuffix(".py")
        directory, _, top = place.rpartition("/")
        if directory and top in tops:
            homes.setdefault(top, set()).add(directory)
    found = {next(iter(directories)) for directories in homes.values() if len(directories) == 1}
    yield from (directory for directory in sorted(found) if f"{directory}/__init__.py" not in files)


def _is_named(
    directory: str, imports: Mapping[str, tuple[ImportMention, ...]], lines: Mapping[str, bytes] | None
) -> bool:
    """Whether any file imports what lies in a directory by the directory's own name."""
    top = directory.partition("/")[0]
    sought = top.encode(errors="surrogatepass")
    files = imports if lines is None else (file for file, found in lines.items() if sought in found)
    return any(_top(mention) == top for file in files for mention in imports[file])


class _Importers:
    """Who may import which module. Imports are read when a module is asked for that they may name."""

    def __init__(
        self,
        modules: ModuleTable,
        imports: Mapping[str, tuple[ImportMention, ...]],
        lines: Mapping[str, bytes] | None,
    ) -> None:
        self._modules = modules
        self._imports = imports
        self._lines = lines
        self._is_complete = False
        self._below: Mapping[str, list[str]] = {} if lines is None else _by_top(modules)
        self._tops: dict[str, _Candidates | None] = {}
        self._read: set[str] = set()
        self._importers: dict[str, list[str]] = {}
        """The files that may import a module; `pkg.*` for those that hold the whole package."""
        self._targets: dict[tuple[str, ImportMention], tuple[str, ...]] = {}

    def of(self, module: str) -> list[str]:
        """Return the files that may import a module, some of them more than once."""
        parts = module.split(".")
        if not self._is_complete:
            self._take_in(module, parts)
        found = list(self._importers.get(module, ()))
        for count in range(1, len(parts)):
            found += self._importers.get(f"{'.'.join(parts[:count])}.*", ())
        return found

    def _take_in(self, module: str, parts: list[str]) -> None:
        """Read the imports of all files that may import a module."""
        top = parts[0]
        if top in self._tops:
            candidates = self._tops[top]
        elif self._lines is None or len(self._tops) >= _FEW_TOPS:
            self._is_complete = True
            self._add(self._imports)
            return
        else:
            # To import what lies below a name, one must lie there too, or write the name.
            sought = top.encode(errors="surrogatepass")
            files = dict.fromkeys(self._below.get(top, ()))
            files |= dict.fromkeys(file for file, lines in self._lines.items() if sought in lines)
            candidates = None if len(files) <= _FEW_FILES else _Candidates(self._modules, self._lines, top, files)
            self._tops[top] = candidates
            self._add(files if candidates is None else candidates.whole)
        if candidates is not None:
            self._add(candidates.of(module, parts))

    def _add(self, files: Iterable[str]) -> None:
        modules, importers, targets = self._modules, self._importers, self._targets
        for file in files:
            importer = modules.module_of.get(file)
            if importer is None or file in self._read:
                continue
            self._read.add(file)
            for mention in self._imports.get(file, ()):
                key = (importer if mention.level else "", mention)
                found = targets.get(key)
                if found is None:
                    found = targets[key] = tuple(_targets(modules, importer, mention))
                for target in found:
                    importers.setdefault(target, []).append(file)


class _Candidates:
    """Which of very many files may import modules below one name: those that write more of their names than that.

    Args:
        modules: The modules of the project.
        lines: The lines that the imports of each file stand in.
        top: The name.
        files: The files that lie below it or write it.
    """

    def __init__(self, modules: ModuleTable, lines: Mapping[str, bytes], top: str, files: Iterable[str]) -> None:
        self._modules = modules
        self._top = top
        self._lines = [(file, found) for file in files if (found := lines.get(file))]
        self._by_second: dict[str, list[str]] = {}
        name = re.escape(top).encode("utf-8", "replace")
        # Few write the name without a dot after it; what begins with a literal is several times faster to look for.
        bare, whole = (
            re.compile(name + rb"(?![\w.])"),
            re.compile(rb"import\b(?:[^\0;#]*,)?[\s\\]*%b\b(?!\s*\.)" % name),
        )
        self.whole = [
            file
            for file, found in self._lines
            if (bare.search(found) and whole.search(found)) or b"import_module" in found or b"__import__" in found
        ]
        """Those that may import all that lies below the name."""

    def of(self, module: str, parts: list[str]) -> Iterable[str]:
        """Return the files that may import a module, but for those that have been returned before."""
        if len(parts) == 1:
            return [file for file, _ in self._lines]
        second = parts[1]
        if second not in self._by_second and len(self._by_second) < _FEW_SECONDS:
            found = self._by_second[second] = self._below_or_naming(second)
            if len(found) <= _FEW_FILES:
                return found
        if len(self._by_second.get(second, self._lines)) <= _FEW_FILES:
            return ()
        return self._naming(module, parts)

    def _below_or_naming(self, second: str) -> list[str]:
        """Return the files that lie below a second part or write it, as all do that import what lies there."""
        word = second.encode(errors="surrogatepass")
        naming = [file for file, found in self._lines if word in found]
        return list(dict.fromkeys((*naming, *self._below.get(second, ()))))

    def _naming(self, module: str, parts: list[str]) -> list[str]:
        """Return the files that write one of the parts after the first, or lie below the module."""
        found: list[str] = []
        if self._modules.is_package(module):
            # Relative imports lead to it without its name.
            below = f"{module}."
            found += [file for dotted, file in self._dotted if dotted.startswith(below)]
        for word in parts[1:]:
            found += self._by_word.pop(word.encode(errors="surrogatepass"), ())
        return found

    @cached_property
    def _below(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        module_of = self._modules.module_of
        for file, _ in self._lines:
            parts = module_of.get(file, "").split(".", 2)
            if parts[0] == self._top and len(parts) > 1:
                found.setdefault(parts[1], []).append(file)
        return found

    @cached_property
    def _dotted(self) -> list[tuple[str, str]]:
        return [(f"{self._modules.module_of.get(file)}.", file) for file, _ in self._lines]

    @cached_property
    def _by_word(self) -> dict[bytes, list[str]]:
        # Nobody asks by another word than these, which are few of all that stand in imports.
        dotted = (module for module in self._modules.module_of.values() if module.startswith(f"{self._top}."))
        parts = {part for module in dotted for part in module.split(".")[1:]}
        return _by_word(self._lines, {part.encode(errors="surrogatepass") for part in parts})


def _by_word(all_lines: Iterable[tuple[str, bytes]], words: set[bytes]) -> dict[bytes, list[str]]:
    index: dict[bytes, list[str]] = {}
    for file, lines in all_lines:
        for word in words.intersection(lines.translate(_NO_WORD).split()):
            files = index.get(word)
            if files is None:
                index[word] = [file]
            else:
                files.append(file)
    return index


def _by_top(modules: ModuleTable) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file, module in modules.module_of.items():
        found.setdefault(module.partition(".")[0], []).append(file)
    return found


def _targets(modules: ModuleTable, importer: str, mention: ImportMention) -> Iterable[str]:
    source = absolute_module(importer, mention.level, mention.module, is_package=modules.is_package(importer))
    if source is None:
        return
    parts = source.split(".") if source else []
    if parts and parts[0] not in modules.file_of and parts[0] not in modules.packages:
        # Outside the project, as most imports are; or one of its files by a name that it is not known by.
        for name in (source, *(f"{source}.{name}" for name in mention.names)):
            file = modules.file_by_path(name)
            if file is not None:
                yield modules.module_of[file]
        return
    yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))
    if not mention.names:
        yield f"{source}.*"
    for name in mention.names:
        if modules.submodule(source, name) is not None:
            full = f"{source}.{name}" if source else name
            yield full
            yield f"{full}.*"
