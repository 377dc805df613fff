"""Which files can see an experiment class: those that name the library, and those that import such files.

Too many is slow, too few is wrong: whatever an import statement might lead to counts.
"""

from collections.abc import Iterable, Mapping

from huldra.facts.scan import ImportMention
from huldra.project.modules import ModuleTable, absolute_module


def relevant_files(
    modules: ModuleTable, imports: Mapping[str, tuple[ImportMention, ...]], seeds: Iterable[str]
) -> tuple[str, ...]:
    """Return the files that can see an experiment class, sorted.

    Args:
        modules: The modules of the project.
        imports: What each file may import.
        seeds: The files that name the library themselves.
    """
    importers = _importers(modules, imports)
    relevant: set[str] = set()
    queue = [file for file in seeds if file in modules.module_of]
    while queue:
        file = queue.pop()
        if file in relevant:
            continue
        relevant.add(file)
        module = modules.module_of[file]
        parts = module.split(".")
        queue.extend(importers.get(module, ()))
        for count in range(1, len(parts)):
            queue.extend(importers.get(f"{'.'.join(parts[:count])}.*", ()))
    return tuple(sorted(relevant))


def script_directories(modules: ModuleTable, imports: Mapping[str, tuple[ImportMention, ...]]) -> tuple[str, ...]:
    """Return the directories whose scripts import their neighbours by plain name: import roots too, as for Python.

    Args:
        modules: The modules without them.
        imports: What each file may import.
    """
    extra: dict[str, None] = {}
    for name, mentions in imports.items():
        directory = name.rpartition("/")[0]
        if not directory or f"{directory}/__init__.py" in imports:
            continue
        for mention in mentions:
            top = mention.module.partition(".")[0]
            if mention.level or not top or top in modules.file_of or top in modules.packages:
                continue
            if f"{directory}/{top}.py" in imports or f"{directory}/{top}/__init__.py" in imports:
                extra[directory] = None
    return tuple(extra)


def _importers(modules: ModuleTable, imports: Mapping[str, tuple[ImportMention, ...]]) -> Mapping[str, list[str]]:
    """Return, for each module, the files that may import it; `pkg.*` for those that hold the whole package."""
    importers: dict[str, list[str]] = {}
    for file, mentions in imports.items():
        importer = modules.module_of.get(file)
        for mention in mentions if importer is not None else ():
            for target in _targets(modules, importer or "", mention):
                importers.setdefault(target, []).append(file)
    return importers


def _targets(modules: ModuleTable, importer: str, mention: ImportMention) -> Iterable[str]:
    source = absolute_module(importer, mention.level, mention.module, is_package=modules.is_package(importer))
    if source is None:
        return
    parts = source.split(".") if source else []
    if parts and parts[0] not in modules.file_of and parts[0] not in modules.packages:
        return  # outside the project, as most imports are
    yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))
    if not mention.names:
        yield f"{source}.*"
    for name in mention.names:
        if modules.submodule(source, name) is not None:
            full = f"{source}.{name}" if source else name
            yield full
            yield f"{full}.*"
