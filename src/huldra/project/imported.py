"""Which other files the files that matter import: those with options, enums, tables of values. Changes nothing."""

from collections.abc import Iterator, Mapping, Sequence

from huldra.facts.statements import FileFacts, Import, ImportFrom
from huldra.project.bindings import walk_block
from huldra.project.modules import ModuleTable, absolute_module


def imported_files(modules: ModuleTable, facts: Mapping[str, FileFacts], files: Sequence[str]) -> tuple[str, ...]:
    """Return the files that these import, directly or not, themselves left out, sorted.

    What stands inside functions does not count: which of them is called is not known here.
    """
    given = set(files)
    found: set[str] = set()
    queue = list(files)
    while queue:
        file = queue.pop()
        module = modules.module_of.get(file)
        if module is None or file not in facts:
            continue
        for name in _imported_modules(modules, module, facts[file]):
            other = modules.file_of.get(name)
            # A file that cannot be read says nothing, though it is listed.
            if other is not None and other in facts and other not in given and other not in found:
                found.add(other)
                queue.append(other)
    return tuple(sorted(found))


def _imported_modules(modules: ModuleTable, importer: str, facts: FileFacts) -> Iterator[str]:
    for piece in facts.pieces:
        for statement, _ in walk_block(piece.facts.statements, "always"):
            if isinstance(statement, Import):
                for imported in statement.names:
                    yield from _with_parents(imported.name)
            elif isinstance(statement, ImportFrom):
                is_package = modules.is_package(importer)
                base = absolute_module(importer, statement.level, statement.module, is_package=is_package)
                if base is not None:
                    yield from _with_parents(base)
                    yield from (f"{base}.{imported.name}" for imported in statement.names)


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))
