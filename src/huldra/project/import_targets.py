"""The modules whose names the import statements of a file look into. Runs nothing, and follows nothing further."""

from collections.abc import Iterator

from huldra.facts.statements import Import, ImportFrom, PieceFacts
from huldra.facts.walk import statements_in
from huldra.project.modules import ModuleTable, absolute_module


def import_targets(modules: ModuleTable, module: str, piece: PieceFacts) -> frozenset[str]:
    """Return the modules that the imports of a piece name, wherever these stand; `import a.b` looks into `a`, too."""
    return frozenset(target for target in _targets(modules, module, piece) if target in modules.file_of)


def _targets(modules: ModuleTable, module: str, piece: PieceFacts) -> Iterator[str]:
    for statement in piece.statements:
        for node in statements_in(statement):
            match node:
                case Import(names=names):
                    for imported in names:
                        parts = imported.name.split(".")
                        first = len(parts) if imported.alias is not None else 1
                        yield from (".".join(parts[:count]) for count in range(first, len(parts) + 1))
                case ImportFrom(level=level, module=target, names=names):
                    source = absolute_module(module, level, target, is_package=modules.is_package(module))
                    if source is not None:
                        yield source
                        yield from (f"{source}.{name.name}" if source else name.name for name in names)
                case _:
                    continue
