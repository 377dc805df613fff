"""Which other files the files that matter import: those with options, enums, tables of values. Changes nothing."""

from collections.abc import Iterator, Mapping, Sequence

from huldra.facts.statements import FileFacts, Import, ImportFrom, Statement
from huldra.project.bindings import When, walk_block
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
        for name, _ in imported_modules(modules, module, facts[file]):
            other = modules.file_of.get(name)
            # A file that cannot be read says nothing, though it is listed.
            if other is not None and other in facts and other not in given and other not in found:
                found.add(other)
                queue.append(other)
    return tuple(sorted(found))


def imported_modules(modules: ModuleTable, importer: str, facts: FileFacts) -> Iterator[tuple[str, When]]:
    """Yield the names that may be modules which a module imports outside functions, with the packages around them."""
    for piece in facts.pieces:
        for statement, when in walk_block(piece.facts.statements, "always"):
            for name in _named_by(modules, importer, statement):
                yield name, when


def _named_by(modules: ModuleTable, importer: str, statement: Statement) -> Iterator[str]:
    if isinstance(statement, Import):
        for imported in statement.names:
            yield from with_parents(imported.name)
    elif isinstance(statement, ImportFrom):
        is_package = modules.is_package(importer)
        base = absolute_module(importer, statement.level, statement.module, is_package=is_package)
        if base is not None:
            yield from with_parents(base)
            yield from (f"{base}.{imported.name}" for imported in statement.names)


def with_parents(name: str) -> Iterator[str]:
    """Yield what a dotted name lies in, outermost first, and the name itself."""
    parts = name.split(".")
    yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))
