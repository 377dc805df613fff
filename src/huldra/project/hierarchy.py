"""Which classes are experiments, which of them are abstract, and who inherits from whom."""

from collections.abc import Mapping

from huldra.facts.statements import FunctionDefinition
from huldra.project.classes import ClassInfo
from huldra.project.fields import FieldTables
from huldra.project.symbols import ExternalSymbol, SymbolTable


def experiment_classes(classes: Mapping[str, ClassInfo]) -> tuple[ClassInfo, ...]:
    """Return the experiment classes, by name."""
    return tuple(info for info in classes.values() if info.dialect is not None)


def missing_methods(name: str, tables: FieldTables, symbols: SymbolTable) -> tuple[str, ...]:
    """Return the abstract methods that keep an experiment class from being built; none when bases are unseen."""
    info = tables.classes[name]
    if info.dialect is None:
        return ()
    wanted = {info.dialect.create_method, info.dialect.restore_method}
    for ancestor in info.order:
        if ancestor in tables.classes and _notes_what_is_abstract(tables.classes[ancestor]):
            members = tables.body(ancestor).members
            wanted.update(key for key, m in members.items() if _is_abstract(m.value, tables.classes[ancestor], symbols))
    missing = [method for method in wanted if not _is_implemented(method, info, tables, symbols)]
    return tuple(sorted(missing)) if not info.unseen else ()


def _notes_what_is_abstract(info: ClassInfo) -> bool:
    """Whether `ABCMeta` makes a class; of a plain mixin nobody asks which methods are marked as abstract."""
    names_metaclass = any(argument.name == "metaclass" for argument in info.keywords)
    return info.dialect is not None or names_metaclass or bool(info.unseen) or any(map(_is_of_abc, info.order))


def _is_of_abc(name: str) -> bool:
    return name.startswith(("abc.", "collections.abc.", "typing.", "typing_extensions."))


def _is_implemented(method: str, info: ClassInfo, tables: FieldTables, symbols: SymbolTable) -> bool:
    for ancestor in info.order:
        if ancestor in tables.classes:
            member = tables.body(ancestor).members.get(method)
            if member is not None:
                return not _is_abstract(member.value, tables.classes[ancestor], symbols)
    return False


def _is_abstract(value: object, info: ClassInfo, symbols: SymbolTable) -> bool:
    if not isinstance(value, FunctionDefinition):
        return False
    found = (symbols.resolve_expression(info.module, decorator) for decorator in value.decorators)
    return any(isinstance(s, ExternalSymbol) and s.name.startswith("abc.abstract") for s in found)
